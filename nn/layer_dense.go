package nn

import (
	"fmt"
	"strings"
)

// Dense is Y = f(WX + b): each unit sees all inputs.
type Dense struct {
	Units      int
	Activation Activation
	Init       Initializer
	NoBias     bool
	Penalty    Penalty
	MaxNorm    float64 // each unit's incoming weights are scaled back to this length; 0: free
	Weights    *Given  // initial values; nil: drawn
	Name       string  // "" for dense_1, dense_2, …
	Frozen     bool    // not trained
}

// Penalty is l1*Σ|w| + l2/2*Σw² over the weights of a layer.
type Penalty struct {
	Stated bool // a layer that states none (zero value) takes that of the training
	L1, L2 float64
}

// Given are initial weights, Units × Inputs row-major, and biases (nil: zeros).
type Given struct {
	Units, Inputs int
	W, B          []float64
}

var denseParams = []Param{
	{Name: "units", Doc: "number of units", Required: true, Min: 1, Max: maxUnits},
	{Name: "bias", Doc: "whether b is there", Default: 1, Kind: Flag},
	{Name: "l1", Doc: "penalty l1*Σ|w|", Max: 1e9},
	{Name: "l2", Doc: "penalty l2/2*Σw²", Max: 1e9},
	{Name: "max_norm", Doc: "longest length of a unit's incoming weights", Max: 1e9},
	{Name: "trainable", Doc: "whether training changes it", Default: 1, Kind: Flag},
}

// maxUnits bounds a layer's width.
const maxUnits = 1 << 20

var denseDef = LayerDef{
	Def:     Def{Name: "dense", Doc: "Each unit takes a weighted sum of all inputs, adds its bias and applies the activation.", Formula: `Y = f(WX + b)`, Params: denseParams},
	Example: Dense{Units: 4, Activation: Activation{Name: "tanh"}},
}

func (d Dense) Layers() []Layer { return []Layer{d} }
func (d Dense) Kind() string    { return "dense" }
func (d Dense) String() string  { return "dense(" + strings.Join(d.args(), ", ") + ")" }

func (d Dense) renamed(suffix string) Layer {
	d.Name = suffixed(d.Name, suffix)
	return d
}

// args are the arguments of the source text.
func (d Dense) args() []string {
	var a []string
	add := func(given bool, format string, v ...any) {
		if given {
			a = append(a, fmt.Sprintf(format, v...))
		}
	}
	add(d.Units != 0, "%d", d.Units)
	switch {
	case d.Activation.Given() && d.Units != 0:
		add(true, "%s", d.Activation)
	case d.Activation.Given():
		add(true, "activation=%s", d.Activation)
	}
	add(d.Init.Given(), "init=%s", d.Init)
	add(d.NoBias, "bias=False")
	add(d.Penalty.Stated || d.Penalty.L1 != 0, "l1=%s", num(d.Penalty.L1))
	add(d.Penalty.Stated || d.Penalty.L2 != 0, "l2=%s", num(d.Penalty.L2))
	add(d.MaxNorm != 0, "max_norm=%s", num(d.MaxNorm))
	add(d.Weights != nil, "weights=…")
	add(d.Name != "", "name=%q", d.Name)
	add(d.Frozen, "trainable=False")
	return a
}

func (d Dense) lower(l *lowering) error {
	act := d.Activation
	if !d.Init.Given() {
		d.Init = defaultInit(act, l.rest)
	}
	fused := act
	if act.RowWise() {
		fused = Activation{}
	}
	if err := l.dense(d, fused); err != nil {
		return err
	}
	if act.RowWise() {
		l.step(Step{Op: OpActivation, Act: act}, l.width())
	}
	l.info.Activation = act
	return nil
}

// defaultInit is the initialiser that fits an activation, or the next one.
func defaultInit(a Activation, rest []Layer) Initializer {
	if a.Linear() {
		if next := following(rest); next.Given() {
			a = next
		}
	}
	return Initializer{Name: a.Def().Init}
}
