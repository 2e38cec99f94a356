package dsl_test

import (
	"path/filepath"
	"strings"
	"testing"

	"go.starlark.net/starlark"

	"mlpkernel/dsl"
)

// TestResultsHaveTheKindTheyPromise calls the functions that completion has a
// kind for.
func TestResultsHaveTheKindTheyPromise(t *testing.T) {
	nb := newNotebook(t)
	dir := filepath.ToSlash(t.TempDir())
	nb.run(strings.ReplaceAll(`t = dataset("penguins")
a = array([[1, 2], [3, 4]])
c = t["body_mass_g"]
s = "some text"
net = dense(4, relu) >> dropout(0.2) >> output()
m = fit(net, t, "species", epochs=1, live=False)
e = ensemble(net, t, "species", members=2, epochs=1)
x = compare({"a": trial(net, epochs=1)}, t, "species")
r = find_lr(net, t, "species")
p = plot.scatter(t, "year", "body_mass_g")
m.save("DIR/guess.safetensors")
t.to_csv("DIR/guess.csv")
t.to_parquet("DIR/guess.parquet")`, "DIR", dir))
	calls := map[string]string{
		"datasets": "()", "table": "({})", "concat": "(t, t)", "sql": `("select 1 as a")`, "read_csv": `("DIR/guess.csv")`, "read_parquet": `("DIR/guess.parquet")`,
		"mc_dropout": "(m, t.head(2), masks=2)", "table.where": `("year > 2007")`, "table.select": `("year")`, "table.drop": `("year")`,
		"table.rename": `({"year": "y"})`, "table.assign": `({"z": c})`, "table.sort": `("year")`, "table.sample": "(3)", "table.group": `("island")`,
		"table.join": `(t.select("species").head(1), "species")`, "table.pivot": `("island", "sex", "year")`, "model.prepare": "(t)",
		"category": "(c)", "number": "(c)", "model.predict": "(t)", "ensemble.predict": "(t)", "column.fill": "(0)", "column.map": "(lambda v: 1)", "column.to": `("text")`,
		"column.isin": "([2007])", "fit": `(net, t, "species", epochs=0, live=False)`, "load_model": `("DIR/guess.safetensors")`, "dense": "(2)", "dropout": "(0.1)", "embedding": "(2)",
		"skip": "(dense(2))", "ensemble": `(net, t, "species", members=2, epochs=1)`, "compare": `({"a": trial(net, epochs=1)}, t, "species")`,
		"sweep": `(lambda p: trial(dense(2) >> output(), epochs=1), t, "species", grid={"p": [1]})`, "cross_validate": `(net, t, "species", folds=2, epochs=1)`,
		"find_lr": `(net, t, "species")`, "array": "([1])", "linspace": "(0, 1, 3)", "arange": "(3)", "eye": "(2)", "array.reshape": "([4])", "array.clip": "(0, 1)", "array.row": "(0)",
		"array.col": "(0)", "initializer.sample": "([2, 2])", "str": "(1)", "repr": "(1)", "format": "(1)", "string.replace": `("a", "b")`, "string.join": `(["a"])`,
		"string.removeprefix": `("a")`, "string.removesuffix": `("a")`, "list": "([])", "sorted": "([])", "reversed": "([])", "zip": "([], [])", "enumerate": "([])", "dataset": `("iris")`,
		"read_idx": "", // wants files of pictures
	}
	receivers := map[string]string{
		"table": "t", "column": "c", "model": "m", "ensemble": "e", "experiment": "x", "rate test": "r", "figure": "p", "array": "a", "initializer": "he_normal", "string": "s",
	}
	for kind, names := range dsl.Results {
		for _, name := range names {
			args, known := calls[name]
			if known && args == "" {
				continue
			}
			expression := name
			if of, method, is := strings.Cut(name, "."); is {
				expression = receivers[of] + "." + method
			}
			if _, callable := dsl.Resolve(nb.s, expression).(starlark.Callable); callable {
				if !known {
					args = "()"
				}
				expression += strings.ReplaceAll(args, "DIR", dir)
			}
			guess := dsl.Resolve(nb.s, expression)
			nb.run("_kind = None\n_kind = type(" + expression + ")")
			got, _ := starlark.AsString(dsl.Resolve(nb.s, "_kind"))
			if guess == nil || guess.Type() != kind || got != kind {
				t.Errorf("%s: promised %v, is %q, want %s", expression, guess, got, kind)
			}
		}
	}
}

func TestCompleteWhatIsNotComputed(t *testing.T) {
	nb := newNotebook(t)
	nb.run(`t = dataset("penguins")
net = dense(4) >> output()
mixed = [t, "text"]`)
	tests := []struct{ src, want string }{
		{`dataset("penguins").hea`, "head"},
		{`dataset("penguins").head(3).sor`, "sort"},
		{`dataset("penguins")["sex"].cou`, "counts"},
		{`t[t["year"] > 2007].hea`, "head"},
		{`t[["sex", "year"]].wher`, "where"},
		{`fit(net, t, "species", epochs=3).predi`, "predict"},
		{`fit(net, t, "species").predict(t).uni`, "unique"},
		{`fit(net, t, "species").history.hea`, "head"},
		{`(dense(3) >> output()).lay`, "layers"},
		{`"a text".upp`, "upper"},
		{`f"a {t}".upp`, "upper"},
		{`", ".joi`, "join"},
		{`[1, 2].app`, "append"},
		{`{"a": 1}.key`, "keys"},
		{`array([1, 2]).resh`, "reshape"},
		{`plot.scatter(t, "year", "year").sav`, "save"},
		{`[x for x in t["sex"]].ext`, "extend"},
		{`print(dataset("penguins").hea`, "head"},
		{`dataset("penguins").sample(see`, "seed="},
		{`["a"][0].app`, ""},
		{`("a")[0].upp`, "upper"},
		{`mixed[-1].upp`, "upper"},
		{`mixed[-2].hea`, "head"},
		{`unknown(1).hea`, ""},
		{`(.hea`, ""},
		{`).hea`, ""},
		{`"".hea`, ""},
		{`t.head(3)(4).hea`, ""},
	}
	for _, tt := range tests {
		if got := texts(nb.s.Complete(tt.src, len([]rune(tt.src))).Matches); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.src, got, tt.want)
		}
	}
}

// FuzzComplete checks that nothing that stands before a cursor makes
// completion or inspection panic.
func FuzzComplete(f *testing.F) {
	for _, s := range []string{`t["sex"].`, `t[t["a"] > 1].head(3).`, `A0[0].`, `f"{t.`, `"a`, `({[`, `)].`, `fit(dense(3), t, "s`, `t.head(n=`, `x = [a.b for c in d].`, "'''a\n'''.", "t\n.", `한.`} {
		f.Add(s)
	}
	nb := newNotebook(f)
	nb.run(`t = dataset("iris")
net = dense(4) >> output()`)
	f.Fuzz(func(t *testing.T, src string) {
		if len(src) > 300 {
			t.Skip("each place is looked at")
		}
		for at := range len([]rune(src)) + 1 {
			nb.s.Complete(src, at)
			nb.s.Inspect(src, at, 1)
		}
	})
}
