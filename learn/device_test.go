package learn_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"mlpkernel/learn"
	"mlpkernel/nn"
)

// card is an accelerator that finds work worthwhile or not, and can do none.
type card struct {
	nn.Backend
	worth bool
}

func (card) Name() string                                    { return "gpu" }
func (card) Device() (string, error)                         { return "a card", nil }
func (c card) Worthwhile(*nn.Plan, nn.Options, nn.Work) bool { return c.worth }
func (card) Compile(*nn.Plan, nn.Options) (nn.Program, error) {
	return nil, nn.Unsupported(errors.New("it is full"))
}

// TestDevices asserts where a training runs that asks for a device, and that the
// model says what was not as asked for.
func TestDevices(t *testing.T) {
	for _, c := range []struct {
		device, precision string
		worth             bool
		note              string
	}{
		{"auto", "", false, ""},
		{"auto", "auto", true, "instead of gpu: it is full"},
		{"gpu", "", false, "instead of gpu: it is full"},
		{"cpu", "", true, ""},
		{"cpu", "bfloat16", true, `precision="bfloat16" is for products on a GPU`},
	} {
		o := learn.Options{
			Net: nn.Chain(dense(8, "tanh"), nn.Output{}), Data: xor(), Target: []string{"y"}, Epochs: new(1),
			Backends: append([]nn.Backend{card{worth: c.worth}}, fast()...), Device: c.device, Precision: c.precision,
		}
		m, err := learn.Fit(context.Background(), o)
		if err != nil {
			t.Fatal(err)
		}
		told := slices.IndexFunc(m.Notes(), func(n string) bool {
			return strings.Contains(n, "instead of") || strings.Contains(n, "precision=")
		})
		if (told >= 0) != (c.note != "") || told >= 0 && !strings.Contains(m.Notes()[told], c.note) {
			t.Errorf("%+v: %q", c, m.Notes())
		}
		if d := m.Volatile().Device; d != "cpu" {
			t.Errorf("%+v: runs on %s", c, d)
		}
	}
	o := learn.Options{Net: nn.Chain(nn.Output{}), Data: xor(), Target: []string{"y"}, Device: "gpu", Backends: fast()}
	if _, err := learn.Fit(context.Background(), o); err == nil || !strings.Contains(err.Error(), "see devices()") {
		t.Errorf("error %v", err)
	}
}
