package dsl

import (
	"context"
	"slices"
	"strings"

	"go.starlark.net/starlark"

	"mlpkernel/cell"
	"mlpkernel/display"
)

// picture is a function of the module plot. Its signature, documentation and
// arguments are those of a Def, to which newPlot adds what all pictures take.
type picture struct {
	Sig, Doc string
	Args     []string
	Draw     func(c *Call, o display.Options) (starlark.Value, error)
}

// pictureArgs are what all pictures take.
const (
	pictureArgs = "width=None, height=None, title=None"
	pictureDocs = "width, height: size in pixels; title: replaces the picture's own"
)

// pictures are the functions of the module, by what they look at.
func pictures() []picture {
	return slices.Concat(trainingPictures, weightPictures, insidePictures, dropoutPictures, boundaryPictures, scorePictures, dataPictures, linePictures, tablePictures, imagePictures, gridPictures)
}

// plotDefs are the pictures as builtins.
func plotDefs() []Def {
	var out []Def
	for _, p := range pictures() {
		d := Def{Sig: p.Sig, Doc: p.Doc, Args: append(slices.Clone(p.Args), pictureDocs)}
		between := ", *, "
		if strings.Contains(p.Sig, "*") {
			between = ", "
		}
		d.Sig = strings.TrimSuffix(p.Sig, ")") + between + pictureArgs + ")"
		draw := p.Draw
		d.Fn = func(c *Call) (starlark.Value, error) {
			o := display.Options{Title: c.Text("title", ""), Width: c.Between("width", 100, 4000, 0), Height: c.Between("height", 60, 8000, 0)}
			return draw(c, o)
		}
		out = append(out, d)
	}
	return out
}

// plotModule is plot: its attributes are the catalogue of pictures.
type plotModule struct{ functions []*Function }

var (
	_ starlark.HasAttrs = (*plotModule)(nil)
	_ Documented        = (*plotModule)(nil)
)

// newPlot makes the module. Its functions bear its name in errors and in help.
func newPlot() *plotModule {
	p := &plotModule{}
	for _, d := range plotDefs() {
		f := newFunction(&d)
		f.name = "plot." + f.name
		p.functions = append(p.functions, f)
	}
	return p
}

func (p *plotModule) String() string        { return "<module plot>" }
func (p *plotModule) Type() string          { return "module" }
func (p *plotModule) IsModule()             {}
func (p *plotModule) Freeze()               {}
func (p *plotModule) Truth() starlark.Bool  { return true }
func (p *plotModule) Hash() (uint32, error) { return starlark.String("plot").Hash() }

// Documentation lists the pictures.
func (p *plotModule) Documentation() (signature, doc string) {
	var b strings.Builder
	b.WriteString("Pictures of data, trainings, networks and scores. All take `" + pictureArgs + "`; a figure has `.save(\"name.svg\")`, `.data`, `.text` and `.svg`.\n")
	for _, p := range pictures() {
		b.WriteString("\n- `plot." + p.Sig + "`: " + summary(p.Doc))
	}
	return "plot", b.String()
}

// Attr gives a picture's function.
func (p *plotModule) Attr(name string) (starlark.Value, error) {
	for _, f := range p.functions {
		if f.name == "plot."+name {
			return f, nil
		}
	}
	hint := suggest(name, p.AttrNames(), plotAdvice)
	if hint == "" {
		hint = "; help(plot) lists them"
	}
	return nil, Errorf("AttributeError", "plot has no picture %s%s", name, hint)
}

func (p *plotModule) AttrNames() []string {
	out := make([]string, len(p.functions))
	for i, f := range p.functions {
		out[i] = strings.TrimPrefix(f.name, "plot.")
	}
	return out
}

// plotAdvice says what a picture of another name is called here.
var plotAdvice = map[string]string{
	"plot": "plot.line draws lines", "histogram": "it is plot.hist", "boxplot": "it is plot.box", "barplot": "it is plot.bar", "heatmap": "see plot.correlation and plot.confusion",
	"show": "a figure is shown when it is last in the cell, or by display(figure)", "savefig": "a figure saves itself: figure.save(\"name.svg\")", "subplots": "plot.grid puts figures side by side",
	"pr": "it is plot.precision_recall", "lr": "it is plot.learning_rate",
}

// figureValue is a picture. The note is a sentence that its text ends with.
type figureValue struct {
	fig  *display.Figure
	note string
}

var (
	_ starlark.HasAttrs = (*figureValue)(nil)
	_ display.Bundler   = (*figureValue)(nil)
)

// figure is a drawn picture as a value.
func figure(f *display.Figure, err error) (starlark.Value, error) {
	if err != nil {
		return nil, err
	}
	return &figureValue{fig: f}, nil
}

// String is what the picture says.
func (f *figureValue) String() string {
	if f.note != "" {
		return f.fig.Text() + "\n" + f.note
	}
	return f.fig.Text()
}
func (f *figureValue) Type() string          { return "figure" }
func (f *figureValue) Freeze()               {}
func (f *figureValue) Truth() starlark.Bool  { return true }
func (f *figureValue) Hash() (uint32, error) { return starlark.String(f.fig.Text()).Hash() }

// Bundle shows the picture.
func (f *figureValue) Bundle() display.Bundle { return f.fig.Bundle().With("text/plain", f.String()) }

// Attr gives .data, .text, .svg, .title, .width, .height and .save.
func (f *figureValue) Attr(name string) (starlark.Value, error) {
	w, h := f.fig.Size()
	switch name {
	case "data":
		return dataTable(f.fig.Data())
	case "text":
		return starlark.String(f.String()), nil
	case "svg":
		svg, ok := f.fig.LiveBundle().Data["image/svg+xml"].(string)
		if !ok {
			return nil, Errorf("ValueError", "the figure cannot be drawn: %s", f.fig.LiveBundle().Plain())
		}
		return starlark.String(svg), nil
	case "title":
		return starlark.String(f.fig.Title()), nil
	case "width":
		return starlark.Float(w), nil
	case "height":
		return starlark.Float(h), nil
	}
	return figureMethods.attr(f, name)
}

func (f *figureValue) AttrNames() []string {
	return append([]string{"data", "height", "svg", "text", "title", "width"}, figureMethods.names...)
}

var figureMethods = newMethods([]Def{{
	Sig:  "save(path)",
	Doc:  "Writes the figure to a file, relative to the notebook; the ending chooses the format: .svg, .png or .pdf.\n\n```python\nplot.loss(m).save(\"loss.svg\")\n```",
	Args: []string{"path: a file name that ends in .svg, .png or .pdf"},
	Fn: func(c *Call) (starlark.Value, error) {
		path := c.Text("path", "")
		if c.Err() != nil {
			return nil, nil
		}
		_, err := compute(c, func(context.Context) (any, error) {
			return nil, c.Recv.(*figureValue).fig.Save(c.Session().path(path))
		})
		return nil, err
	},
}})

// compute runs f without the session's lock.
func compute[T any](c *Call, f func(ctx context.Context) (T, error)) (T, error) {
	var out T
	var err error
	c.Release(func() { out, err = f(c.Context()) })
	if err != nil && c.Context().Err() != nil {
		err = Errorf(cell.Interrupted, "the cell was interrupted; variables are as it left them")
	}
	return out, err
}

// gridPictures put figures together.
var gridPictures = []picture{{
	Sig:  "grid(*figures, columns=2)",
	Doc:  "Puts figures side by side, as one figure.\n\n```python\nplot.grid(plot.loss(m), plot.confusion(m, test), columns=2)\n```",
	Args: []string{"figures: figures, or a list of them", "columns: how many stand in a row"},
	Draw: func(c *Call, o display.Options) (starlark.Value, error) {
		columns := c.IntFrom("columns", 1, 2)
		var figures []*display.Figure
		for _, v := range c.Args {
			list, ok := v.(starlark.Iterable)
			if !ok {
				list = starlark.Tuple{v}
			}
			for x := range starlark.Elements(list) {
				f, ok := x.(*figureValue)
				if !ok {
					return nil, Errorf("TypeError", "plot.grid: want figures such as plot.loss(m), got %s", describe(x))
				}
				figures = append(figures, f.fig)
			}
		}
		if c.Err() != nil {
			return nil, nil
		}
		return figure(display.Grid(figures, columns, o))
	},
}}

// beside draws each of several things and puts the figures side by side. With
// more than one, each bears its name.
func beside[T any](things []named[T], o display.Options, columns int, draw func(x T, o display.Options) (*display.Figure, error)) (starlark.Value, error) {
	if len(things) == 1 {
		return figure(draw(things[0].value, o))
	}
	var figures []*display.Figure
	for _, x := range things {
		f, err := draw(x.value, display.Options{Title: x.name})
		if err != nil {
			return nil, err
		}
		figures = append(figures, f)
	}
	return figure(display.Grid(figures, min(columns, len(figures)), o))
}

// sliderValue is figures on one page with a slider.
type sliderValue struct {
	figures []*display.Figure
	bundle  display.Bundle
}

var (
	_ starlark.HasAttrs = (*sliderValue)(nil)
	_ display.Bundler   = (*sliderValue)(nil)
)

// slide joins figures; labels are the slider's positions, what is what it moves over.
func slide(figures []*display.Figure, labels []string, what string) (starlark.Value, error) {
	b, err := display.Slider(figures, labels, what)
	if err != nil {
		return nil, err
	}
	return &sliderValue{figures, b}, nil
}

func (s *sliderValue) String() string         { return s.bundle.Plain() }
func (s *sliderValue) Type() string           { return "slider" }
func (s *sliderValue) Freeze()                {}
func (s *sliderValue) Truth() starlark.Bool   { return true }
func (s *sliderValue) Hash() (uint32, error)  { return starlark.String(s.String()).Hash() }
func (s *sliderValue) Bundle() display.Bundle { return s.bundle }

// Attr gives .figures and .text.
func (s *sliderValue) Attr(name string) (starlark.Value, error) {
	switch name {
	case "figures":
		out := make([]starlark.Value, len(s.figures))
		for i, f := range s.figures {
			out[i] = &figureValue{fig: f}
		}
		return starlark.NewList(out), nil
	case "text":
		return starlark.String(s.String()), nil
	}
	return nil, noAttribute(s, name, nil)
}

func (s *sliderValue) AttrNames() []string { return []string{"figures", "text"} }
