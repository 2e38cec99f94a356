// Package kernel is the running kernel: it serves the five sockets of the
// Jupyter protocol and hands cells to a cell.Interpreter. It knows no language.
//
// Start at Serve. A goroutine reads each socket. What comes on control is
// served there and then, also while a cell runs; of what comes on shell,
// cells wait for the one executor (executor.go) and all else for the express
// goroutine beside it (lanes.go). handlers.go lists every request.
//
// All that is published passes one hub (hub.go) in order. A cell's output goes
// through its host (host.go), which collects streams and makes the cell wait
// while front ends are slow; control never waits for them. A reply leaves
// after the cell's output, idle after the reply, and shutdown after all.
package kernel
