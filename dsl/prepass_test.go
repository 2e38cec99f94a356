package dsl

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestPrepare(t *testing.T) {
	tests := []struct{ in, want string }{
		{"x = 2**3", "x = 2//3"},
		{"f(**kw)", "f(**kw)"},
		{"f(a, **kw) ** 2", "f(a, **kw) // 2"},
		{"x **= 2", "x //= 2"},
		{`f"a{x}"`, `+"a{x}"`},
		{`rf"a{x}"`, `+r"a{x}"`},
		{"x = 'f\"**' # 2**3", "x = 'f\"**' # 2**3"},
		{"net = dense(3)\n  >> output()", "net = dense(3)\\\n  >> output()"},
		{"net = a # one\n\n# two\n>> b\nc", "net = a \\\n\\\n\\\n>> b\nc"},
		{"fit?", "help(fit)"},
		{"  ?a.b # why", "  help(a.b)"},
		{"'''\nx?\n%y'''", "'''\nx?\n%y'''"},
		{"(\n!x)", "(\n!x)"},
	}
	for _, tt := range tests {
		p, err := prepare("In[1]", tt.in)
		if err != nil || p.text != tt.want {
			t.Errorf("%q: got %q, %v, want %q", tt.in, p.text, err, tt.want)
		}
	}
	for in, want := range map[string]string{"%matplotlib inline": "plot", "!pip install x": "shell"} {
		if _, err := prepare("In[1]", in); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v", in, err)
		}
	}
	for in, want := range map[string]bool{"x;": true, "x; # y": true, "x;\n\n": true, "x": false, "x;y": false, "';'": false} {
		if p, _ := prepare("In[1]", in); p.silent != want {
			t.Errorf("%q: silent is %v", in, p.silent)
		}
	}
}

// FuzzPrepare checks that nothing panics and that lines stay lines. It begins
// with all the cells of the tests.
func FuzzPrepare(f *testing.F) {
	files, err := filepath.Glob("testdata/*.cells")
	if err != nil || len(files) == 0 {
		f.Fatalf("no cells: %v", err)
	}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text)) // what stands between cells is comment and text to it
	}
	for _, s := range []string{"a\n>> b", "f'{x}' ** 2", "'''", "x?\n", "# c\n\n>>", "\\", "1e+5**2"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		p, err := prepare("In[1]", s)
		if err != nil {
			return
		}
		if strings.Count(p.text, "\n") != strings.Count(s, "\n") {
			t.Fatalf("%q became %q", s, p.text)
		}
	})
}
