package kern_test

import (
	"testing"

	"mlpkernel/nn/internal/kern"
)

// TestPlain compares kernels of a line or two with float64, element by element:
// a, b, c are the arrays as they were, v is at the same column of the first row.
func TestPlain(t *testing.T) {
	type element struct {
		a, b, c, v float64 // v: of the vector, the last array
		bit        bool
	}
	const s0, s1 = 0.3, 0.7
	tests := []struct {
		m kern.Map
		f func(e element) float64 // the new first array
	}{
		{kern.Add, func(e element) float64 { return e.b + e.c }},
		{kern.Mul, func(e element) float64 { return e.b * e.c }},
		{kern.Scale, func(e element) float64 { return s0 * e.b }},
		{kern.MulRows, func(e element) float64 { return e.b * e.v }},
		{kern.Drop, func(e element) float64 {
			if e.bit {
				return s0 * e.b
			}
			return 0
		}},
		{kern.ReluDrop, func(e element) float64 {
			if e.bit {
				return s0 * max(e.b, 0)
			}
			return 0
		}},
		{kern.Penalty, func(e element) float64 {
			sign := 0.0
			if e.b != 0 {
				sign = e.b / max(e.b, -e.b)
			}
			return e.a + s1*e.b + s0*sign
		}},
	}
	const rows, n, width = 3, 32, 27
	for _, s := range kern.Sets() {
		for _, tt := range tests {
			a, all := arrays(tt.m, rows, n, n, true)
			a.S[0], a.S[1], a.BitRow = s0, s1, width
			_, before := arrays(tt.m, rows, n, n, true)
			s.Do(tt.m, a)
			for i, got := range all[0] {
				bit := a.Bit + i/n*width + i%n
				words := unsafeWords(a.Bits, (a.Bit+rows*n)/64+1)
				want := tt.f(element{
					float64(before[0][i]), float64(before[1][i]), float64(before[2][i]), float64(before[2][i%n]),
					words[bit/64]>>(bit%64)&1 == 1,
				})
				near(t, s.Name+" "+tt.m.String(), got, want, 1e-2)
			}
		}
	}
}

// TestSums compares sums over rows and columns with float64.
func TestSums(t *testing.T) {
	const rows, n = 5, 48
	tests := []struct {
		m kern.Map
		f func(x, y, vector float64) float64
	}{
		{kern.ColSum, func(x, _, _ float64) float64 { return x }},
		{kern.ColDot, func(x, y, _ float64) float64 { return x * y }},
		{kern.ColVar, func(x, _, m float64) float64 { return (x - m) * (x - m) }},
	}
	for _, s := range kern.Sets() {
		for _, tt := range tests {
			a, all := arrays(tt.m, rows, n, n, true)
			_, before := arrays(tt.m, rows, n, n, true)
			s.Do(tt.m, a)
			for j := range n {
				want, size := float64(before[0][j]), 1.0
				for r := range rows {
					term := tt.f(float64(before[1][r*n+j]), float64(before[2][r*n+j]), float64(before[2][j]))
					want, size = want+term, size+max(term, -term)
				}
				near(t, s.Name+" "+tt.m.String(), all[0][j], want, size)
			}
		}
		a, all := arrays(kern.SumSq, rows, n, n, true)
		s.Do(kern.SumSq, a)
		for r := range rows {
			want := 0.0
			for _, x := range all[0][r*n : (r+1)*n] {
				want += float64(x) * float64(x)
			}
			near(t, s.Name+" SumSq", all[1][r], want, 1)
		}
	}
}
