// Package client is the other end of the protocol: a front end without a
// face, over go-zeromq/zmq4. `run`, `verify`, `doctor` and the tests of the
// kernel talk through it.
//
// Start starts a kernel process, InProcess a kernel in this process, Connect
// joins one that runs; each waits until the kernel answers and its output
// arrives. Execute runs a cell and hands every IOPub message of it to a
// callback, in order; it returns when both the reply and the idle status are
// there, so nothing of the cell comes later. The other methods are one request
// and its reply each. All methods may be called from several goroutines.
//
// Callbacks run on the goroutine that reads their socket: they must not call
// the client and wait.
package client
