package dsl_test

import (
	"context"
	"strings"
	"testing"

	"mlpkernel/cell"
	"mlpkernel/display"
	"mlpkernel/dsl"
)

// TestPictureExamples runs the examples in the documentation of all pictures:
// each must have one, and each line must show a figure.
func TestPictureExamples(t *testing.T) {
	nb := newNotebook(t)
	if out := nb.run(dsl.Examples); strings.Contains(out, "Error") {
		t.Fatal(out)
	}
	pictures := nb.s.Complete("plot.", 5).Matches
	if len(pictures) < 30 {
		t.Errorf("got %d pictures: %s", len(pictures), texts(pictures))
	}
	for _, p := range pictures {
		t.Run(p.Text, func(t *testing.T) {
			doc, found := nb.s.Inspect("plot."+p.Text, 6, 0)
			blocks := strings.Split(doc.Plain(), "```")
			if !found || len(blocks) < 3 || !strings.Contains(blocks[1], "plot."+p.Text+"(") {
				t.Fatalf("no example in %s", doc.Plain())
			}
			for _, line := range strings.Split(strings.TrimPrefix(blocks[1], "python\n"), "\n") {
				checkFigure(t, nb, line)
			}
		})
	}
}

// TestReferenceCells: the reference as a document has each picture's example as
// a cell of its own, and no example of one in its text.
func TestReferenceCells(t *testing.T) {
	var text, code strings.Builder
	for _, c := range dsl.ReferenceCells() {
		if c.Code {
			code.WriteString(c.Source + "\n")
		} else {
			text.WriteString(c.Source)
		}
	}
	for _, p := range newNotebook(t).s.Complete("plot.", 5).Matches {
		if !strings.Contains(code.String(), "plot."+p.Text+"(") || !strings.Contains(text.String(), "### plot."+p.Text+"\n") {
			t.Errorf("plot.%s is not in the document", p.Text)
		}
	}
}

// checkFigure runs a line that must show a figure or define a name.
func checkFigure(t *testing.T, nb *notebook, line string) {
	t.Helper()
	if line == "" {
		return
	}
	nb.count++
	v, err := nb.s.Execute(context.Background(), cell.Code{Source: line, Count: nb.count}, &screen{})
	switch {
	case err != nil:
		t.Errorf("%s: %v", line, err)
	case v == nil && !strings.Contains(line, " = "):
		t.Errorf("%s: shows nothing", line)
	case v != nil:
		checkBundle(t, line, *v)
	}
}

func checkBundle(t *testing.T, line string, b display.Bundle) {
	t.Helper()
	svg, _ := b.Data["image/svg+xml"].(string)
	png, _ := b.Data["image/png"].([]byte)
	if !strings.Contains(svg, "<svg") || len(png) < 1000 || len(b.Plain()) < 20 {
		t.Errorf("%s: svg of %d bytes, png of %d, text %q", line, len(svg), len(png), b.Plain())
	}
}

// TestPictureInterrupt interrupts a long computation: it gives up the lock
// while it runs, and ends.
func TestPictureInterrupt(t *testing.T) {
	nb := newNotebook(t)
	nb.run("t = dataset(\"penguins\")\nm = fit(dense(4) >> output(), t, \"species\", epochs=1, live=False)")
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		_, err := nb.s.Execute(ctx, cell.Code{Source: "busy = 1\nplot.importance(m, t, repeats=1000000)", Count: 9}, &screen{})
		ended <- err
	}()
	for len(nb.s.Complete("bus", 3).Matches) == 0 { // until the cell runs
	}
	cancel()
	if e, ok := (<-ended).(*cell.Error); !ok || e.Name != cell.Interrupted {
		t.Errorf("got %v", e)
	}
}
