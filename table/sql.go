package table

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"math"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	"modernc.org/sqlite"
)

// SQLOptions says what a query sees.
type SQLOptions struct {
	Tables map[string]*Table // by the name that the query uses; not copied
	File   string            // a .sqlite file, opened read-only; "" for none
	Args   []any             // values for ? in the query: float64, int64, string, bool, time.Time or nil
}

// SQL answers a query in the SQL of SQLite: joins, window functions, common
// table expressions and so on, with stddev, variance, median and
// quantile(x, share) besides SQLite's aggregates. Times are text such as
// "2024-12-31" in it, booleans 0 and 1; columns that are passed through keep
// their type. Vectors and images are left out. Cancelling ctx ends the query.
func SQL(ctx context.Context, query string, o SQLOptions) (*Table, error) {
	e, err := engine()
	if err != nil {
		return nil, err
	}
	conn, err := e.open(o.File)
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	release, err := e.attach(ctx, conn, o.Tables)
	defer release()
	if err != nil {
		return nil, err
	}
	t, err := runQuery(ctx, conn, query, o.Args)
	if err != nil && ctx.Err() != nil {
		return nil, ctx.Err()
	}
	if err != nil {
		return nil, sqlError(conn, err, query, o.Tables)
	}
	return t, nil
}

// SQLiteTables lists the tables and views of a .sqlite file.
func SQLiteTables(ctx context.Context, path string) ([]string, error) {
	t, err := SQL(ctx, "select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite_%' order by name", SQLOptions{File: path})
	if err != nil {
		return nil, err
	}
	names := make([]string, t.rows)
	for i := range names {
		names[i] = t.cols[0].Format(i)
	}
	return names, nil
}

// sqlEngine is the SQLite driver with our functions and the tables of the
// queries that run. There is one a process, made at the first query, since the
// driver keeps its modules for the life of the process.
type sqlEngine struct {
	driver *sqlite.Driver
	mu     sync.Mutex
	tables map[string]*Table // by the argument of create virtual table
	next   int
}

var engine = sync.OnceValues(newEngine)

func newEngine() (*sqlEngine, error) {
	e := &sqlEngine{driver: &sqlite.Driver{}, tables: map[string]*Table{}}
	for _, a := range sqlAggregates {
		impl := &sqlite.FunctionImpl{NArgs: a.args, Deterministic: true, MakeAggregate: func(sqlite.FunctionContext) (sqlite.AggregateFunction, error) {
			return &sqlAggregate{final: a.final}, nil
		}}
		if err := e.driver.RegisterFunction(a.name, impl); err != nil {
			return nil, err
		}
	}
	return e, e.driver.RegisterModule(vtabModule, vtabModuleOf(e))
}

// open connects to a file read-only, or to an empty database in memory.
func (e *sqlEngine) open(path string) (driver.Conn, error) {
	if path == "" {
		return e.driver.Open(":memory:")
	}
	if _, err := os.Stat(path); err != nil {
		if errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("there is no file %q", path)
		}
		return nil, err
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return nil, err
	}
	slashed := filepath.ToSlash(abs)
	if !strings.HasPrefix(slashed, "/") {
		slashed = "/" + slashed // C:/... of Windows
	}
	u := url.URL{Scheme: "file", Path: slashed, RawQuery: "mode=ro"}
	conn, err := e.driver.Open(u.String())
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return conn, nil
}

// attach makes virtual tables; release forgets them.
func (e *sqlEngine) attach(ctx context.Context, conn driver.Conn, tables map[string]*Table) (release func(), err error) {
	var keys []string
	release = func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		for _, k := range keys {
			delete(e.tables, k)
		}
	}
	exec, ok := conn.(driver.ExecerContext)
	if !ok {
		return release, errors.New("sql: the driver cannot execute")
	}
	for _, name := range sortedKeys(tables) {
		e.mu.Lock()
		e.next++
		key := fmt.Sprintf("t%d", e.next)
		e.tables[key] = tables[name]
		e.mu.Unlock()
		keys = append(keys, key)
		create := fmt.Sprintf("create virtual table temp.%s using %s(%s)", quoteName(name), vtabModule, key)
		if _, err := exec.ExecContext(ctx, create, nil); err != nil {
			return release, fmt.Errorf("sql: table %q: %w", name, err)
		}
	}
	return release, nil
}

func quoteName(s string) string { return `"` + strings.ReplaceAll(s, `"`, `""`) + `"` }

func runQuery(ctx context.Context, conn driver.Conn, query string, args []any) (*Table, error) {
	q, ok := conn.(driver.QueryerContext)
	if !ok {
		return nil, errors.New("the driver cannot query")
	}
	named := make([]driver.NamedValue, len(args))
	for i, a := range args {
		switch v := a.(type) {
		case bool:
			a = int64(flag(v))
		case int:
			a = int64(v)
		case time.Time:
			a = formatTime(v.UnixMicro())
		}
		named[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
	}
	rows, err := q.QueryContext(ctx, query, named)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	names := rows.Columns()
	if len(names) == 0 {
		return nil, errors.New("the statement gives no rows; queries begin with select or with")
	}
	cols := make([]resultColumn, len(names))
	row := make([]driver.Value, len(names))
	for n := 0; ; n++ {
		if err := rows.Next(row); err == io.EOF {
			break
		} else if err != nil {
			return nil, err
		}
		for j, v := range row {
			if err := cols[j].add(n, v); err != nil {
				return nil, fmt.Errorf("column %q, row %d: %w", names[j], n, err)
			}
		}
	}
	f := &csvFile{report: &CSVReport{}}
	out := make([]*Column, len(names))
	for j, name := range f.uniqueNames(names) {
		if out[j], err = cols[j].column(name); err != nil {
			return nil, err
		}
		if types, ok := rows.(driver.RowsColumnTypeDatabaseTypeName); ok && types.ColumnTypeDatabaseTypeName(j) == "BOOLEAN" && zeroOne(out[j]) {
			if out[j], err = out[j].To(Boolean); err != nil {
				return nil, err
			}
		}
	}
	return New(out...)
}

// resultColumn collects a column of a result: numbers while all values are
// numbers, else the values as they come.
type resultColumn struct {
	num    []float64
	values []any // nil while all are numbers
}

func (r *resultColumn) add(row int, v driver.Value) error {
	switch x := v.(type) {
	case int64:
		if x > 1<<53 || x < -1<<53 {
			v = fmt.Sprint(x) // would lose digits as a number
		} else {
			v = float64(x)
		}
	case []byte:
		return errors.New("binary values do not fit a table; leave the column out, or use hex()")
	}
	if f, ok := v.(float64); ok && r.values == nil {
		r.num = append(r.num, f)
		return nil
	}
	if v == nil && r.values == nil {
		r.num = append(r.num, math.NaN())
		return nil
	}
	if r.values == nil {
		r.values = make([]any, row, cap(r.num))
		for i, f := range r.num {
			if f == f {
				r.values[i] = f
			}
		}
		r.num = nil
	}
	r.values = append(r.values, v)
	return nil
}

func (r *resultColumn) column(name string) (*Column, error) {
	if r.values == nil {
		return Numbers(name, r.num), nil
	}
	if kind, err := valuesKind(name, r.values); err == nil && kind != Text {
		return FromValues(name, r.values)
	}
	for i, v := range r.values { // SQLite lets text and numbers mix
		switch x := v.(type) {
		case float64:
			r.values[i] = FormatNumber(x)
		case bool:
			r.values[i] = map[bool]string{true: "True", false: "False"}[x]
		case time.Time:
			r.values[i] = formatTime(x.UnixMicro())
		}
	}
	return stringsFromValues(name, r.values), nil
}
