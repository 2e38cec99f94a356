package dsl

import (
	"go.starlark.net/starlark"

	"mlpkernel/learn"
	"mlpkernel/table"
)

// learntValue is the preparation that a model learnt: a record, and what another
// training may keep.
type learntValue struct {
	record
	p *table.Fitted
}

// prepOf is the preparation that a model learnt.
func prepOf(m *learn.Model) (starlark.Value, error) {
	p := m.Prep()
	var embedded []string
	for _, e := range p.Embeddings() {
		embedded = append(embedded, e.Name)
	}
	return &learntValue{*newRecord("prep", field{"source", starlark.String(p.Source())}, field{"steps", textList(p.Report())},
		field{"features", textList(p.Features())}, field{"embedded", textList(embedded)}), p}, nil
}

// prepareRows shows rows as the network gets them.
func prepareRows(c *Call) (starlark.Value, error) {
	m := recvModel(c)
	t := c.rowsFor("rows", m)
	if c.Err() != nil {
		return nil, nil
	}
	var out *table.Table
	var surprises []table.Surprise
	var err error
	c.Release(func() { out, surprises, err = m.Prep().Prepared(t) })
	if err != nil {
		return nil, c.dataError(err)
	}
	v := tableOf(out)
	for _, s := range surprises {
		v.notes = append(v.notes, s.String())
	}
	return v, nil
}
