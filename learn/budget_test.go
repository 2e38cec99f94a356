package learn

import (
	"slices"
	"testing"
)

// TestBudgetKeepsItsLimit tries costs from those of nothing to those of a
// thousand epochs.
func TestBudgetKeepsItsLimit(t *testing.T) {
	const epoch = 1e-4
	most := 1 << 30
	for _, times := range []float64{0, 0.01, 0.1, 0.3, 1, 3, 10, 100, 1000} {
		for _, l := range []limit{usual, asked} {
			b := newBudget(times*epoch, epoch, l)
			points := 0
			for e := 1; e <= 1<<15; e++ {
				if !b.at(e) {
					continue
				}
				points++
				if spent, allowed := float64(points)*times*epoch, l.slack+l.share*float64(e)*epoch; spent > allowed*1.0001 && e >= b.each*b.dense {
					t.Fatalf("%v times an epoch, %v: %d points by epoch %d take %v s, more than %v s", times, b, points, e, spent, allowed)
				}
			}
			if points > 80 {
				t.Errorf("%v times an epoch: %d points of %d epochs", times, points, 1<<15)
			}
			if l == usual {
				if points > most {
					t.Errorf("%v times an epoch: %d points, more than where it cost less", times, points)
				}
				most = points
			}
		}
	}
	if most > 20 {
		t.Errorf("%d points where one costs a thousand epochs", most)
	}
}

// TestBudgetGoesOn asserts that next and at agree, and what the points are.
func TestBudgetGoesOn(t *testing.T) {
	for _, tt := range []struct {
		b    budget
		want []int
	}{
		{budget{1, 20}, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 24, 28, 32, 36, 40, 48, 56, 64, 72, 80, 96}},
		{budget{1, 8}, []int{1, 2, 3, 4, 5, 6, 7, 8, 12, 16, 24, 32, 48, 64, 96}},
		{budget{4, 4}, []int{4, 8, 12, 16, 32, 64}},
	} {
		var at, next []int
		for e := 1; e < 100; e++ {
			if tt.b.at(e) {
				at = append(at, e)
			}
		}
		for e := tt.b.next(0); e < 100; e = tt.b.next(e) {
			next = append(next, e)
		}
		if !slices.Equal(at, tt.want) || !slices.Equal(next, tt.want) {
			t.Errorf("%v: at %v, next %v, want %v", tt.b, at, next, tt.want)
		}
	}
}
