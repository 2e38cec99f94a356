package display

import (
	"errors"
	"fmt"
	"strings"
)

// Mask says which units of a network a dropout mask keeps: Mask[l][u] for unit
// u of layer l. A nil entry keeps all units of that layer.
type Mask [][]bool

// DropoutData is what Dropout and DropoutEnsemble draw.
type DropoutData struct {
	Network NetworkData
	// Masks are the masks, one for Dropout, several for DropoutEnsemble.
	Masks []Mask
	// Says[m] is what thinned network m says: one probability per class, or one
	// number. nil draws no answers.
	Says [][]float64
	// Average is the average of what all thinned networks say (perhaps more than
	// are drawn); nil: the average of Says.
	Average []float64
	// Whole is what the whole network says without dropout; may be nil.
	Whole []float64
	// Classes name the entries of an answer; nil for a number.
	Classes []string
	// Answer names a number that is said: "accuracy"; "" means "answer".
	Answer string
	// Question says what was asked: "row 17 of test", "accuracy on 120 rows".
	Question string
}

// Dropout draws the network with the units that one mask removes.
func Dropout(d DropoutData, o Options) (*Figure, error) {
	if len(d.Masks) != 1 {
		return nil, fmt.Errorf("dropout: expected one mask, got %d; DropoutEnsemble draws several", len(d.Masks))
	}
	if err := d.check(); err != nil {
		return nil, fmt.Errorf("dropout: %w", err)
	}
	m := d.Masks[0]
	kept, of := m.count(d.Network)
	s := newScene(o, "The network that one dropout mask leaves", notebookWidth, 345)
	s.rigid = true
	s.subtitle = fmt.Sprintf("%d of %s are dropped in this step; their edges carry nothing and are not trained.", of-kept, count(of, "unit"))
	under := m.captions(d.Network)
	s.paint = func(p pen) { drawing{net: d.Network, mask: m, labels: true, under: under}.draw(p) }
	return build(s, d.maskText(m), d.data()), nil
}

func (d DropoutData) check() error {
	if len(d.Masks) == 0 {
		return errors.New("expected at least one mask, got none")
	}
	if err := d.Network.check(); err != nil {
		return err
	}
	for i, m := range d.Masks {
		if len(m) > len(d.Network.Layers) {
			return fmt.Errorf("mask %d: expected at most one entry per layer (%d), got %d", i+1, len(d.Network.Layers), len(m))
		}
		for l, keep := range m {
			if keep != nil && len(keep) != d.Network.Layers[l].Units {
				return fmt.Errorf("mask %d, layer %s: expected %d entries, got %d", i+1, d.Network.Layers[l].Name, d.Network.Layers[l].Units, len(keep))
			}
		}
	}
	return d.checkAnswers()
}

func (d DropoutData) checkAnswers() error {
	if d.Says == nil {
		return nil
	}
	if len(d.Says) != len(d.Masks) {
		return fmt.Errorf("expected one answer per mask (%d), got %d", len(d.Masks), len(d.Says))
	}
	want := max(len(d.Classes), 1)
	for _, s := range append([][]float64{d.Average, d.Whole}, d.Says...) {
		if s != nil && len(s) != want {
			return fmt.Errorf("expected answers of %s, got %d", count(want, "number"), len(s))
		}
	}
	return nil
}

// count says how many units of the masked layers are kept, of how many.
func (m Mask) count(n NetworkData) (kept, of int) {
	for _, keep := range m {
		for _, k := range keep {
			of++
			if k {
				kept++
			}
		}
	}
	return kept, of
}

// captions are lines below the layers: how many units each keeps.
func (m Mask) captions(n NetworkData) []string {
	out := make([]string, len(n.Layers))
	for l, keep := range m {
		if keep == nil {
			continue
		}
		kept, of := Mask{keep}.count(n)
		out[l] = fmt.Sprintf("keeps %d of %d", kept, of)
	}
	return out
}

func (d DropoutData) maskText(m Mask) string {
	kept, of := m.count(d.Network)
	var b strings.Builder
	fmt.Fprintf(&b, "One dropout mask on the network %s: %d of %s are dropped.", d.Network.sizes(), of-kept, count(of, "unit"))
	for l, keep := range m {
		if keep == nil {
			continue
		}
		var gone []string
		for u, k := range keep {
			if !k {
				gone = append(gone, fmt.Sprint(u+1))
			}
		}
		name := d.Network.Layers[l].Name
		switch n := len(gone); {
		case n == 0:
			fmt.Fprintf(&b, "\n%s drops none.", name)
		case n > 24:
			fmt.Fprintf(&b, "\n%s drops %s and %d more.", name, strings.Join(gone[:20], ", "), n-20)
		default:
			fmt.Fprintf(&b, "\n%s drops %s.", name, strings.Join(gone, ", "))
		}
	}
	return b.String()
}

// data has a row for each unit of each mask.
func (d DropoutData) data() Data {
	var mask, unit, kept []float64
	var layer []string
	for i, m := range d.Masks {
		for l, keep := range m {
			for u, k := range keep {
				mask, unit = append(mask, float64(i+1)), append(unit, float64(u+1))
				layer = append(layer, d.Network.Layers[l].Name)
				kept = append(kept, map[bool]float64{true: 1}[k])
			}
		}
	}
	return Data{Columns: []Column{{Name: "mask", Numbers: mask}, {Name: "layer", Strings: layer}, {Name: "unit", Numbers: unit}, {Name: "kept", Numbers: kept}}}
}
