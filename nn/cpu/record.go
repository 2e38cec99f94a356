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
	values []float64 // a block's gradient
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
	for i := range t.lay.blocks {
		b := &t.lay.blocks[i]
		k.blocks[i].Grad = t.cores[0].norm(b.of(t.g))
		if k.bins > 0 {
			k.blocks[i].Hist = nn.NewHistogram(k.numbers(b, t.g), k.bins)
		}
	}
	k.keep(t)
}

func (k *recording) keep(t *trainer) { k.before = append(k.before[:0], t.replica.p...) }

// numbers gives a block's without padding.
func (k *recording) numbers(b *place, v []float32) []float64 {
	k.values = k.values[:0]
	b.each(func(_, here int) { k.values = append(k.values, float64(v[here])) })
	return k.values
}

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
		k.blocks[i].Param, k.blocks[i].Update = t.cores[0].norm(now), math.Sqrt(sum)
	}
}
