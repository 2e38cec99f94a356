package table_test

import (
	"fmt"
	"strings"
	"testing"

	"mlpkernel/table"
)

func TestConcat(t *testing.T) {
	vectors := func(width int, v ...float32) *table.Column {
		c, err := table.Vectors("v", width, v)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	images := func(height, width int, p ...byte) *table.Column {
		c, err := table.Images("v", height, width, 1, p)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	coded := func(codes []int32, levels ...string) *table.Column {
		c, err := table.Coded("v", codes, levels)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	words := func(v ...string) *table.Column { return table.Categories("v", v, nil) }
	other := table.Numbers("other", []float64{1})
	for _, tt := range []struct {
		name string
		cols []*table.Column // one a table
		want string
	}{
		{"numbers", []*table.Column{table.Numbers("v", []float64{1, 2}), other, table.Numbers("v", []float64{3})}, "number: 1 2 – 3"},
		{"booleans", []*table.Column{table.Booleans("v", []bool{true}, nil), other}, "boolean: true –"},
		{"sorted levels", []*table.Column{words("b", "d"), other, words("c", "a", "b")}, "category[a b c d]: b d – c a b"},
		{"levels in an order", []*table.Column{coded([]int32{1, 0, -1}, "low", "high"), coded([]int32{0, 1}, "low", "top")}, "category[low high top]: high low – low top"},
		{"text and words", []*table.Column{words("b"), table.Texts("v", []string{"x y", ""}, []bool{false, true})}, "text: b x y –"},
		{"all missing", []*table.Column{table.Texts("v", []string{""}, []bool{true}), table.Numbers("v", []float64{7})}, "number: – 7"},
		{"nothing at all", []*table.Column{table.Texts("v", []string{""}, []bool{true}), table.Numbers("v", nil)}, "text: –"},
		{"vectors", []*table.Column{other, vectors(2, 1, 2, 3, 4)}, "vector: – [1 2] [3 4]"},
		{"images", []*table.Column{images(1, 2, 1, 2), images(1, 2, 3, 4)}, "image: [1 2] [3 4]"},
		{"types", []*table.Column{words("b"), table.Numbers("v", []float64{7})}, `column "v" is category in table 1 and number in table 2; convert one of them`},
		{"widths", []*table.Column{vectors(2, 1, 2), vectors(1, 1)}, `column "v" is vector of [2] in table 1 and vector of [1] in table 2; convert one of them`},
		{"no images", []*table.Column{other, images(1, 2, 1, 2)}, `column "v" has images, which cannot be missing, and not every table has it`},
	} {
		t.Run(tt.name, func(t *testing.T) {
			var tables []*table.Table
			for _, c := range tt.cols {
				one, err := table.New(c)
				if err != nil {
					t.Fatal(err)
				}
				tables = append(tables, one)
			}
			if got := shown(table.Concat(tables...)); got != tt.want {
				t.Errorf("got  %s\nwant %s", got, tt.want)
			}
		})
	}
	if none, err := table.Concat(); err != nil || none.Width() != 0 || none.Len() != 0 {
		t.Errorf("no tables give %v, %v", none, err)
	}
}

// shown tells what the column "v" of a table is.
func shown(t *table.Table, err error) string {
	if err != nil {
		return err.Error()
	}
	c, err := t.Col("v")
	if err != nil {
		return err.Error()
	}
	kind := c.Type().String()
	if c.Type() == table.Category {
		kind += "[" + strings.Join(c.Levels(), " ") + "]"
	}
	values := []string{kind + ":"}
	for i := range c.Len() {
		if c.IsMissing(i) {
			values = append(values, "–")
			continue
		}
		values = append(values, fmt.Sprint(c.Value(i)))
	}
	return strings.Join(values, " ")
}
