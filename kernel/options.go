package kernel

import (
	"log"
	"time"
)

// Options configure Serve. The zero value is a kernel process of its own,
// without a history on disk.
type Options struct {
	// HistoryFile keeps the history across restarts; empty for in memory only.
	// The folder is made if need be.
	HistoryFile string
	// Linger is how long published messages may take to leave at shutdown, while
	// front ends take some: 10 s. One that takes nothing is waited for as in a cell.
	Linger time.Duration
	// Logf gets a line for each bad message or fault, at most some a second;
	// nil for log.Printf.
	Logf func(format string, args ...any)
	// Embedded tells that the kernel runs within another program, whose
	// signals and whose parent are not the kernel's business.
	Embedded bool
}

func (o Options) withDefaults() Options {
	if o.Linger == 0 {
		o.Linger = 10 * time.Second
	}
	if o.Logf == nil {
		o.Logf = log.Printf
	}
	o.Logf = limitLog(o.Logf)
	return o
}
