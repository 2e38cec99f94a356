package kern_test

import (
	"os"
	"os/exec"
	"strings"
	"testing"

	"mlpkernel/nn/internal/kern"
)

func names() string {
	var all []string
	for _, s := range kern.Sets() {
		all = append(all, s.Name)
	}
	return strings.Join(all, " ")
}

// TestSwitches runs this test again with features of the processor switched off.
func TestSwitches(t *testing.T) {
	if os.Getenv("KERN_PRINT_SETS") != "" {
		t.Log("sets: " + names())
		return
	}
	all := names()
	for _, tt := range []struct{ debug, gone string }{
		{"cpu.avx512f=off", "avx512 "},
		{"cpu.avx2=off", "avx2 "},
		{"cpu.avx512f=off,cpu.avx2=off", "avx512 avx2 "},
	} {
		if !strings.Contains(all, tt.gone) {
			continue
		}
		cmd := exec.Command(os.Args[0], "-test.run=^TestSwitches$", "-test.v")
		cmd.Env = append(os.Environ(), "KERN_PRINT_SETS=1", "GODEBUG="+tt.debug)
		out, err := cmd.CombinedOutput()
		if want := "sets: " + strings.Replace(all, tt.gone, "", 1) + "\n"; err != nil || !strings.Contains(string(out), want) {
			t.Errorf("GODEBUG=%s: %v, want %q in:\n%s", tt.debug, err, want, out)
		}
	}
}
