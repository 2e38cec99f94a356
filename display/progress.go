package display

import (
	"fmt"
	"strings"
)

// Measure is one named number of a Progress line.
type Measure struct {
	Name  string
	Value float64
}

// Progress is the state of a running task.
type Progress struct {
	// Unit names what is counted ("epoch"), Done of Total are done; a Total of 0
	// is not known.
	Unit        string
	Done, Total int
	Measures    []Measure
	// Note ends the line: "early stopping: best epoch 12".
	Note string
}

// Line returns the progress as one line of text without a line break:
// "epoch 12/50  loss 0.310  val 0.350".
func (p Progress) Line() string {
	done := fmt.Sprint(p.Done)
	if p.Total > 0 {
		total := fmt.Sprint(p.Total)
		done = fmt.Sprintf("%*s/%s", len(total), done, total)
	}
	parts := []string{strings.TrimSpace(p.Unit + " " + done)}
	for _, m := range p.Measures {
		parts = append(parts, m.Name+" "+number(m.Value))
	}
	if p.Note != "" {
		parts = append(parts, p.Note)
	}
	return oneLine(strings.Join(parts, "  "))
}
