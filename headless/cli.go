package headless

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"os/signal"
	"path/filepath"
	"strings"
)

// Exit statuses of the commands.
const (
	exitOK          = 0
	exitFailed      = 1   // a cell failed, or outputs differ
	exitUsage       = 2   // the command line or a file is wrong
	exitInterrupted = 130 // Ctrl-C
)

// console is where a command speaks.
type console struct{ stdout, stderr io.Writer }

// fail says what is wrong and what to do about it.
func (c console) fail(status int, err error, hints ...string) int {
	fmt.Fprintf(c.stderr, "mlpkernel: error: %s\n", strings.TrimSpace(err.Error()))
	for _, h := range hints {
		fmt.Fprintf(c.stderr, "mlpkernel: hint: %s\n", h)
	}
	return status
}

func (c console) note(format string, args ...any) {
	fmt.Fprintf(c.stderr, "mlpkernel: "+format+"\n", args...)
}

// parse reads flags that may stand before, between and behind the files. ok is
// false if the command ends here with the status.
func (c console) parse(flags *flag.FlagSet, usage string, args []string) (files []string, status int, ok bool) {
	flags.SetOutput(io.Discard)
	for len(args) > 0 {
		err := flags.Parse(args)
		if err == flag.ErrHelp {
			fmt.Fprint(c.stdout, usage)
			return nil, exitOK, false
		}
		if err != nil {
			return nil, c.fail(exitUsage, err, "`mlpkernel "+flags.Name()+" -h` shows the usage"), false
		}
		rest := flags.Args()
		if n := len(args) - len(rest); n > 0 && args[n-1] == "--" {
			return append(files, rest...), exitOK, true
		}
		if args = nil; len(rest) > 0 {
			files, args = append(files, rest[0]), rest[1:]
		}
	}
	return files, exitOK, true
}

// untilInterrupt returns a context that Ctrl-C ends; a second Ctrl-C ends the
// process.
func untilInterrupt() (context.Context, context.CancelFunc) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	context.AfterFunc(ctx, stop)
	return ctx, stop
}

// writeFile writes a file as a whole or not at all; "-" is stdout.
func (c console) writeFile(path string, data []byte) error {
	if path == "-" {
		_, err := c.stdout.Write(data)
		return err
	}
	f, err := os.CreateTemp(filepath.Dir(path), ".mlpkernel-*")
	if err != nil {
		return err
	}
	defer os.Remove(f.Name()) // gone already when all went well
	mode := os.FileMode(0o644)
	if old, err := os.Stat(path); err == nil {
		mode = old.Mode().Perm()
	}
	_, err = f.Write(data)
	if e := f.Chmod(mode); err == nil && filepath.Separator == '/' {
		err = e
	}
	if e := f.Close(); err == nil {
		err = e
	}
	if err == nil {
		err = os.Rename(f.Name(), path)
	}
	return err
}

// sameFile tells whether two paths name one file.
func sameFile(a, b string) bool {
	x, errA := os.Stat(a)
	y, errB := os.Stat(b)
	return errA == nil && errB == nil && os.SameFile(x, y)
}
