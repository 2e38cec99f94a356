package table

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"

	"github.com/parquet-go/parquet-go"
)

// orderedGroup is a record whose fields keep their order; parquet.Group sorts them.
type orderedGroup struct {
	parquet.Group
	fields []parquet.Field
}

// Fields implements parquet.Node.
func (g orderedGroup) Fields() []parquet.Field { return g.fields }

type namedNode struct {
	parquet.Node
	name string
}

// Name implements parquet.Field.
func (n namedNode) Name() string { return n.name }

// Value implements parquet.Field; rows are written as values, so it only
// serves the schema.
func (n namedNode) Value(base reflect.Value) reflect.Value { return base.FieldByName(n.name) }

// parquetNodes by type: how a column is stored.
var parquetNodes = map[Type]func() parquet.Node{
	Number:   func() parquet.Node { return parquet.Leaf(parquet.DoubleType) },
	Category: func() parquet.Node { return parquet.Encoded(parquet.String(), &parquet.RLEDictionary) },
	Boolean:  func() parquet.Node { return parquet.Leaf(parquet.BooleanType) },
	Text:     func() parquet.Node { return parquet.String() },
	Time:     func() parquet.Node { return parquet.TimestampAdjusted(parquet.Microsecond, true) },
}

// WriteParquet writes the table, snappy-compressed; the types and levels that
// Parquet does not have are kept in its metadata. Vectors become one column a
// number, images are refused.
func (t *Table) WriteParquet(path string) (err error) {
	flat, err := t.flattened()
	if err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	g := orderedGroup{Group: parquet.Group{}}
	types := map[string]parquetType{}
	for _, c := range flat.cols {
		node := parquet.Compressed(parquet.Optional(parquetNodes[c.typ]()), &parquet.Snappy)
		g.Group[c.name] = node
		g.fields = append(g.fields, namedNode{node, c.name})
		types[c.name] = parquetType{c.typ.String(), c.levels}
	}
	meta, err := json.Marshal(types)
	if err != nil {
		return err
	}
	w := parquet.NewWriter(f, parquet.NewSchema("table", g), parquet.KeyValueMetadata(parquetKey, string(meta)))
	if err := flat.writeRows(w); err != nil {
		return err
	}
	return w.Close()
}

// flattened replaces vectors by number columns.
func (t *Table) flattened() (*Table, error) {
	var cols []*Column
	for _, c := range t.cols {
		switch c.typ {
		case Image:
			return nil, fmt.Errorf("column %q holds images, which are not written to Parquet; drop it", c.name)
		case Vector:
			for k, name := range featureNames(c.name, c.typ, c.Width()) {
				v := make([]float64, c.n)
				for i := range v {
					v[i] = float64(c.vec[i*c.shape[0]+k])
				}
				cols = append(cols, Numbers(name, v))
			}
		default:
			cols = append(cols, c)
		}
	}
	return New(cols...)
}

//lint:ignore SA1019 GenericWriter wants a Go type, and this schema is known only at run time
func (t *Table) writeRows(w *parquet.Writer) error {
	const batch = 1024
	rows := make([]parquet.Row, 0, batch)
	for i := range t.rows {
		row := make(parquet.Row, len(t.cols))
		for j, c := range t.cols {
			row[j] = parquetValue(c, i).Level(0, 1, j)
			if c.IsMissing(i) {
				row[j] = parquet.NullValue().Level(0, 0, j)
			}
		}
		if rows = append(rows, row); len(rows) == batch || i == t.rows-1 {
			if _, err := w.WriteRows(rows); err != nil {
				return err
			}
			rows = rows[:0]
		}
	}
	return nil
}

func parquetValue(c *Column, i int) parquet.Value {
	if c.IsMissing(i) {
		return parquet.NullValue()
	}
	switch c.typ {
	case Number:
		return parquet.DoubleValue(c.num[i])
	case Boolean:
		return parquet.BooleanValue(c.flags[i] == 1)
	case Time:
		return parquet.Int64Value(c.micros[i])
	}
	return parquet.ByteArrayValue([]byte(c.Format(i)))
}
