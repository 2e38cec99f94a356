package table_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"mlpkernel/table"
)

// BenchmarkPrep is the time of what a training does with its rows before it
// begins: target and preparation learnt, features checked, rows encoded.
func BenchmarkPrep(b *testing.B) {
	for _, size := range []struct{ rows, width int }{{120, 4}, {455, 30}, {20000, 54}, {3000, 784}} {
		t, features := classTable(b, size.rows, size.width)
		b.Run(fmt.Sprintf("%dx%d", size.rows, size.width), func(b *testing.B) {
			for b.Loop() {
				target, err := table.FitTarget(t, []string{"y"}, table.TargetOptions{})
				if err != nil {
					b.Fatal(err)
				}
				prep, err := table.FitPrep(table.Auto{}, t, features)
				if err != nil {
					b.Fatal(err)
				}
				if _, err := table.CheckFeatures(t, features, "y"); err != nil {
					b.Fatal(err)
				}
				if _, err := prep.Apply(t); err != nil {
					b.Fatal(err)
				}
				if _, err := target.Encode(t); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// classTable has numbers of four decimals and a class y.
func classTable(b *testing.B, rows, width int) (*table.Table, []string) {
	r := rand.New(rand.NewPCG(1, 2))
	var cols []*table.Column
	var features []string
	for j := range width {
		v := make([]float64, rows)
		for i := range v {
			v[i] = math.Round(1e4*r.NormFloat64()) / 1e4
		}
		features = append(features, fmt.Sprintf("x%d", j))
		cols = append(cols, table.Numbers(features[j], v))
	}
	y := make([]string, rows)
	for i := range y {
		y[i] = fmt.Sprintf("c%d", r.IntN(7))
	}
	t, err := table.New(append(cols, table.Categories("y", y, nil))...)
	if err != nil {
		b.Fatal(err)
	}
	return t, features
}
