package headless

import (
	"bytes"
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"html"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// Verdict is what Verify found of one code cell.
type Verdict struct {
	Cell   *Cell
	Number int // among the code cells that run, from 1
	Status Status
	// Diff tells how a Different cell differs, a few readable lines.
	Diff string
}

// Status is the outcome of one cell.
type Status string

// The outcomes of a cell.
const (
	Same      Status = "same"
	Different Status = "different"
	Ignored   Status = "not compared" // tagged nbval-ignore-output
	Failed    Status = "failed"
)

const ignoreTag = "nbval-ignore-output"

// Verify runs a notebook in a fresh process and compares every cell's outputs
// with the stored ones, which nb keeps; fresh is the notebook with the new
// ones. The error is Run's.
func Verify(ctx context.Context, nb *Notebook, o Options) (verdicts []Verdict, fresh *Notebook, err error) {
	fresh, err = Decode(nb.Encode())
	if err != nil {
		return nil, nil, err
	}
	err = Run(ctx, fresh, o)
	var failed *CellError
	errors.As(err, &failed)
	for i, stored := range nb.Cells {
		if !stored.runs() {
			continue
		}
		v := Verdict{Cell: stored, Number: len(verdicts) + 1}
		switch {
		case failed != nil && i == failed.Index:
			v.Status = Failed
			return append(verdicts, v), fresh, err
		case err != nil && failed == nil:
			return nil, fresh, err
		case stored.Tagged(ignoreTag):
			v.Status = Ignored
		default:
			v.Diff = compareCells(stored, fresh.Cells[i])
			v.Status = Same
			if v.Diff != "" {
				v.Status = Different
			}
		}
		verdicts = append(verdicts, v)
	}
	return verdicts, fresh, err
}

// compareCells tells how the outputs of two runs of a cell differ, "" if not.
func compareCells(stored, fresh *Cell) string {
	if len(stored.Outputs) == 0 && stored.Count == 0 {
		return "the cell was never run: the notebook holds no outputs of it"
	}
	a, b := shown(stored.Outputs), shown(fresh.Outputs)
	for i := range max(len(a), len(b)) {
		switch {
		case i >= len(a):
			return fmt.Sprintf("output %d is new: %s", i+1, b[i].summary())
		case i >= len(b):
			return fmt.Sprintf("output %d is gone: %s", i+1, a[i].summary())
		}
		if d := compareOutputs(a[i], b[i]); d != "" {
			return fmt.Sprintf("output %d: %s", i+1, d)
		}
	}
	return ""
}

// shown returns outputs as a front end shows them: one stream where there are
// consecutive pieces of it.
func shown(outputs []*Output) (list []*Output) {
	for _, o := range outputs {
		if o.Type != Stream {
			list = append(list, o)
			continue
		}
		if n := len(list); n > 0 && list[n-1].Type == Stream && list[n-1].Name == o.Name {
			list[n-1].Text += o.Text
			continue
		}
		list = append(list, &Output{Type: Stream, Name: o.Name, Text: o.Text})
	}
	for _, o := range list {
		if o.Type == Stream {
			o.Text = screened(o.Text)
		}
	}
	return list
}

func (o *Output) summary() string {
	switch o.Type {
	case Stream:
		return o.Name + " " + excerpt(strings.SplitN(o.Text, "\n", 2)[0])
	case ErrorOutput:
		return o.EName + ": " + excerpt(o.EValue)
	}
	return strings.Join(slices.Sorted(maps.Keys(o.Data)), ", ")
}

// kind is an output's type as far as a comparison cares.
func (o *Output) kind() string {
	switch o.Type {
	case Stream:
		return o.Name
	case DisplayData, ExecuteResult:
		return "value"
	}
	return o.Type
}

func compareOutputs(stored, fresh *Output) string {
	if stored.kind() != fresh.kind() {
		return fmt.Sprintf("was %s (%s), is %s (%s)", stored.kind(), stored.summary(), fresh.kind(), fresh.summary())
	}
	leaveOut := leavingOut(stored.volatile(), fresh.volatile())
	switch stored.Type {
	case Stream:
		return diff(stored.Text, fresh.Text)
	case ErrorOutput:
		return diff(stored.EName+": "+stored.EValue, fresh.EName+": "+fresh.EValue)
	}
	a, b := slices.Sorted(maps.Keys(stored.Data)), slices.Sorted(maps.Keys(fresh.Data))
	if !slices.Equal(a, b) {
		return "representations\n" + diff(strings.Join(a, "\n"), strings.Join(b, "\n"))
	}
	// Texts first: they say more about the difference than pictures do.
	slices.SortStableFunc(a, func(x, y string) int { return cmp.Compare(rank(x), rank(y)) })
	for _, mime := range a {
		if d := compareContents(mime, stored.Data[mime], fresh.Data[mime], leaveOut); d != "" {
			return mime + "\n" + d
		}
	}
	return ""
}

// rank orders representations by how well a difference in them reads.
func rank(mime string) int {
	if i := slices.Index([]string{"text/plain", "text/markdown", "text/html", "text/latex"}, mime); i >= 0 {
		return i
	}
	return 4
}

func compareContents(mime string, stored, fresh any, leaveOut func(string) string) string {
	a, isA := stored.(string)
	b, isB := fresh.(string)
	switch {
	case !isA || !isB:
		if a, b := leaveOut(pretty(stored)), leaveOut(pretty(fresh)); a != b {
			return diff(a, b)
		}
		return ""
	case isText(mime):
		if a, b = leaveOut(a), leaveOut(b); a != b {
			return diff(a, b)
		}
		return ""
	}
	return compareBytes(a, b)
}

// compareBytes compares contents in base64, whatever their line breaks.
func compareBytes(a, b string) string {
	x, errA := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(a), ""))
	y, errB := base64.StdEncoding.DecodeString(strings.Join(strings.Fields(b), ""))
	if errA != nil || errB != nil {
		return diff(a, b)
	}
	if bytes.Equal(x, y) {
		return ""
	}
	at := 0
	for at < min(len(x), len(y)) && x[at] == y[at] {
		at++
	}
	return fmt.Sprintf("    %d bytes were stored, %d bytes came; they differ from byte %d on", len(x), len(y), at)
}

// pretty writes a JSON value with sorted keys.
func pretty(v any) string {
	w := pythonJSON{}
	w.value(v, 0)
	return w.String()
}

// mark stands for a volatile piece in texts that are compared.
const mark = "\u2592"

var besideMark = pattern(`[ \t]*` + mark + `[ \t]*`)

// leavingOut returns a function that replaces the pieces of volatile texts.
func leavingOut(lists ...[]string) func(string) string {
	var pieces []string
	for _, p := range slices.Concat(lists...) {
		pieces = append(pieces, p)
		if e := html.EscapeString(p); e != p {
			pieces = append(pieces, e)
		}
	}
	if len(pieces) == 0 {
		return func(s string) string { return s }
	}
	slices.SortStableFunc(pieces, func(a, b string) int { return cmp.Compare(len(b), len(a)) })
	var pairs []string
	for _, p := range pieces {
		pairs = append(pairs, p, mark)
	}
	replacer := strings.NewReplacer(pairs...) // of the pieces that fit, it takes the first in the list
	return func(s string) string { return besideMark().ReplaceAllString(replacer.Replace(s), mark) }
}

// differs tells whether a notebook has to be written anew.
func differs(verdicts []Verdict) bool {
	return slices.ContainsFunc(verdicts, func(v Verdict) bool { return v.Status == Different })
}

// adopt takes the outputs of the cells that differ from a fresh run, together
// with the counts of all, and leaves the rest of the notebook alone.
func (nb *Notebook) adopt(fresh *Notebook, verdicts []Verdict) {
	for _, v := range verdicts {
		i := slices.Index(nb.Cells, v.Cell)
		nb.Cells[i].Count = fresh.Cells[i].Count
		if v.Status == Different {
			nb.Cells[i].Outputs = fresh.Cells[i].Outputs
		}
	}
	if !reflect.DeepEqual(nb.Metadata["language_info"], fresh.Metadata["language_info"]) {
		nb.Metadata["language_info"] = fresh.Metadata["language_info"]
	}
}
