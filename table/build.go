package table

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
)

// dict numbers strings in the order they are first seen.
type dict struct {
	index  map[string]int32
	levels []string
}

func newDict() *dict { return &dict{index: map[string]int32{}} }

func (d *dict) code(s string) int32 {
	c, ok := d.index[s]
	if !ok {
		c = int32(len(d.levels))
		d.levels = append(d.levels, s)
		d.index[s] = c
	}
	return c
}

// sortLevels sorts levels in the natural order and renumbers codes in place.
func sortLevels(levels []string, codes []int32) []string {
	order := span(0, len(levels))
	slices.SortStableFunc(order, func(a, b int) int { return compareLevels(levels[a], levels[b]) })
	sorted := make([]string, len(levels))
	rank := make([]int32, len(levels))
	for k, i := range order {
		sorted[k] = levels[i]
		rank[i] = int32(k)
	}
	for i, c := range codes {
		if c >= 0 {
			codes[i] = rank[c]
		}
	}
	return sorted
}

// compareLevels orders levels: numbers by value and before other text, text
// by code points.
func compareLevels(a, b string) int {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	switch {
	case errX == nil && errY == nil && x != y:
		return cmp.Compare(x, y)
	case errX == nil && errY != nil:
		return -1
	case errX != nil && errY == nil:
		return 1
	}
	return strings.Compare(a, b)
}

// textBuilder collects a text column.
type textBuilder struct {
	buf     strings.Builder
	ends    []int64
	missing []bool
}

func newTextBuilder(n int) *textBuilder { return &textBuilder{ends: make([]int64, 0, n)} }

func (b *textBuilder) add(s string, missing bool) {
	if missing && b.missing == nil {
		b.missing = make([]bool, len(b.ends), cap(b.ends))
	}
	if !missing {
		b.buf.WriteString(s)
	}
	b.ends = append(b.ends, int64(b.buf.Len()))
	if b.missing != nil {
		b.missing = append(b.missing, missing)
	}
}

func (b *textBuilder) done() texts {
	return texts{data: b.buf.String(), ends: b.ends, missing: b.missing}
}

// looksLikeText tells free text from categories: more than 20 different
// values, and more than half of the values different.
func looksLikeText(distinct, present int) bool {
	return distinct > 20 && 2*distinct > present
}

// FromValues makes a column of Go values of one kind; nil is missing.
// Numbers (int, int64, float64) make a number column, bool a boolean,
// time.Time a time, []float64 a vector, and strings a category, or text where
// most of them differ. Booleans among numbers count as 0 and 1.
func FromValues(name string, v []any) (*Column, error) {
	kind, err := valuesKind(name, v)
	if err != nil {
		return nil, err
	}
	switch kind {
	case Boolean:
		flags := make([]int8, len(v))
		for i, x := range v {
			flags[i] = -1
			if b, ok := x.(bool); ok {
				flags[i] = flag(b)
			}
		}
		return booleans(name, flags), nil
	case Time:
		times := make([]time.Time, len(v))
		for i, x := range v {
			times[i], _ = x.(time.Time)
		}
		return Times(name, times), nil
	case Vector:
		return vectorsFromValues(name, v)
	case Text:
		return stringsFromValues(name, v), nil
	}
	num := make([]float64, len(v))
	for i, x := range v {
		num[i] = math.NaN()
		if f, ok := toFloat(x); ok {
			num[i] = f
		}
	}
	return Numbers(name, num), nil
}

// valuesKind finds the one kind of the values; all missing is Number.
func valuesKind(name string, v []any) (Type, error) {
	kind, first := Number, -1
	for i, x := range v {
		var k Type
		switch x.(type) {
		case nil:
			continue
		case bool:
			k = Boolean
		case int, int64, float64:
			k = Number
		case string:
			k = Text
		case time.Time:
			k = Time
		case []float64:
			k = Vector
		default:
			return 0, fmt.Errorf("column %q, row %d: %T cannot be in a column; use numbers, text, booleans, times or lists of numbers", name, i, x)
		}
		switch {
		case first < 0:
			kind, first = k, i
		case k == kind:
		case k <= Boolean && kind <= Boolean && k != Category && kind != Category:
			kind = Number
		default:
			return 0, fmt.Errorf("column %q mixes %s (row %d) and %s (row %d); make them one kind, or None for missing", name, kind, first, k, i)
		}
	}
	return kind, nil
}

func stringsFromValues(name string, v []any) *Column {
	vals, missing := make([]string, len(v)), make([]bool, len(v))
	distinct, present := map[string]bool{}, 0
	for i, x := range v {
		s, ok := x.(string)
		vals[i], missing[i] = s, !ok
		if ok {
			present++
			distinct[s] = true
		}
	}
	if looksLikeText(len(distinct), present) {
		return Texts(name, vals, missing)
	}
	return Categories(name, vals, missing)
}

func vectorsFromValues(name string, v []any) (*Column, error) {
	width := 0
	for _, x := range v {
		if l, ok := x.([]float64); ok {
			width = len(l)
			break
		}
	}
	data := make([]float32, 0, len(v)*width)
	for i, x := range v {
		l, ok := x.([]float64)
		if ok && len(l) != width {
			return nil, fmt.Errorf("column %q, row %d: %d numbers, but the rows before have %d", name, i, len(l), width)
		}
		for k := range width {
			f := float32(math.NaN())
			if ok {
				f = float32(l[k])
			}
			data = append(data, f)
		}
	}
	return Vectors(name, width, data)
}

func toFloat(x any) (float64, bool) {
	switch x := x.(type) {
	case float64:
		return x, true
	case int:
		return float64(x), true
	case int64:
		return float64(x), true
	case bool:
		return float64(flag(x)), true
	}
	return 0, false
}

func flag(b bool) int8 {
	if b {
		return 1
	}
	return 0
}
