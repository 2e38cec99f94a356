package nn

import (
	"fmt"
	"strings"
)

// Activation is the function f of Y = f(WX + b). It is plain data and
// comparable; the zero value means that none was given. Name is that of an
// entry of [Activations], or "activation" for one of the user's own.
type Activation struct {
	Name  string
	Param float64 // slope of leaky_relu, alpha of elu; 0 for the others
	Own   *OwnActivation
}

// OwnActivation is a function of the user's own. Only the reference backend
// runs it.
type OwnActivation struct {
	Name string                  // for people: the function's name or short text
	ID   string                  // tells two functions apart in fingerprints
	F    func(x float64) float64 // the function
	D    func(x float64) float64 // its derivative; nil: central differences
}

// OwnName is the Name of an Activation that has an Own function.
const OwnName = "activation"

// Act gives the activation with a name and default parameters. It panics if
// there is none: it is for names in Go source. See [NewActivation].
func Act(name string) Activation {
	a, err := NewActivation(name, nil)
	if err != nil {
		panic(err)
	}
	return a
}

// NewActivation gives the activation with a name and parameters.
func NewActivation(name string, args map[string]float64) (Activation, error) {
	i, err := find(Activations(), func(d ActivationDef) Def { return d.Def }, "activation", name)
	if err != nil {
		return Activation{}, err
	}
	d := Activations()[i]
	p, err := d.Fill(args)
	if err != nil {
		return Activation{}, err
	}
	a := Activation{Name: name}
	if len(p) > 0 {
		a.Param = p[0]
	}
	return a, nil
}

// Given reports whether there is an activation at all.
func (a Activation) Given() bool { return a.Name != "" }

// Linear reports whether a is the identity (or none).
func (a Activation) Linear() bool { return a.Name == "" || a.Name == "linear" }

// Symbol is what formulas call it: its name, where a function of one's own has
// one, else f.
func (a Activation) Symbol() string {
	switch {
	case a.Own == nil:
		return a.Name
	case strings.ContainsAny(a.Own.Name, " ("):
		return "f"
	}
	return a.Own.Name
}

// RowWise reports whether a mixes the units of a row: softmax.
func (a Activation) RowWise() bool { return a.Name == "softmax" }

// Probable reports whether what a says of one unit can be read as a probability.
func (a Activation) Probable() bool {
	d := a.Def()
	return d.Low == 0 && d.High == 1
}

// Def gives the entry of [Activations]; for one of the user's own, one built
// from its function.
func (a Activation) Def() ActivationDef {
	if a.Own != nil {
		return ownDef(a.Own)
	}
	for _, d := range Activations() {
		if d.Name == a.Name {
			return d
		}
	}
	return activationTable[0] // the identity
}

// F evaluates the activation. It panics for softmax, which needs a row: see
// [Softmax].
func (a Activation) F(x float64) float64 { return a.Def().F(x, a.Param) }

// Grad evaluates the derivative.
func (a Activation) Grad(x float64) float64 {
	d := a.Def()
	return d.D(x, d.F(x, a.Param), a.Param)
}

// String is the source text: "relu", "leaky_relu(slope=0.1)".
func (a Activation) String() string {
	if a.Own != nil {
		return fmt.Sprintf("activation(%s)", a.Own.Name)
	}
	if !a.Given() {
		return "linear"
	}
	return a.Def().call([]float64{a.Param})
}
