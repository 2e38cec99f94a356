package kern_test

import (
	"fmt"
	"slices"
	"testing"

	"mlpkernel/nn/internal/kern"
)

// shapes are M, K, N: tiles of every height, tails in all directions, and
// products large enough for blocks.
func shapes(short bool) [][3]int {
	s := [][3]int{
		{1, 1, 1}, {4, 2, 8}, {16, 4, 16}, {19, 5, 1}, {75, 37, 6}, {7, 30, 64}, {32, 64, 2}, {33, 65, 47}, {17, 300, 100}, {1, 40, 300}, {5, 3, 33},
		{3, 2100, 40}, {3, 0, 5}, {1, 9, 300},
	}
	for m := range 30 {
		s = append(s, [3]int{m + 1, 9, 48}, [3]int{m + 1, 10, 40 + m%2}, [3]int{m + 1, 7, 8})
	}
	if !short {
		s = append(s, [3]int{128, 784, 512}, [3]int{1200, 1050, 20})
	}
	return s
}

// panels packs the K × N numbers b.
func panels(k, n int, b []float32) []float32 {
	p := kern.Panels{Rows: k, Cols: n}
	out := kern.Alloc(p.Len())
	for i := range k {
		for j := range n {
			out[p.Index(i, j)] = b[i*n+j]
		}
	}
	return out
}

// use is one of the ways in which training multiplies.
type use struct {
	name string
	// set gives the product and the array that it writes.
	set func(m, k, n int) (kern.Product, []float32)
}

var uses = []use{
	{"forward", func(m, k, n int) (kern.Product, []float32) {
		a, c := random(m*kern.Ld(k)), kern.Alloc(m*kern.Ld(n))
		return kern.Product{
			M: m, N: n, K: k, A: at(a), RsA: kern.Ld(k), CsA: 1, B: at(panels(k, n, random(k*n))), BRows: k,
			C: at(c), LdC: kern.Ld(n), Bias: at(random(kern.Ld(n))), Relu: true,
		}, c
	}},
	{"slope", func(m, k, n int) (kern.Product, []float32) {
		a, c := random(m*kern.Ld(k)), kern.Alloc(m*kern.Ld(n))
		return kern.Product{
			M: m, N: n, K: k, A: at(a), RsA: kern.Ld(k), CsA: 1, B: at(panels(k, n, random(k*n))), BRows: k,
			C: at(c), LdC: kern.Ld(n), Gate: at(random(m*kern.Ld(n) + 16)), Scale: at([]float32{1.25}),
		}, c
	}},
	{"gradient", func(m, k, n int) (kern.Product, []float32) {
		a := random(k * kern.Ld(m))
		c := random(kern.Panels{Rows: m, Cols: n}.Len())
		return kern.Product{
			M: m, N: n, K: k, A: at(a), RsA: 1, CsA: kern.Ld(m), B: at(random(k * kern.Ld(n))), BLd: kern.Ld(n),
			C: at(c), CRows: m, Add: m%2 == 0, Plus: at(random(2 * len(c))[:len(c)]), Scale: at([]float32{0.25}),
		}, c
	}},
}

func at(s []float32) *float32 {
	if len(s) == 0 {
		s = kern.Alloc(1)
	}
	return &s[0]
}

// TestProductBits holds every set to the portable one, which is one chain of
// fused multiply-adds by construction.
func TestProductBits(t *testing.T) {
	fast, portable := native(t)
	for _, u := range uses {
		for _, d := range shapes(testing.Short()) {
			m, k, n := d[0], d[1], d[2]
			p, want := u.set(m, k, n)
			multiply(portable, p, 0, strips(n))
			for _, s := range fast {
				p, got := u.set(m, k, n)
				multiply(s, p, 0, strips(n))
				compare(t, fmt.Sprint(s.Name, " ", u.name, d), got, want)
			}
		}
	}
}

func strips(n int) int { return kern.Panels{Rows: 1, Cols: n}.Strips() }

// TestProduct compares with float64 sums.
func TestProduct(t *testing.T) {
	const m, k, n = 33, 65, 47
	for _, s := range kern.Sets() {
		a, b, bias := random(m*kern.Ld(k)), random(k*n), random(kern.Ld(n))
		c := kern.Alloc(m * kern.Ld(n))
		multiply(s, kern.Product{
			M: m, N: n, K: k, A: &a[0], RsA: kern.Ld(k), CsA: 1, B: &panels(k, n, b)[0], BRows: k,
			C: &c[0], LdC: kern.Ld(n), Bias: &bias[0],
		}, 0, strips(n))
		for i := range m {
			for j := range n {
				want := float64(bias[j])
				for q := range k {
					want += float64(a[i*kern.Ld(k)+q]) * float64(b[q*n+j])
				}
				if e := float64(c[i*kern.Ld(n)+j]) - want; e > 1e-5 || e < -1e-5 {
					t.Fatalf("%s: C[%d,%d] is off by %g", s.Name, i, j, e)
				}
			}
		}
	}
}

// TestStrips: pieces of the columns give what the whole gives.
func TestStrips(t *testing.T) {
	for _, s := range kern.Sets() {
		for _, u := range uses {
			for _, d := range [][3]int{{20, 31, 150}, {310, 30, 40}} {
				p, want := u.set(d[0], d[1], d[2])
				multiply(s, p, 0, strips(d[2]))
				p, got := u.set(d[0], d[1], d[2])
				for j := range strips(d[2]) {
					multiply(s, p, j, j+1)
				}
				compare(t, s.Name+" "+u.name, got, want)
			}
		}
	}
}

func TestTranspose(t *testing.T) {
	for _, s := range kern.Sets() {
		for _, p := range []kern.Panels{{Rows: 1, Cols: 1}, {Rows: 16, Cols: 16}, {Rows: 33, Cols: 50}, {Rows: 64, Cols: 96}, {Rows: 7, Cols: 100}, {Rows: 8, Cols: 8}, {Rows: 9, Cols: 24}, {Rows: 19, Cols: 3}, {Rows: 3, Cols: 20}, {Rows: 4, Cols: 16}} {
			q := kern.Panels{Rows: p.Cols, Cols: p.Rows}
			src, dst := random(p.Len()), kern.Alloc(q.Len())
			var script kern.Script
			script.Begin(s)
			script.Transpose(dst, src, p, 0, p.Strips())
			script.Run(nil)
			zeros := 0
			for _, v := range dst {
				if v == 0 {
					zeros++
				}
			}
			if want := q.Len() - p.Rows*p.Cols; zeros != want {
				t.Errorf("%s: %v: %d zeros, want %d", s.Name, p, zeros, want)
			}
			for i := range p.Rows {
				for j := range p.Cols {
					if dst[q.Index(j, i)] != src[p.Index(i, j)] {
						t.Fatalf("%s: %v: [%d,%d] is wrong", s.Name, p, i, j)
					}
				}
			}
		}
	}
}

// TestScript: a script that begins anew does what is in it now, and to run it
// takes no memory.
func TestScript(t *testing.T) {
	for _, s := range kern.Sets() {
		for _, u := range uses {
			var script kern.Script
			for _, d := range [][3]int{{20, 31, 150}, {4, 2, 8}, {310, 30, 40}, {0, 3, 4}} {
				p, want := u.set(d[0], d[1], d[2])
				multiply(s, p, 0, strips(d[2]))
				p, got := u.set(d[0], d[1], d[2])
				start := append([]float32(nil), got...)
				script.Begin(s)
				script.Multiply(p, 0, strips(d[2]))
				allocations := func() float64 {
					return testing.AllocsPerRun(1, func() { copy(got, start); script.Run(nil) })
				}
				if n := allocations(); n > 0 && allocations() > 0 { // the first may be the garbage collector's
					t.Errorf("%s %s %v: %g allocations", s.Name, u.name, d, n)
				}
				compare(t, fmt.Sprint(s.Name, " ", u.name, d), got, want)
			}
		}
	}
}

func TestGather(t *testing.T) {
	order := []int32{4, 0, 9, 9, 2}
	for _, s := range kern.Sets() {
		for _, width := range []int{1, 3, 4, 7, 8, 13, 16, 21, 32, 50} {
			ld := kern.Ld(width)
			from, to := random(10*width), kern.Alloc(len(order)*ld+1)
			to[len(order)*ld] = 5
			var script kern.Script
			script.Begin(s)
			script.Gather(&to[0], ld, &from[0], width, len(order)).Order = &order[0]
			script.Run(nil)
			for r, i := range order {
				compare(t, fmt.Sprint(s.Name, " width ", width), to[r*ld:(r+1)*ld], append(slices.Clone(from[int(i)*width:][:width]), make([]float32, ld-width)...))
			}
			if to[len(order)*ld] != 5 {
				t.Errorf("%s: width %d: wrote behind the end", s.Name, width)
			}
		}
	}
}

// TestPick: single numbers are put one behind the other.
func TestPick(t *testing.T) {
	order := []int32{4, 0, 9, 9, 2}
	for _, s := range kern.Sets() {
		from, to := random(10), kern.Alloc(len(order)+1)
		to[len(order)] = 5
		var script kern.Script
		script.Begin(s)
		script.Gather(&to[0], 1, &from[0], 1, len(order)).Order = &order[0]
		script.Run(nil)
		compare(t, s.Name, to, []float32{from[4], from[0], from[9], from[9], from[2], 5})
	}
}

// TestLegs: calls are made in the order in which they were written, however many
// and long they are, and whatever lies between them.
func TestLegs(t *testing.T) {
	const n = 1 << 15
	for _, s := range kern.Sets() {
		var script kern.Script
		script.Begin(s)
		v, seen := kern.Alloc(n), []float32{}
		for i := range 12 {
			call := script.Do(kern.Scale)
			call.Flat(n)
			call.A[0], call.A[1], call.S[0] = &v[0], &v[0], 2
			call = script.Do(kern.Add)
			call.Flat(kern.Lanes)
			call.A[0], call.A[1], call.A[2] = &v[n-kern.Lanes], &v[n-kern.Lanes], &v[0]
			if i%3 == 2 {
				script.Func(func(*kern.Workspace) { seen = append(seen, v[n-1]) })
			}
		}
		v[0], v[n-kern.Lanes], v[n-1] = 1, 1, 1
		script.Run(nil)
		// Each round doubles what is there; the first of the last lanes gets v[0] too.
		if want := []float32{1 << 3, 1 << 6, 1 << 9, 1 << 12}; !slices.Equal(seen, want) || v[0] != 1<<12 || v[n-kern.Lanes] != 13<<12 {
			t.Errorf("%s: %v, %g, %g", s.Name, seen, v[0], v[n-kern.Lanes])
		}
	}
}
