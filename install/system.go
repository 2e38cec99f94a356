package install

import (
	"context"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// System is the machine as the installer sees it.
type System struct {
	OS         string // as runtime.GOOS
	Home       string // the user's home folder
	Temp       string // the folder of temporary files
	Executable string // absolute path of the binary to install
	// LookupEnv is os.LookupEnv.
	LookupEnv func(name string) (value string, found bool)
	// LookPath is exec.LookPath.
	LookPath func(name string) (path string, err error)
	// Output runs a command and returns what it prints.
	Output func(name string, args ...string) (string, error)
}

// Host returns the machine this process runs on.
func Host() System {
	s := System{OS: runtime.GOOS, Temp: os.TempDir(), LookupEnv: os.LookupEnv, LookPath: exec.LookPath, Output: output}
	// Both fail only on machines where installing fails anyway, with a path to name.
	s.Home, _ = os.UserHomeDir()
	s.Executable, _ = os.Executable()
	return s
}

// outputTimeout bounds commands such as `jupyter --version`.
const outputTimeout = 20 * time.Second

func output(name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), outputTimeout)
	defer cancel()
	out, err := exec.CommandContext(ctx, name, args...).Output()
	return strings.TrimSpace(string(out)), err
}

func (s System) windows() bool { return s.OS == "windows" }

func (s System) env(name string) string {
	v, _ := s.LookupEnv(name)
	return v
}

// set tells whether a variable says yes, as jupyter_core reads it.
func (s System) set(name string) bool {
	v, found := s.LookupEnv(name)
	switch strings.ToLower(v) {
	case "no", "n", "false", "off", "0", "0.0":
		return false
	}
	return found
}

// join joins a path as the system writes it.
func (s System) join(parts ...string) string {
	separator := "/"
	if s.windows() {
		separator = `\`
	}
	for i, p := range parts[:len(parts)-1] {
		parts[i] = strings.TrimRight(p, separator)
	}
	return strings.Join(parts, separator)
}

// list splits a list of folders such as PATH.
func (s System) list(value string) (folders []string) {
	separator := ":"
	if s.windows() {
		separator = ";"
	}
	for _, f := range strings.Split(value, separator) {
		if f != "" {
			folders = append(folders, f)
		}
	}
	return folders
}
