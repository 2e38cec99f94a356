package dsl_test

import (
	"strings"
	"testing"

	"mlpkernel/dsl"
	"mlpkernel/nn"
	"mlpkernel/nn/cpu"
	"mlpkernel/nn/reference"
)

// What m.recipe() writes trains the same model again.
func TestRecipesTrainTheSameModel(t *testing.T) {
	for _, program := range []string{
		`m = fit(dense(3, relu) >> dropout(0.2) >> output(), data, "species", epochs=2, validation=0.2, optimizer=adamw(lr=one_cycle(0.01)), clip_norm=1, seed=3, live=False)`,
		`m = fit(2 * (dense(4, selu, l2=1e-3) >> layer_norm()) >> output(), data, "body_mass_g", epochs=2, prep=impute("median", flag=True) >> standardize(), loss=huber(delta=2), early_stopping=1, live=False)`,
		`m = fit(dense(4) >> skip(dense(4, tanh)) >> output(), data, "species", epochs=1, class_weight="balanced", batch_size=None, optimizer=sgd(0.1, momentum=0.9), live=False)
m = fit(m, data, epochs=2, live=False)`,
		`data = data.select("bill_length_mm", "bill_depth_mm").drop_missing()
m = fit(dense(1, tanh) >> output(), data, data.columns, features=data.columns, epochs=2, live=False)`,
	} {
		n := &notebook{s: dsl.New(dsl.Options{Dir: t.TempDir(), Version: "test", Backends: []nn.Backend{cpu.New(), reference.New()}})}
		if out := n.run("data = dataset(\"penguins\")\n" + program); strings.Contains(out, "Error") {
			t.Fatal(out)
		}
		recipe := n.run("before = m.fingerprint\nprint(m.recipe(), end=\"\")")
		n.run("m = None")
		if out := n.run(recipe + "\nm.fingerprint == before"); !strings.HasSuffix(strings.TrimSpace(out), "True") {
			t.Errorf("%s\n%s", recipe, out)
		}
	}
}
