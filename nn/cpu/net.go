package cpu

import (
	"unsafe"

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
	scratch   matrix    // for gradients that are added to others
	one       []float32 // a 1
	ops       []operation
	preparers []preparer // of ops
	settlers  []settler
	learners  []learner
	head      *head
	stages    []stage
	shares    []share     // of all that learners do, see deal
	fresh     kern.Script // what depends on the parameters
	last      *replica    // whose parameters fresh has seen; nil: not known
	trainings int         // that it had then
	direct    []int       // the buffers that are the input, if it is read where it lies

	// What the pass at hand is about.
	input input
	again bool // its rows lie in the buffers already
	rows  int
	which int // of sizes
	sizes [sizes]size
	mode  nn.Mode
	stage *stage
	cores []kern.Workspace // of the threads
	// These are methods as values, which would be made anew for each call.
	doRows, doStrips, doGradient func(thread, piece int)
	p, g                         []float32 // parameters and their gradient
}

// operation is a step of the plan. Both scripts do rows a to before b; backward
// reads the gradient of the output and writes that of the input.
type operation interface {
	connect(b *builder) // asks where the gradient of the input is to go
	forward(s *kern.Script, a, b int)
	backward(s *kern.Script, a, b int)
}

// preparer is an operation that looks at the mode before a pass, once its
// scripts are there.
type preparer interface{ prepare() }

// mixer is an operation that mixes rows: it gathers statistics of its columns
// before either direction, for strips of kern.Lanes columns.
type mixer interface {
	strips() int
	statistics(w *kern.Workspace, a, b int)
	slopes(w *kern.Workspace, a, b int)
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

// weight is that of row i of the data.
func (in *input) weight(i int) float32 {
	if in.data.W == nil {
		return 1
	}
	return in.data.W[i]
}

// sizes is how many sizes of a pass have scripts of their own: the largest, and
// another one, as the last batch of an epoch has.
const sizes = 2

// size is what goes with the number of rows of a pass.
type size struct {
	from        origin // of the first row
	rows, first int
	threads     int         // that the scripts are written for; 0: they are to be written anew
	spans       []span      // the pieces that the rows are cut in for so many threads
	gatherings  []gathering // of these
}

// origin is where the numbers of a pass come from.
type origin struct{ x, y, w *float32 }

// gathering copies the rows of a pass from one on together.
type gathering struct {
	*kern.Gathering
	row int
}

// size is that of the pass at hand.
func (n *net) size() *size { return &n.sizes[n.which] }

// unbind has all scripts written anew.
func (n *net) unbind() {
	for i := range n.sizes {
		n.sizes[i].threads = 0
	}
}

// follow uses a replica's parameters, if they are others than before.
func (n *net) follow(r *replica, g []float32) {
	if n.last != r || n.trainings != r.trainings {
		n.use(r.p, g)
		n.last, n.trainings = r, r.trainings
	}
}

// use sets the parameters and the gradient's vector.
func (n *net) use(p, g []float32) {
	if len(n.p) == 0 || &n.p[0] != &p[0] {
		n.p, n.g = p, g
		n.unbind()
		n.fresh.Begin(n.set)
		for _, o := range n.ops {
			if d, ok := o.(*dense); ok {
				d.refresh(&n.fresh, 0, d.units())
			}
		}
	}
	n.fresh.Run(&n.cores[0])
}

// feed begins a pass over so many rows of the input.
func (n *net) feed(rows int) {
	in := &n.input
	n.rows, n.which = rows, 0
	if rows != n.shape.rows {
		n.which = 1
	}
	s, x := n.size(), in.data.X[in.first*n.plan.Input.Numeric:]
	from := origin{unsafe.SliceData(x), unsafe.SliceData(in.data.Y), unsafe.SliceData(in.data.W)}
	if rows != s.rows || from != s.from || in.first != s.first {
		n.move(s, from)
	}
	for _, i := range n.direct {
		n.val[i] = matrix{x, n.plan.Input.Numeric, n.plan.Input.Numeric}
	}
}

// reorder has the rows that are copied together go by the input's order.
func (n *net) reorder() {
	for _, g := range n.sizes[n.which].gatherings {
		g.Order = &n.input.order[g.row]
	}
}

// move has the scripts of a size go by the input at hand.
func (n *net) move(s *size, from origin) {
	k := n.plan.Input.Numeric
	if n.rows != s.rows || len(n.direct) == 0 || n.drop {
		*s = size{rows: n.rows, spans: s.spans, gatherings: s.gatherings[:0]}
	} else {
		for _, g := range n.stages {
			for i := range g.scripts[n.which] {
				g.scripts[n.which][i].Move(from.x, s.from.x, n.rows*k)
			}
		}
	}
	s.from, s.first = from, n.input.first
}

// gather copies rows a to b of the numeric input.
func (n *net) gather(s *kern.Script, a, b int) {
	k := n.plan.Input.Numeric
	if len(n.direct) > 0 || k == 0 {
		return
	}
	x, to := n.input.data.X, n.val[0]
	if n.input.order != nil {
		n.gatherRows(s, to.row(a), to.ld, x, k, a, b)
		return
	}
	s.Func(func(*kern.Workspace) {
		for r := a; r < b; r++ {
			i := n.input.row(r)
			copy(to.v[r*to.ld:][:k], x[i*k:(i+1)*k])
		}
	})
}

// gatherRows copies rows a to b, of a width, together.
func (n *net) gatherRows(s *kern.Script, to *float32, ld int, from []float32, width, a, b int) {
	g := s.Gather(to, ld, &from[0], width, b-a)
	g.Order = &n.input.order[a]
	n.size().gatherings = append(n.size().gatherings, gathering{g, a})
}

// stage is work between two meetings of the threads: over rows, or over strips
// of columns.
type stage struct {
	write   []func(s *kern.Script, a, b int)
	scripts [sizes][]kern.Script // that these write, by piece of the rows
	strips  int                  // 0: rows
	columns func(w *kern.Workspace, a, b int)
}

// span is from a to before b.
type span struct{ a, b int }

// cut gives piece i of count of n.
func cut(n, i, count int) span { return span{n * i / count, n * (i + 1) / count} }

// Rows are cut in multiples of rowUnit, since the head has rows as lanes. A piece
// of fewer than fewRows costs more for what is read of the weights than a fair
// share saves.
const (
	rowUnit = kern.Lanes
	fewRows = 64
)

// piecesOf is how many pieces so many rows are cut in: some for each thread.
func piecesOf(rows, threads int) int {
	if threads == 1 {
		return 1
	}
	return min(max(threads, min(rows/fewRows, 2*threads)), (rows+rowUnit-1)/rowUnit)
}

// bind cuts the rows for so many threads and writes the scripts.
func (n *net) bind(threads int) {
	s := n.size()
	s.threads, s.spans, s.gatherings = threads, s.spans[:0], s.gatherings[:0]
	units, count := (s.rows+rowUnit-1)/rowUnit, piecesOf(s.rows, threads)
	for i := range count {
		u := cut(units, i, count)
		s.spans = append(s.spans, span{u.a * rowUnit, min(u.b*rowUnit, s.rows)})
	}
	for i := range n.stages {
		n.stages[i].bind(n, s)
	}
	for i := range n.shares {
		n.shares[i].bind(n)
	}
}

func (g *stage) bind(n *net, s *size) {
	scripts := &g.scripts[n.which]
	for len(*scripts) < len(s.spans) {
		*scripts = append(*scripts, kern.Script{})
	}
	for i, p := range s.spans {
		script := &(*scripts)[i]
		script.Begin(n.set)
		for _, write := range g.write {
			write(script, p.a, p.b)
		}
	}
}

// run makes a whole pass with a team. What is in one piece needs none, and for
// networks of a few units the way through it would be a part of the time.
func (n *net) run(t *team) {
	if threads := t.threads(); threads != n.size().threads {
		n.bind(threads)
	}
	for _, o := range n.preparers {
		o.prepare()
	}
	for i := range n.stages {
		n.stage = &n.stages[i]
		switch pieces := len(n.size().spans); {
		case n.stage.strips > 0:
			t.run(min(n.stage.strips, n.threads), n.doStrips)
		case pieces == 1:
			n.onRows(0, 0)
		default:
			t.run(pieces, n.doRows)
		}
	}
}

// onRows does a piece of the rows of a stage.
func (n *net) onRows(thread, piece int) {
	s, w := &n.stage.scripts[n.which][piece], &n.cores[thread]
	if n.again {
		s.RunAgain(w)
	} else {
		s.Run(w)
	}
}

// onStrips does a piece of the strips of a stage.
func (n *net) onStrips(thread, piece int) {
	s := cut(n.stage.strips, piece, min(n.stage.strips, n.threads))
	n.stage.columns(&n.cores[thread], s.a, s.b)
}
