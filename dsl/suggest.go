package dsl

import (
	"slices"
	"strings"

	"go.starlark.net/starlark"
)

// suggest ends an error about an unknown name: with the advice for it, or
// with the nearest of the names there are.
func suggest(name string, names []string, advice map[string]string) string {
	if a := advice[name]; a != "" {
		return "; " + a
	}
	if near := nearest(name, names); near != "" {
		return "; did you mean " + near + "?"
	}
	return ""
}

// fewNames is how many names an error may list.
const fewNames = 10

// noAttribute is the error for an attribute that a value has not.
func noAttribute(v starlark.HasAttrs, name string, advice map[string]string) error {
	names := v.AttrNames()
	hint := suggest(name, names, advice)
	if hint == "" && len(names) <= fewNames {
		hint = "; it has ." + strings.Join(names, ", .")
	}
	return Errorf("AttributeError", "%s has no .%s%s", aKind(v), name, hint)
}

// otherNames are those that other libraries give to what has a name here,
// in lower case.
var otherNames = map[string]string{
	"swish": "silu", "logistic": "sigmoid", "identity": "linear", "heaviside": "step",
	"xavier": "glorot", "kaiming": "he", "xavier_normal": "glorot_normal", "xavier_uniform": "glorot_uniform",
	"kaiming_normal": "he_normal", "kaiming_uniform": "he_uniform", "random_normal": "normal", "random_uniform": "uniform",
	"mean_squared_error": "mse", "mean_absolute_error": "mae", "binary_crossentropy": "binary_cross_entropy", "categorical_crossentropy": "cross_entropy",
	"train_test_split": "split", "standardscaler": "standardize", "robustscaler": "robust", "onehotencoder": "one_hot", "simpleimputer": "impute",
	"batchnormalization": "batch_norm", "batchnorm1d": "batch_norm", "layernormalization": "layer_norm", "earlystopping": "early_stopping",
	"kernel_initializer": "init", "use_bias": "bias", "max_iter": "epochs", "drop_prob": "rate", "acc": "accuracy", "f1_score": "f1", "roc_auc": "auc", "r2_score": "r2",
}

// begunBy are the names that begin with a given one, or with what it is called
// here: he_normal and he_uniform for he.
func begunBy(name string, names []string) (out []string) {
	if here := otherNames[strings.ToLower(name)]; here != "" {
		name = here
	}
	for _, n := range names {
		if strings.HasPrefix(n, name+"_") {
			out = append(out, n)
		}
	}
	return out
}

// nearest returns the name that differs least from the given one, empty if
// all differ by more than about a third of its length; or the one that other
// libraries call so.
func nearest(name string, names []string) string {
	if here := otherNames[strings.ToLower(name)]; slices.Contains(names, here) {
		return here
	}
	best, bestDistance := "", (len([]rune(name))+2)/3
	if bestDistance < 2 && len([]rune(name)) > 3 {
		bestDistance = 2
	}
	if len([]rune(name)) < 3 {
		bestDistance = 0
	}
	for _, n := range names {
		if strings.HasPrefix(n, "_") || internal(n) {
			continue
		}
		d := distance(strings.ToLower(name), strings.ToLower(n), bestDistance)
		if d < bestDistance || d == bestDistance && best == "" {
			best, bestDistance = n, d
		}
	}
	return best
}

// distance is the number of insertions, deletions, replacements and swaps of
// neighbours between two words (Damerau's, restricted), or something over
// limit once it must be larger.
func distance(a, b string, limit int) int {
	x, y := []rune(a), []rune(b)
	if d := len(x) - len(y); d > limit || -d > limit {
		return limit + 1
	}
	before, last := make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range last {
		last[j] = j
	}
	for i := 1; i <= len(x); i++ {
		row := make([]int, len(y)+1)
		row[0] = i
		for j := 1; j <= len(y); j++ {
			cost := 1
			if x[i-1] == y[j-1] {
				cost = 0
			}
			row[j] = min(row[j-1]+1, last[j]+1, last[j-1]+cost)
			if i > 1 && j > 1 && x[i-1] == y[j-2] && x[i-2] == y[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(y)]
}
