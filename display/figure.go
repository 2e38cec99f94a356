package display

// Options are common to all pictures; the zero value takes each picture's own
// default.
type Options struct {
	// Title replaces the picture's own title.
	Title string
	// Width and Height are in CSS pixels (the PNG has twice as many). A zero
	// Width is notebook width; a zero Height is what the contents need.
	Width, Height float64
}

// Figure is a finished picture. It is immutable and safe for concurrent use.
type Figure struct {
	scene *scene
	text  string
	data  Data
}

// Data is the numbers behind a picture, as a table of equally long columns.
type Data struct {
	Columns []Column
}

// Column is one column of Data: Numbers or, when Strings is not nil, Strings.
type Column struct {
	Name    string
	Numbers []float64
	Strings []string
}

// Len returns the number of rows of the column.
func (c Column) Len() int {
	if c.Strings != nil {
		return len(c.Strings)
	}
	return len(c.Numbers)
}

// Rows returns the number of rows.
func (d Data) Rows() int {
	if len(d.Columns) == 0 {
		return 0
	}
	return d.Columns[0].Len()
}

// Size returns the width and height of the figure in CSS pixels.
func (f *Figure) Size() (width, height float64) { return f.scene.width, f.scene.height }

// Title returns the title of the figure.
func (f *Figure) Title() string { return f.scene.title }

// Text returns what the picture says, in words and numbers.
func (f *Figure) Text() string { return f.text }

// Data returns the numbers behind the picture.
func (f *Figure) Data() Data { return f.data }
