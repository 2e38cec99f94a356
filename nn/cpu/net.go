package cpu

import (
	"mlpkernel/nn"
	"mlpkernel/nn/internal/kern"
)

// shape says what a net is for.
type shape struct {
	rows    int  // the most rows of a pass
	threads int  // the most threads
	learn   bool // with gradients, and batch norm by the batch's own statistics
	drop    bool // dropout drops
	keep    bool // the output of each step is kept, in a buffer of its own
}

// net is a plan as operations over buffers. It belongs to one team at a time.
type net struct {
	shape
	*program
	val, grad []matrix  // of the plan's buffers; some share memory
	z         []matrix  // pre-activations where an activation's slope needs them
	scratch   matrix    // for gradients that are added to others
	one       []float32 // a 1
	ops       []operation
	preparers []preparer // of ops
	settlers  []settler
	small     bool // see canBeSmall
	learners  []learner
	head      *head
	stages    []stage
	shares    [][]share // learners' units a thread, see deal
	direct    []int     // the buffers that are the input, if it is read where it lies

	// What the pass at hand is about.
	input input
	rows  int
	mode  nn.Mode
	// version counts changes of the pointers that calls are bound to.
	version uint32
	cores   []core
	p, g    []float32 // parameters and their gradient
}

// core is what one thread has to itself.
type core struct {
	set  *kern.Set
	work kern.Workspace
	id   int
	args kern.Args // for calls that are set up each time
	part []float32 // see zeros
	one  float32
}

// operation is a step of the plan. Both methods do rows a to before b; backward
// reads the gradient of the output and writes that of the input.
type operation interface {
	connect(b *builder) // asks where the gradient of the input is to go
	forward(c *core, a, b int)
	backward(c *core, a, b int)
}

// preparer is an operation that looks at the mode before a pass.
type preparer interface{ prepare() }

// mixer is an operation that mixes rows: it gathers statistics of its columns
// before either direction, for strips of kern.Lanes columns.
type mixer interface {
	strips() int
	statistics(c *core, a, b int)
	slopes(c *core, a, b int)
}

// settler is an operation that changes parameters of its own once a step is
// taken.
type settler interface{ settle() }

// input is where rows come from.
type input struct {
	data  *nn.Data
	order []int32 // numbers of rows; nil: consecutive rows from first on
	first int
}

// row is the number of row r of the pass.
func (in *input) row(r int) int {
	if in.order != nil {
		return int(in.order[r])
	}
	return in.first + r
}

// use sets the parameters and the gradient's vector.
func (n *net) use(p, g []float32) {
	n.p, n.g = p, g
	n.version++
	for _, o := range n.ops {
		if d, ok := o.(*dense); ok {
			d.refresh(&n.cores[0], 0, d.units())
		}
	}
}

// feed sets the rows of the next pass.
func (n *net) feed(in input, rows int, m nn.Mode) {
	if rows != n.rows {
		n.version++
	}
	n.input, n.rows, n.mode = in, rows, m
	if n.head != nil {
		n.head.total = float32(rows)
	}
	if len(n.direct) > 0 {
		k := n.plan.Input.Numeric
		for _, i := range n.direct {
			n.val[i] = matrix{in.data.X[in.first*k:], k}
		}
		n.version++
	}
	for _, o := range n.preparers {
		o.prepare()
	}
}

// gather copies rows a to b of the numeric input.
func (n *net) gather(_ *core, a, b int) {
	k := n.plan.Input.Numeric
	if len(n.direct) > 0 || k == 0 {
		return
	}
	x := n.input.data.X
	for r := a; r < b; r++ {
		i := n.input.row(r)
		copy(n.val[0].v[r*n.val[0].ld:][:k], x[i*k:(i+1)*k])
	}
}

// stage is work between two meetings of the threads: over rows, or over strips
// of columns.
type stage struct {
	strips int // 0: rows
	steps  []func(c *core, a, b int)
}

// pass runs the stages as thread c.id of team t.
func (n *net) pass(t *team, c *core) {
	for i := range n.stages {
		if i > 0 {
			t.meet()
		}
		s := &n.stages[i]
		a, b := n.span(s, c.id, t.size)
		if a == b {
			continue
		}
		for _, f := range s.steps {
			f(c, a, b)
		}
	}
}

// rowUnit is the least number of rows that a thread gets.
const rowUnit = 4

// span is thread i's part of a stage.
func (n *net) span(s *stage, i, threads int) (a, b int) {
	if s.strips > 0 {
		return s.strips * i / threads, s.strips * (i + 1) / threads
	}
	units := (n.rows + rowUnit - 1) / rowUnit
	return units * i / threads * rowUnit, min(units*(i+1)/threads*rowUnit, n.rows)
}

// run makes a whole pass with a team.
func (n *net) run(t *team) {
	if t.size == 1 {
		n.pass(t, &n.cores[0])
		return
	}
	t.run(func(i int) { n.pass(t, &n.cores[i]) })
}
