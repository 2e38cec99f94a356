package nn

import "strings"

// Output is the last layer: a dense one whose units, activation and loss come
// from the target unless given.
type Output struct{ Dense }

var outputDef = LayerDef{
	Def: Def{Name: "output", Doc: "The last layer. Without arguments it fits the target: sigmoid for yes or no, softmax for classes, linear for numbers.",
		Params: []Param{{Name: "units", Doc: "number of outputs; 0 from the target", Min: 0, Max: maxUnits}}},
	Example: Output{},
}

func (o Output) Layers() []Layer { return []Layer{o} }
func (o Output) Kind() string    { return "output" }
func (o Output) String() string  { return "output(" + strings.Join(o.args(), ", ") + ")" }

func (o Output) renamed(suffix string) Layer {
	o.Name = suffixed(o.Name, suffix)
	return o
}

func (o Output) lower(l *lowering) error {
	h, act, err := resolveHead(l.spec, o)
	if err != nil {
		return l.fail("%v", err)
	}
	l.plan.Head = h
	d := o.Dense
	d.Units = h.Units
	if !d.Init.Given() {
		d.Init = Initializer{Name: act.Def().Init}
	}
	fused := act
	if h.Loss.Def().Logits || act.RowWise() {
		fused = Activation{}
	}
	if err := l.dense(d, fused); err != nil {
		return err
	}
	if act.RowWise() && !h.Loss.Def().Logits {
		l.step(Step{Op: OpActivation, Act: act}, l.width())
	}
	l.info.Activation = act
	l.plan.Logits = l.cur
	caution := ""
	if h.Target.Kind != Numbers && !act.Probable() {
		caution = "; what it says are no probabilities"
	}
	l.note("output: %d %s, loss %s, for %s%s", h.Units, act, h.Loss, describe(h.Target), caution)
	return nil
}
