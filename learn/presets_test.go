package learn_test

import (
	"testing"

	"mlpkernel/learn"
)

func TestPresetsTrain(t *testing.T) {
	for _, p := range learn.Presets() {
		for target, bounds := range map[string][2]float64{"species": {0.97, 1}, "body_mass_g": {0.75, 1}} {
			o := learn.Options{Data: penguins(), Target: []string{target}}
			if p.Name != "linear" {
				if testing.Short() {
					continue
				}
				o.Epochs, o.BatchSize = new(8), new(32) // enough to see that it learns
			}
			o, err := p.Options(o)
			if err != nil {
				t.Fatal(err)
			}
			metric := map[string]string{"species": "accuracy", "body_mass_g": "r2"}[target]
			m := fit(t, o)
			if v := score(t, m, penguins(), metric); v < bounds[0] || v > bounds[1] {
				t.Errorf("%s: %s of %s is %v\n%s", p.Name, metric, target, v, m.Recipe())
			}
		}
	}
	if _, err := learn.PresetNamed("tabnet"); err == nil {
		t.Error("an unknown preset")
	}
}
