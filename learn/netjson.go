package learn

import (
	"encoding/json"
	"errors"
	"fmt"

	"mlpkernel/nn"
)

// layerJSON is a layer as a file holds it.
type layerJSON struct {
	Kind string          `json:"kind"`
	Is   json.RawMessage `json:"is"`
}

// skipJSON is nn.Skip with its body.
type skipJSON struct {
	Body    []layerJSON
	Project bool
	Name    string
}

// layerCodecs say how each kind of nn.Layers is read; a test ranges over both.
var layerCodecs = map[string]func([]byte) (nn.Layer, error){
	"dense":      read[nn.Dense],
	"dropout":    read[nn.Dropout],
	"activation": read[nn.ActivationLayer],
	"batch_norm": read[nn.BatchNorm],
	"layer_norm": read[nn.LayerNorm],
	"embedding":  read[nn.Embedding],
	"output":     read[nn.Output],
}

func read[L nn.Layer](b []byte) (nn.Layer, error) {
	var l L
	err := json.Unmarshal(b, &l)
	return l, err
}

var errOwn = errors.New("a network with an activation of one's own cannot be saved, since its function is a value of this session; use a named activation")

// encodeLayers writes layers. Weights that were given are left out: a model has
// its own.
func encodeLayers(layers []nn.Layer) ([]layerJSON, error) {
	var out []layerJSON
	for _, l := range layers {
		v, err := plainLayer(l)
		if err != nil {
			return nil, err
		}
		b, err := json.Marshal(v)
		if err != nil {
			return nil, fmt.Errorf("layer %s: %w", l, err)
		}
		out = append(out, layerJSON{l.Kind(), b})
	}
	return out, nil
}

// plainLayer is a layer as JSON can hold it.
func plainLayer(l nn.Layer) (any, error) {
	own := func(a nn.Activation) error {
		if a.Own != nil {
			return errOwn
		}
		return nil
	}
	switch l := l.(type) {
	case nn.Dense:
		l.Weights = nil
		return l, own(l.Activation)
	case nn.Output:
		l.Weights = nil
		return l, own(l.Activation)
	case nn.ActivationLayer:
		return l, own(l.Activation)
	case nn.Skip:
		body, err := encodeLayers(l.Body.Layers())
		return skipJSON{body, l.Project, l.Name}, err
	}
	return l, nil
}

// mostDepth bounds how deep skips may lie within skips in a file.
const mostDepth = 100

// decodeLayers reads layers and checks every name in them.
func decodeLayers(list []layerJSON, depth int) (nn.Network, error) {
	if depth > mostDepth {
		return nn.Network{}, errors.New("skips lie too deep in one another")
	}
	var parts []nn.Part
	for _, e := range list {
		l, err := decodeLayer(e, depth)
		if err != nil {
			return nn.Network{}, fmt.Errorf("layer %s: %w", e.Kind, err)
		}
		if err := checkNames(l); err != nil {
			return nn.Network{}, err
		}
		parts = append(parts, l)
	}
	return nn.Chain(parts...), nil
}

func decodeLayer(e layerJSON, depth int) (nn.Layer, error) {
	if e.Kind == "skip" {
		var s skipJSON
		if err := json.Unmarshal(e.Is, &s); err != nil {
			return nil, err
		}
		body, err := decodeLayers(s.Body, depth+1)
		return nn.Skip{Body: body, Project: s.Project, Name: s.Name}, err
	}
	decode, ok := layerCodecs[e.Kind]
	if !ok {
		return nil, errors.New("not known; was the file written by a newer version?")
	}
	return decode(e.Is)
}

// checkNames makes sure that what a layer names exists.
func checkNames(l nn.Layer) error {
	dense := func(d nn.Dense) error {
		return errors.Join(activationExists(d.Activation), initializerExists(d.Init))
	}
	switch l := l.(type) {
	case nn.Dense:
		return dense(l)
	case nn.Output:
		return dense(l.Dense)
	case nn.ActivationLayer:
		return activationExists(l.Activation)
	case nn.Dropout:
		return scheduleExists(l.Rate)
	}
	return nil
}

func activationExists(a nn.Activation) error {
	if !a.Given() {
		return nil
	}
	_, err := nn.NewActivation(a.Name, nil)
	return err
}

func initializerExists(i nn.Initializer) error {
	for _, d := range nn.Initializers() {
		if !i.Given() || d.Name == i.Name {
			return nil
		}
	}
	return fmt.Errorf("no initialiser is called %q", i.Name)
}

func scheduleExists(s nn.Schedule) error {
	for _, f := range s {
		found := false
		for _, d := range nn.Schedules() {
			found = found || d.Name == f.Name
		}
		if !found {
			return fmt.Errorf("no schedule is called %q", f.Name)
		}
	}
	return nil
}

// settingsExist checks the names in settings.
func settingsExist(s Settings) error {
	if _, err := nn.NewLoss(s.Loss.Name, nil); err != nil {
		return err
	}
	for _, d := range nn.Optimizers() {
		if d.Name == s.Optimizer.Name {
			return errors.Join(scheduleExists(s.Optimizer.LR), scheduleExists(s.Optimizer.WeightDecay))
		}
	}
	return fmt.Errorf("no optimiser is called %q", s.Optimizer.Name)
}
