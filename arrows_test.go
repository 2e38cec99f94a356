package main_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// arrows says which folders of ours a folder may import. A folder that is not
// listed (main, the tests beside it) may import all.
var arrows = map[string][]string{
	"protocol": {},
	"display":  {},
	"table":    {},
	"nn":       {},
	"install":  {},
	"cell":     {"display"},
	"kernel":   {"protocol", "cell", "display"},
	"headless": {"kernel", "protocol", "display"},
	"learn":    {"nn", "table"},
	"gpu":      {"nn"},
	"dsl":      {"cell", "learn", "nn", "table", "display"},
}

// homes says in which one folder a heavy dependency may be imported.
var homes = map[string]string{
	"github.com/go-zeromq/zmq4":        "kernel/client",
	"gonum.org/v1/plot":                "display",
	"gorgonia.org/cu":                  "gpu",
	"go.starlark.net":                  "dsl",
	"github.com/parquet-go/parquet-go": "table",
	"modernc.org/sqlite":               "table",
}

func TestArrows(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		folder := strings.TrimPrefix(fields[0], "mlpkernel/")
		top, _, _ := strings.Cut(folder, "/")
		for _, imported := range fields[1:] {
			checkOurs(t, folder, top, imported)
			checkHome(t, folder, imported)
		}
	}
}

func checkOurs(t *testing.T, folder, top, imported string) {
	t.Helper()
	path, ours := strings.CutPrefix(imported, "mlpkernel/")
	allowed, listed := arrows[top]
	to, _, _ := strings.Cut(path, "/")
	if ours && listed && to != top && !slices.Contains(allowed, to) {
		t.Errorf("%s imports %s: %s may import %v of ours", folder, path, top, allowed)
	}
}

func checkHome(t *testing.T, folder, imported string) {
	t.Helper()
	for dep, home := range homes {
		if (imported == dep || strings.HasPrefix(imported, dep+"/")) && folder != home && !strings.HasPrefix(folder, home+"/") {
			t.Errorf("%s imports %s, which belongs in %s alone", folder, imported, home)
		}
	}
}
