package table

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"weak"

	"mlpkernel/table/internal/lanes"
)

// Prep is a preparation of columns not yet learnt: a plain value such as
// Robust{} or Chain{Impute{Strategy: "median"}, OneHot{Max: 8}}. FitPrep
// learns it from training rows.
//
// Columns names what a preparation is for; with none it takes every column it
// suits. Scalings then leave alone columns of only 0 and 1. Whatever a Prep
// leaves is finished by one rule, so that a network can take it: missing
// numbers get the training median, booleans become 0 and 1, categories one-hot
// columns up to 8 levels and indices for an embedding beyond, times their
// parts, pixels values from 0 to 1; text is left out.
type Prep interface {
	// Source writes the preparation as the language spells it.
	Source() string
	plan(w *work) error
}

// The preparations.
type (
	// Auto is impute("median", flag=True) >> robust() >> smooth_clip(3) >>
	// one_hot(max=8) after times became parts; text and identifier-like
	// columns are left out.
	Auto struct{}
	// Chain is preparations one after the other.
	Chain []Prep
	// Standardize subtracts the mean and divides by the standard deviation (of the population).
	Standardize struct{ Columns []string }
	// Robust subtracts the median and divides by the distance of the
	// quartiles, or half the range where that is 0 (Holzmüller et al. 2024).
	Robust struct{ Columns []string }
	// SmoothClip squeezes x to x/√(1+(x/Limit)²), inside ±Limit; 0 means 3.
	SmoothClip struct {
		Limit   float64
		Columns []string
	}
	// QuantileNormal maps the training quantiles to those of the normal distribution.
	QuantileNormal struct{ Columns []string }
	// Log1p takes log(1 + x).
	Log1p struct{ Columns []string }
	// Impute fills missing values by Strategy: "median" (also ""), "mean",
	// "most_frequent" or "constant" (Value). Flag adds a 0/1 column "a is
	// missing" where training values were missing.
	Impute struct {
		Strategy string
		Value    any // float64, string or bool
		Flag     bool
		Columns  []string
	}
	// OneHot makes a 0/1 column of each level seen in training, for
	// categories of up to Max levels (0 means 8; negative means all). A
	// missing or unseen value is all zeros. Signed makes a category of two
	// levels one column of -1 and 1, missing 0.
	OneHot struct {
		Max     int
		Signed  bool
		Columns []string
	}
	// Embed keeps categories as indices for an embedding, whatever their number of levels.
	Embed struct{ Columns []string }
	// Ordinal makes a category the number of its level, from 0.
	Ordinal struct{ Columns []string }
	// Bin makes a number a category of Bins equally filled ranges; 0 means 5.
	Bin struct {
		Bins    int
		Columns []string
	}
	// Dates makes a time its parts: year, month, day, weekday and, where clocks say something, hour.
	Dates struct{ Columns []string }
	// Drop leaves columns out.
	Drop struct{ Columns []string }
)

// Input is a column that a fitted preparation wants.
type Input struct {
	Name    string   `json:"name"`
	Type    Type     `json:"type"`
	Levels  []string `json:"levels,omitempty"`
	Shape   []int    `json:"shape,omitempty"`
	Missing int      `json:"missing,omitempty"` // in training
	// Seen tells which levels came in training; nil means all.
	Seen []bool `json:"seen,omitempty"`

	of weak.Pointer[Column] // the column in training, as long as it is there
}

// Embedding is a category that goes to the network as an index: 0 is missing
// or unseen, i+1 is Levels[i].
type Embedding struct {
	Name   string   `json:"name"`
	Levels []string `json:"levels"`
}

// Fitted is a preparation learnt from training rows: immutable, and complete
// in its JSON.
type Fitted struct {
	s fittedState
}

type fittedState struct {
	Source   string      `json:"source"`
	Inputs   []Input     `json:"inputs"`
	Steps    []step      `json:"steps"`
	Features []string    `json:"features"`
	Embeds   []Embedding `json:"embeddings,omitempty"`
	Report   []string    `json:"report"`
}

// Inputs returns the columns that Apply needs, text and dropped ones included
// only if they are used.
func (f *Fitted) Inputs() []Input { return f.s.Inputs }

// Features returns the names of the columns of Encoded.X.
func (f *Fitted) Features() []string { return f.s.Features }

// Embeddings returns the categories behind Encoded.Index.
func (f *Fitted) Embeddings() []Embedding { return f.s.Embeds }

// Report says what is done to which columns, one sentence each.
func (f *Fitted) Report() []string { return f.s.Report }

// Source is the preparation as the language spells it.
func (f *Fitted) Source() string { return f.s.Source }

// MarshalJSON writes the whole state.
func (f *Fitted) MarshalJSON() ([]byte, error) { return json.Marshal(f.s) }

// UnmarshalJSON reads what MarshalJSON wrote and checks it.
func (f *Fitted) UnmarshalJSON(b []byte) error {
	var s fittedState
	if err := json.Unmarshal(b, &s); err != nil {
		return fmt.Errorf("preparation: %w", err)
	}
	for _, in := range s.Inputs {
		if int(in.Type) >= len(typeNames) || in.Seen != nil && len(in.Seen) != len(in.Levels) {
			return fmt.Errorf("preparation: input %q is damaged", in.Name)
		}
	}
	for _, st := range s.Steps {
		if doers[st.Do] == nil && numeric[st.Do] == nil {
			return fmt.Errorf("preparation: unknown step %q; was the file written by a newer version?", st.Do)
		}
	}
	f.s = s
	return nil
}

// FitPrep learns a preparation from the training rows of the named columns.
// A nil Prep only finishes columns as Prep's comment says.
func FitPrep(p Prep, t *Table, features []string) (*Fitted, error) {
	if p == nil {
		p = Chain{}
	}
	if t.rows == 0 {
		return nil, errors.New("there are no rows to learn the preparation from")
	}
	if k, ok := p.(Kept); ok {
		return k.of(features)
	}
	u, err := t.Select(features...)
	if err != nil {
		return nil, err
	}
	w := &work{
		inputs: make([]Input, len(u.cols)), cols: draftsOf(u.cols), origin: map[string]string{}, filled: map[string]bool{},
		quartiles: map[draftKey]quartiles{},
	}
	err = each(len(u.cols), func(i int) error {
		missing, err := checkFinite(u.cols[i])
		w.inputs[i] = newInput(u.cols[i], missing)
		w.cols[i].whole = missing == 0
		return err
	})
	if err != nil {
		return nil, err
	}
	if err := p.plan(w); err != nil {
		return nil, err
	}
	if err := w.finish(); err != nil {
		return nil, err
	}
	f := &Fitted{fittedState{Source: p.Source(), Inputs: w.usedInputs(), Steps: w.steps, Report: w.report}}
	for _, c := range w.cols {
		if c.typ == Category {
			f.s.Embeds = append(f.s.Embeds, Embedding{c.name, c.levels})
			continue
		}
		f.s.Features = append(f.s.Features, featureNames(c.name, c.typ, c.Width())...)
	}
	if len(f.s.Features)+len(f.s.Embeds) == 0 {
		return nil, fmt.Errorf("no column is left as a feature: %s", strings.Join(w.report, "; "))
	}
	return f, nil
}

// mostNumber bounds numbers that are learnt from: beyond it squares are infinite.
const mostNumber = 1e150

// checkFinite refuses infinite numbers and those beyond mostNumber, and counts
// the rows without a value.
func checkFinite(c *Column) (missing int, err error) {
	if c.typ != Number {
		return c.Missing(), nil
	}
	if lo, hi, finite := lanes.Extent(c.num); finite && lo >= -mostNumber && hi <= mostNumber {
		return 0, nil
	}
	infinite, large := 0, 0
	for _, x := range c.num {
		switch {
		case x != x:
			missing++
		case x-x != 0:
			infinite++
		case x < -mostNumber || x > mostNumber:
			large++
		}
	}
	what := plural(infinite, "infinite value")
	if infinite == 0 {
		what = plural(large, "value") + " beyond 1e+150"
	}
	if infinite+large > 0 {
		return missing, fmt.Errorf("column %q has %s; a network cannot learn from them: filter those rows, or leave the column out", c.name, what)
	}
	return missing, nil
}

// featureNames are the names of the numbers that a column of a type and a
// width a row is.
func featureNames(name string, t Type, width int) []string {
	if t != Vector {
		return []string{name}
	}
	names := make([]string, width)
	for i := range names {
		names[i] = fmt.Sprintf("%s[%d]", name, i)
	}
	return names
}

// quoteAll writes names as arguments: "a", "b".
func quoteAll(names []string) string {
	q := make([]string, len(names))
	for i, n := range names {
		q[i] = fmt.Sprintf("%q", n)
	}
	return strings.Join(q, ", ")
}

// call writes name(args...) without empty arguments.
func call(name string, args ...string) string {
	var some []string
	for _, a := range args {
		if a != "" {
			some = append(some, a)
		}
	}
	return name + "(" + strings.Join(some, ", ") + ")"
}

func option(name string, set bool, value any) string {
	if !set {
		return ""
	}
	return fmt.Sprintf("%s=%v", name, value)
}

// Source implements Prep.
func (Auto) Source() string { return `"auto"` }

// Source implements Prep.
func (c Chain) Source() string {
	if len(c) == 0 {
		return "None"
	}
	parts := make([]string, len(c))
	for i, p := range c {
		parts[i] = p.Source()
	}
	return strings.Join(parts, " >> ")
}

// Source implements Prep.
func (p Standardize) Source() string { return call("standardize", quoteAll(p.Columns)) }

// Source implements Prep.
func (p Robust) Source() string { return call("robust", quoteAll(p.Columns)) }

// Source implements Prep.
func (p SmoothClip) Source() string {
	return call("smooth_clip", FormatNumber(p.limit()), quoteAll(p.Columns))
}

// Source implements Prep.
func (p QuantileNormal) Source() string { return call("quantile_normal", quoteAll(p.Columns)) }

// Source implements Prep.
func (p Log1p) Source() string { return call("log1p", quoteAll(p.Columns)) }

// Source implements Prep.
func (p Impute) Source() string {
	value := ""
	switch v := p.Value.(type) {
	case float64:
		value = "value=" + FormatNumber(v)
	case string:
		value = fmt.Sprintf("value=%q", v)
	case bool:
		value = map[bool]string{true: "value=True", false: "value=False"}[v]
	}
	return call("impute", fmt.Sprintf("%q", p.strategy()), quoteAll(p.Columns), value, option("flag", p.Flag, "True"))
}

// Source implements Prep.
func (p OneHot) Source() string {
	return call("one_hot", quoteAll(p.Columns), option("max", p.Max > 0, p.Max), option("max", p.Max < 0, "None"), option("signed", p.Signed, "True"))
}

// Source implements Prep.
func (p Embed) Source() string { return call("embed", quoteAll(p.Columns)) }

// Source implements Prep.
func (p Ordinal) Source() string { return call("ordinal", quoteAll(p.Columns)) }

// Source implements Prep.
func (p Bin) Source() string { return call("bin", fmt.Sprint(p.bins()), quoteAll(p.Columns)) }

// Source implements Prep.
func (p Dates) Source() string { return call("dates", quoteAll(p.Columns)) }

// Source implements Prep.
func (p Drop) Source() string { return call("drop", quoteAll(p.Columns)) }
