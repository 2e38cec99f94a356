package kern_test

import (
	"testing"

	"mlpkernel/nn/internal/kern"
)

// TestRunAgain has calls before Fixed, kernels and others, left out and all
// others made.
func TestRunAgain(t *testing.T) {
	for _, set := range kern.Sets() {
		for _, between := range []bool{false, true} {
			x, copied, sum := random(kern.Lanes*kern.Lanes), kern.Alloc(kern.Lanes), kern.Alloc(kern.Lanes)
			before, behind := 0, 0
			var s kern.Script
			s.Begin(set)
			s.Func(func(*kern.Workspace) { before++ })
			s.TransposeRows(&copied[0], kern.Lanes, &x[0], kern.Lanes, kern.Lanes, 1)
			if between {
				s.Func(func(*kern.Workspace) { before++ })
			}
			s.Fixed()
			call := s.Do(kern.Add)
			call.Flat(kern.Lanes)
			call.A[0], call.A[1], call.A[2] = &sum[0], &sum[0], &copied[0]
			s.Func(func(*kern.Workspace) { behind++ })

			w := &kern.Workspace{Set: set}
			s.Run(w)
			want := make([]float32, kern.Lanes)
			for i, v := range copied {
				want[i] = v + v
			}
			clear(x)
			first := before
			s.RunAgain(w)
			compare(t, "sum of two runs", sum, want)
			if before != first || behind != 2 {
				t.Errorf("%d calls before Fixed and %d behind it, want %d and 2", before, behind, first)
			}
			s.Run(w) // of zeros now
			compare(t, "copy made anew", copied, x[:kern.Lanes])
			compare(t, "sum of three runs", sum, want)
		}
	}
}
