package learn

import (
	"math"
	"slices"
	"testing"

	"mlpkernel/nn"
	"mlpkernel/table"
)

// TestAnswersInTheMemoryOfOthers reads fewer answers over more, and of another
// kind, and averages answers without changing them.
func TestAnswersInTheMemoryOfOthers(t *testing.T) {
	classes := &coder{target: &table.Target{Kind: table.TargetClasses, Classes: []string{"a", "b", "c"}}, head: nn.Head{Units: 3}}
	binary := &coder{target: &table.Target{Kind: table.TargetBinary, Classes: []string{"no", "yes"}}, head: nn.Head{Units: 2}}
	numbers := &coder{target: &table.Target{Kind: table.TargetNumbers, Names: []string{"y"}, Widths: []int{1}, Mean: []float64{10}, Std: []float64{2}}, head: nn.Head{Units: 1}}
	a := &Answers{}
	for _, tt := range []struct {
		c    *coder
		said []float32
		p    []float64
		says []int32
	}{
		{classes, []float32{0.25, 0.5, 0.25, 0.125, 0.375, 0.5, 1, 0, 0}, []float64{0.25, 0.5, 0.25, 0.125, 0.375, 0.5, 1, 0, 0}, []int32{1, 2, 0}},
		{classes, []float32{0.5, 0.25, 0.25}, []float64{0.5, 0.25, 0.25}, []int32{0}},
		{binary, []float32{0.25, 0.75, 0.5, 0.5, 1, 0, 0, 1}, []float64{0.75, 0.5, 0, 1}, []int32{1, 1, 0, 1}},
		{binary, []float32{1, 0, 0, 1}, []float64{0, 1}, []int32{0, 1}},
		{numbers, []float32{-1, 0, 3}, []float64{8, 10, 16}, nil},
	} {
		a.read(tt.c, tt.said, truth{})
		if !slices.Equal(a.P, tt.p) || !slices.Equal(a.Says, tt.says) || a.Rows*a.Width != len(tt.p) {
			t.Errorf("%d rows of %d: %v, classes %v, want %v, %v", a.Rows, a.Width, a.P, a.Says, tt.p, tt.says)
		}
	}
	all := []*Answers{newAnswers(binary, []float32{0, 1}, truth{}), newAnswers(binary, []float32{1, 0}, truth{}), newAnswers(binary, []float32{1, 0}, truth{})}
	if mean := averageAnswers(all); mean.Says[0] != 0 || all[0].Says[0] != 1 || all[0].P[0] != 1 {
		t.Errorf("the mean of %v says %v", all[0], mean)
	}
}

func TestMedianErrorOfNaN(t *testing.T) {
	a := &Answers{Kind: table.TargetNumbers, Rows: 3, Width: 1, P: []float64{1, math.NaN(), 3}, Y: []float64{0, 0, 0}}
	if got := a.medianError(); !math.IsNaN(got) {
		t.Errorf("median error is %v, want NaN", got)
	}
}

// TestScoresOfAbsentClasses leaves out, as scikit-learn does, classes that no
// row has and none is said to have.
func TestScoresOfAbsentClasses(t *testing.T) {
	a := &Answers{Kind: table.TargetClasses, Rows: 3, Width: 4, Classes: []string{"a", "b", "c", "d"}, P: make([]float64, 12), Class: []int32{0, 0, 1}, Says: []int32{0, 2, 1}}
	for name, s := range map[string]struct{ got, want float64 }{
		"f1": {a.f1(), (2.0/3 + 1 + 0) / 3}, "precision": {a.precision(), (1.0 + 1 + 0) / 3}, "recall": {a.recall(), (0.5 + 1 + 0) / 3},
	} {
		if math.Abs(s.got-s.want) > 1e-15 {
			t.Errorf("%s is %v, want %v", name, s.got, s.want)
		}
	}
}
