package table

import (
	"errors"
	"fmt"
	"slices"
)

// Kept is a preparation that was learnt before, taken as it is: FitPrep learns
// nothing from the rows, which must have its columns.
type Kept struct{ *Fitted }

// Source implements Prep. No text says what was learnt.
func (Kept) Source() string { return "…" }

func (Kept) plan(*work) error {
	return errors.New("a preparation learnt before stands alone; chain steps that are not yet learnt")
}

// Columns are the names of the columns that the preparation takes.
func (f *Fitted) Columns() []string {
	names := make([]string, len(f.s.Inputs))
	for i, in := range f.s.Inputs {
		names[i] = in.Name
	}
	return names
}

// Measures tells whether what numbers become depends on the training rows.
func (f *Fitted) Measures() bool {
	return slices.ContainsFunc(f.s.Steps, func(s step) bool { return s.Do == "scale" || s.Do == "normal" || s.Do == "bin" })
}

// of gives the preparation for features, which must be its columns.
func (k Kept) of(features []string) (*Fitted, error) {
	for _, c := range k.Columns() {
		if !slices.Contains(features, c) {
			return nil, fmt.Errorf("the preparation was learnt with column %q, which is no feature here", c)
		}
	}
	for _, c := range features {
		if !slices.Contains(k.Columns(), c) {
			return nil, fmt.Errorf("the preparation was learnt without column %q; leave it out of the features", c)
		}
	}
	return k.Fitted, nil
}
