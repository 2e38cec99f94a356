package dsl_test

import (
	"strings"
	"testing"

	"mlpkernel/dsl"
	"mlpkernel/nn"
	"mlpkernel/nn/cpu"
	"mlpkernel/nn/reference"
)

// A function is what it says, wherever it stands.
func TestOwnActivationsAreWhatTheySay(t *testing.T) {
	const begin = `def print_of(act): return fit(dense(2, act) >> output(), dataset("iris"), "species", epochs=0, live=False).fingerprint
slope = 0.1
def factor(x): return slope
`
	print := func(src string) string {
		n := newNotebook(t)
		n.run(begin)
		return n.run(src)
	}
	bent := print(`print_of(activation(lambda x: x if x > 0 else factor(x) * x))`)
	for _, same := range []string{
		`x = 5; y = 2; (y, print_of(activation(lambda x: x if x > 0 else factor(x) * x)))[1]`,
		"f = lambda x: x if x > 0 else factor(x) * x\n[g for g in [f]]\nprint_of(activation(f, name=\"bent\"))",
		"def make():\n    if True:\n        return activation(lambda x: x if x > 0 else factor(x) * x) # bent\nprint_of(make())",
	} {
		if got := print(same); got != bent || !strings.Contains(got, "-") {
			t.Errorf("%s\nis %s, elsewhere %s", same, got, bent)
		}
	}
	def := print("def f(x):\n    y = factor(x)\n    return y * x\nprint_of(activation(f))")
	if got := print("y = 3\nif True:\n    def f(x):\n        y = factor(x)\n        return y * x\n\nprint_of(activation(f))"); got != def {
		t.Errorf("a def is %s, elsewhere %s", def, got)
	}
	const quoted = "def f(x):\n    s = \"\"\"a\n        b\"\"\"\n    return x * len(s)\n"
	flat := print(quoted + "print_of(activation(f))")
	if got := print("if True:\n    " + strings.ReplaceAll(quoted, "\n    ", "\n        ") + "\nprint_of(activation(f))"); got == flat || !strings.Contains(got, "-") {
		t.Errorf("%s for a text of other blanks, too", got)
	}
	for _, other := range []string{
		`slope = 0.2; print_of(activation(lambda x: x if x > 0 else factor(x) * x))`,
		`print_of(activation(lambda x: x if x > 0 else factor(x) * 2 * x))`,
		"def factor(x): return 0.1\nprint_of(activation(lambda x: x if x > 0 else factor(x) * x))",
	} {
		if got := print(other); got == bent || !strings.Contains(got, "-") {
			t.Errorf("%s\nis %s, as is another function", other, got)
		}
	}
	within := print(`f"{print_of(activation(lambda x: 2 * x))} {print_of(activation(lambda x: 3 * x))}"`)
	if two := strings.Fields(strings.Trim(within, "'\"\n")); len(two) != 2 || two[0] == two[1] {
		t.Errorf("two functions in an f-string are %q", two)
	}
	for _, f := range []string{"factor", "lambda x: x + 1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9 + 10"} {
		n := newNotebook(t)
		n.run(begin)
		out := n.run("print(fit(dense(2, activation(" + f + ")) >> output(), dataset(\"iris\"), \"species\", epochs=0, live=False).recipe())")
		if !strings.Contains(out, "define it, or put it in") {
			t.Errorf("the recipe does not say that it has no %s:\n%s", f, out)
		}
	}
}

// What m.recipe() writes trains the same model again.
func TestRecipesTrainTheSameModel(t *testing.T) {
	for _, program := range []string{
		`m = fit(dense(3, relu) >> dropout(0.2) >> output(), data, "species", epochs=2, validation=0.2, optimizer=adamw(lr=one_cycle(0.01)), clip_norm=1, seed=3, live=False)`,
		`m = fit(2 * (dense(4, selu, l2=1e-3) >> layer_norm()) >> output(), data, "body_mass_g", epochs=2, prep=impute("median", flag=True) >> standardize(), loss=huber(delta=2), early_stopping=1, live=False)`,
		`m = fit(dense(4) >> skip(dense(4, tanh)) >> output(), data, "species", epochs=1, class_weight="balanced", batch_size=None, optimizer=sgd(0.1, momentum=0.9), live=False)
m = fit(m, data, epochs=2, live=False)`,
		`m = fit(dense(4) >> output(), data, "species", epochs=1, validation=data.head(40), live=False)
m = fit(m, data, validation=0, live=False)
valid, data_2 = data.head(40), data`,
		`m = fit(dense(3, activation(lambda x: x if x > 0 else 0.1 * x), init=constant(value=.1)) >> output(), data, "species", epochs=1, optimizer=adam(warmup() * flat_cos(0.01)), live=False)`,
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
