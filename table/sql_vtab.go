package table

import (
	"fmt"
	"strings"

	"modernc.org/sqlite/vtab"
)

// vtabModule is the name of the SQLite module that serves tables in place.
const vtabModule = "mlptable"

// sqlModule makes virtual tables; its argument is the key of a table of the engine.
type sqlModule struct{ e *sqlEngine }

func vtabModuleOf(e *sqlEngine) vtab.Module { return sqlModule{e} }

// sqlTypes are the declared types: the driver turns passed-through booleans
// and times back by them.
var sqlTypes = map[Type]string{Number: "real", Category: "text", Boolean: "boolean", Text: "text", Time: "timestamp"}

// Create implements vtab.Module.
func (m sqlModule) Create(ctx vtab.Context, args []string) (vtab.Table, error) {
	m.e.mu.Lock()
	t := m.e.tables[args[len(args)-1]]
	m.e.mu.Unlock()
	if t == nil {
		return nil, fmt.Errorf("unknown table %q", args)
	}
	v := &sqlTable{rows: t.rows, indices: map[int]*sqlIndex{}}
	var decl []string
	for _, c := range t.cols {
		if typ, ok := sqlTypes[c.typ]; ok {
			decl = append(decl, quoteName(c.name)+" "+typ)
			v.cols = append(v.cols, c)
		}
	}
	if len(decl) == 0 {
		return nil, fmt.Errorf("the table has no column that SQL can see")
	}
	return v, ctx.Declare("create table x(" + strings.Join(decl, ", ") + ")")
}

// Connect implements vtab.Module.
func (m sqlModule) Connect(ctx vtab.Context, args []string) (vtab.Table, error) {
	return m.Create(ctx, args)
}

// sqlTable is columns as SQLite sees them.
type sqlTable struct {
	cols    []*Column
	rows    int
	indices map[int]*sqlIndex // by column, made when first looked into
}

// BestIndex implements vtab.Table: rows of one value of a column are found by
// an index, the others by the scan of all rows. SQLite checks again what it is
// given.
func (t *sqlTable) BestIndex(info *vtab.IndexInfo) error {
	best, bestRows := -1, int64(t.rows)+1
	for i, c := range info.Constraints {
		if !c.Usable || c.Op != vtab.OpEQ || c.Column < 0 || c.Column >= len(t.cols) {
			continue
		}
		if n := t.expectedRows(c.Column); n < bestRows {
			best, bestRows = i, n
		}
	}
	if best >= 0 {
		info.Constraints[best].ArgIndex = 0
		info.IdxNum = int64(info.Constraints[best].Column) + 1
	}
	info.EstimatedCost, info.EstimatedRows = float64(bestRows), bestRows
	return nil
}

// expectedRows guesses how many rows have one value of a column.
func (t *sqlTable) expectedRows(column int) int64 {
	const values = 200 // of a number or text
	n := values
	switch c := t.cols[column]; c.typ {
	case Category:
		n = max(1, len(c.levels))
	case Boolean:
		n = 2
	}
	return int64(t.rows/n) + 1
}

// Open implements vtab.Table.
func (t *sqlTable) Open() (vtab.Cursor, error) { return &sqlCursor{t: t}, nil }

// Disconnect implements vtab.Table.
func (t *sqlTable) Disconnect() error { return nil }

// Destroy implements vtab.Table.
func (t *sqlTable) Destroy() error { return nil }

// sqlCursor is a row of a scan, or of the rows that an index found.
type sqlCursor struct {
	t    *sqlTable
	i    int     // row
	rest []int32 // the rows after it; nil in a scan
	end  int     // of the scan
}

// Filter implements vtab.Cursor.
func (c *sqlCursor) Filter(plan int, _ string, values []vtab.Value) error {
	c.i, c.rest, c.end = 0, nil, c.t.rows
	if plan == 0 || len(values) != 1 {
		return nil
	}
	if rows, ok := c.t.index(plan - 1).find(values[0]); ok {
		c.rest, c.end = rows, 0
		return c.Next()
	}
	return nil
}

// Next implements vtab.Cursor.
func (c *sqlCursor) Next() error {
	switch {
	case c.end > 0:
		c.i++
	case len(c.rest) > 0:
		c.i, c.rest = int(c.rest[0]), c.rest[1:]
	default:
		c.i = -1
	}
	return nil
}

// Eof implements vtab.Cursor.
func (c *sqlCursor) Eof() bool { return c.i < 0 || c.end > 0 && c.i >= c.end || c.t.rows == 0 }

// Column implements vtab.Cursor.
func (c *sqlCursor) Column(j int) (vtab.Value, error) {
	col := c.t.cols[j]
	if col.IsMissing(c.i) {
		return nil, nil
	}
	switch col.typ {
	case Number:
		return col.num[c.i], nil
	case Boolean:
		return int64(col.flags[c.i]), nil
	}
	return col.Format(c.i), nil
}

// Rowid implements vtab.Cursor.
func (c *sqlCursor) Rowid() (int64, error) { return int64(c.i), nil }

// Close implements vtab.Cursor.
func (c *sqlCursor) Close() error { return nil }
