package table

import (
	"math"
	"slices"
	"testing"
)

func TestClassesOf(t *testing.T) {
	coded, err := Coded("y", []int32{3, 1, -1, 3}, []string{"a", "b", "c", "d"})
	if err != nil {
		t.Fatal(err)
	}
	for _, tt := range []struct {
		y    *Column
		want classes
	}{
		{coded, classes{[]int{1, 0, -1, 1}, 2}},
		{Booleans("y", []bool{true, true, false}, []bool{false, false, true}), classes{[]int{0, 0, -1}, 1}},
		{Numbers("y", []float64{1, 0, math.NaN(), math.Copysign(0, -1)}), classes{[]int{1, 0, -1, 0}, 2}},
		{Numbers("y", nil), classes{nil, 0}},
	} {
		if got := classesOf(tt.y); got.n != tt.want.n || !slices.Equal(got.of, tt.want.of) {
			t.Errorf("%s: %v, want %v", tt.y.typ, got, tt.want)
		}
	}
}
