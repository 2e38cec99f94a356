package install

import (
	"errors"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"
	"strings"
)

const installUsage = `Usage: mlpkernel install [options]

Makes Jupyter's front ends find this kernel.

  --user             for this user (the default)
  --sys-prefix       for the active Python environment (venv, conda, or python3)
  --prefix P         below P/share/jupyter
  --name N           name of the kernelspec (mlpkernel)
  --display-name D   what menus show ("MLP (Starlark)")
`

const uninstallUsage = `Usage: mlpkernel uninstall [--user | --sys-prefix | --prefix P] [--name N]

Removes what ` + "`mlpkernel install`" + ` with the same options installed.
`

// Exit statuses.
const (
	exitOK = iota
	exitFailed
	exitUsage
)

// console is where a command speaks.
type console struct{ stdout, stderr io.Writer }

func (c console) fail(status int, err error, hints ...string) int {
	fmt.Fprintf(c.stderr, "mlpkernel: error: %s\n", err)
	for _, h := range hints {
		fmt.Fprintf(c.stderr, "mlpkernel: hint: %s\n", h)
	}
	return status
}

// options are what a command line says.
type options struct {
	place
	displayName string
}

// parse reads a command line. ok is false if the command ends with the status.
func (c console) parse(command, usage string, args []string) (o options, status int, ok bool) {
	flags := flag.NewFlagSet(command, flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	user := flags.Bool("user", false, "")
	flags.BoolVar(&o.sysPrefix, "sys-prefix", false, "")
	flags.StringVar(&o.prefix, "prefix", "", "")
	flags.StringVar(&o.name, "name", DefaultName, "")
	if command == "install" {
		flags.StringVar(&o.displayName, "display-name", DefaultDisplayName, "")
	}
	err := flags.Parse(args)
	if errors.Is(err, flag.ErrHelp) {
		fmt.Fprint(c.stdout, usage)
		return o, exitOK, false
	}
	places := 0
	for _, given := range []bool{*user, o.sysPrefix, o.prefix != ""} {
		if given {
			places++
		}
	}
	switch {
	case err != nil:
	case flags.NArg() > 0:
		err = fmt.Errorf("%s takes no arguments, got %q", command, flags.Arg(0))
	case places > 1:
		err = errors.New("expected one of --user, --sys-prefix and --prefix")
	case !validName.MatchString(o.name):
		err = fmt.Errorf("expected a name of letters, digits, dots, dashes and underscores, got %q", o.name)
	}
	if err != nil {
		return o, c.fail(exitUsage, err, "`mlpkernel "+command+" -h` shows the usage"), false
	}
	o.name = strings.ToLower(o.name) // as front ends read it
	return o, exitOK, true
}

// Command is `mlpkernel install`: it returns the exit status.
func Command(args []string, stdout, stderr io.Writer, s System) int {
	c := console{stdout, stderr}
	o, status, ok := c.parse("install", installUsage, args)
	if !ok {
		return status
	}
	folder, err := s.absolute(&o.place)
	if err != nil {
		return c.fail(exitFailed, err)
	}
	copied, err := s.install(folder, o.displayName)
	switch {
	case errors.Is(err, errForeign):
		return c.fail(exitFailed, err, "choose another name with --name")
	case errors.Is(err, fs.ErrPermission):
		return c.fail(exitFailed, err, "--user installs where you may write")
	case err != nil:
		return c.fail(exitFailed, err)
	}
	fmt.Fprintf(stdout, "installed %q in %s\n", o.displayName, folder)
	if copied {
		fmt.Fprintln(stdout, "the binary was copied there, since it lay among temporary files")
	}
	if !s.searched(folder, o.name) {
		data := filepath.Dir(filepath.Dir(folder))
		fmt.Fprintf(stderr, "mlpkernel: warning: Jupyter does not look there as things are\nmlpkernel: hint: set JUPYTER_PATH=%s\n", data)
	}
	return exitOK
}

// UninstallCommand is `mlpkernel uninstall`: it returns the exit status.
func UninstallCommand(args []string, stdout, stderr io.Writer, s System) int {
	c := console{stdout, stderr}
	o, status, ok := c.parse("uninstall", uninstallUsage, args)
	if !ok {
		return status
	}
	folder, err := s.absolute(&o.place)
	if err == nil {
		err = uninstall(folder)
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return c.fail(exitFailed, fmt.Errorf("no kernelspec is at %s", folder), s.elsewhere(o.name)...)
	case err != nil:
		return c.fail(exitFailed, err)
	}
	fmt.Fprintf(stdout, "removed %s\n", folder)
	return exitOK
}

// absolute returns a place's folder as an absolute path.
func (s System) absolute(p *place) (folder string, err error) {
	if p.prefix != "" {
		if p.prefix, err = filepath.Abs(p.prefix); err != nil {
			return "", err
		}
	}
	return s.folder(*p)
}

// elsewhere says where a kernelspec of ours is instead.
func (s System) elsewhere(name string) (hints []string) {
	for _, k := range s.kernelspecs() {
		if k.name == name && k.err == nil && k.ours() {
			hints = append(hints, "one is at "+k.folder)
		}
	}
	return hints
}
