package dsl

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"go.starlark.net/starlark"
)

// fixtures are what the examples of the documentation take as given.
const fixtures = `
t = dataset("penguins").drop_missing("body_mass_g")
train, test = split(t, test=0.25, stratify="species", seed=1)
valid = test
net = dense(4, relu) >> dropout(0.2) >> output()
m = fit(net, train, "species", epochs=1, live=False)
m1, m2 = m, m
rows = test
c = t["body_mass_g"]
a = array([[1, 2], [3, 4]])
f = plot.hist(c)
`

func lecture(t *testing.T) func(src string) error {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "adult.csv"), []byte("age;zip\n40;08826\n?;08827\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	s := New(Options{Dir: dir})
	run := func(src string) error {
		s.mu.Lock()
		defer s.mu.Unlock()
		v, _, err := s.run(context.Background(), "example", src, quietHost{})
		if err != nil {
			return s.explain(err)
		}
		if v != nil {
			show(v)
		}
		return nil
	}
	if err := run(fixtures); err != nil {
		t.Fatal(err)
	}
	return run
}

var codeBlock = regexp.MustCompile("(?s)```python\n(.*?)```")

// costly examples are read and not run.
var costly = regexp.MustCompile(`\b(compare|sweep|cross_validate|find_lr|ensemble|mc_dropout|fit)\(`)

// TestExamples reads every example of the documentation, and runs those that are cheap.
func TestExamples(t *testing.T) {
	run := lecture(t)
	var all []*Function
	for _, g := range groups() {
		if g.module == nil { // the pictures' are run by TestPictureExamples
			all = append(all, g.functions...)
		}
	}
	for _, ms := range []*Methods{columnMethods, ensembleMethods, networkMethods, layersMethods, modelMethods, figureMethods, initializerMethods, tableMethods, rowMethods} {
		for _, name := range ms.names {
			all = append(all, ms.funcs[name])
		}
	}
	examples := 0
	for _, f := range all {
		for _, m := range codeBlock.FindAllStringSubmatch(f.def.Doc, -1) {
			examples++
			_, _, err := compile(f.name, m[1])
			if err == nil && !costly.MatchString(m[1]) {
				err = run(m[1])
			}
			if err != nil {
				t.Errorf("%s:\n%s%v", f.name, m[1], err)
			}
		}
	}
	if examples < 30 {
		t.Errorf("only %d examples found", examples)
	}
}

// TestReadme runs every block of Python in the README, and reads what its
// table tells to write.
func TestReadme(t *testing.T) {
	b, err := os.ReadFile("../README.md")
	if err != nil {
		t.Fatal(err)
	}
	run := lecture(t)
	blocks := codeBlock.FindAllStringSubmatch(string(b), -1)
	if len(blocks) == 0 {
		t.Error("no block of Python")
	}
	for _, m := range blocks {
		if testing.Short() { // it trains and draws
			_, _, err = compile("README", m[1])
		} else {
			err = run(m[1])
		}
		if err != nil {
			t.Errorf("%s%v", m[1], err)
		}
	}
	for _, line := range strings.Split(string(b), "\n") {
		cells := strings.Split(line, "|")
		if len(cells) != 4 || !strings.Contains(cells[2], "`") {
			continue
		}
		for i, code := range strings.Split(cells[2], "`") {
			if _, _, err := compile("README", "f("+elided.Replace(code)+")"); i%2 == 1 && err != nil {
				t.Errorf("%s: %v", code, err)
			}
		}
	}
}

// elided makes code with … and an assignment one that can be read as arguments.
var elided = strings.NewReplacer("{…}", "{}", "(…", "(x", "…", "x", "train, test = ", "", "m = ", "", "r = ", "")

// TestVocabulary looks up every name of testdata/vocabulary.txt, and the
// arguments it takes by name.
func TestVocabulary(t *testing.T) {
	b, err := os.ReadFile("testdata/vocabulary.txt")
	if err != nil {
		t.Fatal(err)
	}
	s := New(Options{})
	s.mu.Lock()
	if _, _, err := s.run(context.Background(), "fixtures", fixtures, quietHost{}); err != nil {
		t.Fatal(s.explain(err))
	}
	s.mu.Unlock()
	for _, m := range regexp.MustCompile(`(?m)([a-z_0-9]+(?:\.\w+)?)(\(([a-z_0-9 ]*)\))?`).FindAllStringSubmatch(string(b[strings.IndexByte(string(b), '\n'):]), -1) {
		v := s.resolve(m[1])
		if v == nil {
			t.Errorf("there is no %s", m[1])
			continue
		}
		if m[2] == "" {
			continue
		}
		if _, ok := v.(starlark.Callable); !ok {
			t.Errorf("%s is a %s, no function", m[1], v.Type())
			continue
		}
		f, _ := v.(*Function)
		for _, arg := range strings.Fields(m[3]) {
			if f == nil || !f.takes(arg) {
				t.Errorf("%s has no argument %s", m[1], arg)
			}
		}
	}
}

func (f *Function) takes(name string) bool {
	for _, p := range f.params() {
		if p.name == name || p.rest == 2 {
			return true
		}
	}
	return false
}
