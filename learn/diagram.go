package learn

import (
	"fmt"

	"mlpkernel/nn"
)

// Diagram is a network as columns of units, for a drawing.
type Diagram struct {
	Columns []Column
	// Weights[k] are those from column k to column k+1, units × inputs; nil
	// where that is no plain dense layer, or without parameters.
	Weights    [][]float64
	Parameters int
}

// Column is one column of units.
type Column struct {
	Layer   string // "input", "dense_1"
	Units   int
	Notes   []string // "relu", "dropout 0.5"
	Labels  []string // names of features or outputs; nil
	Dropout string   // the dropout layer that thins this column; ""
	Skip    int      // an arc to the column so many places on; 0: none
}

// Diagram gives the model's drawing.
func (m *Model) Diagram() Diagram {
	d := PlanDiagram(m.plan, m.state.Params)
	if len(m.Features()) == d.Columns[0].Units {
		d.Columns[0].Labels = m.Features()
	}
	if last := &d.Columns[len(d.Columns)-1]; last.Units <= len(m.outputNames()) {
		names := m.outputNames()
		last.Labels = names[len(names)-last.Units:]
	}
	return d
}

// PlanDiagram gives a plan's drawing; params may be nil.
func PlanDiagram(p *nn.Plan, params []float64) Diagram {
	d := Diagram{Columns: []Column{{Layer: "input", Units: p.Widths[0]}}}
	column := map[int]int{0: 0} // of each buffer
	for _, s := range p.Steps {
		from := column[s.In]
		switch s.Op {
		case nn.OpDense:
			c := Column{Layer: s.Layer, Units: p.Widths[s.Out]}
			if !s.Act.Linear() {
				c.Notes = []string{s.Act.String()}
			}
			d.extend(c, denseWeights(p, s, params), from)
		case nn.OpEmbed:
			d.extend(Column{Layer: s.Layer, Units: p.Widths[s.Out], Notes: []string{"embedding"}}, nil, from)
		case nn.OpAdd:
			d.Columns[from].Skip = max(d.Columns[from].Skip, column[s.In2]-from)
			column[s.Out] = column[s.In2]
			continue
		case nn.OpDropout:
			d.Columns[from].Dropout = s.Layer
			d.annotate(from, "dropout "+s.Rate.String())
			column[s.Out] = from
			continue
		case nn.OpActivation:
			d.annotate(from, s.Act.String())
			column[s.Out] = from
			continue
		default:
			d.annotate(from, s.Op.String())
			column[s.Out] = from
			continue
		}
		column[s.Out] = len(d.Columns) - 1
	}
	if !p.Head.Act.Linear() {
		d.annotate(column[p.Logits], p.Head.Act.String())
	}
	_, d.Parameters, _ = layerSummaries(p)
	return d
}

func (d *Diagram) annotate(column int, note string) {
	c := &d.Columns[column]
	c.Notes = append(c.Notes, note)
}

// extend appends a column. Weights are kept if they come from the column just
// before.
func (d *Diagram) extend(c Column, weights []float64, from int) {
	if from != len(d.Columns)-1 {
		weights = nil
	}
	d.Columns = append(d.Columns, c)
	d.Weights = append(d.Weights, weights)
}

func denseWeights(p *nn.Plan, s nn.Step, params []float64) []float64 {
	if params == nil {
		return nil
	}
	return p.Blocks[s.W].Of(params)
}

// String lists the columns: "input 4 -> dense_1 8 (tanh) -> output 1 (sigmoid)".
func (d Diagram) String() string {
	text := ""
	for _, c := range d.Columns {
		part := fmt.Sprintf("%s %d", c.Layer, c.Units)
		notes := ""
		for _, n := range c.Notes {
			notes = joined(notes, n, ", ")
		}
		if notes != "" {
			part += " (" + notes + ")"
		}
		text = joined(text, part, " -> ")
	}
	return text
}
