package gpu_test

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// clangVersion is that which made kernels.ptx; others write other text.
const clangVersion = "Debian clang version 19.1.7"

// TestPTX compiles the kernels anew and compares.
func TestPTX(t *testing.T) {
	version, err := exec.Command("clang-19", "--version").Output()
	if err != nil || !strings.HasPrefix(string(version), clangVersion) {
		t.Skipf("needs %s (apt-get install clang-19)", clangVersion)
	}
	made := filepath.Join(t.TempDir(), "kernels.ptx")
	if out, err := exec.Command("kernels/build.sh", made).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	got, err := os.ReadFile(made)
	if err != nil {
		t.Fatal(err)
	}
	want, err := os.ReadFile("kernels/kernels.ptx")
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Error("kernels.ptx is not what the kernels compile to; run kernels/build.sh")
	}
}
