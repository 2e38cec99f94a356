package install

import (
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
)

//go:embed logo/logo-32x32.png logo/logo-64x64.png logo/logo-svg.svg
var logos embed.FS

// Defaults of a kernelspec.
const (
	DefaultName        = "mlpkernel"
	DefaultDisplayName = "MLP (Starlark)"
)

// spec is the content of kernel.json.
type spec struct {
	Argv          []string       `json:"argv"`
	DisplayName   string         `json:"display_name"`
	Language      string         `json:"language"`
	InterruptMode string         `json:"interrupt_mode"`
	Metadata      map[string]any `json:"metadata"`
}

func newSpec(binary, displayName string) spec {
	return spec{
		Argv:          []string{binary, "kernel", "--connection-file", "{connection_file}"},
		DisplayName:   displayName,
		Language:      "starlark",
		InterruptMode: "message",
		Metadata:      map[string]any{"debugger": false},
	}
}

// ours tells whether a kernelspec starts this kernel.
func (s spec) ours() bool {
	return len(s.Argv) == 4 && slices.Equal(s.Argv[1:], []string{"kernel", "--connection-file", "{connection_file}"}) && s.Language == "starlark"
}

// readSpec reads the kernelspec of a folder.
func readSpec(folder string) (s spec, err error) {
	data, err := os.ReadFile(filepath.Join(folder, "kernel.json"))
	if err != nil {
		return s, err
	}
	if err := json.Unmarshal(data, &s); err != nil {
		return s, fmt.Errorf("%s: %w", filepath.Join(folder, "kernel.json"), err)
	}
	return s, nil
}

var validName = regexp.MustCompile(`^[A-Za-z0-9._-]+$`)

// errForeign is why a folder is left alone.
var errForeign = errors.New("another kernel's kernelspec is there")

// install writes a kernelspec into a folder; copied tells whether the binary
// was copied there. kernel.json is written last: it is what front ends see.
func (s System) install(folder, displayName string) (copied bool, err error) {
	if old, err := readSpec(folder); err == nil && !old.ours() {
		return false, fmt.Errorf("%s: %w", folder, errForeign)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return false, err
	}
	binary := s.Executable
	if s.passing(binary) {
		if binary, err = copyBinary(binary, folder); err != nil {
			return false, err
		}
		copied = true
	}
	files, err := logos.ReadDir("logo")
	if err != nil {
		return copied, err
	}
	for _, f := range files {
		data, err := logos.ReadFile("logo/" + f.Name())
		if err == nil {
			err = replace(filepath.Join(folder, f.Name()), 0o644, func(w io.Writer) error { _, err := w.Write(data); return err })
		}
		if err != nil {
			return copied, err
		}
	}
	err = replace(filepath.Join(folder, "kernel.json"), 0o644, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetIndent("", " ")
		e.SetEscapeHTML(false)
		return e.Encode(newSpec(binary, displayName))
	})
	return copied, err
}

// passing tells whether a binary lies where it will not stay: among temporary
// files or in the cache of the Go command.
func (s System) passing(binary string) bool {
	if strings.Contains(filepath.ToSlash(binary), "/go-build") {
		return true
	}
	for _, dir := range []string{s.Temp, s.env("GOCACHE"), s.env("GOTMPDIR")} {
		if dir == "" {
			continue
		}
		if real, err := filepath.EvalSymlinks(dir); err == nil && within(binary, real) || within(binary, dir) {
			return true
		}
	}
	return false
}

func within(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && filepath.IsLocal(rel)
}

// copyBinary copies a binary into a folder and returns its new path.
func copyBinary(binary, folder string) (path string, err error) {
	folder, err = filepath.Abs(folder)
	if err != nil {
		return "", err
	}
	path = filepath.Join(folder, "mlpkernel"+filepath.Ext(binary))
	in, err := os.Open(binary)
	if err != nil {
		return "", err
	}
	defer in.Close()
	return path, replace(path, 0o755, func(w io.Writer) error { _, err := io.Copy(w, in); return err })
}

// replace writes a file as a whole or not at all, also one that is running.
func replace(path string, mode fs.FileMode, write func(io.Writer) error) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already when all went well
	err = errors.Join(write(f), f.Close(), os.Chmod(f.Name(), mode))
	if err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// uninstall removes the kernelspec of a folder.
func uninstall(folder string) error {
	old, err := readSpec(folder)
	if err != nil {
		return err
	}
	if !old.ours() {
		return fmt.Errorf("%s: %w", folder, errForeign)
	}
	for _, name := range []string{"kernel.json", "logo-32x32.png", "logo-64x64.png", "logo-svg.svg", "mlpkernel", "mlpkernel.exe"} {
		if err := os.Remove(filepath.Join(folder, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
	}
	if err := os.Remove(folder); err != nil {
		return fmt.Errorf("the kernelspec is removed, but not its folder: %w", err)
	}
	return nil
}
