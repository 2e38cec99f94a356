package cpu

import (
	"math"

	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// recording takes down the norms of each block at a step.
type recording struct {
	on      bool
	bins    int
	blocks  []nn.BlockStats
	before  []float32 // the parameters
	tallies []tally
	ranges  []nn.Range // of the blocks
	spare   []int      // counts of histograms to give away
}

// tally is a panel of weights, or a block of another role: what a thread counts
// at a time.
type tally struct {
	block  int
	first  bool // of the block's
	at     int  // in the layout's vector: rows of width numbers, stride apart
	rows   int
	width  int
	stride int
	// Of the vector at hand: Σ x², its range, and how many lie where in that of
	// the block; of the parameters Σ of the squares of the change.
	square float64
	change float64
	nn.Range
	counts []int        // the first one's are the histogram's
	packed [2][]float32 // the numbers without padding, where there is any
}

// begin turns recording on for the chunk's last step, if asked for.
func (k *recording) begin(c *nn.Chunk, last bool) {
	if k.on = c.Blocks && last; k.on || k.blocks != nil {
		k.bins, k.blocks = c.Bins, nil
	}
}

// gradient takes down the gradient and keeps the parameters as they are.
func (k *recording) gradient(t *trainer) {
	if !k.on || k.blocks != nil {
		return
	}
	if k.tallies == nil {
		k.tallies, k.ranges = t.lay.tallies(), make([]nn.Range, len(t.lay.blocks))
	}
	k.blocks = make([]nn.BlockStats, len(t.lay.blocks))
	k.spare = make([]int, 2*k.bins*len(k.blocks))
	k.measure(t, t.g, nil)
	for i := range k.tallies {
		k.blocks[k.tallies[i].block].Grad += k.tallies[i].square
	}
	for i := range k.blocks {
		k.blocks[i].Grad = math.Sqrt(k.blocks[i].Grad)
	}
	k.count(t, t.g, func(b *nn.BlockStats) *nn.Histogram { return &b.Hist })
	k.keep(t)
}

func (k *recording) keep(t *trainer) { k.before = append(k.before[:0], t.replica.p...) }

// end takes down the parameters and the change made.
func (k *recording) end(t *trainer) {
	if k.blocks == nil {
		return
	}
	k.measure(t, t.replica.p, k.before)
	for i := range k.tallies {
		p := &k.tallies[i]
		k.blocks[p.block].Param += p.square
		k.blocks[p.block].Update += p.change
	}
	for i := range k.blocks {
		b := &k.blocks[i]
		b.Param, b.Update = math.Sqrt(b.Param), math.Sqrt(b.Update)
	}
	k.count(t, t.replica.p, func(b *nn.BlockStats) *nn.Histogram { return &b.Values })
}

// measure finds the squares and ranges of the tallies of a vector and, where was
// is another one, the squares of their difference.
func (k *recording) measure(t *trainer, v, was []float32) {
	t.team.run(len(k.tallies), func(thread, i int) {
		p, w := &k.tallies[i], &t.cores[thread]
		x := p.numbers(v, 0)
		p.square, p.Range = nn.Extent(w, x)
		if was != nil {
			p.change = w.DistSq(x, p.numbers(was, 1))
		}
	})
}

func finite(v float64) bool { return v-v == 0 }

// count fills in the histograms of a vector that was measured, if asked for;
// of gives a block's.
func (k *recording) count(t *trainer, v []float32, of func(b *nn.BlockStats) *nn.Histogram) {
	if k.bins == 0 {
		return
	}
	for i := range k.ranges {
		k.ranges[i] = nn.NoRange()
	}
	for i := range k.tallies {
		p := &k.tallies[i]
		k.ranges[p.block] = k.ranges[p.block].Join(p.Range)
	}
	for i := range k.tallies {
		p := &k.tallies[i]
		if !p.first {
			p.counts = append(p.counts[:0], make([]int, k.bins)...)
			continue
		}
		p.counts, k.spare = k.spare[:k.bins:k.bins], k.spare[k.bins:]
		*of(&k.blocks[p.block]) = k.ranges[p.block].Histogram(p.counts)
	}
	t.team.run(len(k.tallies), func(thread, i int) {
		p := &k.tallies[i]
		nn.CountBy(&t.cores[thread], k.ranges[p.block], p.counts, p.numbers(v, 0))
	})
	for i := range k.tallies {
		p := &k.tallies[i]
		if p.first {
			continue
		}
		counts := of(&k.blocks[p.block]).Counts
		for b, n := range p.counts {
			counts[b] += n
		}
	}
}

// numbers are those of the tally, in one piece. Two vectors' may be had at once.
func (p *tally) numbers(v []float32, which int) []float32 {
	if p.rows == 1 {
		return v[p.at:][:p.width]
	}
	out := p.packed[which][:0]
	for r := range p.rows {
		out = append(out, v[p.at+r*p.stride:][:p.width]...)
	}
	p.packed[which] = out
	return out
}

// tallies are those of all blocks.
func (l *layout) tallies() []tally {
	var out []tally
	for i := range l.blocks {
		b := &l.blocks[i]
		if b.Role != nn.Weights {
			out = append(out, tally{block: i, first: true, at: b.at, rows: 1, width: b.Len()})
			continue
		}
		for j := 0; j < b.panels.Cols; j += kern.Strip {
			p := tally{block: i, first: j == 0, at: b.at + b.panels.Index(0, j), rows: b.panels.Rows, width: min(kern.Strip, b.panels.Cols-j), stride: b.panels.Width(j)}
			if p.width == p.stride { // there is no padding
				p.rows, p.width = 1, p.rows*p.width
			}
			out = append(out, p)
		}
	}
	return out
}
