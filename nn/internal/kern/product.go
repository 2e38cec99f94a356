package kern

import "unsafe"

// Product is C = A·B for M × K numbers A and K × N numbers B, with what comes
// before and after. Each number of C is one chain c = fma(a, b, c) over k in
// order that starts at 0, at Bias, or at C itself. Columns behind N, up to 16,
// are written as if they counted, or as 0.
type Product struct {
	M, N, K int

	A        *float32
	RsA, CsA int // A[i,k] is A + i*RsA + k*CsA

	B     *float32
	BRows int // B lies in panels of so many rows
	BLd   int // if not 0, B lies in rows BLd apart instead, a multiple of Lanes

	C     *float32
	LdC   int // C lies in rows LdC apart, a multiple of Lanes
	CRows int // if not 0, C lies in panels of so many rows instead

	Add   bool     // start at C
	Bias  *float32 // start at the bias, Ld(N) numbers; nil for 0
	each  bool     // Bias has a number for each row instead
	Relu  bool     // C = max(0, C)
	Gate  *float32 // C = Scale·C where Gate > 0, else 0; Gate lies as C does
	Plus  *float32 // without a Gate: C = C + Scale·Plus, rounded once; Plus lies as C does
	Scale *float32 // read whenever C is computed
}

// Flags of a tile.
const (
	flagAdd = 1 << iota
	flagBias
	flagRelu
	flagGate
	flagPlus
	flagEach
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
	beside   *float32 // gate or plus
	scale    *float32
	bt       int // of B, from strip to strip
}

// tiles is a family of kernels: rows[r] computes tiles of r rows of cols columns.
type tiles struct {
	cols int
	rows []kernel
}

func (t *tiles) most() int { return len(t.rows) - 1 }

// Sizes of the blocks of a large product. The rows of A go by while a strip of
// B, up to blockK rows of it, stays in the second-level cache; the strips go by
// while a block of A, about blockA numbers, stays in the third-level cache. Where
// B lies in rows, each of them may be on a page of its own, and a processor
// remembers where some 1,500 pages are: there a strip has up to blockRows of them.
// Chains that are cut in pieces cost a walk through C for each; to copy a block
// of A so that it stays nearer costs more than that saves, if only its rows do
// not fall on one another in the caches: see Distance.
const (
	blockK    = 2 << 10
	blockRows = 1 << 10
	blockA    = 1 << 20
)

func add(p *float32, n int) *float32 {
	return (*float32)(unsafe.Add(unsafe.Pointer(p), n*4))
}

// Multiply appends the product's columns from strip first to before last.
func (s *Script) Multiply(p Product, first, last int) {
	if s.narrow(&p) {
		s.aside(&p)
		return
	}
	most := blockK
	if p.BLd != 0 {
		most = blockRows
	}
	kc := pieces(p.K, most)
	mc := pieces(p.M, blockA/kc)
	for m0 := 0; m0 < p.M; m0 += mc {
		for k0 := 0; k0 == 0 || k0 < p.K; k0 += kc {
			s.block(&p, first, last, m0, min(m0+mc, p.M), k0, min(k0+kc, p.K))
		}
	}
}

// narrow reports whether a product has so few columns that each number of A would
// be loaded for little, so that it had better be done aside: they must be as
// few as a tile has rows.
func (s *Script) narrow(p *Product) bool {
	rows := p.M >= Lanes && p.RsA%Lanes == 0 && p.CsA == 1 && p.BLd == 0 && p.CRows == 0
	return rows && p.N <= min(thinColumns, s.set.slim.most()) && !p.Add && p.Gate == nil && p.Plus == nil
}

// aside appends Cᵀ = BᵀAᵀ, for Strip rows of A at a time.
func (s *Script) aside(p *Product) {
	room := s.room((p.K + p.N) * Strip)
	a, c := &room[0], &room[p.K*Strip]
	for m := 0; m < p.M; m += Strip {
		rows := min(Strip, p.M-m)
		s.TransposeRows(a, Strip, add(p.A, m*p.RsA), p.RsA, rows, p.K)
		s.Multiply(Product{
			M: p.N, N: rows, K: p.K, A: p.B, RsA: 1, CsA: Ld(p.N), B: a, BLd: Strip, C: c, LdC: Strip, Bias: p.Bias, each: true, Relu: p.Relu,
		}, 0, 1)
		s.TransposeRows(add(p.C, m*p.LdC), p.LdC, c, Strip, p.N, rows)
	}
}

// pieces gives the size of pieces of n, of at most size and as even as can be.
func pieces(n, size int) int {
	n = max(n, 1)
	count := (n + size - 1) / size
	return (n + count - 1) / count
}

// flags are those of the piece of the chains from k0 to k1.
func (p *Product) flags(k0, k1 int) (f int) {
	switch {
	case p.Add || k0 > 0:
		f = flagAdd
	case p.Bias != nil && p.each:
		f = flagEach
	case p.Bias != nil:
		f = flagBias
	}
	if k1 < p.K {
		return f
	}
	if p.Relu {
		f |= flagRelu
	}
	switch {
	case p.Gate != nil:
		f |= flagGate
	case p.Plus != nil:
		f |= flagPlus
	}
	return f
}

// block appends rows m0 to m1 of the strips, of the chains the piece from k0 to
// k1.
func (s *Script) block(p *Product, first, last, m0, m1, k0, k1 int) {
	t := tile{
		k: k1 - k0, a: add(p.A, m0*p.RsA+k0*p.CsA), rsA: p.RsA * 4, csA: p.CsA * 4,
		scale: p.Scale, flags: p.flags(k0, k1),
	}
	beside := p.Gate
	if beside == nil {
		beside = p.Plus
	}
	for strip := first; strip < last; strip++ {
		j := strip * Strip
		width := min(Strip, Ld(p.N)-j)
		b, bs := j*p.BRows+k0*width, width
		t.bt = p.BRows * Strip * 4
		if p.BLd != 0 {
			b, bs = j+k0*p.BLd, p.BLd
			t.bt = Strip * 4
		}
		c, ldc := j+m0*p.LdC, p.LdC
		if p.CRows != 0 {
			c, ldc = j*p.CRows+m0*width, width
		}
		family := &s.set.slim
		switch long := s.set.long.cols; {
		case long > 0 && m1-m0 == 1 && p.CRows == 0 && j+long <= min(last*Strip, Ld(p.N)):
			family = &s.set.long
			strip += long/Strip - 1
		case p.N-j <= thinColumns:
			family = &s.set.thin
		case width == Strip && s.set.wide.cols == Strip:
			family = &s.set.wide
		}
		t.bs, t.ldc = bs*4, ldc*4
		for i := 0; i < width; i += family.cols {
			t.b, t.c = add(p.B, b+i), add(p.C, c+i)
			if t.bias = p.Bias; p.Bias != nil && !p.each {
				t.bias = add(p.Bias, j+i)
			}
			if beside != nil {
				t.beside = add(beside, c+i)
			}
			s.lay(family, t, m1-m0)
		}
	}
}

// lay appends m rows in tiles as even as can be.
func (s *Script) lay(f *tiles, t tile, m int) {
	rows, count, lower := split(m, f.most(), t.k)
	s.tile(f, t, rows, count)
	if lower == 0 {
		return
	}
	done := rows * count
	t.a, t.c = add(t.a, done*t.rsA/4), add(t.c, done*t.ldc/4)
	if t.beside != nil {
		t.beside = add(t.beside, done*t.ldc/4)
	}
	s.tile(f, t, rows-1, lower)
}

// tile appends so many tiles of some rows.
func (s *Script) tile(f *tiles, t tile, rows, count int) {
	t.tiles, t.tsA = count, rows*t.rsA
	to := s.tiles.next()
	*to = t
	s.enter(f.rows[rows], unsafe.Pointer(to), rows*count*t.k)
}

// longChain is where a panel of B leaves no room in the nearest cache, so that
// low tiles, which go through it more often, are slower than a rest.
const longChain = 256

// split cuts m rows in tiles of at most most rows: so many of a divisor of m if a
// good one is there, else some of rows and some of a row less.
func split(m, most, k int) (rows, count, lower int) {
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
	lower = rows*count - m
	return rows, count - lower, lower
}
