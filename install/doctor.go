package install

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// Check is one thing that a doctor looks at.
type Check struct {
	Name string
	Run  func(ctx context.Context) Result
}

// Result is what a check found: Detail in a line or more, and Advice, what to
// do about it, if there is something to do.
type Result struct {
	Status         Status
	Detail, Advice string
}

// Status says how bad a result is.
type Status int

// The statuses of a result.
const (
	OK   Status = iota
	Warn        // it works, but not all of it
	Fail        // it does not work
)

func (s Status) String() string { return [...]string{"ok", "warn", "FAIL"}[s] }

const doctorUsage = `Usage: mlpkernel doctor

Checks the installation: kernelspecs, front ends, devices and the kernel itself.
Exit status: 0 if nothing failed, else 1.
`

// checkTimeout is how long one check may take.
const checkTimeout = 60 * time.Second

// DoctorCommand is `mlpkernel doctor`: it runs the checks of this package and
// the others, and returns the exit status.
func DoctorCommand(args []string, stdout, stderr io.Writer, s System, others []Check) int {
	c := console{stdout, stderr}
	switch {
	case len(args) == 0:
	case args[0] == "-h" || args[0] == "--help" || args[0] == "-help":
		fmt.Fprint(stdout, doctorUsage)
		return exitOK
	default:
		return c.fail(exitUsage, fmt.Errorf("doctor takes no arguments, got %q", args[0]))
	}
	status := exitOK
	for _, check := range append(s.Checks(), others...) {
		ctx, cancel := context.WithTimeout(context.Background(), checkTimeout)
		r := check.Run(ctx)
		cancel()
		c.show(check.Name, r)
		if r.Status == Fail {
			status = exitFailed
		}
	}
	return status
}

// show prints a result, its further lines and the advice under the first.
func (c console) show(name string, r Result) {
	const indent = "                      "
	detail := strings.ReplaceAll(strings.TrimSpace(r.Detail), "\n", "\n"+indent)
	fmt.Fprintf(c.stdout, "%-4s  %-14s  %s\n", r.Status, name, detail)
	if r.Advice != "" {
		fmt.Fprintf(c.stdout, "%s-> %s\n", indent, strings.ReplaceAll(r.Advice, "\n", "\n"+indent+"   "))
	}
}

// Checks returns the checks of this package.
func (s System) Checks() []Check {
	return []Check{
		{"kernelspecs", func(context.Context) Result { return s.checkKernelspecs() }},
		{"front ends", func(context.Context) Result { return s.checkFrontEnds() }},
	}
}

// found is a kernelspec on the search path.
type found struct {
	spec
	name, folder string
	err          error
}

// kernelspecs returns the kernelspecs that Jupyter sees, in its order; of
// those with one name, it takes the first.
func (s System) kernelspecs() (list []found) {
	for _, d := range s.SearchPath() {
		kernels := filepath.Join(d, "kernels")
		entries, err := os.ReadDir(kernels)
		if err != nil {
			continue // most places are empty
		}
		for _, e := range entries {
			f := found{name: strings.ToLower(e.Name()), folder: filepath.Join(kernels, e.Name())}
			if f.spec, f.err = readSpec(f.folder); !os.IsNotExist(f.err) {
				list = append(list, f)
			}
		}
	}
	return list
}

func (s System) checkKernelspecs() Result {
	r := Result{Status: OK}
	var details, advice []string
	worse := func(status Status, why string) {
		r.Status = max(r.Status, status)
		advice = append(advice, why)
	}
	names := map[string]string{}
	for _, k := range s.kernelspecs() {
		first, hidden := names[k.name]
		if !hidden {
			names[k.name] = k.folder
		}
		switch {
		case k.err != nil:
			worse(Warn, k.err.Error())
			continue
		case !k.ours():
			continue
		case hidden:
			worse(Warn, fmt.Sprintf("%s is hidden by %s, which Jupyter finds first", k.folder, first))
		}
		details = append(details, fmt.Sprintf("%s: %s", k.name, k.folder))
		if why := s.cannotStart(k.Argv[0]); why != "" {
			worse(Fail, why+"; run `mlpkernel install` again")
		} else if !sameFile(k.Argv[0], s.Executable) && !s.passing(s.Executable) {
			worse(Warn, fmt.Sprintf("%s starts %s, not this binary; run `mlpkernel install` to change that", k.name, k.Argv[0]))
		}
	}
	if len(details) == 0 {
		worse(Fail, "`mlpkernel install` installs one")
		details = []string{"none found in " + strings.Join(s.SearchPath(), ", ")}
	}
	r.Detail, r.Advice = strings.Join(details, "\n"), strings.Join(advice, "\n")
	return r
}

// cannotStart says why a binary cannot be started, "" if it can.
func (s System) cannotStart(binary string) string {
	info, err := os.Stat(binary)
	switch {
	case err != nil:
		return binary + " is not there"
	case info.IsDir() || !s.windows() && info.Mode()&0o111 == 0:
		return binary + " is not a program"
	}
	return ""
}

func sameFile(a, b string) bool {
	x, errA := os.Stat(a)
	y, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(x, y)
}

// frontEnds are programs that show notebooks.
var frontEnds = []string{"jupyter-lab", "jupyter-notebook", "jupyter-console", "jupyter-nbconvert", "jupyter", "code", "codium"}

func (s System) checkFrontEnds() Result {
	var lines []string
	for _, name := range frontEnds {
		path, err := s.LookPath(name)
		if err != nil || name == "jupyter" && len(lines) > 0 {
			continue // jupyter is the starter of those before it
		}
		version, err := s.Output(path, "--version")
		version, _, _ = strings.Cut(version, "\n")
		if err != nil || version == "" {
			version = "version unknown"
		}
		lines = append(lines, fmt.Sprintf("%s %s (%s)", name, version, path))
	}
	if len(lines) == 0 {
		return Result{Warn, "none found on PATH", "get JupyterLab (pip install jupyterlab) or VS Code with its Jupyter extension;\n`mlpkernel run` and `mlpkernel verify` need neither"}
	}
	return Result{Status: OK, Detail: strings.Join(lines, "\n")}
}
