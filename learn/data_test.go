package learn

import (
	"slices"
	"testing"

	"mlpkernel/table"
)

// TestBalancedCountsPresentClasses: weights are those of scikit-learn's
// compute_class_weight, which knows only the classes that the rows have.
func TestBalancedCountsPresentClasses(t *testing.T) {
	y := table.Categories("y", []string{"a", "b", "c", "a", "a"}, nil)
	all, err := table.New(y)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		rows []int
		want []float64
	}{
		{[]int{0, 1, 2, 3, 4}, []float64{5.0 / 9, 5.0 / 3, 5.0 / 3}},
		{[]int{0, 1, 3, 4}, []float64{4.0 / 6, 2, 1}}, // there is no c to weigh
	} {
		fold := all.Take(c.rows)
		target, err := table.FitTarget(fold, []string{"y"}, table.TargetOptions{ClassesOf: all})
		if err != nil {
			t.Fatal(err)
		}
		coder := coder{target: target}
		if err := coder.learnClassWeight(ClassWeight{Balanced: true}, fold); err != nil || !slices.Equal(coder.classWeight, c.want) {
			t.Errorf("rows %v: weights %v (%v), want %v", c.rows, coder.classWeight, err, c.want)
		}
	}
}
