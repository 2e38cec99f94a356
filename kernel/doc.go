// Package kernel is the running kernel: it serves the five sockets of the
// Jupyter protocol and hands cells to a cell.Interpreter. It knows no language.
//
// Start at Serve. One goroutine reads each socket. Execute requests wait in a
// queue of their own for the one executor; every other request is answered at
// once, also while a cell runs. All that is published passes one hub, in
// order; streams are collected there and flushed before anything else goes out.
package kernel

import (
	"time"
)

// Options configure Serve. The zero value works.
type Options struct {
	// HistoryFile keeps the history across restarts; empty: in memory only.
	HistoryFile string
	// Linger is how long published messages may take to leave at shutdown; 2 s.
	Linger time.Duration
	// Logf gets one line for each bad message; nil: silent.
	Logf func(format string, args ...any)
}

func (o Options) withDefaults() Options {
	if o.Linger == 0 {
		o.Linger = 2 * time.Second
	}
	if o.Logf == nil {
		o.Logf = func(string, ...any) {}
	}
	return o
}
