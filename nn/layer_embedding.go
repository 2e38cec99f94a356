package nn

import (
	"fmt"
	"math"

	"mlpkernel/nn/mathx"
)

// Embedding turns each category column into Dim numbers, learnt per level, and
// puts them behind the numeric inputs. It comes first; a network without one
// gets one with default widths if the data have category columns.
type Embedding struct {
	Dim  int // 0: by the number of levels, see EmbeddingDim
	Name string
}

var embeddingDef = LayerDef{
	Def: Def{Name: "embedding", Doc: "Turns each category into a few numbers that are learnt; comes first.",
		Params: []Param{{Name: "dim", Doc: "numbers per category; 0 chooses by the number of levels", Min: 0, Max: 4096}}},
	Example: Embedding{Dim: 3},
}

// EmbeddingDim is the default width for a category with so many levels:
// 1.6·levels^0.56, at most 50 (a rule of thumb of fastai and AutoGluon).
func EmbeddingDim(levels int) int {
	return int(min(50, math.Ceil(1.6*mathx.Pow(float64(levels), 0.56))))
}

func (e Embedding) Layers() []Layer { return []Layer{e} }
func (e Embedding) Kind() string    { return "embedding" }

func (e Embedding) String() string {
	if e.Dim == 0 {
		return callNamed("embedding", e.Name)
	}
	return fmt.Sprintf("embedding(%d%s)", e.Dim, named(e.Name))
}

func (e Embedding) renamed(suffix string) Layer {
	e.Name = suffixed(e.Name, suffix)
	return e
}

func (e Embedding) lower(l *lowering) error {
	if !l.first {
		return l.fail("embedding() reads the category columns of the data, so it must be the first layer")
	}
	in := l.spec.Input
	if len(in.Categories) == 0 {
		l.note("%s: the data have no category columns to embed", l.info.Name)
		return nil
	}
	s := Step{Op: OpEmbed}
	width := in.Numeric
	for _, c := range in.Categories {
		dim := e.Dim
		if dim == 0 {
			dim = EmbeddingDim(c.Levels)
		}
		if c.Levels < 1 {
			return l.fail("category %s has no levels", c.Name)
		}
		s.Tables = append(s.Tables, l.block(Block{
			Name: l.info.Name + "." + c.Name, Role: Table, Rows: c.Levels, Cols: dim, FanIn: 1, FanOut: dim,
			Init: Initializer{Name: "normal", Param: 1}, Trainable: true, Decay: true,
		}))
		width += dim
	}
	l.step(s, width)
	return nil
}
