package install_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"

	"mlpkernel/install"
)

// machine is a System without anything of this machine's.
func machine(goos, home string, env map[string]string) install.System {
	return install.System{
		OS: goos, Home: home, Temp: "/nonexistent/tmp", Executable: "/opt/mlpkernel",
		LookupEnv: func(name string) (string, bool) { v, ok := env[name]; return v, ok },
		LookPath:  func(name string) (string, error) { return "", errors.New("not found") },
		Output:    func(string, ...string) (string, error) { return "", errors.New("not found") },
	}
}

func TestPlaces(t *testing.T) {
	type env = map[string]string
	const win = `C:\Users\u`
	system := []string{"/usr/local/share/jupyter", "/usr/share/jupyter"}
	for _, test := range []struct {
		name, os, home string
		env            env
		want           []string // the search path; its entry user is the user's folder
		user           int
	}{
		{"linux", "linux", "/home/u", nil, append([]string{"/home/u/.local/share/jupyter"}, system...), 0},
		{"linux, XDG", "linux", "/home/u", env{"XDG_DATA_HOME": "/d"}, append([]string{"/d/jupyter"}, system...), 0},
		{"linux, data dir", "linux", "/home/u", env{"JUPYTER_DATA_DIR": "/d", "XDG_DATA_HOME": "/x"}, append([]string{"/d"}, system...), 0},
		{"linux, path", "linux", "/h", env{"JUPYTER_PATH": "/a:/b:"}, append([]string{"/a", "/b", "/h/.local/share/jupyter"}, system...), 2},
		{"linux, venv", "linux", "/h", env{"VIRTUAL_ENV": "/v"}, append([]string{"/v/share/jupyter", "/h/.local/share/jupyter"}, system...), 1},
		{"linux, venv, user first", "linux", "/h", env{"VIRTUAL_ENV": "/v", "JUPYTER_PREFER_ENV_PATH": "0"}, append([]string{"/h/.local/share/jupyter", "/v/share/jupyter"}, system...), 0},
		{"linux, conda", "linux", "/h", env{"CONDA_PREFIX": "/c/envs/a", "CONDA_DEFAULT_ENV": "a"}, append([]string{"/c/envs/a/share/jupyter", "/h/.local/share/jupyter"}, system...), 1},
		{"linux, conda base", "linux", "/h", env{"CONDA_PREFIX": "/c", "CONDA_DEFAULT_ENV": "base"}, append([]string{"/h/.local/share/jupyter", "/c/share/jupyter"}, system...), 0},
		{"mac", "darwin", "/Users/u", nil, append([]string{"/Users/u/Library/Jupyter"}, system...), 0},
		{"mac, platform dirs", "darwin", "/Users/u", env{"JUPYTER_PLATFORM_DIRS": "1"}, []string{"/Users/u/Library/Application Support/Jupyter", "/Library/Application Support/Jupyter"}, 0},
		{"mac, platform dirs off", "darwin", "/Users/u", env{"JUPYTER_PLATFORM_DIRS": "False"}, append([]string{"/Users/u/Library/Jupyter"}, system...), 0},
		{"windows", "windows", win, env{"APPDATA": win + `\AppData\Roaming`, "PROGRAMDATA": `C:\ProgramData`}, []string{win + `\AppData\Roaming\jupyter`, `C:\ProgramData\jupyter`}, 0},
		{"windows, bare", "windows", win, nil, []string{win + `\.jupyter\data`}, 0},
		{"windows, config", "windows", win, env{"JUPYTER_CONFIG_DIR": `D:\c`}, []string{`D:\c\data`}, 0},
		{"windows, platform dirs", "windows", win, env{"JUPYTER_PLATFORM_DIRS": "1", "LOCALAPPDATA": win + `\AppData\Local`, "APPDATA": `D:\a`}, []string{win + `\AppData\Local\Jupyter`}, 0},
		{"windows, path and venv", "windows", win, env{"JUPYTER_PATH": `C:\a;D:\b`, "VIRTUAL_ENV": `C:\v\`, "APPDATA": `D:\r`}, []string{`C:\a`, `D:\b`, `C:\v\share\jupyter`, `D:\r\jupyter`}, 3},
	} {
		s := machine(test.os, test.home, test.env)
		got := s.SearchPath()
		if !slices.Equal(got, test.want) {
			t.Errorf("%s: got %q, want %q", test.name, got, test.want)
		}
		if user := s.UserDir(); user != test.want[test.user] {
			t.Errorf("%s: user folder %q, want %q", test.name, user, test.want[test.user])
		}
	}
}

func TestPythonOnPath(t *testing.T) {
	s := machine("linux", "/h", nil)
	s.LookPath = func(name string) (string, error) {
		if name == "python3" {
			return "/usr/bin/python3", nil
		}
		return "", errors.New("not found")
	}
	s.Output = func(name string, args ...string) (string, error) { return "/usr", nil }
	want := []string{"/h/.local/share/jupyter", "/usr/share/jupyter", "/usr/local/share/jupyter"}
	if got := s.SearchPath(); !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// onDisk is a System on folders of a test, with a binary that stays.
func onDisk(t *testing.T, env map[string]string) install.System {
	t.Helper()
	dir := t.TempDir()
	s := machine(runtime.GOOS, dir, env)
	if env == nil {
		s = machine(runtime.GOOS, dir, map[string]string{"JUPYTER_DATA_DIR": filepath.Join(dir, "data")})
	}
	s.Executable = filepath.Join(dir, "bin", "mlpkernel")
	s.Temp = filepath.Join(dir, "tmp")
	for _, name := range []string{s.Executable, filepath.Join(s.Temp, "go-build1", "exe", "mlpkernel")} {
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte("#!program\n"), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

type command func(args []string, stdout, stderr *bytes.Buffer) int

func installer(s install.System) command {
	return func(a []string, o, e *bytes.Buffer) int { return install.Command(a, o, e, s) }
}

func uninstaller(s install.System) command {
	return func(a []string, o, e *bytes.Buffer) int { return install.UninstallCommand(a, o, e, s) }
}

func doctor(s install.System, checks ...install.Check) command {
	return func(a []string, o, e *bytes.Buffer) int { return install.DoctorCommand(a, o, e, s, checks) }
}

// expect runs a command and checks its status and parts of what it says.
func expect(t *testing.T, c command, status int, says string, args ...string) (stdout string) {
	t.Helper()
	var out, errs bytes.Buffer
	got := c(args, &out, &errs)
	if all := out.String() + errs.String(); got != status || !strings.Contains(all, says) {
		t.Errorf("%q: status %d, want %d and %q in\n%s", args, got, status, says, all)
	}
	return out.String()
}

func TestInstall(t *testing.T) {
	s := onDisk(t, nil)
	folder := filepath.Join(s.UserDir(), "kernels", "mlpkernel")
	expect(t, installer(s), 0, "installed \"MLP (Starlark)\" in "+folder)
	data, err := os.ReadFile(filepath.Join(folder, "kernel.json"))
	if err != nil {
		t.Fatal(err)
	}
	var spec map[string]any
	if err := json.Unmarshal(data, &spec); err != nil {
		t.Fatal(err)
	}
	argv := []any{s.Executable, "kernel", "--connection-file", "{connection_file}"}
	if !slices.Equal(spec["argv"].([]any), argv) || spec["language"] != "starlark" || spec["interrupt_mode"] != "message" ||
		spec["display_name"] != "MLP (Starlark)" {
		t.Errorf("kernel.json: %s", data)
	}
	for _, logo := range []string{"logo-32x32.png", "logo-64x64.png", "logo-svg.svg"} {
		if info, err := os.Stat(filepath.Join(folder, logo)); err != nil || info.Size() == 0 {
			t.Errorf("%s: %v", logo, err)
		}
	}
	expect(t, installer(s), 0, "again", "--display-name", "again")
	expect(t, uninstaller(s), 0, "removed "+folder)
	expect(t, uninstaller(s), 1, "no kernelspec is at "+folder)
	if _, err := os.Stat(folder); !os.IsNotExist(err) {
		t.Errorf("the folder is still there: %v", err)
	}
}

func TestInstallElsewhere(t *testing.T) {
	s := onDisk(t, nil)
	prefix := t.TempDir()
	folder := filepath.Join(prefix, "share", "jupyter", "kernels", "other")
	expect(t, installer(s), 0, "set JUPYTER_PATH="+filepath.Join(prefix, "share", "jupyter"), "--prefix", prefix, "--name", "Other")
	expect(t, installer(s), 1, "found no Python environment", "--sys-prefix")
	env := onDisk(t, map[string]string{"VIRTUAL_ENV": prefix, "JUPYTER_DATA_DIR": filepath.Join(prefix, "u")})
	expect(t, uninstaller(env), 1, "one is at "+folder, "--name", "other")
	expect(t, uninstaller(env), 0, "removed", "--name", "other", "--sys-prefix")
}

func TestInstallRefuses(t *testing.T) {
	s := onDisk(t, nil)
	foreign := filepath.Join(s.UserDir(), "kernels", "python3")
	if err := os.MkdirAll(foreign, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(foreign, "kernel.json"), []byte(`{"argv": ["python3"], "language": "python"}`), 0o644); err != nil {
		t.Fatal(err)
	}
	expect(t, installer(s), 1, "choose another name", "--name", "python3")
	expect(t, uninstaller(s), 1, "another kernel's", "--name", "python3")
	expect(t, installer(s), 2, "expected a name", "--name", "a b")
	expect(t, installer(s), 2, "expected one of", "--user", "--sys-prefix")
	expect(t, installer(s), 2, "takes no arguments", "x")
	expect(t, installer(s), 2, "shows the usage", "--nonsense")
	expect(t, installer(s), 0, "Usage: mlpkernel install", "-h")
	expect(t, uninstaller(s), 0, "Usage: mlpkernel uninstall", "-h")
}

func TestCopiesPassingBinary(t *testing.T) {
	s := onDisk(t, nil)
	s.Executable = filepath.Join(s.Temp, "go-build1", "exe", "mlpkernel")
	expect(t, installer(s), 0, "copied")
	copied := filepath.Join(s.UserDir(), "kernels", "mlpkernel", "mlpkernel")
	if info, err := os.Stat(copied); err != nil || runtime.GOOS != "windows" && info.Mode()&0o111 == 0 {
		t.Errorf("no program at %s: %v", copied, err)
	}
	if err := os.RemoveAll(s.Temp); err != nil {
		t.Fatal(err)
	}
	expect(t, doctor(s), 0, "ok    kernelspecs     mlpkernel: ")
	expect(t, uninstaller(s), 0, "removed")
}

func TestDoctor(t *testing.T) {
	s := onDisk(t, nil)
	expect(t, doctor(s), 1, "`mlpkernel install` installs one")
	expect(t, installer(s), 0, "")
	out := expect(t, doctor(s, install.Check{Name: "kernel", Run: func(context.Context) install.Result {
		return install.Result{Status: install.Warn, Detail: "slow\nvery", Advice: "wait"}
	}}), 0, "none found on PATH")
	want := "warn  kernel          slow\n                      very\n                      -> wait\n"
	if !strings.HasSuffix(out, want) {
		t.Errorf("got\n%s\nwant at its end\n%s", out, want)
	}
	s.LookPath = func(name string) (string, error) {
		if name == "jupyter-lab" || name == "jupyter" {
			return "/bin/" + name, nil
		}
		return "", errors.New("not found")
	}
	s.Output = func(string, ...string) (string, error) { return "4.4.9\nmore", nil }
	out = expect(t, doctor(s), 0, "jupyter-lab 4.4.9 (/bin/jupyter-lab)\n")
	if strings.Contains(out, "jupyter 4") {
		t.Errorf("jupyter is named beside jupyter-lab:\n%s", out)
	}
	if err := os.Remove(s.Executable); err != nil {
		t.Fatal(err)
	}
	expect(t, doctor(s), 1, "is not there; run `mlpkernel install` again")
	expect(t, doctor(s), 2, "takes no arguments", "x")
	expect(t, doctor(s), 0, "Usage: mlpkernel doctor", "-h")
}
