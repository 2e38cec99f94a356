package cpu

import (
	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// embed is y = x, then a row of each category's table; code -1 gives zeros.
// Backward adds to these rows. The input needs no gradient.
type embed struct {
	n     *net
	s     *nn.Step
	table []part
	at    []int // where a table's numbers begin in a row
}

func newEmbed(b *builder, s *nn.Step) operation {
	e := &embed{n: b.net, s: s}
	at := b.plan.Widths[s.In]
	for _, t := range s.Tables {
		p := b.place(t)
		e.table, e.at = append(e.table, part{place: p}), append(e.at, at)
		at += p.Cols
	}
	return e
}

func (e *embed) connect(*builder) {}

// code gives row r's code of category k.
func (e *embed) code(r, k int) int {
	return int(e.n.input.data.C[e.n.input.row(r)*len(e.table)+k])
}

func (e *embed) forward(s *kern.Script, a, b int) {
	s.Func(func(*kern.Workspace) { e.look(a, b) })
}

// look looks rows a to b up.
func (e *embed) look(a, b int) {
	x, y, in := e.n.val[e.s.In], e.n.val[e.s.Out], e.n.plan.Widths[e.s.In]
	for r := a; r < b; r++ {
		to := y.rowOf(r)
		if in > 0 {
			copy(to[:in], x.rowOf(r))
		}
		for k, t := range e.table {
			out := to[e.at[k] : e.at[k]+t.Cols]
			if code := e.code(r, k); code >= 0 {
				copy(out, t.of(e.n.p)[code*t.Cols:])
			} else {
				clear(out)
			}
		}
	}
}

func (e *embed) backward(*kern.Script, int, int) {}

// All tables are one unit of learning.

func (e *embed) units() int                     { return 1 }
func (e *embed) parts() []part                  { return e.table }
func (e *embed) work() int                      { return len(e.table) * e.n.shape.rows }
func (e *embed) refresh(*kern.Script, int, int) {}
func (e *embed) gradient(s *kern.Script, _, _ int) {
	s.Func(func(*kern.Workspace) { e.sum() })
}

// sum adds up what the rows give to the tables.
func (e *embed) sum() {
	dy := e.n.grad[e.s.Out]
	for k, t := range e.table {
		g := t.of(e.n.g)
		clear(g)
		for r := range e.n.rows {
			code := e.code(r, k)
			if code < 0 {
				continue
			}
			row := g[code*t.Cols:][:t.Cols]
			for j, d := range dy.rowOf(r)[e.at[k]:][:t.Cols] {
				row[j] += d
			}
		}
	}
}
