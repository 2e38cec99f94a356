package dsl_test

import (
	"fmt"
	"strings"
	"testing"
)

const board = "board = table({\"x1\": [0, 0, 1, 1], \"x2\": [0, 1, 0, 1], \"y\": [0, 1, 1, 0]})"

// TestXOR holds what the notebooks tell: one neuron cannot learn XOR, two
// layers do from any seed, and two layers of steps are it by hand.
func TestXOR(t *testing.T) {
	seeds := 100
	if testing.Short() {
		seeds = 5
	}
	nb := newNotebook(t)
	nb.run(board)
	for _, tt := range []struct{ src, want string }{
		{"single = [fit(output(), board, \"y\", epochs=200, optimizer=adam(0.05), seed=s, live=False, record=\"none\").evaluate(board).accuracy for s in range(3)]\nmax(single) <= 0.75", "True"},
		{fmt.Sprintf("two = [fit(dense(8, tanh) >> output(), board, \"y\", optimizer=adam(lr=0.05), batch_size=None, epochs=100, seed=s, live=False, record=\"none\").evaluate(board).accuracy for s in range(%d)]\nmin(two)", seeds), "1.0"},
		{"plain = [fit(dense(8, tanh) >> output(), board, \"y\", seed=s, live=False, record=\"none\").evaluate(board).accuracy for s in range(5)]\nsum([a == 1.0 for a in plain]) >= 3", "True"},
		{"hand = dense(2, step, weights=([[1, 1], [-1, -1]], [-0.5, 1.5])) >> output(activation=step, weights=([[1, 1]], [-1.5]))\nlist(fit(hand, board, \"y\", epochs=0, prep=None, live=False).predict(board))", "[0, 1, 1, 0]"},
		{"p = fit(output(activation=step), table({\"x1\": [0, 0, 1, 1], \"x2\": [0, 1, 0, 1], \"y\": [0, 0, 0, 1]}), \"y\", optimizer=perceptron(), epochs=20, live=False)\nlist(p.predict(board))", "[0, 0, 0, 1]"},
	} {
		if got := lastLine(nb.run(tt.src)); got != tt.want {
			t.Errorf("%s\ngives %s, want %s", tt.src, got, tt.want)
		}
	}
}

// TestPenguins holds the accuracy of all defaults over five splits.
func TestPenguins(t *testing.T) {
	nb := newNotebook(t)
	got := lastLine(nb.run(`
def score(seed):
    train, test = split(dataset("penguins"), test=0.25, stratify="species", seed=seed)
    return fit(dense(32, relu) >> output(), train, "species", live=False, record="none").evaluate(test).accuracy
mean([score(s) for s in range(5)]) >= 0.98`))
	if got != "True" {
		t.Errorf("the mean is under 0.98: %s", got)
	}
}

func lastLine(s string) string { return s[strings.LastIndexByte(s, '\n')+1:] }
