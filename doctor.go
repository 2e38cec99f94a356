package main

import (
	"context"
	"io"
	"strings"

	"mlpkernel/display"
	"mlpkernel/gpu"
	"mlpkernel/install"
	"mlpkernel/kernel/client"
)

// checks are what the doctor looks at beyond the installation.
func checks() []install.Check {
	return []install.Check{{Name: "kernel", Run: talk}, {Name: "gpu", Run: graphics}, {Name: "fonts", Run: fonts}}
}

// lesson is what talk trains: a network that has learnt XOR tells all four rows apart.
const lesson = `t = table({"a": [0, 0, 1, 1], "b": [0, 1, 0, 1], "y": [0, 1, 1, 0]})
m = fit(dense(8, tanh) >> output(), t, "y", optimizer=adam(lr=0.05), epochs=100, seed=1)
if m.evaluate(t).accuracy < 1:
    fail("XOR was not learnt")`

// talk starts the kernel and trains a small network on it.
func talk(ctx context.Context) install.Result {
	k, err := self()(ctx, ".", io.Discard)
	if err != nil {
		return install.Result{Status: install.Fail, Detail: err.Error(), Advice: "run `mlpkernel kernel` by hand to see what it prints"}
	}
	defer k.Close()
	done, err := k.Execute(ctx, client.Cell{Code: lesson})
	if err == nil && done.Failure != nil {
		err = done.Failure
	}
	if err != nil {
		return install.Result{Status: install.Fail, Detail: "starts, but does not train: " + err.Error(), Advice: "this is a fault of the build; run the tests with `go test ./...`"}
	}
	return install.Result{Detail: "starts, answers and learns XOR"}
}

func fonts(context.Context) install.Result { return install.Result{Detail: display.FontNote()} }

// graphics tells which GPU was found, or why there is none: that is no fault.
func graphics(context.Context) install.Result {
	lines, err := gpu.Describe()
	if err != nil && lines != nil {
		return install.Result{Status: install.Warn, Detail: strings.Join(lines, "\n"), Advice: err.Error() + "; training runs on the processor"}
	}
	if err != nil {
		return install.Result{Detail: "none: " + err.Error()}
	}
	return install.Result{Detail: strings.Join(lines, "\n")}
}
