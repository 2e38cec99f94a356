package display

import (
	"errors"
	"fmt"
	"math"
	"strings"

	"gonum.org/v1/plot/vg/draw"
)

// Run is the recorded course of one training.
type Run struct {
	// Name is the model's name; it may be empty when there is one run.
	Name string
	// Epochs are the positions on the x axis; nil means 1, 2, 3, …
	Epochs []float64
	// Train and Validation are the values after each epoch. Either may be nil.
	// Values that are not finite are gaps; but NaN is no value where they are Sparse.
	Train, Validation []float64
	// Sparse says that values were taken at some epochs only.
	Sparse bool
	// Best is the index of the best epoch, counted from 0, when BestKnown says so.
	// Otherwise it is where Validation (else Train) is best.
	Best      int
	BestKnown bool
}

// LossData is what Loss draws.
type LossData struct {
	Runs []Run
	// Loss names the loss and its unit, for the y axis: "cross-entropy".
	Loss string
	// Planned is the number of epochs planned; while a training runs the x axis
	// reaches it or, early in a long one, an eighth of it, an eighth of that, ….
	// 0: the axis ends with the data.
	Planned int
	// Status stands below the title while a training runs: "epoch 3 of 50, 1.2 s".
	Status string
	// Log is "auto" (or ""), "yes" or "no": a logarithmic y axis.
	Log string
}

// Loss draws training and validation loss by epoch, for one run or several,
// with the best epoch marked.
func Loss(d LossData, o Options) (*Figure, error) {
	c := course{runs: d.Runs, planned: d.Planned, status: d.Status, lower: true, what: d.Loss, title: "Loss by epoch"}
	if c.what == "" {
		c.what = "loss"
	}
	if err := c.check(); err != nil {
		return nil, fmt.Errorf("loss: %w", err)
	}
	values := c.span()
	switch d.Log {
	case "yes":
		c.log = values.hi > 0
	case "", "auto":
		c.log = values.lo > 0 && values.hi/values.lo > 30
	case "no":
	default:
		return nil, fmt.Errorf(`loss: expected Log "auto", "yes" or "no", got %q`, d.Log)
	}
	return c.figure(o), nil
}

// course is what Loss and Metric have in common.
type course struct {
	runs        []Run
	planned     int
	lower       bool
	log         bool
	what, title string
	status      string
}

func (c *course) check() error {
	if len(c.runs) == 0 {
		return errors.New("expected at least one run, got none")
	}
	runs := make([]Run, len(c.runs))
	for i, r := range c.runs {
		n := max(len(r.Train), len(r.Validation))
		r.Epochs = positions(r.Epochs, n, 1)
		for what, ys := range map[string][]float64{"training values": r.Train, "validation values": r.Validation} {
			if ys != nil && len(ys) != len(r.Epochs) {
				return sameLength("epochs and "+what, len(r.Epochs), len(ys))
			}
		}
		if !r.BestKnown {
			r.Best = extreme(r.decisive(), !c.lower)
		}
		if r.Best >= n {
			return fmt.Errorf("expected the best epoch below %d, got index %d", n, r.Best)
		}
		runs[i] = r
	}
	c.runs = runs
	return nil
}

// decisive are the values that the best epoch is chosen by.
func (r Run) decisive() []float64 {
	if r.Validation != nil {
		return r.Validation
	}
	return r.Train
}

// notFinite counts the values that are not finite. A validation that is not a
// number beside a training value that is was not made, as in an epoch that was
// broken off.
func (r Run) notFinite() int {
	n := 0
	if r.Sparse {
		for _, part := range r.parts() {
			n += notFinite(part.taken)
		}
		return n
	}
	n = notFinite(r.Train)
	for i, y := range r.Validation {
		notMade := y != y && r.Train != nil && finite(r.Train[i])
		if !finite(y) && !notMade {
			n++
		}
	}
	return n
}

// taken are the epochs and values of a line.
func (r Run) taken(ys []float64) (epochs, values []float64) {
	if !r.Sparse {
		return r.Epochs, ys
	}
	for i, y := range ys {
		if y == y {
			epochs, values = append(epochs, r.Epochs[i]), append(values, y)
		}
	}
	return epochs, values
}

// scored says at how many epochs the values of a lone run were taken, where that
// is not all.
func (c *course) scored() []string {
	r := c.runs[0]
	if len(c.runs) > 1 || !r.Sparse || len(r.Epochs) == 0 {
		return nil
	}
	last := r.trained()
	var parts []string
	for _, part := range r.parts() {
		if n := len(part.taken); n > 0 && n < last {
			parts = append(parts, fmt.Sprintf("%s at %d", part.name, n))
		}
	}
	if parts == nil {
		return nil
	}
	return []string{fmt.Sprintf("Scored: %s of %s.", strings.Join(parts, ", "), count(last, "epoch"))}
}

// trained is how many epochs there were, of which some may have no values.
func (r Run) trained() int {
	n := len(r.Epochs)
	if r.Sparse && n > 0 {
		return int(r.Epochs[n-1])
	}
	return n
}

// part is one of the lines of a run.
type part struct {
	name  string
	taken []float64
}

func (r Run) parts() []part {
	_, train := r.taken(r.Train)
	_, valid := r.taken(r.Validation)
	return []part{{"training", train}, {"validation", valid}}
}

func (c *course) span() span {
	s := emptySpan()
	for _, r := range c.runs {
		s = s.add(r.Train...).add(r.Validation...)
	}
	return s
}

func (c *course) figure(o Options) *Figure {
	s := newScene(o, c.title, notebookWidth, plotHeight)
	bad := 0
	for _, r := range c.runs {
		bad += r.notFinite()
	}
	s.subtitle = orElse(c.status, c.best())
	s.notes = append(gaps(bad), c.scored()...)
	if c.longest() > manyEpochs {
		s.notes = append(s.notes, "Pale: every epoch. Lines: the medians of neighbours.")
	}
	s.paint = c.paint
	return build(s, c.text(), c.data())
}

// longest is the number of epochs of the longest run.
func (c *course) longest() (n int) {
	for _, r := range c.runs {
		n = max(n, len(r.Epochs))
	}
	return n
}

func (c *course) paint(p pen) {
	f := &frame{x: axis{label: "epoch", whole: true, nogrid: true}, y: axis{label: c.what, log: c.log, noline: true, margin: 0.05}}
	if c.log {
		f.y.label += " (logarithmic)"
	}
	f.x.r = emptySpan()
	for _, r := range c.runs {
		f.x.r = f.x.r.add(r.Epochs...)
		f.y.r = c.axisRange()
	}
	if c.planned > 0 && !f.x.r.empty() {
		f.x.r = f.x.r.add(axisEnd(f.x.r.hi, float64(c.planned)))
	}
	for i, r := range c.runs {
		c.lines(f, r, i)
	}
	f.draw(p)
}

// axisEnd is where the axis of epochs ends while a training runs: it stands still
// for long, and yet the curve soon fills more than an eighth of it.
func axisEnd(done, planned float64) float64 {
	for planned/8 >= max(done, 8) {
		planned /= 8
	}
	return math.Ceil(planned)
}

// axisRange is the range of the y axis: all values, or those above 0 on a
// logarithmic axis, without the first explosion of a run that diverges.
func (c *course) axisRange() span {
	s := c.span()
	if !c.log {
		return s
	}
	s = emptySpan()
	for _, r := range c.runs {
		s = s.addPositive(r.Train...).addPositive(r.Validation...)
	}
	return s
}

// lines adds one run: training thin and dashed, validation strong, both named at
// their ends.
func (c *course) lines(f *frame, r Run, i int) {
	train, valid := hue(i), hue(i)
	if len(c.runs) == 1 {
		valid = hue(1)
	}
	both := r.Train != nil && r.Validation != nil
	if r.Train != nil {
		sty := stroke(train, normal)
		if both {
			sty = dashed(train, normal, dashes[1])
		}
		c.trace(f, r, r.Train, train, sty)
		c.label(f, r.Train, r.label("training", len(c.runs) > 1, both), train)
	}
	if r.Validation != nil {
		c.trace(f, r, r.Validation, valid, stroke(valid, bold))
		c.label(f, r.Validation, r.label("validation", len(c.runs) > 1, both), valid)
		train = valid
	}
	if r.Best >= 0 && len(r.Epochs) > 1 {
		f.add(c.bestMark(r, train))
	}
}

const (
	// manyEpochs is how many a line may have that goes through each of them.
	manyEpochs = 600
	// medians is how many points the line has otherwise.
	medians = 150
)

// trace adds one line: through every epoch or, of very many, through the medians
// of equally many, with the epochs themselves pale behind it.
func (c *course) trace(f *frame, r Run, ys []float64, col colour, sty draw.LineStyle) {
	epochs, ys := r.taken(ys)
	if len(ys) > manyEpochs {
		f.add(curveAmong(2*len(c.runs), epochs, ys, stroke(fade(col, 0.3), thin)))
		epochs, ys = middles(epochs, ys, medians)
	}
	f.add(curveAmong(2*len(c.runs), epochs, ys, sty))
}

// middles is the mean place and the median value of so many stretches of a line;
// it ends where the line ends.
func middles(xs, ys []float64, n int) (x, y []float64) {
	for i := range n {
		from, to := i*len(ys)/n, (i+1)*len(ys)/n
		x = append(x, summarise(xs[from:to]).mean)
		y = append(y, quantile(sorted(ys[from:to]), 0.5))
	}
	x[0], x[n-1] = xs[0], xs[len(xs)-1]
	return x, y
}

// label is a line's name: the run's, its part's, or both.
func (r Run) label(part string, several, both bool) endLabel {
	switch {
	case several && both:
		return endLabel{text: r.Name, part: part}
	case several:
		return endLabel{text: r.Name}
	}
	return endLabel{text: part}
}

func (c *course) label(f *frame, ys []float64, l endLabel, col colour) {
	if y, ok := lastFinite(ys); ok {
		l.y, l.tint = y, col
		f.ends = append(f.ends, l)
	}
}

// bestMark draws a ring at the best epoch.
func (c *course) bestMark(r Run, col colour) layer {
	return func(v view) {
		if y := r.decisive()[r.Best]; finite(y) {
			v.disc(v.x(r.Epochs[r.Best]), v.y(y), 4.5, white, stroke(col, 1.8))
		}
	}
}

// best says where a lone run is best, for the line below the title.
func (c *course) best() string {
	r := c.runs[0]
	if len(c.runs) > 1 || len(r.Epochs) < 2 || r.Best < 0 || !finite(r.decisive()[r.Best]) {
		return ""
	}
	part := "training "
	if r.Validation != nil {
		part = "validation "
	}
	return fmt.Sprintf("best at epoch %s (ring): %s%s %s", number(r.Epochs[r.Best]), part, c.what, number(r.decisive()[r.Best]))
}

func (c *course) text() string {
	var b strings.Builder
	name := capital(c.what)
	fmt.Fprintf(&b, "%s by epoch.", name)
	for _, r := range c.runs {
		b.WriteString("\n")
		if r.Name != "" {
			b.WriteString(r.Name + ": ")
		}
		b.WriteString(count(r.trained(), "epoch"))
		for _, part := range r.parts() {
			if y, ok := lastFinite(part.taken); ok {
				fmt.Fprintf(&b, ", %s %s → %s", part.name, number(part.taken[0]), number(y))
			}
		}
		if r.Best >= 0 && len(r.Epochs) > 0 && finite(r.decisive()[r.Best]) {
			fmt.Fprintf(&b, "; best epoch %s (%s)", number(r.Epochs[r.Best]), number(r.decisive()[r.Best]))
		}
		if n := r.notFinite(); n > 0 {
			fmt.Fprintf(&b, "; %s not finite", count(n, "value"))
		}
		b.WriteString(".")
	}
	for _, note := range c.scored() {
		b.WriteString("\n" + note)
	}
	return b.String()
}

func (c *course) data() Data {
	var run []string
	var epoch, train, valid []float64
	at := func(ys []float64, i int) float64 {
		if ys == nil {
			return math.NaN()
		}
		return ys[i]
	}
	for _, r := range c.runs {
		for i := range r.Epochs {
			run = append(run, r.Name)
			epoch = append(epoch, r.Epochs[i])
			train = append(train, at(r.Train, i))
			valid = append(valid, at(r.Validation, i))
		}
	}
	d := Data{Columns: []Column{{Name: "epoch", Numbers: epoch}, {Name: "training", Numbers: train}, {Name: "validation", Numbers: valid}}}
	if len(c.runs) > 1 {
		d.Columns = append([]Column{{Name: "model", Strings: run}}, d.Columns...)
	}
	return d
}
