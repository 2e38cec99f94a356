package nn

// ActivationLayer applies an activation to each unit (softmax: to each row).
type ActivationLayer struct{ Activation Activation }

var activationLayerDef = LayerDef{
	Def:     Def{Name: "activation", Doc: "An activation as a layer of its own; behind a dense layer that has none it becomes that layer's."},
	Example: ActivationLayer{Activation{Name: "tanh"}},
}

// Layers makes an Activation a Part.
func (a Activation) Layers() []Layer { return []Layer{ActivationLayer{a}} }

func (a ActivationLayer) Layers() []Layer        { return []Layer{a} }
func (a ActivationLayer) Kind() string           { return "activation" }
func (a ActivationLayer) String() string         { return a.Activation.String() }
func (a ActivationLayer) renamed(_ string) Layer { return a }

func (a ActivationLayer) lower(l *lowering) error {
	l.step(Step{Op: OpActivation, Act: a.Activation}, l.width())
	l.info.Activation = a.Activation
	return nil
}
