package learn_test

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"mlpkernel/learn"
	"mlpkernel/nn"
)

// savable are trainings that a file must carry.
func savable() map[string]learn.Options {
	all := species(nn.Embedding{Dim: 2}, dense(8, "relu"), nn.BatchNorm{}, nn.Dropout{Rate: nn.Constant(0.2)},
		nn.Skip{Body: nn.Chain(dense(8, "tanh"), nn.LayerNorm{}), Project: true}, nn.Act("selu"), nn.Output{})
	all.Validation.Share = 0.2
	all.ClassWeight.Balanced = true
	numbers := species(dense(8, "relu"), nn.Output{})
	numbers.Target, numbers.L2, numbers.Loss = []string{"bill_length_mm", "body_mass_g"}, new(0.01), nn.Loss{Name: "huber", Param: 2}
	yes := species(dense(4, "elu"), nn.Output{Dense: nn.Dense{Activation: nn.Act("softmax")}})
	yes.Target = []string{"sex"}
	return map[string]learn.Options{"layers": all, "numbers": numbers, "two classes by softmax": yes}
}

func TestSavedModelsGoOnBitForBit(t *testing.T) {
	for name, o := range savable() {
		m := fit(t, o)
		path := filepath.Join(t.TempDir(), "m.safetensors")
		if err := m.Save(path); err != nil {
			t.Fatal(err)
		}
		back, err := learn.Load(path)
		if err != nil {
			t.Fatal(err)
		}
		a, b := must(m.Outputs(t.Context(), penguins())), must(back.Outputs(t.Context(), penguins()))
		if !slices.Equal(a.V, b.V) || !slices.Equal(a.Names, b.Names) {
			t.Errorf("%s: the loaded model predicts otherwise", name)
		}
		if back.Recipe() != m.Recipe() || back.LaTeX() != m.LaTeX() || back.Fingerprint() != m.Fingerprint() || len(back.Recordings()) != len(m.Recordings()) {
			t.Errorf("%s: recipe %s, loaded %s", name, m.Recipe(), back.Recipe())
		}
		if x, y := must(m.History()), must(back.History()); x.String() != y.String() {
			t.Errorf("%s: history\n%s\nloaded\n%s", name, x, y)
		}
		more := learn.Options{Data: o.Data, Epochs: new(3)}
		on, err := learn.FitOn(t.Context(), m, more)
		if err != nil {
			t.Fatal(err)
		}
		backOn, err := learn.FitOn(t.Context(), back, more)
		if err != nil {
			t.Fatal(err)
		}
		if on.Digest() != backOn.Digest() {
			t.Errorf("%s: going on from the loaded model gives other bits", name)
		}
	}
}

func TestLayersAreSavable(t *testing.T) {
	for _, d := range nn.Layers() {
		if d.Name == "output" || d.Name == "embedding" {
			continue
		}
		m := fit(t, learn.Options{Net: nn.Chain(dense(4, "tanh"), d.Example, nn.Output{}), Data: xor(), Target: []string{"y"}, Epochs: new(1)})
		var b bytes.Buffer
		if err := m.Encode(&b); err != nil {
			t.Errorf("%s: %v", d.Name, err)
			continue
		}
		if _, err := learn.Decode(b.Bytes()); err != nil {
			t.Errorf("%s: %v", d.Name, err)
		}
	}
}

func TestDamagedFilesAreErrors(t *testing.T) {
	var b bytes.Buffer
	if err := fit(t, species(dense(3, "relu"), nn.Output{})).Encode(&b); err != nil {
		t.Fatal(err)
	}
	whole := b.Bytes()
	for _, c := range []struct {
		name, want string
		data       []byte
	}{
		{"empty", "too short", nil},
		{"cut", "cut", whole[:len(whole)-20]},
		{"header cut", "cut", whole[:100]},
		{"other units", "wants", bytes.Replace(whole, []byte(`Units\":3`), []byte(`Units\":4`), 1)},
		{"unknown activation", "no activation", bytes.Replace(whole, []byte(`\"relu\"`), []byte(`\"rolu\"`), 1)},
		{"newer", "newer", bytes.Replace(whole, []byte(`\"version\":1`), []byte(`\"version\":9`), 1)},
		{"negative", "counts from 0", bytes.Replace(whole, []byte(`\"step\":`), []byte(`\"step\":-`), 1)},
		{"foreign", "not of a model", []byte("\x08\x00\x00\x00\x00\x00\x00\x00{}      ")},
	} {
		if _, err := learn.Decode(c.data); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q", c.name, err, c.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	o := species(dense(3, "relu"), nn.Dropout{Rate: nn.Constant(0.1)}, nn.Output{})
	o.Epochs, o.Record, o.Features = new(0), []string{"none"}, []string{"bill_length_mm", "sex"}
	m, err := learn.Fit(f.Context(), o)
	if err != nil {
		f.Fatal(err)
	}
	var b bytes.Buffer
	if err := m.Encode(&b); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	f.Add([]byte("\x02\x00\x00\x00\x00\x00\x00\x00{}"))
	rows := penguins().Head(3)
	f.Fuzz(func(t *testing.T, data []byte) {
		m, err := learn.Decode(data)
		if err != nil {
			return
		}
		// What is read can be used, or says why not.
		if _, err := m.Predict(t.Context(), rows); err != nil {
			return
		}
		m.Summary()
		m.Recipe()
		m.LaTeX()
	})
}
