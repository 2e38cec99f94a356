package cpu_test

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"mlpkernel/nn"
	"mlpkernel/nn/cpu"
	"mlpkernel/nn/parity"
)

// falling starts at v and is 0 at the end, or is v all the time.
func falling(r *rand.Rand, v float64) nn.Schedule {
	if r.IntN(2) == 0 {
		return nn.Constant(v)
	}
	s, err := nn.NewSchedule("cosine", map[string]float64{"start": v})
	if err != nil {
		panic(err)
	}
	return s
}

// randomTraining draws a network, its options and its replicas.
func randomTraining(r *rand.Rand) (*nn.Plan, nn.Options, []nn.Replica, error) {
	drop := nn.Dropout{Rate: falling(r, 0.4)}
	limited := nn.Dense{Units: []int{8, 16, 33, 130}[r.IntN(4)], Activation: nn.Act("relu"), MaxNorm: 0.7 * float64(r.IntN(2)), Penalty: nn.Penalty{Stated: true, L1: 0.01 * float64(r.IntN(2)), L2: 0.02}}
	net := nn.Chain(randomChain(r, 1), limited, drop, randomChain(r, 1), nn.Output{})
	spec := nn.Spec{
		Input:  nn.Input{Numeric: []int{1, 3, 16, 33, 64}[r.IntN(5)]},
		Target: []nn.Target{{Kind: nn.Numbers, Width: 3}, {Kind: nn.Classes, Width: 2 + r.IntN(20)}, {Kind: nn.Binary, Width: 1}, {Kind: nn.Labels, Width: 9}}[r.IntN(4)],
	}
	if r.IntN(3) == 0 {
		spec.Input.Categories = []nn.Category{{Name: "a", Levels: 5}}
	}
	p, err := nn.Lower(net, spec)
	if err != nil {
		return nil, nn.Options{}, nil, err
	}
	adamw := nn.Adam(0.003)
	adamw.Name, adamw.LR, adamw.WeightDecay = "adamw", falling(r, 0.003), falling(r, 0.1)
	momentum := nn.SGD(0.003)
	momentum.Momentum, momentum.Nesterov = 0.9, r.IntN(2) == 0
	o := nn.Options{
		Optimizer: []nn.Optimizer{nn.SGD(0.003), momentum, nn.Adam(0.003), adamw}[r.IntN(4)],
		BatchSize: []int{0, 1, 5, 16, 33, 64}[r.IntN(6)], InOrder: r.IntN(4) == 0, ClipNorm: 0.5 * float64(r.IntN(2)),
	}
	var replicas []nn.Replica
	for i := range 1 + r.IntN(3) {
		d := parity.Rows(p, 1+r.IntN(150), uint64(i))
		in := nn.Replica{State: p.NewState(uint64(i)), Data: d}
		for k := range d.Rows {
			if i == 1 {
				d.W = append(d.W, float32(r.IntN(4))/2+0.25)
			}
			if i == 2 && (k == 0 || r.IntN(3) > 0) {
				in.Rows = append(in.Rows, int32(k))
			}
		}
		replicas = append(replicas, in)
	}
	return p, o, replicas, nil
}

// TestChunksAndThreads trains replicas in one program, in chunks with and without
// recording and with predictions between them. Nothing may differ from replicas
// that are trained alone, each step in a program of its own.
func TestChunksAndThreads(t *testing.T) {
	count := 60
	if testing.Short() {
		count = 6
	}
	for seed := range count {
		r := rand.New(rand.NewPCG(uint64(seed), 2))
		plan, o, replicas, err := randomTraining(r)
		if err != nil {
			t.Fatal(err)
		}
		steps := 2 + r.IntN(9)
		one := func(b cpu.Backend, threads int, in []nn.Replica, chunks func() int) (states []nn.State, answers [][]float32) {
			o := o
			o.Threads = threads
			p, err := b.Compile(plan, o)
			if err != nil {
				t.Fatal(err)
			}
			defer p.Close()
			if err := p.Load(in); err != nil {
				t.Fatal(err)
			}
			answer := func(i int) []float32 {
				y, err := p.Predict(ctx, i, in[i].Data, nn.Mode{Dropout: true, Seed: 3})
				if err != nil {
					t.Fatal(err)
				}
				return y
			}
			for k := chunks(); k > 0; k = chunks() {
				if _, err := p.Train(ctx, nn.Chunk{Steps: k, Horizon: steps, Blocks: k%2 == 0, Bins: 5 * (k % 3)}); err != nil {
					t.Fatal(err)
				}
				answer(k % len(in))
			}
			for i := range in {
				states, answers = append(states, p.State(i)), append(answers, answer(i))
			}
			return states, answers
		}
		var want [2]string
		for _, in := range replicas {
			var y [][]float32
			for range steps {
				left := 1
				s, answers := one(cpu.New(), 1, []nn.Replica{in}, func() int { left--; return left + 1 })
				in.State, y = s[0], answers
			}
			want[0] += parity.Bits(in.State) + "\n"
			want[1] += fmt.Sprintf("%x\n", y)
		}
		for i, b := range cpu.Each() {
			left := steps
			s, y := one(b, 1+i+r.IntN(4), replicas, func() int { k := min(left, 1+r.IntN(4)); left -= k; return k })
			var got [2]string
			for i := range s {
				got[0] += parity.Bits(s[i]) + "\n"
				got[1] += fmt.Sprintf("%x\n", y[i:i+1])
			}
			if got != want {
				t.Errorf("%d: backend %d: %v differs", seed, i, plan)
			}
		}
	}
}
