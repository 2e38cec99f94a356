package headless

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

const runUsage = `Usage: mlpkernel run FILE.ipynb|FILE.star|FILE.md [options]

Runs every code cell on a fresh kernel, in the file's folder, and stops at the
first cell that fails. A script prints what it prints. A notebook or a Markdown
file gives, beside itself, FILE.executed.ipynb, the notebook with its outputs,
and FILE.executed.html, one page with the pictures for reading and printing; the
file itself is not changed. With -o or --html only what they name is written.

  -o OUT.ipynb     where to write the executed notebook ("-": stdout)
  --html OUT.html  where to write the page
  --in-place       write the outputs into FILE.ipynb itself
  -p NAME=VALUE    set a parameter, behind the cell tagged "parameters"; may be
                   repeated. Values: numbers, true, false, none, [1, 2], text
  --allow-errors   go on after cells that fail
  -v               print what the cells show (scripts always do)
  -q               no progress

A cell tagged raises-exception may fail; one tagged skip-execution is not run.
Exit status: 0; 1 if a cell failed; 2 for a wrong command line or file;
130 after Ctrl-C, which interrupts the cell and saves what was done.
`

// runFlags are the options of one run command.
type runFlags struct {
	out, html            string
	dir                  string // of the file
	inPlace, allowErrors bool
	verbose, quiet       bool
	parameters           []Parameter
}

func (f *runFlags) define(flags *flag.FlagSet) {
	flags.StringVar(&f.out, "o", "", "")
	flags.StringVar(&f.html, "html", "", "")
	flags.BoolVar(&f.inPlace, "in-place", false, "")
	flags.BoolVar(&f.allowErrors, "allow-errors", false, "")
	flags.BoolVar(&f.verbose, "v", false, "")
	flags.BoolVar(&f.quiet, "q", false, "")
	flags.Func("p", "", func(s string) error {
		p, err := ParseParameter(s)
		f.parameters = append(f.parameters, p)
		return err
	})
}

// RunCommand is `mlpkernel run`: it returns the exit status.
func RunCommand(args []string, stdout, stderr io.Writer, start Starter) int {
	c := console{stdout, stderr}
	var f runFlags
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	f.define(flags)
	files, status, ok := c.parse(flags, runUsage, args)
	if !ok {
		return status
	}
	if len(files) != 1 {
		return c.fail(exitUsage, fmt.Errorf("expected one file to run, got %d", len(files)), "mlpkernel run FILE.ipynb")
	}
	if err := f.settle(files[0]); err != nil {
		return c.fail(exitUsage, err, "`mlpkernel run -h` shows the usage")
	}
	nb, err := ReadFile(files[0])
	if err != nil {
		return c.fail(exitUsage, err)
	}
	if !slices.ContainsFunc(nb.Cells, (*Cell).runs) {
		c.note("warning: %s has no cells to run%s", files[0], howCellsBegin(files[0]))
	}
	if warning := nb.SetParameters(f.parameters); warning != "" {
		c.note("warning: %s", warning)
	}
	ctx, stop := untilInterrupt()
	defer stop()
	return c.run(ctx, files[0], nb, f, start)
}

// settle finds out where the notebook goes.
func (f *runFlags) settle(file string) error {
	ext := filepath.Ext(file)
	f.dir = filepath.Dir(file)
	document := strings.EqualFold(ext, ".ipynb")
	switch {
	case f.inPlace && f.out != "":
		return errors.New("expected -o or --in-place, got both")
	case f.inPlace && !document:
		return fmt.Errorf("--in-place is for notebooks; %s holds no outputs", file)
	case f.inPlace:
		f.out = file
	case f.out != "" && sameFile(f.out, file):
		return fmt.Errorf("-o %s would overwrite the file that is run; say --in-place if that is meant", f.out)
	case f.out != "" && f.out != "-" && !strings.EqualFold(filepath.Ext(f.out), ".ipynb"):
		return fmt.Errorf("-o writes a notebook: expected a name that ends in .ipynb, got %s (--html writes a page)", f.out)
	case f.html != "" && sameFile(f.html, file):
		return fmt.Errorf("--html %s would overwrite the file that is run", f.html)
	case f.out == "" && f.html == "" && !isScript(file):
		executed := strings.TrimSuffix(file, ext) + ".executed"
		f.out, f.html = executed+".ipynb", executed+".html"
	}
	for _, path := range []string{f.out, f.html} { // before a long run, not after it
		if path == "" || path == "-" {
			continue
		}
		if d, err := os.Stat(filepath.Dir(path)); err != nil || !d.IsDir() {
			return fmt.Errorf("%s cannot be written: there is no folder %s", path, filepath.Dir(path))
		}
	}
	return nil
}

// howCellsBegin says what makes a cell in a file of this kind, where that may
// not be known.
func howCellsBegin(file string) string {
	if strings.EqualFold(filepath.Ext(file), ".md") {
		return ": in Markdown they are fences of starlark, ```starlark"
	}
	return ""
}

func isScript(file string) bool { return strings.EqualFold(filepath.Ext(file), ".star") }

// run runs a notebook, writes what came of it and reports.
func (c console) run(ctx context.Context, file string, nb *Notebook, f runFlags, start Starter) int {
	script := isScript(file)
	p := &progress{console: c, lines: !script && !f.quiet, prints: (script || f.verbose) && f.out != "-" && f.html != "-"}
	err := Run(ctx, nb, Options{
		Start: start, Dir: f.dir, AllowErrors: f.allowErrors, Log: c.stderr, Observer: p,
	})
	written, saveErr := c.save(nb, f)
	if saveErr != nil {
		return c.fail(exitUsage, errors.Join(err, saveErr))
	}
	hints := []string{}
	if len(written) > 0 {
		hints = append(hints, "what was done until then is in "+strings.Join(written, " and "))
	}
	switch {
	case errors.Is(err, ErrInterrupted):
		return c.fail(exitInterrupted, ErrInterrupted, hints...)
	case err != nil:
		return c.fail(exitFailed, err, hints...)
	}
	if len(written) > 0 && !f.quiet {
		c.note("wrote %s", strings.Join(written, " and "))
	}
	return exitOK
}

func (c console) save(nb *Notebook, f runFlags) (written []string, err error) {
	for _, w := range []struct {
		path   string
		encode func() ([]byte, error)
	}{
		{f.out, func() ([]byte, error) { return nb.Encode(), nil }},
		{f.html, func() ([]byte, error) { return HTML(nb, f.dir) }},
	} {
		if w.path == "" {
			continue
		}
		data, err := w.encode()
		if err == nil {
			err = c.writeFile(w.path, data)
		}
		if err != nil {
			return written, err
		}
		if w.path != "-" {
			written = append(written, w.path)
		}
	}
	return written, nil
}
