package display

import (
	"errors"
	"fmt"
	"strings"
)

// Grid puts figures side by side in so many columns (0 means 2) and returns them
// as one figure. Each is laid out anew for its column, so that texts keep their size.
func Grid(figures []*Figure, columns int, o Options) (*Figure, error) {
	if len(figures) == 0 {
		return nil, errors.New("grid: expected at least one figure, got none")
	}
	if columns < 0 || columns > 12 {
		return nil, fmt.Errorf("grid: expected 1 to 12 columns, got %d", columns)
	}
	if columns == 0 {
		columns = 2
	}
	columns = min(columns, len(figures))
	width := notebookWidth * 1.25
	if columns == 1 {
		width = notebookWidth
	}
	s := newScene(o, "", width, 0)
	const gap = 22
	column := (s.width - 2*cardPadding - gap*float64(columns-1)) / float64(columns)
	var heights []float64
	for i, f := range figures {
		if f == nil {
			return nil, fmt.Errorf("grid: expected figures, got nothing in place %d", i+1)
		}
		h := f.scene.heightFor(column)
		if i%columns == 0 {
			heights = append(heights, h)
		}
		row := len(heights) - 1
		heights[row] = max(heights[row], h)
	}
	if o.Height == 0 {
		s.height = 2*cardPadding + gap*float64(len(heights)-1)
		for _, h := range heights {
			s.height += h
		}
		if s.title != "" {
			s.height += titleSize + 10
		}
	}
	s.paint = func(p pen) { paintGrid(p, figures, columns, heights, gap) }
	return build(s, gridText(figures), gridData(figures)), nil
}

// heightFor is the height that the scene wants, without its card's padding, when
// it gets a width: less than its own, but not in proportion.
func (s *scene) heightFor(width float64) float64 {
	ratio := clamp(width/(s.width-2*cardPadding), 0.4, 1.5)
	if !s.rigid {
		ratio = clamp((1+ratio)/2, 0.7, 1)
	}
	return (s.height - 2*cardPadding) * ratio
}

func paintGrid(p pen, figures []*Figure, columns int, heights []float64, gap float64) {
	total := gap * float64(len(heights)-1)
	for _, h := range heights {
		total += h
	}
	scale := p.height() / total
	width := (p.width() - gap*float64(columns-1)) / float64(columns)
	top := 0.0
	for i, f := range figures {
		row, col := i/columns, i%columns
		left := float64(col) * (width + gap)
		h := heights[row] * scale
		f.scene.drawIn(p.inset(left, p.width()-left-width, p.height()-top-h, top))
		if col == columns-1 {
			top += h + gap*scale
		}
	}
}

func gridText(figures []*Figure) string {
	parts := make([]string, len(figures))
	for i, f := range figures {
		parts[i] = f.text
		if t := f.scene.title; t != "" && !strings.HasPrefix(f.text, t) {
			parts[i] = t + ": " + f.text
		}
	}
	return strings.Join(parts, "\n")
}

// gridData is the numbers of the figures side by side, as far as they are equally
// long; the names carry the figure's number.
func gridData(figures []*Figure) Data {
	var d Data
	rows := figures[0].data.Rows()
	for i, f := range figures {
		if f.data.Rows() != rows {
			continue
		}
		for _, c := range f.data.Columns {
			c.Name = fmt.Sprintf("%d.%s", i+1, c.Name)
			d.Columns = append(d.Columns, c)
		}
	}
	return d
}
