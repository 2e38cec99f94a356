package kern_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"mlpkernel/nn/internal/kern"
)

// TestSwitches runs itself again with features of the processor switched off.
func TestSwitches(t *testing.T) {
	if os.Getenv("KERN_PRINT_SETS") != "" {
		var names []string
		for _, s := range kern.Sets() {
			names = append(names, s.Name)
		}
		t.Logf("sets: %s.", strings.Join(names, " "))
		return
	}
	all := sets(t, "")
	for _, tt := range []struct {
		debug string
		gone  []string
	}{
		{"cpu.avx512f=off", []string{"avx512 "}},
		{"cpu.avx2=off", []string{"avx2 "}},
		{"cpu.avx512f=off,cpu.avx2=off", []string{"avx512 ", "avx2 "}},
	} {
		want := all
		for _, g := range tt.gone {
			want = strings.Replace(want, g, "", 1)
		}
		if got := sets(t, tt.debug); got != want {
			t.Errorf("GODEBUG=%s: %s, want %s", tt.debug, got, want)
		}
	}
}

// sets gives the names of the sets that another process has.
func sets(t *testing.T, debug string) string {
	cmd := exec.Command(os.Args[0], "-test.run=^TestSwitches$", "-test.v")
	cmd.Env = append(os.Environ(), "KERN_PRINT_SETS=1", "GODEBUG="+debug)
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Skipf("cannot run the test again: %v\n%s", err, out)
	}
	_, rest, _ := strings.Cut(string(out), "sets: ")
	names, _, _ := strings.Cut(rest, ".")
	return names
}
