package browser

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestNotebook is the trial in Debian's classic Jupyter Notebook.
func TestNotebook(t *testing.T) {
	needs(t, "jupyter-notebook", "chromium", "chromedriver")
	trial(t, serve(t, classic, "."))
}

// TestLab is the trial in the JupyterLab that run.sh built in the folder LAB.
func TestLab(t *testing.T) {
	needs(t, "chromium", "chromedriver")
	dir := os.Getenv("LAB")
	if dir == "" {
		t.Skip("left out: JupyterLab is not built (e2e/browser/run.sh builds it and runs this test)")
	}
	trial(t, serve(t, lab, dir))
}

// user is a person before a front end.
type user struct {
	*page
	place
	opened bool // the one page of JupyterLab
}

func trial(t *testing.T, at place) {
	u := &user{page: startBrowser(t, at.name), place: at}
	u.tutorials(t)
	u.visit("trial.ipynb")
	for _, step := range []struct {
		name string
		run  func(*user, *testing.T)
	}{
		{"live picture", (*user).livePicture},
		{"interrupted fit", (*user).interruptedFit},
		{"interrupted loop", (*user).interruptedLoop},
		{"completion", (*user).completion},
		{"tooltip", (*user).tooltip},
		{"input", (*user).input},
		{"output", (*user).output},
		{"error", (*user).mistake},
		{"cleared output", (*user).clearedOutput},
		{"highlighting", (*user).highlighting},
		{"contrast", (*user).contrast},
		{"long output", (*user).longOutput},
		{"contextual help", (*user).contextualHelp},
		{"two kernels", (*user).twoKernels},
		{"restart and run all", (*user).restartAndRunAll},
		{"restart", (*user).restart},
		{"kernel dies", (*user).kernelDies},
	} {
		u.step(t, step.name, func(t *testing.T) { step.run(u, t) })
	}
}

// step runs a part of the trial as a subtest.
func (u *user) step(t *testing.T, name string, run func(*testing.T)) {
	t.Run(name, func(t *testing.T) {
		defer func(before *testing.T) { u.t = before }(u.t)
		u.t = t
		run(t)
	})
}

// visit opens a notebook and waits for its kernel.
func (u *user) visit(path string) {
	u.t.Helper()
	u.size(1200, 1000)
	if !u.inTabs() {
		// A page gives up scripts that do not come in 30 s; a person loads it anew.
		for range 3 {
			u.open(u.place.url + fmt.Sprintf(u.frontEnd.page, path))
			u.script(nil, u.js+commonJS)
			if u.within(patience/3, "ready") {
				break
			}
		}
	} else {
		if !u.opened {
			u.open(u.place.url + u.frontEnd.page)
			u.script(nil, u.js+commonJS)
			u.opened = true
		}
		u.until("open", path)
	}
	u.until("ready")
	u.until("idle")
}

// inTabs says that the front end shows several notebooks in one page.
func (u *user) inTabs() bool { return !strings.Contains(u.frontEnd.page, "%s") }

// cell is a code cell as the front end holds it.
type cell struct {
	Source  string
	Count   any
	Tags    []string
	Outputs []output
	Timing  map[string]string
}

type output struct {
	Type      string `json:"output_type"`
	EName     string `json:"ename"`
	EValue    string `json:"evalue"`
	Traceback []string
	Text      any
	Data      map[string]any
}

// picture is one that stands in an output: its own size and its width on the
// page, in pixels.
type picture struct {
	Kind                 string
	Width, Height, Shown float64
}

func (u *user) cells() (cells []cell) { u.nb(&cells, "cells"); return }

// try runs a new last cell and returns it when it has ended.
func (u *user) try(source string) (c cell) {
	u.t.Helper()
	u.nb(nil, "add", source)
	u.nb(nil, "run")
	u.until("idle")
	u.nb(&c, "lastCell")
	return c
}

// says fails the test unless the cell's outputs contain the text.
func (u *user) says(c cell, want string) {
	u.t.Helper()
	if got := fmt.Sprint(c.Outputs); !strings.Contains(got, want) {
		u.t.Errorf("%q says %s, want %q", c.Source, got, want)
	}
}

// tall takes a screenshot of the whole notebook.
func (u *user) tall(name string) {
	u.t.Helper()
	if u.pictures == "" {
		return
	}
	var height float64
	u.nb(&height, "height")
	u.size(1200, int(min(height, 12000)))
	u.nb(nil, "top")
	u.shot(name)
	u.size(1200, 1000)
}

// tutorials opens each notebook of the project, first as a stranger's, whose
// outputs are not trusted, then runs it.
func (u *user) tutorials(t *testing.T) {
	paths, err := filepath.Glob(filepath.Join(u.notebooks, "0*.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	if os.Getenv("LAB") == "" { // the ordinary tests run all of them elsewhere
		paths = paths[:min(2, len(paths))]
	}
	for _, path := range paths {
		name := strings.TrimSuffix(filepath.Base(path), ".ipynb")
		u.step(t, name, func(t *testing.T) {
			u.visit(filepath.Base(path))
			u.tall(name + "-not-trusted")
			u.shown(t)
			u.nb(nil, "runAll")
			u.until("idle")
			u.tall(name)
			u.shown(t)
			for _, c := range u.cells() {
				if c.Count == nil {
					t.Errorf("%q did not run", c.Source)
				}
				for _, o := range c.Outputs {
					if o.Type == "error" && !slices.Contains(c.Tags, "raises-exception") {
						t.Errorf("%q: %s: %s", c.Source, o.EName, o.EValue)
					}
				}
			}
			u.nb(nil, "close")
		})
	}
}

// shown checks that a picture stands on the page for each output with one,
// and that no output is wider than its place.
func (u *user) shown(t *testing.T) {
	t.Helper()
	want := 0
	for _, c := range u.cells() {
		for _, o := range c.Outputs {
			if o.Data["image/png"] != nil && o.Data["text/html"] == nil {
				want++
			}
		}
	}
	var pictures []picture
	u.nb(&pictures, "pictures")
	if len(pictures) < want {
		t.Errorf("%d pictures are shown, want %d", len(pictures), want)
	}
	for _, p := range pictures {
		if p.Width == 0 || p.Height == 0 || p.Shown == 0 {
			t.Errorf("a picture shows nothing: %+v", p)
		}
	}
}
