package kern_test

import (
	"math"
	"math/rand/v2"
	"testing"
	"unsafe"

	"mlpkernel/nn/internal/kern"
)

// random gives n numbers between -1 and 1, aligned, and seeded by n.
func random(n int) []float32 {
	r := rand.New(rand.NewPCG(1, uint64(n)))
	s := kern.Alloc(n)
	for i := range s {
		s[i] = float32(r.Float64()*2 - 1)
	}
	return s
}

// same compares bits; all NaNs are alike.
func same(a, b float32) bool {
	return math.Float32bits(a) == math.Float32bits(b) || a != a && b != b
}

func compare(t *testing.T, what string, got, want []float32) {
	t.Helper()
	wrong := 0
	for i := range want {
		if same(got[i], want[i]) {
			continue
		}
		if wrong++; wrong <= 3 {
			t.Errorf("%s: number %d: got %v (%#x), want %v (%#x)", what, i, got[i], math.Float32bits(got[i]), want[i], math.Float32bits(want[i]))
		}
	}
	if wrong > 3 {
		t.Errorf("%s: %d of %d numbers differ", what, wrong, len(want))
	}
}

// native gives the sets of this machine but for the portable one.
func native(t *testing.T) (fast []*kern.Set, portable *kern.Set) {
	sets := kern.Sets()
	last := len(sets) - 1
	if last == 0 {
		t.Skip("this machine has the portable set only")
	}
	return sets[:last], sets[last]
}

// multiply computes strips of a product.
func multiply(s *kern.Set, p kern.Product, first, last int) {
	var script kern.Script
	script.Begin(s)
	script.Multiply(p, first, last)
	script.Run(nil)
}

// unsafeWords gives the words from a pointer on.
func unsafeWords(p *uint64, n int) []uint64 { return unsafe.Slice(p, n) }
