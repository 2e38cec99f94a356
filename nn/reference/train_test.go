package reference_test

import (
	"context"
	"errors"
	"hash/fnv"
	"math"
	"slices"
	"testing"

	"mlpkernel/nn"
	"mlpkernel/nn/parity"
	"mlpkernel/nn/philox"
	"mlpkernel/nn/reference"
)

// blobs are three classes in the plane, 50 rows.
func blobs() *nn.Data {
	s := philox.New(1, philox.User, 0, 0)
	d := &nn.Data{Rows: 50}
	for i := range d.Rows {
		c := i % 3
		d.X = append(d.X, float32(s.Normal(2*i)+3*float64(c)), float32(s.Normal(2*i+1)-2*float64(c%2)))
		d.Y = append(d.Y, float32(c))
	}
	return d
}

var threeClasses = nn.Spec{Input: nn.Input{Numeric: 2}, Target: nn.Target{Kind: nn.Classes, Width: 3}}

// rich has something of everything that keeps state.
func rich(t *testing.T) *nn.Plan {
	return lower(t, nn.Chain(
		nn.Dense{Units: 6, Activation: nn.Act("selu"), MaxNorm: 1.5}, nn.BatchNorm{},
		nn.Dropout{Rate: nn.Schedule{{Name: "cosine", P: [4]float64{0.4, 0.1}}}},
		nn.Skip{Body: nn.Chain(nn.Dense{Units: 6, Penalty: nn.Penalty{L1: 1e-3, L2: 1e-2}}, nn.LayerNorm{}, nn.Act("gelu"))},
		nn.Output{}), threeClasses)
}

func load(t *testing.T, p *nn.Plan, o nn.Options, replicas ...nn.Replica) *reference.Run {
	t.Helper()
	prog, err := reference.New().Compile(p, o)
	if err != nil {
		t.Fatal(err)
	}
	if err := prog.Load(replicas); err != nil {
		t.Fatal(err)
	}
	return prog.(*reference.Run)
}

func train(t *testing.T, r *reference.Run, c nn.Chunk) nn.Stats {
	t.Helper()
	s, err := r.Train(context.Background(), c)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// optimizers are all rules with all of their memory in use.
func optimizers(t *testing.T) []nn.Optimizer {
	var out []nn.Optimizer
	for _, d := range nn.Optimizers() {
		if d.Name == "perceptron" {
			continue
		}
		o, err := nn.NewOptimizer(d.Name, nil)
		if err != nil {
			t.Fatal(err)
		}
		if d.Name == "sgd" {
			o.Momentum = 0.9
		}
		out = append(out, o)
	}
	return out
}

// TestGoingOn: chunks of whatever size, through State and Load, give the same
// bits as one chunk.
func TestGoingOn(t *testing.T) {
	for _, o := range optimizers(t) {
		p, epochs := rich(t), 6
		opts := nn.Options{Optimizer: o, BatchSize: 16, ClipNorm: 0.5}
		if o.Name == "lbfgs" {
			p = lower(t, nn.Chain(nn.Dense{Units: 4, Activation: nn.Act("tanh")}, nn.Output{}), threeClasses)
			opts.ClipNorm = 0
		}
		horizon := epochs * opts.PerEpoch(50)
		whole := load(t, p, opts, nn.Replica{State: p.NewState(3), Data: blobs()})
		train(t, whole, nn.Chunk{Epochs: epochs, Horizon: horizon})
		state := p.NewState(3)
		for _, c := range []nn.Chunk{{Epochs: 2}, {Steps: 1}, {Epochs: 1}, {Epochs: 3}} {
			c.Horizon = horizon
			part := load(t, p, opts, nn.Replica{State: state, Data: blobs()})
			train(t, part, c)
			state = part.State(0)
		}
		if opts.PerEpoch(50) == 1 { // the single step was a whole epoch
			train(t, whole, nn.Chunk{Steps: 1, Horizon: horizon})
		}
		if want := whole.State(0); parity.Bits(state) != parity.Bits(want) {
			t.Errorf("%s: going on differs from training at once", o)
		}
	}
}

func TestReplicasAreIndependent(t *testing.T) {
	p, d := rich(t), blobs()
	o := nn.Options{Optimizer: nn.Adam(0.01), BatchSize: 8}
	rows := []int32{0, 5, 7, 20, 21, 22, 33, 41, 48}
	replicas := []nn.Replica{{State: p.NewState(1), Data: d}, {State: p.NewState(2), Data: d, Rows: rows}, {State: p.NewState(1), Data: d}}
	all := load(t, p, o, replicas...)
	train(t, all, nn.Chunk{Epochs: 3})
	for i, r := range replicas {
		one := load(t, p, o, r)
		train(t, one, nn.Chunk{Epochs: 3})
		if !slices.Equal(one.Params(0), all.Params(i)) {
			t.Errorf("replica %d is not what it is alone", i)
		}
	}
	if slices.Equal(all.Params(0), all.Params(1)) || !slices.Equal(all.Params(0), all.Params(2)) {
		t.Error("seeds and rows do not tell replicas apart")
	}
}

func TestStats(t *testing.T) {
	p := lower(t, nn.Chain(nn.Output{}), threeClasses)
	d := blobs()
	d.W = make([]float32, d.Rows)
	for i := range d.W {
		d.W[i] = float32(i%2) + 0.5
	}
	r := load(t, p, nn.Options{Optimizer: nn.SGD(0), BatchSize: 16}, nn.Replica{State: p.NewState(1), Data: d})
	mean, err := r.Evaluate(context.Background(), 0, d)
	if err != nil {
		t.Fatal(err)
	}
	s := train(t, r, nn.Chunk{Epochs: 2, StepLoss: true, Blocks: true, Bins: 10}).Replicas[0]
	if len(s.Epochs) != 2 || len(s.StepLoss) != 8 {
		t.Fatalf("%d epochs, %d steps; want 2 and 8", len(s.Epochs), len(s.StepLoss))
	}
	for i, e := range s.Epochs {
		if e.Epoch != i || !e.Done || e.Rows != 50 || e.Weight != 50 {
			t.Errorf("epoch %d: %+v", i, e)
		}
		if got := e.Loss / e.Weight; math.Abs(got-mean) > 1e-12 { // rate 0: nothing moves
			t.Errorf("epoch %d: mean loss %v, evaluate gives %v", i, got, mean)
		}
		if i == 0 {
			if e.Blocks != nil {
				t.Errorf("norms of an epoch before the chunk's last: %+v", e.Blocks)
			}
			continue
		}
		b := e.Blocks[0]
		n := 0
		for _, c := range b.Hist.Counts {
			n += c
		}
		if !(b.Grad > 0) || b.Update != 0 || !(b.Param > 0) || n != 6 {
			t.Errorf("epoch %d: %+v", i, b)
		}
	}
}

func TestInterrupt(t *testing.T) {
	p := rich(t)
	r := load(t, p, nn.Options{Optimizer: nn.Adam(0.01), BatchSize: 8}, nn.Replica{State: p.NewState(1), Data: blobs()})
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := r.Train(ctx, nn.Chunk{Epochs: 5}); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	if s := r.State(0); s.Step != 0 {
		t.Errorf("%d steps after an interrupt before the first", s.Step)
	}
}

func TestDivergence(t *testing.T) {
	p := lower(t, nn.Chain(nn.Dense{Units: 4}, nn.Output{}), nn.Spec{Input: nn.Input{Numeric: 2}, Target: nn.Target{Kind: nn.Numbers, Width: 1}})
	d := blobs()
	r := load(t, p, nn.Options{Optimizer: nn.SGD(1e6), BatchSize: 8}, nn.Replica{State: p.NewState(1), Data: d}, nn.Replica{State: p.NewState(1), Data: d})
	s := train(t, r, nn.Chunk{Epochs: 50})
	if !s.Replicas[0].Diverged || r.State(0).Step >= 50*7 {
		t.Errorf("no divergence at a rate of a million: %+v", s.Replicas[0])
	}
}

func TestMaxNormAndFrozen(t *testing.T) {
	p := lower(t, nn.Chain(nn.Dense{Units: 5, MaxNorm: 0.7}, nn.Dense{Units: 4, Activation: nn.Act("tanh"), Frozen: true}, nn.Output{}), threeClasses)
	r := load(t, p, nn.Options{Optimizer: nn.Adam(0.1), BatchSize: 8}, nn.Replica{State: p.NewState(1), Data: blobs()})
	train(t, r, nn.Chunk{Epochs: 3})
	now, was := r.Params(0), p.NewState(1).Params
	w := p.Blocks[0].Of(now)
	for u := range 5 {
		if n := math.Hypot(w[2*u], w[2*u+1]); n > 0.7+1e-12 {
			t.Errorf("unit %d has length %v", u, n)
		}
	}
	for _, b := range p.Blocks {
		if same := slices.Equal(b.Of(now), b.Of(was)); same == b.Trainable {
			t.Errorf("%s: unchanged %t, trainable %t", b.Name, same, b.Trainable)
		}
	}
}

// TestDropoutMask holds the documented rule word for word.
func TestDropoutMask(t *testing.T) {
	p := lower(t, nn.Chain(nn.Dropout{}, nn.Dropout{Rate: nn.Constant(0.4)}, nn.Output{}),
		nn.Spec{Input: nn.Input{Numeric: 7}, Target: nn.Target{Kind: nn.Binary, Width: 1}})
	d := &nn.Data{Rows: 700, X: make([]float32, 4900)}
	for i := range d.X {
		d.X[i] = 1
	}
	r := load(t, p, nn.Options{}, nn.Replica{State: p.NewState(0), Data: &nn.Data{Rows: 1, X: d.X[:7], Y: d.X[:1]}})
	got, err := r.Activations(context.Background(), 0, d, nn.Mode{Dropout: true, Seed: 1<<40 + 5, Step: 9})
	if err != nil {
		t.Fatal(err)
	}
	kept := 0
	for e := range d.X {
		word := philox.Block([4]uint32{uint32(e / 4), 9, 1, 3}, [2]uint32{5, 1 << 8})[e%4]
		want := float32(0)
		if float64(word) >= math.Floor(0.4*(1<<32)) {
			want = 1 / 0.6
			kept++
		}
		if got[1][e] != want {
			t.Fatalf("element %d: %v, want %v", e, got[1][e], want)
		}
	}
	if share := float64(kept) / 4900; math.Abs(share-0.6) > 0.02 {
		t.Errorf("%v kept", share)
	}
}

func TestBatchNormPredictsByRunningStatistics(t *testing.T) {
	p := lower(t, nn.Chain(nn.BatchNorm{}, nn.Output{}), threeClasses)
	d := blobs()
	r := load(t, p, nn.Options{Optimizer: nn.SGD(0)}, nn.Replica{State: p.NewState(1), Data: d})
	train(t, r, nn.Chunk{Epochs: 200})
	act, err := r.Activations(context.Background(), 0, d, nn.Mode{})
	if err != nil {
		t.Fatal(err)
	}
	var mean, sq float64
	for i := 0; i < len(act[0]); i += 2 {
		mean += float64(act[0][i]) / 50
		sq += float64(act[0][i]) * float64(act[0][i]) / 50
	}
	if math.Abs(mean) > 1e-4 || math.Abs(sq-1) > 1e-3 {
		t.Errorf("after many batches: mean %v, mean square %v", mean, sq)
	}
}

func TestLBFGSFitsExactly(t *testing.T) {
	p := lower(t, nn.Chain(nn.Output{}), nn.Spec{Input: nn.Input{Numeric: 2}, Target: nn.Target{Kind: nn.Numbers, Width: 1}})
	d := blobs()
	for i := range d.Y {
		d.Y[i] = 2*d.X[2*i] - d.X[2*i+1] + 0.5
	}
	r := load(t, p, nn.Options{Optimizer: nn.Optimizer{Name: "lbfgs", LR: nn.Constant(1), History: 10}}, nn.Replica{State: p.NewState(1), Data: d})
	train(t, r, nn.Chunk{Epochs: 25})
	if l, _ := r.Evaluate(context.Background(), 0, d); !(l < 1e-10) {
		t.Errorf("least squares ends at %v", l)
	}
}

func TestTraceByHand(t *testing.T) {
	sigmoid := nn.Act("sigmoid")
	net := nn.Chain(
		nn.Dense{Units: 1, Activation: sigmoid, Weights: &nn.Given{Units: 1, Inputs: 2, W: []float64{1, -1}, B: []float64{0.5}}},
		nn.Output{Dense: nn.Dense{Weights: &nn.Given{Units: 1, Inputs: 1, W: []float64{2}, B: []float64{-1}}}})
	p := lower(t, net, bits)
	d := &nn.Data{Rows: 1, X: []float32{1, 0}, Y: []float32{0}}
	r := load(t, p, nn.Options{}, nn.Replica{State: p.NewState(0), Data: d})
	tr, err := r.Trace(0, d, nn.Mode{})
	if err != nil {
		t.Fatal(err)
	}
	h := 1 / (1 + math.Exp(-1.5))
	y := 1 / (1 + math.Exp(-(2*h - 1)))
	delta := 2 * y * h * (1 - h)
	checks := []struct {
		what      string
		got, want float64
	}{
		{"z", tr.Steps[0].Z[0], 1.5}, {"h", tr.Steps[0].Y[0], h}, {"logit", tr.Steps[1].Y[0], 2*h - 1},
		{"y", tr.Prediction[0], y}, {"loss", tr.Loss, -math.Log(1 - y)}, {"output delta", tr.Steps[1].Delta[0], y},
		{"dW2", tr.Steps[1].DW[0], y * h}, {"delta", tr.Steps[0].Delta[0], delta}, {"dW1", tr.Steps[0].DW[0], delta}, {"db1", tr.Steps[0].DB[0], delta},
		{"dx1", tr.Steps[0].DX[1], -delta},
	}
	for _, c := range checks {
		if math.Abs(c.got-c.want) > 1e-12 {
			t.Errorf("%s = %v, want %v", c.what, c.got, c.want)
		}
	}
}

// TestBits fixes bits that every machine must give.
func TestBits(t *testing.T) {
	p := rich(t)
	r := load(t, p, nn.Options{Optimizer: nn.Optimizer{Name: "adamw", LR: nn.Schedule{{Name: "one_cycle", P: [4]float64{0.02, 0.3, 25, 1e4}}},
		Beta1: 0.9, Beta2: 0.95, Eps: 1e-8, WeightDecay: nn.Constant(0.02)}, BatchSize: 16, ClipNorm: 1}, nn.Replica{State: p.NewState(1), Data: blobs()})
	train(t, r, nn.Chunk{Epochs: 20})
	h := fnv.New64a()
	for _, v := range r.Params(0) {
		b := math.Float64bits(v)
		for range 8 {
			h.Write([]byte{byte(b)})
			b >>= 8
		}
	}
	const want = 0x5d4ba9aabf652e1
	if got := h.Sum64(); got != want {
		t.Errorf("fingerprint of the parameters: got %#x, want %#x", got, uint64(want))
	}
}
