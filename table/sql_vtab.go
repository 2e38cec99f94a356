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
	v := &sqlTable{rows: t.rows}
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
	cols []*Column
	rows int
}

// BestIndex implements vtab.Table: there is only the scan of all rows.
func (t *sqlTable) BestIndex(info *vtab.IndexInfo) error {
	info.EstimatedCost = float64(t.rows) + 1
	info.EstimatedRows = int64(t.rows) + 1
	return nil
}

// Open implements vtab.Table.
func (t *sqlTable) Open() (vtab.Cursor, error) { return &sqlCursor{t: t}, nil }

// Disconnect implements vtab.Table.
func (t *sqlTable) Disconnect() error { return nil }

// Destroy implements vtab.Table.
func (t *sqlTable) Destroy() error { return nil }

// sqlCursor is a row of a scan.
type sqlCursor struct {
	t *sqlTable
	i int
}

// Filter implements vtab.Cursor.
func (c *sqlCursor) Filter(int, string, []vtab.Value) error { c.i = 0; return nil }

// Next implements vtab.Cursor.
func (c *sqlCursor) Next() error { c.i++; return nil }

// Eof implements vtab.Cursor.
func (c *sqlCursor) Eof() bool { return c.i >= c.t.rows }

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
