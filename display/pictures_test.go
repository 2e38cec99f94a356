package display_test

import (
	"crypto/sha256"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sort"
	"strings"
	"testing"

	"mlpkernel/display"
)

var (
	update  = flag.Bool("update", false, "rewrite testdata/pictures.txt")
	figures = flag.String("figures", "", "write every picture as PNG, SVG and PDF into this folder, for the eye")
)

const goldenFile = "testdata/pictures.txt"

// TestPictures draws every sample picture. The SVG is compared by its hash: run
// with -figures to look at a changed picture and with -update to accept it. With
// -short no PNG is drawn here.
func TestPictures(t *testing.T) {
	golden := readGolden(t)
	got := make(map[string]string)
	for _, s := range slices.Concat(samples, dataSamples, modelSamples) {
		t.Run(s.name, func(t *testing.T) {
			f, err := s.make()
			if err != nil {
				t.Fatal(err)
			}
			b := f.LiveBundle()
			if !testing.Short() {
				b = f.Bundle()
			}
			svg, _ := b.Data["image/svg+xml"].(string)
			png, _ := b.Data["image/png"].([]byte)
			if svg == "" || len(png) == 0 && !testing.Short() {
				t.Fatalf("not drawn: %s", b.Plain())
			}
			if len(svg) > 300_000 {
				t.Errorf("SVG has %d bytes, want at most 300000", len(svg))
			}
			if strings.TrimSpace(b.Plain()) == "" || strings.Contains(b.Plain(), "NaN") {
				t.Errorf("text says %q", b.Plain())
			}
			checkData(t, f.Data())
			got[s.name] = fmt.Sprintf("%x", sha256.Sum256([]byte(svg)))[:16]
			if !*update && golden[s.name] != got[s.name] {
				t.Errorf("the SVG changed: hash %s, want %s", got[s.name], golden[s.name])
			}
			look(t, s.name, f)
		})
	}
	if *update {
		writeGolden(t, got)
	}
}

func checkData(t *testing.T, d display.Data) {
	t.Helper()
	if d.Rows() == 0 {
		t.Error("no numbers")
	}
	for _, c := range d.Columns {
		if c.Len() != d.Rows() {
			t.Errorf("column %q has %d rows, want %d", c.Name, c.Len(), d.Rows())
		}
	}
}

func look(t *testing.T, name string, f *display.Figure) {
	t.Helper()
	if *figures == "" {
		return
	}
	for _, ending := range []string{".png", ".svg", ".pdf"} {
		if err := f.Save(filepath.Join(*figures, name+ending)); err != nil {
			t.Error(err)
		}
	}
	os.WriteFile(filepath.Join(*figures, name+".txt"), []byte(f.Text()+"\n"), 0o644)
}

func readGolden(t *testing.T) map[string]string {
	t.Helper()
	data, err := os.ReadFile(goldenFile)
	if err != nil && !*update {
		t.Fatal(err)
	}
	out := make(map[string]string)
	for _, line := range strings.Split(string(data), "\n") {
		if name, hash, ok := strings.Cut(line, " "); ok {
			out[name] = hash
		}
	}
	return out
}

func writeGolden(t *testing.T, got map[string]string) {
	t.Helper()
	var lines []string
	for name, hash := range got {
		lines = append(lines, name+" "+hash+"\n")
	}
	sort.Strings(lines)
	os.MkdirAll(filepath.Dir(goldenFile), 0o755)
	if err := os.WriteFile(goldenFile, []byte(strings.Join(lines, "")), 0o644); err != nil {
		t.Fatal(err)
	}
}
