package table

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
)

// TargetKind is how a target is learnt.
type TargetKind string

// The kinds of targets.
const (
	TargetBinary  TargetKind = "binary"      // two classes: the probability of the last
	TargetClasses TargetKind = "classes"     // more classes: a probability each
	TargetNumbers TargetKind = "numbers"     // one or more numbers, standardised
	TargetLabels  TargetKind = "multi-label" // several booleans: a probability each
)

// Target is a learnt encoding of what is predicted: plain data, whole in its JSON.
type Target struct {
	Names []string   `json:"names"` // of the columns
	Kind  TargetKind `json:"kind"`
	// Type of the column of classes: Category, Boolean or Number (0 and 1).
	Type Type `json:"type"`
	// Classes are sorted, the positive one last; nil for numbers. For
	// several booleans they are Names.
	Classes []string `json:"classes,omitempty"`
	// Mean and Std of the training rows, one for each of Width numbers;
	// a constant has Std 1.
	Mean []float64 `json:"mean,omitempty"`
	Std  []float64 `json:"std,omitempty"`
	// Widths of the columns of numbers: 1, or the size of a vector or image.
	Widths []int `json:"widths,omitempty"`
}

// TargetOptions changes how a target is understood.
type TargetOptions struct {
	// Positive is the class that comes last, as text; default the last of
	// the sorted classes.
	Positive string
	// Numbers takes a number of only 0 and 1 as a quantity, not as two classes.
	Numbers bool
	// Raw leaves quantities in their own units: Mean 0 and Std 1.
	Raw bool
	// ClassesOf has the rows whose classes there are, where training rows may
	// lack some; nil for these.
	ClassesOf *Table
}

// EncodedTarget is target values of rows.
type EncodedTarget struct {
	Rows, Width int
	// Class is the class of each row, for TargetBinary and TargetClasses.
	Class []int32
	// Y is Rows × Width: 0 or 1 for TargetBinary (Width 1) and TargetLabels,
	// standardised numbers for TargetNumbers, nil for TargetClasses.
	Y []float64
}

// FitTarget learns the encoding of target columns from training rows. A
// column of two levels, a boolean, or a number of only 0 and 1 is binary; a
// category of more levels classes; several booleans labels; other numbers,
// vectors and images quantities. Missing values are left out of what is learnt.
func FitTarget(t *Table, names []string, o TargetOptions) (*Target, error) {
	if len(names) == 0 {
		return nil, errors.New("a model needs a target: the name of the column to predict")
	}
	u, err := t.Select(names...)
	if err != nil {
		return nil, fmt.Errorf("target: %w", err)
	}
	g := &Target{Names: names, Type: u.cols[0].typ}
	c := u.cols[0]
	booleanOnly := !slices.ContainsFunc(u.cols, func(c *Column) bool { return c.typ != Boolean })
	switch {
	case len(names) > 1 && booleanOnly:
		g.Kind, g.Classes = TargetLabels, names
		return g, nil
	case len(names) == 1 && (c.typ == Category || c.typ == Boolean || zeroOne(c) && !o.Numbers):
		return g, g.learnClasses(c, o)
	}
	return g, g.learnNumbers(u, o)
}

func (g *Target) learnClasses(c *Column, o TargetOptions) error {
	if o.ClassesOf != nil {
		var err error
		if c, err = o.ClassesOf.Col(c.name); err != nil {
			return err
		}
	}
	g.Classes = presentLevels(c)
	if o.Positive != "" {
		at := slices.Index(g.Classes, o.Positive)
		if at < 0 {
			return fmt.Errorf("positive=%q is not a class of %q; there are %s", o.Positive, c.name, list(g.Classes))
		}
		g.Classes = append(slices.Delete(g.Classes, at, at+1), o.Positive)
	}
	switch len(g.Classes) {
	case 0:
		return fmt.Errorf("target %q has no values in the training rows", c.name)
	case 1:
		return fmt.Errorf("target %q is %q in every training row; there is nothing to tell apart", c.name, g.Classes[0])
	case 2:
		g.Kind = TargetBinary
	default:
		g.Kind = TargetClasses
	}
	return nil
}

func (g *Target) learnNumbers(u *Table, o TargetOptions) error {
	g.Kind = TargetNumbers
	for _, c := range u.cols {
		if c.typ == Text || c.typ == Time || c.typ == Category {
			return fmt.Errorf("target %q is %s; a target is a category, booleans or numbers: number(...) or category(...) may convert it", c.name, c.typ)
		}
		if _, err := checkFinite(c); err != nil {
			return fmt.Errorf("target: %w", err)
		}
		g.Widths = append(g.Widths, c.Width())
		v := numbersForTarget(c)
		if len(v) == 0 {
			return fmt.Errorf("target %q has no values in the training rows", c.name)
		}
		m, sd := 0.0, 1.0
		if !o.Raw && c.typ != Image {
			m = mean(v)
			if s := math.Sqrt(squares(v) / float64(len(v))); s > 0 {
				sd = s
			}
		}
		for range c.Width() {
			g.Mean, g.Std = append(g.Mean, m), append(g.Std, sd)
		}
	}
	return nil
}

// numbersForTarget returns all numbers of a column; pixels are 0 to 1.
func numbersForTarget(c *Column) []float64 {
	switch c.typ {
	case Image:
		v := make([]float64, len(c.pix))
		for i, p := range c.pix {
			v[i] = float64(p) / 255
		}
		return v
	case Boolean:
		v, _ := c.values("")
		return v
	}
	return newDraft(c).numbers(nil)
}

// Width is how many outputs a network needs: 1 for TargetBinary, else one for
// each class, label or number.
func (g *Target) Width() int {
	switch g.Kind {
	case TargetBinary:
		return 1
	case TargetNumbers:
		return len(g.Mean)
	}
	return len(g.Classes)
}

// Report says in one sentence what is learnt.
func (g *Target) Report() string {
	switch g.Kind {
	case TargetBinary:
		return fmt.Sprintf("target %s: two classes, %s and %s; positive is %s", g.Names[0], g.Classes[0], g.Classes[1], g.Classes[1])
	case TargetClasses:
		return fmt.Sprintf("target %s: %d classes: %s", g.Names[0], len(g.Classes), list(g.Classes))
	case TargetLabels:
		return fmt.Sprintf("targets %s: each true or false", list(g.Names))
	}
	inside := "not standardised"
	if g.Standardised() {
		inside = "standardised inside"
	}
	switch {
	case len(g.Mean) > 1:
		return fmt.Sprintf("targets %s: %d numbers, %s", list(g.Names), len(g.Mean), inside)
	case g.Standardised():
		inside += fmt.Sprintf(" (mean %.4g, standard deviation %.4g)", g.Mean[0], g.Std[0])
	}
	return fmt.Sprintf("target %s: a number, %s", g.Names[0], inside)
}

// Standardised tells whether a network learns numbers other than the column's own.
func (g *Target) Standardised() bool {
	return slices.ContainsFunc(g.Mean, func(m float64) bool { return m != 0 }) || slices.ContainsFunc(g.Std, func(s float64) bool { return s != 1 })
}

// Complete returns the rows that have a value in every target column.
func (g *Target) Complete(t *Table) ([]int, error) {
	u, err := t.Select(g.Names...)
	if err != nil {
		return nil, fmt.Errorf("target: %w", err)
	}
	return u.present(), nil
}

// Encode turns target columns to classes or numbers. A missing value or a
// class that training had not is an error; Complete finds the rows to keep.
func (g *Target) Encode(t *Table) (*EncodedTarget, error) {
	u, err := t.Select(g.Names...)
	if err != nil {
		return nil, fmt.Errorf("target: %w", err)
	}
	for _, c := range u.cols {
		if m := c.Missing(); m > 0 {
			return nil, fmt.Errorf("target %q is missing in %d rows; drop them", c.name, m)
		}
	}
	e := &EncodedTarget{Rows: t.rows, Width: g.Width()}
	switch g.Kind {
	case TargetBinary, TargetClasses:
		return e, g.encodeClasses(e, u.cols[0])
	case TargetLabels:
		e.Y = make([]float64, e.Rows*e.Width)
		for j, c := range u.cols {
			b, err := c.To(Boolean)
			if err != nil {
				return nil, fmt.Errorf("target: %w", err)
			}
			for i, f := range b.flags {
				e.Y[i*e.Width+j] = float64(f)
			}
		}
		return e, nil
	}
	return e, g.encodeNumbers(e, u.cols)
}

func (g *Target) encodeClasses(e *EncodedTarget, c *Column) error {
	d, err := c.ToCategory()
	if err != nil {
		return fmt.Errorf("target: %w", err)
	}
	d, err = d.withLevels(g.Classes)
	if err != nil {
		return err
	}
	e.Class = d.codes
	for i, k := range d.codes {
		if k < 0 {
			return fmt.Errorf("target %q, row %d: %q is not one of the classes of training (%s)", c.name, i, c.Format(i), strings.Join(g.Classes, ", "))
		}
	}
	if g.Kind == TargetBinary {
		e.Y = make([]float64, e.Rows)
		for i, k := range e.Class {
			e.Y[i] = float64(k)
		}
	}
	return nil
}

func (g *Target) encodeNumbers(e *EncodedTarget, cols []*Column) error {
	e.Y = make([]float64, e.Rows*e.Width)
	at := 0
	for j, c := range cols {
		if c.Width() != g.Widths[j] {
			return fmt.Errorf("target %q has %d numbers a row, in training %d", c.name, c.Width(), g.Widths[j])
		}
		if c.typ == Category || c.typ == Text || c.typ == Time {
			return fmt.Errorf("target %q is %s, in training it was numbers", c.name, c.typ)
		}
		if _, err := checkFinite(c); err != nil {
			return fmt.Errorf("target: %w", err)
		}
		w := c.Width()
		for k, x := range numbersForTarget(c) {
			e.Y[k/w*e.Width+at+k%w] = (x - g.Mean[at+k%w]) / g.Std[at+k%w]
		}
		at += w
	}
	return nil
}

// Invert turns standardised numbers, rows × Width, into their own units.
func (g *Target) Invert(y []float64) {
	w := len(g.Mean)
	for i, x := range y {
		y[i] = float64(x*g.Std[i%w]) + g.Mean[i%w]
	}
}

// ClassColumn returns classes as a column of the target's own type and name.
func (g *Target) ClassColumn(class []int32) (*Column, error) {
	c, err := Coded(g.Names[0], class, g.Classes)
	if err != nil {
		return nil, err
	}
	return c.To(g.Type)
}
