package table

import (
	"fmt"
	"math"
	"slices"
	"strings"
)

func (p Impute) strategy() string {
	if p.Strategy == "" {
		return "median"
	}
	return p.Strategy
}

// imputers by strategy: the types they take without names, and the value.
var imputers = map[string]struct {
	types []Type
	value func(w *work, p Impute, d draft) (any, error)
}{
	"median": {[]Type{Number}, func(w *work, _ Impute, d draft) (any, error) { return w.quartiles[d.key()][2], nil }},
	"mean":   {[]Type{Number}, func(_ *work, _ Impute, d draft) (any, error) { return d.done().Mean() }},
	"most_frequent": {[]Type{Number, Category, Boolean}, func(_ *work, _ Impute, d draft) (any, error) {
		t := d.done().Counts()
		if t.rows == 0 {
			return nil, nil
		}
		return t.cols[0].Value(0), nil
	}},
	"constant": {[]Type{Number, Category, Boolean}, func(_ *work, p Impute, d draft) (any, error) {
		_, err := d.Slice(0, 0).Fill(p.Value)
		return p.Value, err
	}},
}

func (p Impute) plan(w *work) error {
	how, ok := imputers[p.strategy()]
	if !ok {
		return fmt.Errorf("impute(%q): there are %s", p.Strategy, strings.Join(sortedKeys(imputers), ", "))
	}
	types := how.types
	if p.strategy() == "constant" {
		t, ok := map[string]Type{"float64": Number, "string": Category, "bool": Boolean}[fmt.Sprintf("%T", p.Value)]
		if !ok {
			return fmt.Errorf(`impute("constant") needs value=, a number, text or boolean`)
		}
		types = []Type{t}
	}
	cols, err := w.pick("impute", p.Columns, types...)
	if err != nil {
		return err
	}
	flagged := map[string]bool{}
	if p.strategy() == "median" {
		if err := w.findQuartiles(cols); err != nil {
			return err
		}
	}
	values, gaps := make([]any, len(cols)), make([]int, len(cols))
	err = each(len(cols), func(i int) (err error) {
		gaps[i] = cols[i].missing()
		values[i], err = how.value(w, p, cols[i])
		return err
	})
	if err != nil {
		return fmt.Errorf("impute(%q): %w", p.strategy(), err)
	}
	var fills []step
	for i, c := range cols {
		v, missing := values[i], gaps[i]
		from := c.name
		if o, ok := w.origin[c.name]; ok {
			from = o
		}
		note := ""
		if p.Flag && missing > 0 && !flagged[from] {
			flagged[from] = true
			name := w.freeName(from + " is missing")
			note = fmt.Sprintf(", and %q says where", name)
			if err := w.do(fills...); err != nil {
				return err
			}
			fills = nil
			if err := w.do(step{Do: "flag", Column: c.name, To: name}); err != nil {
				return err
			}
		}
		if missing > 0 {
			why := p.strategy()
			if x, ok := v.(float64); ok && x != x {
				v, why = 0.0, "it has no value"
			}
			w.say("%s: %s filled with %s (%s)%s", c.name, plural(missing, "missing value"), showValue(v), why, note)
		}
		fills = append(fills, fillStep(c.name, v))
		w.filled[c.name] = c.typ == Number
	}
	return w.do(fills...)
}

// freeName returns a name that no column has.
func (w *work) freeName(name string) string {
	for slices.ContainsFunc(w.cols, func(d draft) bool { return d.name == name }) {
		name += "_"
	}
	return name
}

func showValue(v any) string {
	if f, ok := v.(float64); ok {
		return shortNumber(f)
	}
	return fmt.Sprint(v)
}

func fillStep(name string, v any) step {
	s := step{Do: "fill", Column: name}
	switch v := v.(type) {
	case float64:
		s.Number = finiteOr(v, 0) // a column that is all missing
	case string:
		s.Text = v
	case bool:
		s.Number = float64(flag(v))
	}
	return s
}

func (p OneHot) max() int {
	switch {
	case p.Max < 0:
		return math.MaxInt
	case p.Max == 0:
		return 8
	}
	return p.Max
}

func (p OneHot) plan(w *work) error {
	cols, err := w.pick("one_hot", p.Columns, Category, Boolean)
	if err != nil {
		return err
	}
	var said, kept []string
	for _, c := range cols {
		if w.embed[c.name] && len(p.Columns) == 0 {
			continue
		}
		if c.typ == Boolean && c.missing() == 0 && !p.Signed {
			kept = append(kept, c.name)
			if err := w.do(step{Do: "number", Column: c.name}); err != nil {
				return err
			}
			continue
		}
		levels := presentLevels(c.Column)
		if len(levels) > p.max() {
			if err := w.keepIndex(c); err != nil {
				return err
			}
			continue
		}
		said = append(said, fmt.Sprintf("%s (%d)", c.name, len(levels)))
		if err := w.do(step{Do: "onehot", Column: c.name, Levels: levels, Signed: p.Signed && len(levels) == 2}); err != nil {
			return err
		}
	}
	if len(kept) > 0 {
		w.say("booleans as 0 and 1: %s", list(kept))
	}
	if len(said) > 0 {
		w.say("one-hot: %s", list(said))
	}
	return nil
}

// keepIndex reduces a category to its training levels and leaves it an index.
func (w *work) keepIndex(c draft) error {
	if w.embed == nil {
		w.embed = map[string]bool{}
	}
	w.embed[c.name] = true
	return w.do(step{Do: "levels", Column: c.name, Levels: presentLevels(c.Column)})
}

// presentLevels returns the values that come in a category or boolean column, in order.
func presentLevels(c *Column) []string {
	u := c.Unique()
	levels := make([]string, u.n)
	for i := range levels {
		levels[i] = u.Format(i)
	}
	return levels
}

func (p Embed) plan(w *work) error {
	cols, err := w.pick("embed", p.Columns, Category)
	if err != nil {
		return err
	}
	for _, c := range cols {
		if err := w.keepIndex(c); err != nil {
			return err
		}
	}
	return nil
}

func (p Ordinal) plan(w *work) error {
	cols, err := w.pick("ordinal", p.Columns, Category)
	if err != nil {
		return err
	}
	for _, c := range cols {
		w.say("%s: levels numbered from 0 in the order %s", c.name, list(c.levels))
		if err := w.do(step{Do: "ordinal", Column: c.name, Levels: c.levels}); err != nil {
			return err
		}
	}
	return nil
}
