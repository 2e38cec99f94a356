package nn

import "fmt"

// BatchNorm brings each unit to mean 0 and variance 1 over the rows of a batch,
// then scales and shifts by gamma and beta. When predicting it uses running
// means of the batches' statistics. Ioffe and Szegedy 2015.
type BatchNorm struct{ Name string }

// LayerNorm does the same over the units of each row. Ba, Kiros, Hinton 2016.
type LayerNorm struct{ Name string }

// normEps keeps the root from 0; batchMomentum is the share of the running
// statistics that a batch leaves. Both as in the papers' implementations.
const (
	normEps       = 1e-5
	batchMomentum = 0.9
)

var batchNormDef = LayerDef{
	Def: Def{Name: "batch_norm", Doc: "Brings each unit to mean 0 and variance 1 over the batch, then scales and shifts.",
		Formula: `y = \gamma \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta`},
	Example: BatchNorm{},
}

var layerNormDef = LayerDef{
	Def: Def{Name: "layer_norm", Doc: "Brings each row to mean 0 and variance 1 over its units, then scales and shifts.",
		Formula: `y = \gamma \frac{x - \mu}{\sqrt{\sigma^2 + \epsilon}} + \beta`},
	Example: LayerNorm{},
}

func (n BatchNorm) Layers() []Layer { return []Layer{n} }
func (n BatchNorm) Kind() string    { return "batch_norm" }
func (n BatchNorm) String() string  { return callNamed("batch_norm", n.Name) }

func (n BatchNorm) renamed(suffix string) Layer {
	n.Name = suffixed(n.Name, suffix)
	return n
}

func (n LayerNorm) Layers() []Layer { return []Layer{n} }
func (n LayerNorm) Kind() string    { return "layer_norm" }
func (n LayerNorm) String() string  { return callNamed("layer_norm", n.Name) }

func (n LayerNorm) renamed(suffix string) Layer {
	n.Name = suffixed(n.Name, suffix)
	return n
}

func (n BatchNorm) lower(l *lowering) error {
	s := l.norm(OpBatchNorm)
	s.Momentum = batchMomentum
	s.Mean = l.block(Block{Role: RunningMean, Rows: l.width(), Cols: 1, Init: Initializer{Name: "zeros"}})
	s.Var = l.block(Block{Role: RunningVar, Rows: l.width(), Cols: 1, Init: Initializer{Name: "constant", Param: 1}})
	l.step(s, l.width())
	return nil
}

func (n LayerNorm) lower(l *lowering) error {
	l.step(l.norm(OpLayerNorm), l.width())
	return nil
}

// norm adds gamma and beta.
func (l *lowering) norm(op Op) Step {
	w := l.width()
	return Step{
		Op: op, Eps: normEps, Mean: -1, Var: -1,
		W: l.block(Block{Role: Gamma, Rows: w, Cols: 1, Init: Initializer{Name: "constant", Param: 1}, Trainable: true}),
		B: l.block(Block{Role: Beta, Rows: w, Cols: 1, Init: Initializer{Name: "zeros"}, Trainable: true}),
	}
}

func callNamed(f, name string) string {
	if name == "" {
		return f + "()"
	}
	return fmt.Sprintf("%s(name=%q)", f, name)
}
