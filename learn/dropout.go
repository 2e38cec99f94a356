package learn

import (
	"context"
	"errors"
	"math"
	"slices"

	"mlpkernel/nn"
	"mlpkernel/nn/philox"
	"mlpkernel/table"
)

// Mask is what one dropout layer keeps at one step.
type Mask struct {
	Layer string // "dropout_1"
	After string // the layer whose units it removes; "input" for the inputs
	Rate  float64
	Keep  []bool // by unit
}

// KeepUnits gives the mask of a dropout with a key (nn.Step.Key) over so many
// units, at a step of a training with a seed, for the first row of the batch.
func KeepUnits(seed uint64, key, step, units int, rate float64) []bool {
	threshold, _ := nn.DropoutThreshold(rate)
	words := philox.New(seed, philox.Dropout, key, step)
	keep := make([]bool, units)
	for u := range keep {
		keep[u] = uint64(words.Word(u)) >= threshold
	}
	return keep
}

// Masks gives the masks of all dropout layers for a seed and a step, rates as
// at the end of training.
func (m *Model) Masks(seed uint64, step int) []Mask {
	var out []Mask
	after := map[int]string{0: "input"}
	for _, s := range m.plan.Steps {
		if s.Op != nn.OpDropout {
			after[s.Out] = s.Layer
			if s.Op == nn.OpEmbed {
				after[s.Out] = "input"
			}
			continue
		}
		after[s.Out] = after[s.In]
		rate := s.Rate.At(nn.Clock{})
		out = append(out, Mask{Layer: s.Layer, After: after[s.In], Rate: rate, Keep: KeepUnits(seed, s.Key, step, m.plan.Widths[s.Out], rate)})
	}
	return out
}

// Thinned is what networks thinned by dropout say, each with one mask for all
// rows.
type Thinned struct {
	Masks   [][]Mask  // by network
	Says    []Matrix  // by network: rows × columns as Model.Outputs
	Average Matrix    // mean of what they say
	Whole   Matrix    // what the whole network says
	Metric  string    // what Scores are; "" where the rows have no target
	Scores  []float64 // of each network
	// AverageScore and WholeScore are the same of Average and Whole.
	AverageScore, WholeScore float64
}

// thinnedRows bounds the rows of Thinned, since each network sees one at a time.
const thinnedRows = 2000

var errNoDropout = errors.New("the network has no dropout layer; add one, as in dense(64, relu) >> dropout(0.5) >> output()")

// Thinned runs rows (the first 2,000) through so many thinned networks.
func (m *Model) Thinned(ctx context.Context, t *table.Table, seed uint64, networks int) (*Thinned, error) {
	if len(m.Masks(seed, 0)) == 0 {
		return nil, errNoDropout
	}
	if networks < 1 || networks > 10000 {
		return nil, errors.New("the number of masks must be from 1 to 10000")
	}
	t = t.Head(thinnedRows)
	d, _, err := m.coder.inputs(t)
	if err != nil {
		return nil, err
	}
	prog, err := m.program()
	if err != nil {
		return nil, err
	}
	defer prog.Close()
	out := &Thinned{}
	var all []*Answers
	for step := range networks {
		p, err := thin(ctx, prog, m.plan, d, nn.Mode{Dropout: true, Seed: seed, Step: step})
		if err != nil {
			return nil, err
		}
		a := newAnswers(&m.coder, p, truth{})
		all = append(all, a)
		out.Masks = append(out.Masks, m.Masks(seed, step))
		out.Says = append(out.Says, m.matrix(a))
	}
	p, err := prog.Predict(ctx, 0, d, nn.Mode{})
	if err != nil {
		return nil, err
	}
	whole, average := newAnswers(&m.coder, p, truth{}), averageAnswers(all)
	out.Whole, out.Average = m.matrix(whole), m.matrix(average)
	m.scoreThinned(out, t, all, average, whole)
	return out, nil
}

// thin predicts row by row, so that every row meets the same mask.
func thin(ctx context.Context, prog nn.Program, plan *nn.Plan, d *nn.Data, mode nn.Mode) ([]float32, error) {
	var out []float32
	k, c := plan.Input.Numeric, len(plan.Input.Categories)
	for i := range d.Rows {
		row := &nn.Data{Rows: 1, X: d.X[i*k : (i+1)*k], C: d.C[i*c : (i+1)*c]}
		p, err := prog.Predict(ctx, 0, row, mode)
		if err != nil {
			return nil, err
		}
		out = append(out, p...)
	}
	return out, nil
}

// scoreThinned scores the networks where every row has a target.
func (m *Model) scoreThinned(out *Thinned, t *table.Table, all []*Answers, average, whole *Answers) {
	r, err := m.coder.complete(t)
	if err != nil || r.data.Rows != whole.Rows {
		return
	}
	out.Metric = defaultMetric(m.coder.target.Kind)
	d, err := findMetric(out.Metric)
	if err != nil {
		panic("learn: " + err.Error())
	}
	score := func(a *Answers) float64 {
		a.Class, a.Y = r.truth.class, r.truth.y
		return d.F(a)
	}
	for _, a := range all {
		out.Scores = append(out.Scores, score(a))
	}
	out.AverageScore, out.WholeScore = score(average), score(whole)
}

// averageAnswers is the mean of the answers of several networks.
func averageAnswers(all []*Answers) *Answers {
	a := *all[0]
	a.P, a.Says = make([]float64, len(all[0].P)), nil
	for _, b := range all {
		for i, p := range b.P {
			a.P[i] += p
		}
	}
	for i := range a.P {
		a.P[i] /= float64(len(all))
	}
	a.decide()
	return &a
}

// Spread is a prediction with its spread over many networks.
type Spread struct {
	Networks  int
	Mean, Std Matrix       // rows × columns as Model.Outputs
	Table     *table.Table // the prediction, and for each output its mean and std
	// Metric, with Scores of the mean over the first n networks (n from 1), is
	// there where every row has a target.
	Metric string
	Scores []float64
}

// MCDropout predicts rows with dropout switched on, so many times, with masks
// of their own for each row: the spread says how sure the network is (Gal and
// Ghahramani 2016).
func (m *Model) MCDropout(ctx context.Context, t *table.Table, masks int, seed uint64) (*Spread, error) {
	if len(m.Masks(seed, 0)) == 0 {
		return nil, errNoDropout
	}
	if masks < 2 || masks > 100000 {
		return nil, errors.New("the number of masks must be from 2 to 100000")
	}
	d, _, err := m.coder.inputs(t)
	if err != nil {
		return nil, err
	}
	prog, err := m.program()
	if err != nil {
		return nil, err
	}
	defer prog.Close()
	s := m.newSpreading(t)
	for step := range masks {
		p, err := prog.Predict(ctx, 0, d, nn.Mode{Dropout: true, Seed: seed, Step: step})
		if err != nil {
			return nil, err
		}
		s.add(newAnswers(&m.coder, p, truth{}))
	}
	return s.finish()
}

// spreading gathers mean and spread of answers as they come (Welford 1962).
type spreading struct {
	m      *Model
	n      int
	last   *Answers
	mean   []float64
	square []float64
	truth  *truth
	out    *Spread
}

func (m *Model) newSpreading(t *table.Table) *spreading {
	s := &spreading{m: m, out: &Spread{}}
	if r, err := m.coder.complete(t); err == nil && r.data.Rows == t.Len() {
		s.truth, s.out.Metric = &r.truth, defaultMetric(m.coder.target.Kind)
	}
	return s
}

func (s *spreading) add(a *Answers) {
	s.n++
	s.last = a
	if s.mean == nil {
		s.mean, s.square = make([]float64, len(a.P)), make([]float64, len(a.P))
	}
	for i, p := range a.P {
		d := p - s.mean[i]
		s.mean[i] += d / float64(s.n)
		s.square[i] += float64(d * (p - s.mean[i]))
	}
	if s.truth == nil {
		return
	}
	if d, err := findMetric(s.out.Metric); err == nil {
		s.out.Scores = append(s.out.Scores, d.F(s.answers()))
	}
}

// answers are the means so far as answers.
func (s *spreading) answers() *Answers {
	a := *s.last
	a.P, a.Says = slices.Clone(s.mean), nil
	a.decide()
	if s.truth != nil {
		a.Class, a.Y = s.truth.class, s.truth.y
	}
	return &a
}

func (s *spreading) finish() (*Spread, error) {
	a := s.answers()
	s.out.Networks, s.out.Mean = s.n, s.m.matrix(a)
	cols, err := s.m.targetColumns(a)
	if err != nil {
		return nil, err
	}
	spread := *a
	spread.P = make([]float64, len(s.square))
	for i, v := range s.square {
		spread.P[i] = math.Sqrt(v / float64(max(s.n-1, 1)))
	}
	s.out.Std = s.m.matrix(&spread)
	if a.Width == 1 && s.out.Std.Cols == 2 {
		for i, v := range spread.P { // both classes spread alike
			s.out.Std.V[2*i], s.out.Std.V[2*i+1] = v, v
		}
	}
	for i, name := range s.out.Mean.Names {
		cols = append(cols,
			table.Numbers(name+" mean", pickColumn(s.out.Mean.V, s.out.Mean.Cols, i)),
			table.Numbers(name+" std", pickColumn(s.out.Std.V, s.out.Std.Cols, i)))
	}
	s.out.Table, err = table.New(cols...)
	return s.out, err
}
