package dsl

import (
	"fmt"
	"html"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"mlpkernel/display"
	"mlpkernel/nn"
)

// networkValue is a network, or a part of one: a chain of layers.
type networkValue struct{ net nn.Network }

var (
	_ starlark.HasBinary = (*networkValue)(nil)
	_ starlark.HasAttrs  = (*networkValue)(nil)
	_ display.Bundler    = (*networkValue)(nil)
)

func (n *networkValue) String() string        { return n.net.String() }
func (n *networkValue) Type() string          { return "network" }
func (n *networkValue) Freeze()               {}
func (n *networkValue) Truth() starlark.Bool  { return true }
func (n *networkValue) Hash() (uint32, error) { return starlark.String(n.net.String()).Hash() }

// CompareSameType compares networks by their source text.
func (n *networkValue) CompareSameType(op syntax.Token, y starlark.Value, _ int) (bool, error) {
	same := n.net.String() == y.(*networkValue).net.String()
	switch op {
	case syntax.EQL:
		return same, nil
	case syntax.NEQ:
		return !same, nil
	}
	return false, Errorf("TypeError", "networks have no order; layers are chained by >>")
}

// asPart returns a value as a part of a chain: a network, a layer, an
// activation or its name, layers of a model, or a list of these.
func asPart(v starlark.Value) (nn.Part, bool) {
	switch v := v.(type) {
	case *networkValue:
		return v.net, true
	case *activationValue:
		return v.act, true
	case *layersValue:
		return v.sub, true
	case starlark.String:
		a, err := nn.NewActivation(string(v), nil)
		return a, err == nil
	case *starlark.List, starlark.Tuple:
		var parts []nn.Part
		for x := range starlark.Elements(v.(starlark.Iterable)) {
			p, ok := asPart(x)
			if !ok {
				return nil, false
			}
			parts = append(parts, p)
		}
		return nn.Chain(parts...), len(parts) > 0
	}
	return nil, false
}

// chain is x >> y.
func chain(op syntax.Token, v, y starlark.Value, side starlark.Side) (starlark.Value, error) {
	x, z := v, y
	if side == starlark.Right {
		x, z = y, v
	}
	if op != syntax.GTGT {
		return nil, nil
	}
	a, ok1 := asPart(x)
	b, ok2 := asPart(z)
	if !ok1 || !ok2 {
		other := z
		if !ok1 {
			other = x
		}
		hint := ""
		switch o := other.(type) {
		case *Function:
			hint = "; call it: " + o.name + "()"
		case starlark.Int, starlark.Float:
			hint = "; " + configuresByName
		case starlark.String:
			hint = suggest(string(o), activationNames(), nil)
		}
		return nil, Errorf("TypeError", ">> chains layers, got %s%s", describe(other), hint)
	}
	return &networkValue{nn.Chain(a, b)}, nil
}

// Binary chains by >> and repeats by *.
func (n *networkValue) Binary(op syntax.Token, y starlark.Value, side starlark.Side) (starlark.Value, error) {
	if op == syntax.STAR {
		i, ok := y.(starlark.Int)
		if !ok {
			return nil, nil
		}
		count, err := starlark.AsInt32(i)
		if err != nil {
			return nil, Errorf("ValueError", "a network is repeated a small whole number of times, got %s", i)
		}
		net, err := nn.Repeat(count, n.net)
		if err != nil {
			return nil, err
		}
		return &networkValue{net}, nil
	}
	return chain(op, n, y, side)
}

// Attr gives .layers and .on.
func (n *networkValue) Attr(name string) (starlark.Value, error) {
	if name == "layers" {
		var out []starlark.Value
		for _, l := range n.net.Layers() {
			out = append(out, &networkValue{nn.Chain(l)})
		}
		return starlark.Tuple(out), nil
	}
	return networkMethods.attr(n, name)
}

func (n *networkValue) AttrNames() []string {
	return append([]string{"layers"}, networkMethods.names...)
}

// Bundle shows the layers, the drawing and the formula.
func (n *networkValue) Bundle() display.Bundle {
	var text, rows strings.Builder
	formulas := formulasOf(n.net)
	for i, l := range n.net.Layers() {
		fmt.Fprintf(&text, "%2d  %-40s %s\n", i+1, l.String(), formulas[i])
		fmt.Fprintf(&rows, `<tr><td>%d</td><td style="text-align:left"><code>%s</code></td><td style="text-align:left"><i>%s</i></td></tr>`,
			i+1, html.EscapeString(l.String()), html.EscapeString(formulas[i]))
	}
	h := `<table><thead><tr><th></th><th style="text-align:left">layer</th><th style="text-align:left">says</th></tr></thead><tbody>` + rows.String() + `</tbody></table>`
	if fig, err := display.Network(netSketch(n.net).net, display.Options{}); err == nil {
		if svg, ok := fig.LiveBundle().Data["image/svg+xml"].(string); ok {
			h += svg
		}
	}
	return display.Text(strings.TrimRight(text.String(), "\n")).With("text/html", h)
}

// formulasOf says what each layer computes from the one before it. Dense layers
// have the numbers 1, 2, 3, … in order, with those within skips.
func formulasOf(n nn.Network) []string {
	var out []string
	x, dense, width := "x", 0, 0 // width 0: not known
	for _, l := range n.Layers() {
		switch l := l.(type) {
		case nn.Dense:
			dense++
			out = append(out, denseFormula(l, dense, x))
			x, width = "h"+subscript(dense), l.Units
		case nn.Output:
			dense++
			out = append(out, strings.Replace(denseFormula(l.Dense, dense, x), "h"+subscript(dense), "Y", 1))
		case nn.Dropout:
			out = append(out, x+" ← "+x+" with units left out while training")
		case nn.Skip:
			f := x + " + block(" + x + ")"
			within, to := denseWithin(l.Body)
			if within == 0 {
				out = append(out, x+" ← "+f)
				continue
			}
			if l.Project && to != width {
				f = "P" + f
			}
			dense += within
			x, width = "h"+subscript(dense), to
			out = append(out, x+" = "+f)
		case nn.ActivationLayer:
			out = append(out, x+" ← "+l.Activation.Symbol()+"("+x+")")
		default:
			out = append(out, x+" ← "+l.Kind()+"("+x+")")
		}
	}
	return out
}

// denseWithin counts the dense layers of a block, and gives the width of the last.
func denseWithin(n nn.Network) (count, width int) {
	for _, l := range n.Layers() {
		switch l := l.(type) {
		case nn.Dense:
			count, width = count+1, l.Units
		case nn.Skip:
			if c, w := denseWithin(l.Body); c > 0 {
				count, width = count+c, w
			}
		}
	}
	return count, width
}

func denseFormula(d nn.Dense, i int, x string) string {
	s := subscript(i)
	f := fmt.Sprintf("W%s%s + b%s", s, x, s)
	if d.NoBias {
		f = fmt.Sprintf("W%s%s", s, x)
	}
	if !d.Activation.Linear() {
		f = d.Activation.Symbol() + "(" + f + ")"
	}
	return "h" + s + " = " + f
}

func subscript(n int) string {
	var b strings.Builder
	for _, d := range fmt.Sprint(n) {
		b.WriteRune('₀' + d - '0')
	}
	return b.String()
}
