package table

import (
	"fmt"
	"slices"
	"strings"
)

// work is a preparation while it is learnt: the training columns as they are
// after the steps so far.
type work struct {
	inputs    []Input
	cols      []*Column
	steps     []step
	origin    map[string]string // derived column -> input column
	embed     map[string]bool   // categories that are to stay indices
	filled    map[string]bool   // numbers that no later row can miss
	quartiles map[*Column][]float64
	report    []string
}

func newInput(c *Column) Input {
	in := Input{Name: c.name, Type: c.typ, Levels: c.levels, Shape: c.shape, Missing: c.Missing()}
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
		isInput := slices.ContainsFunc(w.inputs, func(in Input) bool { return in.Name == s.Column })
		if s.Do == "drop" && isInput {
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

// do learns a step: it runs on the training columns and is kept.
func (w *work) do(s step) error {
	cols, err := s.run(w.cols)
	if err != nil {
		return err
	}
	from := s.Column
	if o, ok := w.origin[from]; ok {
		from = o
	}
	for _, c := range changed(w.cols, cols) {
		if !slices.ContainsFunc(w.cols, func(old *Column) bool { return old.name == c.name }) {
			w.origin[c.name] = from
		}
	}
	w.cols = cols
	w.steps = append(w.steps, s)
	return nil
}

// changed is the columns of now between those at either end that are as before.
func changed(before, now []*Column) []*Column {
	for len(before) > 0 && len(now) > 0 && before[0] == now[0] {
		before, now = before[1:], now[1:]
	}
	for len(before) > 0 && len(now) > 0 && before[len(before)-1] == now[len(now)-1] {
		before, now = before[:len(before)-1], now[:len(now)-1]
	}
	return now
}

// doAll learns steps one after the other.
func (w *work) doAll(steps []step) error {
	if !slices.ContainsFunc(steps, func(s step) bool { return numeric[s.Do] == nil }) {
		cols, err := runAll(w.cols, steps)
		if err != nil {
			return err
		}
		w.cols, w.steps = cols, append(w.steps, steps...)
		return nil
	}
	for _, s := range steps {
		if err := w.do(s); err != nil {
			return err
		}
	}
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

func namesOf(cols []*Column) []string {
	names := make([]string, len(cols))
	for i, c := range cols {
		names[i] = c.name
	}
	return names
}

// pick returns the columns that a preparation is for: the named ones, which
// must be of the given types, or all of those types. A name also stands for
// the columns that were derived from it.
func (w *work) pick(what string, names []string, types ...Type) ([]*Column, error) {
	var out []*Column
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
			return nil, fmt.Errorf("%s(%q): %w", what, n, must(New(w.cols...)).noColumn(n))
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

func typeList(types []Type) string {
	s := make([]string, len(types))
	for i, t := range types {
		s[i] = t.String()
	}
	return strings.Join(s, ", ")
}

func (w *work) named(name string) []*Column {
	var derived []*Column
	for _, c := range w.cols {
		if c.name == name {
			return []*Column{c}
		}
		if w.origin[c.name] == name {
			derived = append(derived, c)
		}
	}
	return derived
}

// pickScaled is pick for the scalings: without names, columns of only 0 and 1
// are left alone.
func (w *work) pickScaled(what string, names []string) ([]*Column, error) {
	cols, err := w.pick(what, names, Number, Vector)
	if err != nil || len(names) > 0 {
		return cols, err
	}
	return slices.DeleteFunc(cols, zeroOne), nil
}

// zeroOne tells whether a number column holds only 0 and 1 (and missing).
func zeroOne(c *Column) bool {
	if c.typ != Number {
		return false
	}
	for _, x := range c.num {
		if x == x && x != 0 && x != 1 {
			return false
		}
	}
	return true
}

// finish turns what is left into numbers and indices, as Prep's comment says.
func (w *work) finish() error {
	rest := func(t Type) (out []*Column) {
		for _, c := range w.cols {
			if c.typ == t {
				out = append(out, c)
			}
		}
		return out
	}
	if texts := rest(Text); len(texts) > 0 {
		w.say("left out: %s (text)", list(namesOf(texts)))
		if err := w.doAll(stepsFor("drop", texts)); err != nil {
			return err
		}
	}
	if images := rest(Image); len(images) > 0 {
		w.say("pixels divided by 255: %s", list(namesOf(images)))
		if err := w.doAll(stepsFor("pixels", images)); err != nil {
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
	for _, c := range slices.Clone(w.cols) {
		if c.typ != Number && c.typ != Vector {
			continue
		}
		if w.filled[c.name] {
			continue
		}
		s := step{Do: "fill", Column: c.name, Number: finiteOr(c.medianOr0(), 0)}
		if m := c.Missing(); m > 0 && c.typ == Number {
			w.say("%s: %s filled with the median %s", c.name, plural(m, "missing value"), shortNumber(s.Number))
		}
		if c.typ == Vector {
			s.Number = 0
		}
		if err := w.do(s); err != nil {
			return err
		}
	}
	return nil
}

func (c *Column) medianOr0() float64 {
	if c.typ != Number {
		return 0
	}
	m, _ := c.Median()
	return m
}

func finiteOr(x, other float64) float64 {
	if x-x != 0 {
		return other
	}
	return x
}

func stepsFor(do string, cols []*Column) []step {
	steps := make([]step, len(cols))
	for i, c := range cols {
		steps[i] = step{Do: do, Column: c.name}
	}
	return steps
}
