package headless

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"path/filepath"
	"strings"
)

const verifyUsage = `Usage: mlpkernel verify [--update] FILE.ipynb...

Runs every cell of each notebook in a fresh process and compares the outputs
with those the notebook holds. What varies by nature (wall time, device,
versions: marked volatile by the kernel) is left out.

  --update   write the outputs that differ into the notebook
  -v         name every cell, not only those that differ

A cell tagged nbval-ignore-output is run and not compared; one tagged
raises-exception may fail. Exit status: 0 if all is the same (or was updated);
1 if outputs differ or a cell failed; 2 for a wrong command line or file.
`

// VerifyCommand is `mlpkernel verify`: it returns the exit status.
func VerifyCommand(args []string, stdout, stderr io.Writer, start Starter) int {
	c := console{stdout, stderr}
	flags := flag.NewFlagSet("verify", flag.ContinueOnError)
	update := flags.Bool("update", false, "")
	verbose := flags.Bool("v", false, "")
	files, status, ok := c.parse(flags, verifyUsage, args)
	if !ok {
		return status
	}
	if len(files) == 0 {
		return c.fail(exitUsage, errors.New("expected at least one notebook"), "mlpkernel verify FILE.ipynb")
	}
	ctx, stop := untilInterrupt()
	defer stop()
	v := verifier{console: c, update: *update, verbose: *verbose, start: start}
	same := 0
	for _, f := range files {
		s := v.file(ctx, f)
		if s == exitInterrupted {
			return s
		}
		if s == exitOK {
			same++
		}
		status = max(status, s)
	}
	if len(files) > 1 {
		fmt.Fprintf(stdout, "%d of %d notebooks: same\n", same, len(files))
	}
	return status
}

// verifier is one run of the verify command.
type verifier struct {
	console
	update, verbose bool
	start           Starter
}

// file verifies one notebook and returns the exit status it deserves.
func (v verifier) file(ctx context.Context, path string) int {
	if !strings.EqualFold(filepath.Ext(path), ".ipynb") {
		return v.fail(exitUsage, fmt.Errorf("%s: expected a notebook that ends in .ipynb", path), "only notebooks hold outputs to compare with")
	}
	nb, err := ReadFile(path)
	if err != nil {
		return v.fail(exitUsage, err)
	}
	verdicts, fresh, err := Verify(ctx, nb, Options{Start: v.start, Dir: filepath.Dir(path), Log: v.stderr})
	var failed *CellError
	if err != nil && !errors.As(err, &failed) {
		if errors.Is(err, ErrInterrupted) {
			return v.fail(exitInterrupted, err)
		}
		return v.fail(exitFailed, fmt.Errorf("%s: %w", path, err))
	}
	v.report(path, verdicts, failed)
	switch {
	case failed != nil:
		return exitFailed
	case !differs(verdicts):
		return exitOK
	case !v.update:
		return exitFailed
	}
	nb.adopt(fresh, verdicts)
	if err := v.writeFile(path, nb.Encode()); err != nil {
		return v.fail(exitUsage, err)
	}
	fmt.Fprintf(v.stdout, "%s: updated\n", path)
	return exitOK
}

// report writes what was found, cell by cell.
func (v verifier) report(path string, verdicts []Verdict, failed *CellError) {
	counts := map[Status]int{}
	for _, d := range verdicts {
		counts[d.Status]++
	}
	line := fmt.Sprintf("%s: %d of %d cells same", path, counts[Same], len(verdicts))
	for _, s := range []Status{Different, Failed, Ignored} {
		if counts[s] > 0 {
			line += fmt.Sprintf(", %d %s", counts[s], s)
		}
	}
	fmt.Fprintln(v.stdout, line)
	for _, d := range verdicts {
		if !v.verbose && (d.Status == Same || d.Status == Ignored) {
			continue
		}
		fmt.Fprintf(v.stdout, "  [%d] %s: %s\n", d.Number, firstLine(d.Cell.Source), d.Status)
		if d.Diff != "" {
			fmt.Fprintln(v.stdout, "    "+d.Diff)
		}
		if d.Status == Failed {
			fmt.Fprintln(v.stdout, "    "+failed.EName+": "+failed.EValue)
		}
	}
}
