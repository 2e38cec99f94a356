package kern

import (
	"slices"
	"unsafe"
)

// Product is C = A·B for M × K numbers A and K × N numbers B, with what comes
// before and after. Each number of C is one chain c = fma(a, b, c) over k in
// order that starts at 0, at Bias, or at C itself. Columns behind N, up to 16,
// are written as if they counted, or as 0.
type Product struct {
	M, N, K int

	A        *float32
	RsA, CsA int // A[i,k] is A + i*RsA + k*CsA: one of them is 1 for large products

	B     *float32
	BRows int // B lies in panels of so many rows
	BLd   int // if not 0, B lies in rows BLd apart instead, a multiple of Lanes
	from  int // the column that B begins with

	C     *float32
	LdC   int // C lies in rows LdC apart, a multiple of Lanes
	CRows int // if not 0, C lies in panels of so many rows instead

	Add   bool     // start at C
	Bias  *float32 // start at the bias, Ld(N) numbers; nil for 0
	Relu  bool     // C = max(0, C)
	Gate  *float32 // C = Scale·C where Gate > 0, else 0; Gate lies as C does
	Scale float32
}

// Flags of a tile.
const (
	flagAdd = 1 << iota
	flagBias
	flagRelu
	flagGate
	flagPrefetch // the numbers of C, before the chains begin
)

// tile is what a kernel computes: Tiles tiles of a fixed number of rows and
// columns, one below the other. Distances are in bytes. The
// generator knows the order of the fields.
type tile struct {
	tiles, k int
	a        *float32
	rsA, csA int
	tsA      int // from tile to tile
	b        *float32
	bs       int
	c        *float32
	ldc      int
	flags    int
	bias     *float32
	gate     *float32
	scale    float32
}

type tileFunc func(*tile)

// tiles is a family of kernels: rows[r] computes tiles of r rows of cols columns.
type tiles struct {
	cols int
	rows []tileFunc
}

func (t *tiles) most() int { return len(t.rows) - 1 }

// call is a kernel with what it computes, which it does not change.
type call struct {
	f tileFunc
	t tile
}

// Workspace is what one goroutine has to itself.
type Workspace struct {
	Set   *Set
	Args  Args // for Do
	zeros []float32
	calls []call
	q     Product // whose B is b
	a, b  []float32
}

// Sizes of the blocks of a large product: a block of A, blockM × blockK
// numbers, stays in the second-level cache, as do groupB strips of blockK rows
// of B, more or less. largeA is where that begins to pay.
const (
	blockM = 256
	blockK = 512
	groupB = 16
	largeA = 90 << 10
)

// Do runs a kernel over rows with the arguments that are in Args.
func (w *Workspace) Do(m Map) { w.Set.Do(m, &w.Args) }

// Zeros gives scratch memory of zeros.
func (w *Workspace) Zeros(n int) []float32 {
	if len(w.zeros) < n {
		w.zeros = Alloc(n)
	}
	clear(w.zeros[:n])
	return w.zeros[:n]
}

func add(p *float32, n int) *float32 {
	return (*float32)(unsafe.Add(unsafe.Pointer(p), n*4))
}

// Multiply computes the product's columns from strip first to before last.
func (s *Set) Multiply(p *Product, w *Workspace, first, last int) {
	if first >= last {
		return
	}
	if p.large() {
		s.large(p, w, first, last)
		return
	}
	w.calls = s.small(w.calls[:0], p, first, last)
	run(w.calls)
}

// large says whether the product is computed in blocks.
func (p *Product) large() bool {
	return p.M*p.K > largeA && (p.RsA == 1 || p.CsA == 1)
}

// small lays out a product that is one block.
func (s *Set) small(calls []call, p *Product, first, last int) []call {
	if p.M == 0 {
		return calls
	}
	t := tile{k: p.K, scale: p.Scale, flags: p.flags(0, p.K)}
	return s.block(calls, &t, p, first, last, 0, p.M, 0, p.A, p.RsA, p.CsA)
}

func run(calls []call) {
	for i := range calls {
		calls[i].f(&calls[i].t)
	}
}

// flags are those of the piece of the chains from k0 to k1.
func (p *Product) flags(k0, k1 int) (f int) {
	switch {
	case p.Add || k0 > 0:
		f = flagAdd
	case p.Bias != nil:
		f = flagBias
	}
	if k1 < p.K {
		return f
	}
	if p.Relu {
		f |= flagRelu
	}
	if p.Gate != nil {
		f |= flagGate
	}
	return f
}

// block lays out rows m0 to m1 of the strips. t has k and flags; the piece of
// A begins at a, that of B at row k0.
func (s *Set) block(calls []call, t *tile, p *Product, first, last, m0, m1, k0 int, a *float32, rsA, csA int) []call {
	t.rsA, t.csA = rsA*4, csA*4
	for strip := first; strip < last; strip++ {
		j := strip * Strip
		width := min(Strip, Ld(p.N)-j)
		b, bs := add(p.B, (j-p.from)*p.BRows+k0*width), width
		if p.BLd != 0 {
			b, bs = add(p.B, j+k0*p.BLd), p.BLd
		}
		at, ldc := j+m0*p.LdC, p.LdC
		if p.CRows != 0 {
			at, ldc = j*p.CRows+m0*width, width
		}
		family := &s.slim
		switch {
		case p.N-j <= thinColumns:
			family = &s.thin
		case width == Strip && s.wide.cols == Strip:
			family = &s.wide
		}
		t.bs, t.ldc = bs*4, ldc*4
		for c := 0; c < width; c += family.cols {
			t.a, t.b, t.c = a, add(b, c), add(p.C, at+c)
			if p.Bias != nil {
				t.bias = add(p.Bias, j+c)
			}
			if p.Gate != nil {
				t.gate = add(p.Gate, at+c)
			}
			calls = family.lay(calls, t, m1-m0)
		}
	}
	return calls
}

// lay lays out m rows in tiles as even as can be.
func (f *tiles) lay(calls []call, t *tile, m int) []call {
	rows, count, rest := split(m, f.most(), t.k)
	t.tiles, t.tsA = count, rows*t.rsA
	calls = put(calls, f.rows[rows], t)
	if rest == 0 {
		return calls
	}
	done := rows * count
	calls = put(calls, f.rows[rest], t)
	t = &calls[len(calls)-1].t
	t.tiles, t.a, t.c = 1, add(t.a, done*t.rsA/4), add(t.c, done*t.ldc/4)
	if t.gate != nil {
		t.gate = add(t.gate, done*t.ldc/4)
	}
	return calls
}

// put appends, without the copies that append makes of a call.
func put(calls []call, f tileFunc, t *tile) []call {
	n := len(calls)
	if n == cap(calls) {
		calls = slices.Grow(calls, n+1)
	}
	calls = calls[:n+1]
	calls[n].f, calls[n].t = f, *t
	return calls
}

// longChain is where a panel of B leaves no room in the nearest cache, so that
// low tiles, which go through it more often, are slower than a rest.
const longChain = 256

// split cuts m rows in tiles of at most most rows: a divisor of m if a good one
// is there, else even tiles and a rest.
func split(m, most, k int) (rows, count, rest int) {
	if m <= most {
		return m, 1, 0
	}
	least := most/2 + 2
	if k > longChain {
		least++
	}
	for rows = most; rows >= least; rows-- {
		if m%rows == 0 {
			return rows, m / rows, 0
		}
	}
	count = (m + most - 1) / most
	rows = (m + count - 1) / count
	return rows, m / rows, m % rows
}

// large goes through A in blocks that it copies together, with rows a distance
// apart that is no power of two, so that they do not fall on one another in the
// cache. A B that lies in rows is copied to panels, a group of strips at a time.
func (s *Set) large(p *Product, w *Workspace, first, last int) {
	kc, mc, group := even(p.K, blockK), even(p.M, blockM), last-first
	if p.BLd != 0 {
		group = even(group, groupB)
	}
	for k0 := 0; k0 < p.K; k0 += kc {
		k1 := min(k0+kc, p.K)
		for g := first; g < last; g += group {
			end := min(g+group, last)
			q, row := p, k0
			if p.BLd != 0 {
				q, row = w.copyB(p, g, end, k0, k1), 0
			}
			for m0 := 0; m0 < p.M; m0 += mc {
				m1 := min(m0+mc, p.M)
				rs, cs := w.copyA(p, m0, m1, k0, k1)
				t := tile{k: k1 - k0, scale: p.Scale, flags: p.flags(k0, k1) | flagPrefetch}
				w.calls = s.block(w.calls[:0], &t, q, g, end, m0, m1, row, &w.a[0], rs, cs)
				run(w.calls)
			}
		}
	}
}

// even cuts n in pieces of at most size, as even as can be.
func even(n, size int) int {
	count := (n + size - 1) / size
	return (n + count - 1) / count
}

// copyA copies a block of A and gives its distances.
func (w *Workspace) copyA(p *Product, m0, m1, k0, k1 int) (rs, cs int) {
	outer, inner, step := m1-m0, k1-k0, p.RsA
	if p.CsA != 1 {
		outer, inner, step = inner, outer, p.CsA
	}
	ld := Ld(inner) + Lanes
	if len(w.a) < outer*ld {
		w.a = Alloc(max(outer*ld, (blockM+Lanes)*(blockK+2*Lanes)))
	}
	from := add(p.A, m0*p.RsA+k0*p.CsA)
	for i := range outer {
		copy(w.a[i*ld:][:inner], unsafe.Slice(add(from, i*step), inner))
	}
	if p.CsA == 1 {
		return ld, 1
	}
	return 1, ld
}

// copyB copies rows k0 to k1 of strips of a B in rows to panels, and gives the
// product that reads these.
func (w *Workspace) copyB(p *Product, first, last, k0, k1 int) *Product {
	if len(w.b) < groupB*Strip*blockK {
		w.b = Alloc(groupB * Strip * blockK)
	}
	rows := k1 - k0
	for j := first * Strip; j < min(last*Strip, Ld(p.N)); j += Strip {
		width := min(Strip, Ld(p.N)-j)
		to := w.b[(j-first*Strip)*rows:]
		for k := range rows {
			copy(to[k*width:][:width], unsafe.Slice(add(p.B, (k0+k)*p.BLd+j), width))
		}
	}
	w.q = *p
	w.q.B, w.q.BLd, w.q.BRows, w.q.from = &w.b[0], 0, rows, first*Strip
	return &w.q
}
