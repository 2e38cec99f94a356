package dsl

import (
	"fmt"
	"math"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"mlpkernel/display"
	"mlpkernel/dsl/array"
	"mlpkernel/table"
)

// columnValue is a column in a cell. It does not change. A column of whole
// numbers hands them out as such.
type columnValue struct {
	c     *table.Column
	whole bool
}

// columnOf makes a column a value of a cell.
func columnOf(c *table.Column) *columnValue { return &columnValue{c, wholeNumbers(c)} }

// wholeNumbers tells whether all numbers of a column are whole.
func wholeNumbers(c *table.Column) bool {
	for _, x := range c.Floats() {
		if x == x && (x != math.Trunc(x) || math.Abs(x) > maxWhole) {
			return false
		}
	}
	return c.Type() == table.Number
}

var (
	_ starlark.HasAttrs  = (*columnValue)(nil)
	_ starlark.Mapping   = (*columnValue)(nil)
	_ starlark.Container = (*columnValue)(nil)
	_ starlark.HasSetKey = (*columnValue)(nil)
	_ starlark.Sliceable = (*columnValue)(nil)
	_ starlark.Sequence  = (*columnValue)(nil)
	_ starlark.HasBinary = (*columnValue)(nil)
	_ starlark.HasUnary  = (*columnValue)(nil)
	_ Elementwise        = (*columnValue)(nil)
	_ Powerful           = (*columnValue)(nil)
	_ Mathematical       = (*columnValue)(nil)
	_ array.Arrayer      = (*columnValue)(nil)
	_ display.Bundler    = (*columnValue)(nil)
	_ Documented         = (*columnValue)(nil)
)

func (v *columnValue) Type() string { return "column" }
func (v *columnValue) Freeze()      {}
func (v *columnValue) Hash() (uint32, error) {
	return 0, Errorf("TypeError", "a column cannot be a key of a dictionary")
}

// Truth panics, as that of arrays: a column has no one truth.
func (v *columnValue) Truth() starlark.Bool {
	panic(Errorf("ValueError", "the truth of a column of %s is not one value; combine comparisons by & | ~ in parentheses, (a > 1) & (b < 2), or use .any() or .all()", count(v.Len(), "row", "rows")))
}

// String is short, as columns stand in lists; Str is what print shows.
func (v *columnValue) String() string { return fmt.Sprintf("column(%q, %s)", v.c.Name(), v.facts()) }

// facts are type, length and missing values.
func (v *columnValue) facts() string {
	s := typeText(v.c) + ", " + v.Size()
	if m := v.c.Missing(); m > 0 {
		s += fmt.Sprintf(", %d missing", m)
	}
	return s
}

// Str is the first and last values.
func (v *columnValue) Str() string {
	rows, head := shownRows(v.Len())
	var parts []string
	for k, i := range rows {
		if k == head {
			parts = append(parts, "…")
		}
		s := v.c.FormatShort(i)
		if v.c.IsMissing(i) {
			s = "missing"
		}
		parts = append(parts, s)
	}
	return fmt.Sprintf("%s (%s): %s", v.c.Name(), v.facts(), strings.Join(parts, ", "))
}

// Size is for the list of variables.
func (v *columnValue) Size() string { return count(v.Len(), "row", "rows") }

// Len is the number of rows.
func (v *columnValue) Len() int { return v.c.Len() }

// Index is the value of a row, None where it is missing.
func (v *columnValue) Index(i int) starlark.Value {
	switch x := v.c.Value(i).(type) {
	case []float32:
		return arrayOf(x, v.c.Shape())
	case []byte:
		return arrayOf(x, v.c.Shape())
	default:
		return v.value(x)
	}
}

// value is a value of the column as a cell sees it.
func (v *columnValue) value(x any) starlark.Value {
	if f, ok := x.(float64); ok && v.whole {
		return wholeNumber(f)
	}
	return cellValue(x)
}

// arrayOf makes an array of a vector or of an image's pixels.
func arrayOf[T float32 | byte](x []T, shape []int) starlark.Value {
	data := make([]float64, len(x))
	for i, e := range x {
		data[i] = float64(e)
	}
	a, err := array.New(shape, data)
	if err != nil {
		return starlark.None // the column's own shape always fits
	}
	return a
}

// Slice is rows.
func (v *columnValue) Slice(start, end, step int) starlark.Value {
	if step == 1 {
		return columnOf(v.c.Slice(start, max(start, end)))
	}
	return columnOf(v.c.Take(steps(start, end, step)))
}

// Iterate goes over the values.
func (v *columnValue) Iterate() starlark.Iterator { return &indexIterator{of: v} }

// Get is c[3], c[mask], c[[0, 5]].
func (v *columnValue) Get(key starlark.Value) (starlark.Value, bool, error) {
	if _, ok := key.(starlark.Int); ok {
		i, err := position(key, v.Len(), "column")
		if err != nil {
			return nil, false, err
		}
		return v.Index(i), true, nil
	}
	if _, ok := starlark.AsString(key); ok {
		return nil, false, Errorf("TypeError", "a column is asked for row numbers, got %s; t[%s] takes a column of a table", describe(key), key)
	}
	rows, err := rowsOf(key, v.Len())
	if err != nil {
		return nil, false, err
	}
	return columnOf(v.c.Take(rows)), true, nil
}

// Has tells whether a value is in the column.
func (v *columnValue) Has(key starlark.Value) (bool, error) {
	x, ok := goValue(key)
	if !ok {
		return false, Errorf("TypeError", "in asks a column for one of its values, got %s", describe(key))
	}
	if x == nil {
		return v.c.Missing() > 0, nil
	}
	mask, err := v.c.IsIn([]any{x})
	if err != nil {
		return false, nil // a value of another type is not in it
	}
	for _, f := range mask.Flags() {
		if f == 1 {
			return true, nil
		}
	}
	return false, nil
}

// SetKey refuses to change the column and says what to write.
func (v *columnValue) SetKey(_, _ starlark.Value) error {
	return Errorf("TypeError", "a column does not change; c.map(f) and c.fill(value) give new ones, and t.assign({%q: …}) puts one in a table", v.c.Name())
}

// operators of columns by token, as table.Binary writes them.
var columnOperators = map[syntax.Token]string{
	syntax.PLUS: "+", syntax.MINUS: "-", syntax.STAR: "*", syntax.SLASH: "/", syntax.SLASHSLASH: "//", syntax.PERCENT: "%",
	syntax.AMP: "&", syntax.PIPE: "|", syntax.STARSTAR: "**",
	syntax.EQL: "==", syntax.NEQ: "!=", syntax.LT: "<", syntax.LE: "<=", syntax.GT: ">", syntax.GE: ">=",
}

// Binary is arithmetic and & | row by row.
func (v *columnValue) Binary(op syntax.Token, y starlark.Value, side starlark.Side) (starlark.Value, error) {
	sign := columnOperators[op]
	if sign == "" {
		return nil, nil
	}
	return v.combine(sign, y, side == starlark.Left)
}

// Compare compares row by row.
func (v *columnValue) Compare(op syntax.Token, y starlark.Value, left bool) (starlark.Value, error) {
	return v.combine(columnOperators[op], y, left)
}

// Power is v ** y, or y ** v.
func (v *columnValue) Power(y starlark.Value, left bool) (starlark.Value, error) {
	return v.combine("**", y, left)
}

func (v *columnValue) combine(sign string, y starlark.Value, left bool) (starlark.Value, error) {
	other, err := v.operand(sign, y)
	if err != nil {
		return nil, err
	}
	x := any(v.c)
	if !left {
		x, other = other, x
	}
	c, err := table.Binary(sign, x, other)
	if err != nil {
		return nil, Errorf("TypeError", "%v", err)
	}
	return columnOf(c), nil
}

// operand is the other side of an operator: a column, values for each row, or
// one value for all.
func (v *columnValue) operand(sign string, y starlark.Value) (any, error) {
	if c, ok := asColumn(y); ok {
		return c, nil
	}
	if isVector(y) {
		c, err := columnFrom(v.c.Name(), y, 0)
		if err == nil && c.Len() != v.Len() {
			err = Errorf("ValueError", "%q has %s, the other side %d; give one value, or one for each row", v.c.Name(), count(v.Len(), "row", "rows"), c.Len())
		}
		return c, err
	}
	x, ok := goValue(y)
	if !ok {
		return nil, Errorf("TypeError", "%q %s …: want a column, a value or a list of values, got %s", v.c.Name(), sign, describe(y))
	}
	return x, nil
}

// Unary is -c, +c, ~c.
func (v *columnValue) Unary(op syntax.Token) (starlark.Value, error) {
	c, err := v.c, error(nil)
	switch op {
	case syntax.MINUS:
		c, err = v.c.Negate()
	case syntax.TILDE:
		c, err = v.c.Not()
	}
	if err != nil {
		return nil, Errorf("TypeError", "%v", err)
	}
	return columnOf(c), nil
}

// Math applies a function of numbers to each row; where it has no value the
// result is missing.
func (v *columnValue) Math(name string) (starlark.Value, error) {
	f, ok := array.Lookup(name)
	if !ok {
		return nil, Errorf("TypeError", "%s does not apply to columns", name)
	}
	switch v.c.Type() {
	case table.Number, table.Boolean, table.Time:
	default:
		return nil, Errorf("TypeError", "%s needs numbers, but column %q is %s; number(…) converts text that is numbers", name, v.c.Name(), v.c.Type())
	}
	out := make([]float64, v.Len())
	for i := range out {
		out[i] = f.F(v.c.Float(i))
	}
	return columnOf(table.Numbers(v.c.Name(), out)), nil
}

// ToArray is the numbers: missing is nan, True is 1, times are seconds since
// 1970, vectors and images have further axes.
func (v *columnValue) ToArray() (*array.Array, error) {
	c := v.c
	data := make([]float64, 0, c.Len()*c.Width())
	switch c.Type() {
	case table.Category, table.Text:
		return nil, Errorf("TypeError", "an array holds numbers, but column %q is %s; number(…) converts text that is numbers", c.Name(), c.Type())
	case table.Vector:
		for _, x := range c.VectorData() {
			data = append(data, float64(x))
		}
	case table.Image:
		for _, x := range c.Pixels() {
			data = append(data, float64(x))
		}
	default:
		for i := range c.Len() {
			data = append(data, c.Float(i))
		}
	}
	switch {
	case c.Type() == table.Boolean && c.Missing() == 0:
		return array.FromBools(truths(c)), nil
	case v.whole && c.Missing() == 0:
		return array.FromInts(wholes(data)), nil
	}
	return array.New(append([]int{c.Len()}, c.Shape()...), data)
}

func truths(c *table.Column) []bool {
	out := make([]bool, c.Len())
	for i, f := range c.Flags() {
		out[i] = f == 1
	}
	return out
}

func wholes(data []float64) []int {
	out := make([]int, len(data))
	for i, x := range data {
		out[i] = int(x)
	}
	return out
}

// Attr is an attribute or a method.
func (v *columnValue) Attr(name string) (starlark.Value, error) {
	switch name {
	case "name":
		return starlark.String(v.c.Name()), nil
	case "type":
		return starlark.String(v.c.Type().String()), nil
	case "levels":
		if v.c.Type() != table.Category {
			return starlark.None, nil
		}
		return textList(v.c.Levels()), nil
	case "shape":
		shape := starlark.Tuple{starlark.MakeInt(v.Len())}
		for _, n := range v.c.Shape() {
			shape = append(shape, starlark.MakeInt(n))
		}
		return shape, nil
	}
	if m := columnMethods.bind(v, name); m != nil {
		return m, nil
	}
	return nil, noAttribute(v, name, columnAdvice)
}

// columnAdvice says what stands here for methods that one may know from elsewhere.
var columnAdvice = map[string]string{
	"value_counts": "counts() counts the values", "nunique": "len(c.unique()) counts the different values", "fillna": "fill(0) fills missing values",
	"isna": "is_missing() tells for each row", "isnull": "is_missing() tells for each row", "astype": "category(c), number(c) and c.to(\"text\") convert",
	"apply": "map(f) applies a function", "values": "array(c) are the numbers, list(c) the values", "tolist": "list(c) are the values", "dtype": "the type is c.type",
	"hist": "plot.hist(c) draws it", "plot": "plot.hist(c) draws it", "describe": "t.describe() describes all columns", "sort": "t.sort(\"a\") sorts the rows, sorted(c) the values",
	"abs": "abs(c) gives it", "log": "log(c) gives it", "sqrt": "sqrt(c) gives it", "corr": "plot.correlation(t) shows it",
	"var": "std() ** 2 is the variance", "replace": "map(f) applies a function", "dropna": "t.drop_missing(\"a\") leaves rows out",
}

// AttrNames lists attributes and methods.
func (v *columnValue) AttrNames() []string {
	return append([]string{"levels", "name", "shape", "type"}, columnMethods.names...)
}

// Bundle shows the first and last values as a table of one column.
func (v *columnValue) Bundle() display.Bundle {
	rows, head := shownRows(v.Len())
	view := display.TableView{Head: head, Rows: v.Len(), Columns: []display.TableColumn{shownColumn(v.c, rows)}}
	switch v.c.Type() {
	case table.Category:
		view.Notes = []string{"levels: " + levelsText(v.c.Levels())}
	case table.Image:
		view.Notes = []string{fmt.Sprintf("plot.images(t[%q]) draws them", v.c.Name())}
	}
	return view.Bundle()
}

func levelsText(levels []string) string {
	const most = 12
	if len(levels) > most {
		return strings.Join(levels[:most], ", ") + fmt.Sprintf(", … (%d)", len(levels))
	}
	return strings.Join(levels, ", ")
}

// Documentation says type, length and levels.
func (v *columnValue) Documentation() (signature, doc string) {
	if v.c.Type() == table.Category {
		doc = "Levels: " + levelsText(v.c.Levels()) + "."
	}
	return fmt.Sprintf("column %s: %s", v.c.Name(), v.facts()), doc
}
