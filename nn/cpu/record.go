package cpu

import (
	"math"

	"mlpkernel/nn"
)

// recording takes down the norms of each block at a step.
type recording struct {
	on     bool
	bins   int
	blocks []nn.BlockStats
	before []float32 // the parameters
	flat   []float64 // the gradient, then the parameters, as a plan's vector
}

// begin turns recording on for the last step of an epoch, if asked for.
func (k *recording) begin(c nn.Chunk, last bool) {
	k.on, k.bins, k.blocks = c.Blocks && last, c.Bins, nil
}

// gradient takes down the gradient and keeps the parameters as they are.
func (k *recording) gradient(t *trainer) {
	if !k.on || k.blocks != nil {
		return
	}
	k.blocks = make([]nn.BlockStats, len(t.lay.blocks))
	if k.bins > 0 && k.flat == nil {
		k.flat = make([]float64, t.plan.Size)
	}
	for i := range t.lay.blocks {
		b := &t.lay.blocks[i]
		k.blocks[i].Grad = norm(&t.cores[0], b.of(t.g))
		if k.bins > 0 {
			b.unpack(k.flat, t.g)
			k.blocks[i].Hist = nn.NewHistogram(b.Of(k.flat), k.bins)
		}
	}
	k.keep(t)
}

func (k *recording) keep(t *trainer) { k.before = append(k.before[:0], t.replica.p...) }

// end takes down the parameters and the change made.
func (k *recording) end(t *trainer) {
	for i := range k.blocks {
		b := &t.lay.blocks[i]
		now, was := b.of(t.replica.p), b.of(k.before)
		var sum float64
		for j, v := range now {
			d := float64(v) - float64(was[j])
			sum += float64(d * d)
		}
		k.blocks[i].Param, k.blocks[i].Update = norm(&t.cores[0], now), math.Sqrt(sum)
		if k.bins > 0 {
			b.unpack(k.flat, t.replica.p)
			k.blocks[i].Values = nn.NewHistogram(b.Of(k.flat), k.bins)
		}
	}
}
