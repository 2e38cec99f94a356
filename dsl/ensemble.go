package dsl

import (
	"fmt"

	"go.starlark.net/starlark"

	"mlpkernel/display"
	"mlpkernel/learn"
	"mlpkernel/table"
)

// ensembleValue is models whose answers are averaged.
type ensembleValue struct{ e *learn.Ensemble }

func (e *ensembleValue) String() string {
	return fmt.Sprintf("<ensemble of %d models>", len(e.e.Models))
}
func (e *ensembleValue) Type() string          { return "ensemble" }
func (e *ensembleValue) Freeze()               {}
func (e *ensembleValue) Truth() starlark.Bool  { return true }
func (e *ensembleValue) Hash() (uint32, error) { return 0, Errorf("TypeError", "unhashable: ensemble") }

// Bundle shows the members' last scores and notes.
func (e *ensembleValue) Bundle() display.Bundle {
	m := e.e.Models[0]
	name := m.Network().String()
	v := display.RecordView{Name: name, Notes: e.e.Notes, Fields: []display.Field{
		{Name: "members", Value: fmt.Sprint(len(e.e.Models))},
		{Name: "parameters", Value: fmt.Sprintf("%d each", len(m.Params()))},
	}}
	for _, s := range e.e.Final() {
		v.Fields = append(v.Fields, display.Field{Name: s.Name, Value: spread(s.Mean, s.Std)})
	}
	return v.Bundle()
}

// Attr gives .models and the methods.
func (e *ensembleValue) Attr(name string) (starlark.Value, error) {
	if name == "models" {
		var out []starlark.Value
		for _, m := range e.e.Models {
			out = append(out, &modelValue{m})
		}
		return starlark.NewList(out), nil
	}
	return ensembleMethods.attr(e, name)
}

func (e *ensembleValue) AttrNames() []string {
	return append([]string{"models"}, ensembleMethods.names...)
}

var ensembleMethods = newMethods([]Def{
	{Sig: "evaluate(rows)", Doc: "Scores the mean of the members' answers.", Fn: ensembleRows(func(c *Call, e *learn.Ensemble, t *table.Table) (starlark.Value, error) {
		ev, err := e.Evaluate(c.Context(), t)
		if err != nil {
			return nil, err
		}
		return &evaluationValue{ev, e.Models[0].Settings().Target}, nil
	})},
	{Sig: "predict(rows, probabilities=False)", Doc: "Predicts by the mean of the members' answers.", Fn: ensembleRows(func(c *Call, e *learn.Ensemble, t *table.Table) (starlark.Value, error) {
		if c.Bool("probabilities", false) {
			return c.predicted(e.Probabilities(c.Context(), t))
		}
		return c.predicted(e.Predict(c.Context(), t))
	})},
	{Sig: "spread(rows)", Doc: "Mean and spread of the members' answers.", Fn: ensembleRows(func(c *Call, e *learn.Ensemble, t *table.Table) (starlark.Value, error) {
		s, err := e.Spread(c.Context(), t)
		if err != nil {
			return nil, err
		}
		return tableOf(s.Table), nil
	})},
})

func ensembleRows(f func(c *Call, e *learn.Ensemble, t *table.Table) (starlark.Value, error)) func(c *Call) (starlark.Value, error) {
	return func(c *Call) (v starlark.Value, err error) {
		t := c.rowsFor("rows", c.Recv.(*ensembleValue).e.Models...)
		if c.Err() != nil {
			return nil, nil
		}
		c.Release(func() { v, err = f(c, c.Recv.(*ensembleValue).e, t) })
		return v, err
	}
}
