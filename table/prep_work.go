package table

import (
	"fmt"
	"slices"
	"strings"
	"weak"
)

// work is a preparation while it is learnt: the training columns as they are
// after the steps so far.
type work struct {
	inputs    []Input
	cols      []draft
	steps     []step
	origin    map[string]string // derived column -> input column
	embed     map[string]bool   // categories that are to stay indices
	filled    map[string]bool   // numbers that no later row can miss
	quartiles map[draftKey]quartiles
	report    []string
}

func newInput(c *Column, missing int) Input {
	in := Input{Name: c.name, Type: c.typ, Levels: c.levels, Shape: c.shape, Missing: missing, of: weak.Make(c)}
	if c.typ == Category {
		seen := c.seen()
		if slices.Contains(seen, false) {
			in.Seen = seen
		}
	}
	return in
}

// seen tells which levels come in the column.
func (c *Column) seen() []bool {
	seen := make([]bool, len(c.levels))
	for _, k := range c.codes {
		if k >= 0 {
			seen[k] = true
		}
	}
	return seen
}

// usedInputs leaves out the inputs that are dropped at once, so that a model
// does not ask for columns that it does not use.
func (w *work) usedInputs() []Input {
	var used []Input
	dropped := map[string]bool{}
	for _, s := range w.steps {
		if s.Do == "drop" && slices.ContainsFunc(w.inputs, func(in Input) bool { return in.Name == s.Column }) {
			dropped[s.Column] = true
		}
	}
	for _, s := range w.steps {
		if s.Do != "drop" && dropped[s.Column] {
			delete(dropped, s.Column)
		}
	}
	for _, in := range w.inputs {
		if !dropped[in.Name] {
			used = append(used, in)
		}
	}
	w.steps = slices.DeleteFunc(w.steps, func(s step) bool { return s.Do == "drop" && dropped[s.Column] })
	return used
}

// do learns steps: they run on the training columns and are kept.
func (w *work) do(steps ...step) error {
	cols, err := follow(w.cols, steps, func(s *step, before []draft, made []*Column) {
		from := s.Column
		if o, ok := w.origin[from]; ok {
			from = o
		}
		for _, c := range made {
			if !slices.ContainsFunc(before, func(d draft) bool { return d.name == c.name }) {
				w.origin[c.name] = from
			}
		}
	})
	if err != nil {
		return err
	}
	w.cols, w.steps = cols, append(w.steps, steps...)
	return nil
}

func (w *work) say(format string, args ...any) {
	w.report = append(w.report, fmt.Sprintf(format, args...))
}

// list writes names for a sentence, the first few of many.
func list(names []string) string {
	const most = 6
	if len(names) <= most+1 {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

func namesOf[C interface{ Name() string }](cols []C) []string {
	names := make([]string, len(cols))
	for i, c := range cols {
		names[i] = c.Name()
	}
	return names
}

// pick returns the columns that a preparation is for: the named ones, which
// must be of the given types, or all of those types. A name also stands for
// the columns that were derived from it.
func (w *work) pick(what string, names []string, types ...Type) ([]draft, error) {
	var out []draft
	if len(names) == 0 {
		for _, c := range w.cols {
			if slices.Contains(types, c.typ) {
				out = append(out, c)
			}
		}
		return out, nil
	}
	for _, n := range names {
		cols := w.named(n)
		if len(cols) == 0 {
			return nil, fmt.Errorf("%s(%q): %w", what, n, w.table().noColumn(n))
		}
		for _, c := range cols {
			if !slices.Contains(types, c.typ) {
				return nil, fmt.Errorf("%s(%q): the column is %s, but %s takes %s", what, n, c.typ, what, typeList(types))
			}
			out = append(out, c)
		}
	}
	return out, nil
}

// table is the columns as they came, of the names that they have now.
func (w *work) table() *Table {
	cols := make([]*Column, len(w.cols))
	for i, d := range w.cols {
		cols[i] = d.Column
	}
	return must(New(cols...))
}

func typeList(types []Type) string {
	s := make([]string, len(types))
	for i, t := range types {
		s[i] = t.String()
	}
	return strings.Join(s, ", ")
}

func (w *work) named(name string) []draft {
	var derived []draft
	for _, c := range w.cols {
		if c.name == name {
			return []draft{c}
		}
		if w.origin[c.name] == name {
			derived = append(derived, c)
		}
	}
	return derived
}

// pickScaled is pick for the scalings: without names, columns of only 0 and 1
// are left alone.
func (w *work) pickScaled(what string, names []string) ([]draft, error) {
	cols, err := w.pick(what, names, Number, Vector)
	if err != nil || len(names) > 0 {
		return cols, err
	}
	return chosen(cols, func(d draft) bool { return !d.zeroOne() }), nil
}

// zeroOne tells whether a number column holds only 0 and 1 (and missing).
func (d draft) zeroOne() bool {
	if d.typ != Number {
		return false
	}
	const some = 64
	var buf [some]float64
	for lo := 0; lo < d.n; lo += some {
		for _, x := range d.read(lo, min(lo+some, d.n), buf[:]) {
			if x == x && x != 0 && x != 1 {
				return false
			}
		}
	}
	return true
}

func zeroOne(c *Column) bool { return newDraft(c).zeroOne() }

// finish turns what is left into numbers and indices, as Prep's comment says.
func (w *work) finish() error {
	rest := func(t Type) (out []draft) {
		for _, c := range w.cols {
			if c.typ == t {
				out = append(out, c)
			}
		}
		return out
	}
	if texts := rest(Text); len(texts) > 0 {
		w.say("left out: %s (text)", list(namesOf(texts)))
		if err := w.do(stepsFor("drop", texts)...); err != nil {
			return err
		}
	}
	if images := rest(Image); len(images) > 0 {
		w.say("pixels divided by 255: %s", list(namesOf(images)))
		if err := w.do(stepsFor("pixels", images)...); err != nil {
			return err
		}
	}
	if times := rest(Time); len(times) > 0 {
		if err := (Chain{Dates{}, Robust{Columns: namesOf(times)}}).plan(w); err != nil {
			return err
		}
	}
	if err := (OneHot{}).plan(w); err != nil {
		return err
	}
	for _, c := range rest(Category) {
		w.say("embedding: %s (%d levels)", c.name, len(c.levels))
	}
	return w.fillRest()
}

// fillRest makes sure that no number is missing, in training or later.
func (w *work) fillRest() error {
	var cols []draft
	for _, d := range w.cols {
		if (d.typ == Number || d.typ == Vector) && !w.filled[d.name] {
			cols = append(cols, d)
		}
	}
	fills, missing := stepsFor("fill", cols), make([]int, len(cols))
	err := eachBuffered(len(cols), func(i int, buf []float64) ([]float64, error) {
		if cols[i].typ == Number {
			missing[i] = cols[i].missing()
			buf = cols[i].numbers(buf)
			fills[i].Number = finiteOr(quantilesOf(buf, buf, 0.5)[0], 0)
		}
		return buf, nil
	})
	if err != nil {
		return err
	}
	for i, d := range cols {
		if missing[i] > 0 {
			w.say("%s: %s filled with the median %s", d.name, plural(missing[i], "missing value"), shortNumber(fills[i].Number))
		}
	}
	return w.do(fills...)
}

func finiteOr(x, other float64) float64 {
	if x-x != 0 {
		return other
	}
	return x
}

func stepsFor(do string, cols []draft) []step {
	steps := make([]step, len(cols))
	for i, c := range cols {
		steps[i] = step{Do: do, Column: c.name}
	}
	return steps
}
