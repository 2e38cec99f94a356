package install

import (
	"fmt"
	"slices"
	"strings"
)

// UserDir returns the user's Jupyter data folder.
func (s System) UserDir() string {
	if d := s.env("JUPYTER_DATA_DIR"); d != "" {
		return d
	}
	platform := s.set("JUPYTER_PLATFORM_DIRS")
	switch {
	case s.OS == "darwin" && platform:
		return s.join(s.Home, "Library", "Application Support", "Jupyter")
	case s.OS == "darwin":
		return s.join(s.Home, "Library", "Jupyter")
	case s.windows() && platform:
		if d := s.env("LOCALAPPDATA"); d != "" {
			return s.join(d, "Jupyter")
		}
		return s.join(s.Home, "AppData", "Local", "Jupyter")
	case s.windows():
		if d := s.env("APPDATA"); d != "" {
			return s.join(d, "jupyter")
		}
		if d := s.env("JUPYTER_CONFIG_DIR"); d != "" {
			return s.join(d, "data")
		}
		return s.join(s.Home, ".jupyter", "data")
	}
	if d := s.env("XDG_DATA_HOME"); d != "" {
		return s.join(d, "jupyter")
	}
	return s.join(s.Home, ".local", "share", "jupyter")
}

// environment is the Python environment that front ends started here run in.
type environment struct {
	prefix string // sys.prefix, empty if there is no Python
	own    bool   // a virtual or conda environment
}

// environment finds it: an active venv or conda environment, else that of the
// python on PATH.
func (s System) environment() environment {
	if p := s.env("VIRTUAL_ENV"); p != "" {
		return environment{p, true}
	}
	if p := s.env("CONDA_PREFIX"); p != "" {
		return environment{p, s.env("CONDA_DEFAULT_ENV") != "base"}
	}
	for _, name := range []string{"python3", "python"} {
		if path, err := s.LookPath(name); err == nil {
			if p, err := s.Output(path, "-c", "import sys; print(sys.prefix)"); err == nil && p != "" {
				return environment{prefix: p}
			}
		}
	}
	return environment{}
}

// systemDirs returns the data folders of all users.
func (s System) systemDirs() []string {
	platform := s.set("JUPYTER_PLATFORM_DIRS")
	switch {
	case s.windows():
		if d := s.env("PROGRAMDATA"); d != "" {
			return []string{s.join(d, "jupyter")}
		}
		return nil
	case s.OS == "darwin" && platform:
		return []string{"/Library/Application Support/Jupyter"}
	}
	return []string{"/usr/local/share/jupyter", "/usr/share/jupyter"}
}

// SearchPath returns the data folders in which Jupyter looks for kernels, in
// its order; kernelspecs are in the folder kernels of each.
func (s System) SearchPath() []string {
	dirs := s.list(s.env("JUPYTER_PATH"))
	personal := []string{s.UserDir()}
	e := s.environment()
	if e.prefix != "" {
		shared := s.join(e.prefix, "share", "jupyter")
		first := e.own
		if _, found := s.LookupEnv("JUPYTER_PREFER_ENV_PATH"); found {
			first = s.set("JUPYTER_PREFER_ENV_PATH")
		}
		if first {
			personal = []string{shared, personal[0]}
		} else {
			personal = append(personal, shared)
		}
	}
	var out []string
	for _, d := range slices.Concat(dirs, personal, s.systemDirs()) {
		if !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}

// place is where a kernelspec goes.
type place struct {
	sysPrefix bool
	prefix    string
	name      string
}

// folder returns the kernelspec's folder.
func (s System) folder(p place) (string, error) {
	data := s.UserDir()
	switch {
	case p.prefix != "":
		data = s.join(p.prefix, "share", "jupyter")
	case p.sysPrefix:
		e := s.environment()
		if e.prefix == "" {
			return "", fmt.Errorf("--sys-prefix found no Python environment: neither VIRTUAL_ENV nor CONDA_PREFIX is set, and no python3 is on PATH")
		}
		data = s.join(e.prefix, "share", "jupyter")
	case s.Home == "" && s.env("JUPYTER_DATA_DIR") == "":
		return "", fmt.Errorf("the home folder is unknown; say --prefix, or set JUPYTER_DATA_DIR")
	}
	return s.join(data, "kernels", p.name), nil
}

// searched tells whether Jupyter looks for a kernelspec of a name in a folder.
func (s System) searched(folder, name string) bool {
	same := func(a, b string) bool { return a == b }
	if s.windows() || s.OS == "darwin" {
		same = strings.EqualFold
	}
	return slices.ContainsFunc(s.SearchPath(), func(d string) bool { return same(s.join(d, "kernels", name), folder) })
}
