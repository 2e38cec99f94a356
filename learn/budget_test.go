package learn

import (
	"slices"
	"testing"
)

// TestBudgetKeepsItsLimit tries costs from those of nothing to those of a
// thousand epochs.
func TestBudgetKeepsItsLimit(t *testing.T) {
	const epoch = 1e-4
	for _, slack := range []float64{usual, ample} {
		most := 80
		for _, times := range []float64{0, 0.01, 0.1, 0.3, 1, 3, 10, 100, 1000} {
			b := newBudget(times*epoch, epoch, slack)
			points := 0
			for e := 1; e <= 1<<15; e++ {
				if !b.at(e) {
					continue
				}
				points++
				if spent, allowed := float64(points)*times*epoch, slack+share*float64(e)*epoch; spent > allowed {
					t.Fatalf("%v times an epoch: %d points by epoch %d take %v s, more than %v s", times, points, e, spent, allowed)
				}
			}
			if points > most {
				t.Errorf("%v times an epoch: %d points of %d epochs, more than %d, as there are where it costs less", times, points, 1<<15, most)
			}
			most = points
		}
		if most > 20 {
			t.Errorf("%d points where one costs a thousand epochs", most)
		}
	}
}

// TestBudgetPoints says what the points are, by next and by at.
func TestBudgetPoints(t *testing.T) {
	for _, tt := range []struct {
		what           string
		seconds, epoch float64
		want           []int // of the first hundred
	}{
		{"free", 0, 1, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 24, 28, 32, 36, 40, 48, 56, 64, 72, 80, 96}},
		{"XOR: fourteen epochs of 0.3 µs", 4.3e-6, 0.3e-6, []int{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 18, 28, 36, 56, 72, 96}},
		{"penguins: a fifth of an epoch of 60 µs", 12e-6, 60e-6, []int{1, 2, 3, 4, 6, 11, 19, 32, 48, 56, 72, 96}},
		{"a tenth of an epoch of 10 ms", 1e-3, 1e-2, []int{10, 20, 32, 40, 56, 64, 72, 80, 96}},
		{"an epoch of 10 ms", 1e-2, 1e-2, nil},
	} {
		b := newBudget(tt.seconds, tt.epoch, usual)
		var at, next []int
		for e := 1; e < 100; e++ {
			if b.at(e) {
				at = append(at, e)
			}
		}
		for e := b.next(0); e < 100; e = b.next(e) {
			next = append(next, e)
		}
		if !slices.Equal(at, tt.want) || !slices.Equal(next, tt.want) {
			t.Errorf("%s: at %v, next %v, want %v", tt.what, at, next, tt.want)
		}
	}
}
