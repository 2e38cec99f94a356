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
}

// tally is a panel of weights, or a block of another role: what a thread counts
// at a time.
type tally struct {
	block  int
	at     int // in the layout's vector: rows of width numbers, stride apart
	rows   int
	width  int
	stride int
	nn.Range
	counts []int
	square float64 // of the change
}

// begin turns recording on for the last step of an epoch, if asked for.
func (k *recording) begin(c *nn.Chunk, last bool) {
	k.on, k.bins, k.blocks = c.Blocks && last, c.Bins, nil
}

// gradient takes down the gradient and keeps the parameters as they are.
func (k *recording) gradient(t *trainer) {
	if !k.on || k.blocks != nil {
		return
	}
	if k.tallies == nil {
		k.tallies = t.lay.tallies()
	}
	k.blocks = make([]nn.BlockStats, len(t.lay.blocks))
	for i := range t.lay.blocks {
		k.blocks[i].Grad = norm(&t.cores[0], t.lay.blocks[i].of(t.g))
	}
	for i, h := range k.histograms(t, t.g) {
		k.blocks[i].Hist = h
	}
	k.keep(t)
}

func (k *recording) keep(t *trainer) { k.before = append(k.before[:0], t.replica.p...) }

// end takes down the parameters and the change made.
func (k *recording) end(t *trainer) {
	if k.blocks == nil {
		return
	}
	now, was := t.replica.p, k.before
	t.team.run(len(k.tallies), func(_, i int) {
		p := &k.tallies[i]
		p.square = 0
		for r := range p.rows {
			old := p.row(was, r)
			for j, v := range p.row(now, r) {
				d := float64(v) - float64(old[j])
				p.square += float64(d * d)
			}
		}
	})
	for i := range k.tallies {
		k.blocks[k.tallies[i].block].Update += k.tallies[i].square
	}
	for i := range k.blocks {
		k.blocks[i].Param, k.blocks[i].Update = norm(&t.cores[0], t.lay.blocks[i].of(now)), math.Sqrt(k.blocks[i].Update)
	}
	for i, h := range k.histograms(t, now) {
		k.blocks[i].Values = h
	}
}

// histograms are those of the blocks of a vector of the layout, if asked for.
func (k *recording) histograms(t *trainer, v []float32) []nn.Histogram {
	if k.bins == 0 {
		return nil
	}
	t.team.run(len(k.tallies), func(_, i int) {
		p := &k.tallies[i]
		p.Range = nn.NoRange()
		for r := range p.rows {
			p.Range = p.Join(nn.RangeOf(p.row(v, r)))
		}
	})
	ranges, counts := make([]nn.Range, len(k.blocks)), make([][]int, len(k.blocks))
	for i := range ranges {
		ranges[i], counts[i] = nn.NoRange(), make([]int, k.bins)
	}
	for i := range k.tallies {
		p := &k.tallies[i]
		ranges[p.block] = ranges[p.block].Join(p.Range)
	}
	t.team.run(len(k.tallies), func(_, i int) {
		p := &k.tallies[i]
		p.counts = append(p.counts[:0], make([]int, k.bins)...)
		for r := range p.rows {
			nn.Count(ranges[p.block], p.counts, p.row(v, r))
		}
	})
	for i := range k.tallies {
		for b, n := range k.tallies[i].counts {
			counts[k.tallies[i].block][b] += n
		}
	}
	out := make([]nn.Histogram, len(k.blocks))
	for i, r := range ranges {
		out[i] = r.Histogram(counts[i])
	}
	return out
}

// row is a straight piece of the numbers.
func (p *tally) row(v []float32, r int) []float32 { return v[p.at+r*p.stride:][:p.width] }

// tallies are those of all blocks.
func (l *layout) tallies() []tally {
	var out []tally
	for i := range l.blocks {
		b := &l.blocks[i]
		if b.Role != nn.Weights {
			out = append(out, tally{block: i, at: b.at, rows: 1, width: b.Len()})
			continue
		}
		for j := 0; j < b.panels.Cols; j += kern.Strip {
			p := tally{block: i, at: b.at + b.panels.Index(0, j), rows: b.panels.Rows, width: min(kern.Strip, b.panels.Cols-j), stride: b.panels.Width(j)}
			if p.width == p.stride { // there is no padding
				p.rows, p.width = 1, p.rows*p.width
			}
			out = append(out, p)
		}
	}
	return out
}
