package table_test

import (
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

// TestNoFusedMultiplyAdd compiles the package for arm64, where Go may fuse
// x*y + z, and looks for such instructions: they would change results.
func TestNoFusedMultiplyAdd(t *testing.T) {
	if testing.Short() {
		t.Skip("compiles for another machine")
	}
	cmd := exec.Command("go", "build", "-gcflags=-S", "-o", os.DevNull, ".", "./internal/det", "./internal/lanes")
	cmd.Env = append(os.Environ(), "GOARCH=arm64", "GOOS=linux", "CGO_ENABLED=0")
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Skipf("cannot compile for arm64: %v", err)
	}
	fused := regexp.MustCompile(`\((\S+\.go:\d+)\)\s+FN?M(ADD|SUB)`)
	for line := range strings.Lines(string(out)) {
		if m := fused.FindStringSubmatch(line); m != nil && strings.Contains(m[1], "table") {
			t.Errorf("%s: fused multiply-add; write float64(x*y) + z", m[1])
		}
	}
}
