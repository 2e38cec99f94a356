package display

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
)

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
	Times   bool // Numbers are seconds since 1970 UTC
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

// build makes a figure of a scene, its text and its numbers.
func build(s *scene, text string, d Data) *Figure {
	s.settle()
	return &Figure{scene: s, text: text, data: d}
}

// Bundle returns the figure as SVG, PNG and text. Of a figure that cannot be
// drawn it returns the text alone, with the reason.
func (f *Figure) Bundle() Bundle {
	svg, err := f.scene.svg(f.scene.title)
	if err != nil {
		return f.undrawn(err)
	}
	png, err := f.scene.png()
	if err != nil {
		return f.undrawn(err)
	}
	b := Text(f.text).With("image/svg+xml", svg).With("image/png", png)
	size := map[string]any{"width": int(math.Round(f.scene.width)), "height": int(math.Round(f.scene.height))}
	b.Metadata = map[string]any{"image/png": size}
	return b
}

// LiveBundle returns the figure as SVG and text only: a frame of a live picture,
// cheap to draw and to send.
func (f *Figure) LiveBundle() Bundle {
	svg, err := f.scene.svg(f.scene.title)
	if err != nil {
		return f.undrawn(err)
	}
	return Text(f.text).With("image/svg+xml", svg)
}

func (f *Figure) undrawn(err error) Bundle { return Text(f.text + "\n(" + err.Error() + ")") }

// encoders maps the ending of a file to what writes it.
var encoders = map[string]func(*scene) ([]byte, error){
	".svg": func(s *scene) ([]byte, error) {
		svg, err := s.svg(s.title)
		return []byte(svg), err
	},
	".png": (*scene).png,
	".pdf": (*scene).pdf,
}

// Save writes the figure to a file whose ending chooses the format: .svg, .png
// or .pdf.
func (f *Figure) Save(path string) error {
	ending := strings.ToLower(filepath.Ext(path))
	encode, ok := encoders[ending]
	if !ok {
		return fmt.Errorf("save %s: expected a name that ends in .svg, .png or .pdf, got ending %q", path, ending)
	}
	data, err := encode(f.scene)
	if err != nil {
		return fmt.Errorf("save %s: %w", path, err)
	}
	return os.WriteFile(path, data, 0o644)
}

var _ Bundler = (*Figure)(nil)
