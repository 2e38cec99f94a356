package table

import (
	"slices"
	"strings"
)

// looksLikeHeader: in some column the first line is no number, boolean or
// time while all other lines are; without such a column, the first line is
// names if all differ and no field is a value of a kind, or those that are run
// on as years do ("country,1990,1991").
func (f *csvFile) looksLikeHeader(first []string, rows [][]string) bool {
	against, na := false, newNASet(f.o.naOf(""), f.na)
	for j, name := range first {
		kind := f.kindOf([]string{name}, na)
		var values []string
		for _, r := range rows {
			if j < len(r) {
				values = append(values, r[j])
			}
		}
		below := f.kindOf(values, na)
		if kind == Text && below != Text && len(rows) > 0 && na.anyValue(values) {
			return true
		}
		if kind != Text && na.anyValue([]string{name}) {
			against = true
		}
	}
	against = against && !yearsRun(first)
	sorted := slices.Sorted(slices.Values(first))
	return !against && len(slices.Compact(sorted)) == len(first)
}

// kindOf returns Number, Boolean, Time or else Text: what all values that are
// not missing read as. Missing alone is a number.
func (f *csvFile) kindOf(values []string, na *naSet) Type {
	for _, k := range []Type{Number, Boolean, Time} {
		fits := true
		for _, s := range values {
			if !na.has(s) && !f.readsAs(k, strings.TrimSpace(s)) {
				fits = false
				break
			}
		}
		if fits {
			return k
		}
	}
	return Text
}

func (f *csvFile) readsAs(k Type, s string) bool {
	switch k {
	case Number:
		_, ok := parseNumber([]byte(s), f.decimal)
		return ok
	case Boolean:
		_, ok := parseBool([]byte(s))
		return ok
	}
	if _, ok := parseISO([]byte(s)); ok {
		return true
	}
	_, err := ParseTime(s)
	return err == nil
}

// yearsRun tells whether fields are words, then at least three whole numbers
// one after the other, as names of years are.
func yearsRun(fields []string) bool {
	before, run := 0.0, 0
	for i, s := range fields {
		x, ok := parseNumber([]byte(s), '.')
		switch {
		case !ok && run > 0, ok && i == 0, ok && run > 0 && x != before+1, ok && (x < 1000 || x > 3000):
			return false
		case ok:
			before, run = x, run+1
		}
	}
	return run > 2
}
