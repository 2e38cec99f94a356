package main

import (
	"sync"

	"mlpkernel/nn/cpu/internal/works"
)

// bandwidth is at what the optimiser's reads and writes are counted, bytes a µs:
// between that of a second-level and that of a third-level cache.
const bandwidth = 150e3

// bytesOf an optimiser for each weight.
var bytesOf = map[string]float64{"adam": 28, "adamw": 28, "sgd": 12}

// limits gives how much of the limit each of our times is, where a floating-point
// operation took so long on all threads together in the same rounds.
func limits(w works.Work, ours, flop []float64) []float64 {
	out := make([]float64, len(ours))
	for i, t := range ours {
		out[i] = (flops(w)*flop[i] + updated(w)/bandwidth) / t
	}
	return out
}

// flops of a step: two a weight and row for the outputs, for the gradient of
// the weights, and but for the first layer for that of the inputs.
func flops(w works.Work) (sum float64) {
	for i, in := range w.Sizes[:len(w.Sizes)-1] {
		products := 6.0
		switch {
		case w.Infer > 0:
			products = 2
		case i == 0:
			products = 4
		}
		sum += products * float64(in*w.Sizes[i+1])
	}
	if w.Infer > 0 {
		return sum * float64(w.Infer)
	}
	return sum * float64(min(w.Batch, w.Rows))
}

// updated is how many bytes the optimiser moves.
func updated(w works.Work) float64 {
	if w.Infer > 0 {
		return 0
	}
	weights := 0
	for i, in := range w.Sizes[:len(w.Sizes)-1] {
		weights += (in + 1) * w.Sizes[i+1]
	}
	per := bytesOf[w.Opt]
	if w.Mom > 0 {
		per += 8
	}
	return per * float64(weights)
}

// peak measures independent fused multiply-adds in registers, in µs of an
// operation; nil where that is not known.
func (s settings) peak() *side {
	loop, flops := peakLoop()
	if loop == nil {
		return nil
	}
	const rounds = 100
	p := s.timed(func(steps int) error {
		var others sync.WaitGroup
		for range s.threads - 1 {
			others.Go(func() { loop(steps * rounds) })
		}
		loop(steps * rounds)
		others.Wait()
		return nil
	}, 1000)
	once := p.once
	p.once = func() (float64, error) {
		t, err := once()
		return t / (flops * rounds * float64(s.threads)), err
	}
	return p
}
