package dsl

import (
	"fmt"
	"slices"
	"strings"
	"weak"

	"go.starlark.net/starlark"

	"mlpkernel/learn"
	"mlpkernel/table"
)

// manyModels is how many models a table may score before the best of them is
// likely to be best on it by chance.
const manyModels = 10

// scored remembers which trainings each table has scored, by their target. A
// table is known as long as something else holds it; a training that is repeated
// counts once.
type scored map[weak.Pointer[table.Table]]map[string]map[learn.Fingerprint]bool

// add counts a training, and warns when a table has scored many, and again at
// each doubling.
func (s scored) add(t *table.Table, m *learn.Model) []table.Warning {
	for p := range s {
		if p.Value() == nil {
			delete(s, p)
		}
	}
	key, target := weak.Make(t), m.Settings().Target
	if s[key] == nil {
		s[key] = map[string]map[learn.Fingerprint]bool{}
	}
	named := strings.Join(target, ", ")
	if s[key][named] == nil {
		s[key][named] = map[learn.Fingerprint]bool{}
	}
	prints := s[key][named]
	if prints[m.Fingerprint()] {
		return nil
	}
	prints[m.Fingerprint()] = true
	n := len(prints)
	for n > manyModels && n%2 == 0 {
		n /= 2
	}
	if n != manyModels {
		return nil
	}
	return []table.Warning{{Name: table.WarnTestReuse, Columns: target, Message: fmt.Sprintf(
		"the same %d rows have scored %d models of %s: the best of them is best on these rows partly by chance; choose by validation= or cross_validate, and score the one chosen on rows kept for the end",
		t.Len(), len(prints), named)}}
}

func evaluate(c *Call) (v starlark.Value, err error) {
	m := recvModel(c)
	t, silence := c.rowsFor("rows", m), c.Texts("silence")
	if c.Err() != nil {
		return nil, nil
	}
	c.Release(func() {
		var e *learn.Evaluation
		if e, err = m.Evaluate(c.Context(), t); err == nil {
			v = &evaluationValue{e, m.Settings().Target}
		}
	})
	if err != nil {
		return nil, err
	}
	if warnings := c.Session().scored.add(t, m); !slices.Contains(silence, table.WarnTestReuse) {
		c.warn(warnings)
	}
	return v, nil
}
