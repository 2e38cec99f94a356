// Package cell is what a language and a kernel say to each other.
//
// A kernel knows no language and a language knows no protocol. The kernel
// hands a Code to an Interpreter together with a Host, through which the
// running cell speaks; the Interpreter answers with a value or an *Error.
// Only Interpreter is required: a language that can also complete, inspect,
// judge completeness, evaluate expressions or serve comms implements the
// optional interfaces below, which the kernel discovers by type assertion.
//
// While Execute runs, the kernel calls the optional interfaces from other
// goroutines; an Interpreter answers them from live state without waiting for
// the cell to end.
package cell

import (
	"context"
	"encoding/json"

	"mlpkernel/display"
)

// Code is a cell to run.
type Code struct {
	Source string
	// Count is the execution count: the cell is called In[Count] in errors.
	Count int
	// Silent asks that nothing be stored or shown: no value, no `_`.
	Silent bool
	// ID is the notebook's cell id, empty if the front end sends none.
	ID string
}

// Interpreter runs cells, one at a time.
type Interpreter interface {
	// Info describes the language; it is called before any cell and must be quick.
	Info() Info
	// Execute runs a cell. When ctx is cancelled the cell ends soon, with an
	// *Error whose Name is Interrupted, and the session's variables remain.
	// The value is nil if there is nothing to show. All output that came
	// before goes through host. Errors other than *Error are internal faults.
	Execute(ctx context.Context, code Code, host Host) (value *display.Bundle, err error)
}

// Interrupted is the Name of the error of a cell that was interrupted.
const Interrupted = "KeyboardInterrupt"

// Error is a failed cell as the user should read it.
type Error struct {
	Name      string   // "NameError", "ValueError", ...
	Value     string   // the message, one sentence or a few
	Traceback []string // lines, may hold ANSI colours
}

func (e *Error) Error() string { return e.Name + ": " + e.Value }

// Stream names of Host.Stream.
const (
	Stdout = "stdout"
	Stderr = "stderr"
)

// Host is what a running cell may do to the outside. Its methods may be
// called from any goroutine of the cell until Execute returns, and keep
// their order. None of them blocks on a slow front end for longer than the
// kernel's limits.
type Host interface {
	// Stream prints text on Stdout or Stderr.
	Stream(name, text string)
	// Display shows a bundle. With a non-empty id the output can be updated.
	Display(b display.Bundle, id string)
	// Update replaces the outputs displayed under id.
	Update(b display.Bundle, id string)
	// Clear removes the cell's outputs, with wait not before the next output comes.
	Clear(wait bool)
	// Page shows a bundle in the front end's pager, or as output where there is none.
	Page(b display.Bundle)
	// Ask asks the user for a line of text; ErrNoInput if the front end cannot.
	Ask(ctx context.Context, prompt string, password bool) (string, error)
	// Exit asks that the front end end the session, as a console's `exit` does.
	Exit(keepKernel bool)
}

// ErrNoInput is Host.Ask's answer when the front end does not take input.
var ErrNoInput = inputError("this front end does not take input")

type inputError string

func (e inputError) Error() string { return string(e) }

// Info describes a language and its implementation.
type Info struct {
	Implementation string // "mlpkernel"
	Version        string // of the implementation
	Banner         string
	Language       Language
	HelpLinks      []HelpLink
}

// Language is the protocol's language_info.
type Language struct {
	Name              string // "starlark"
	Version           string
	MIMEType          string
	FileExtension     string // with the dot
	PygmentsLexer     string
	CodeMirrorMode    any // a name or {"name": ..., "version": ...}
	NBConvertExporter string
}

// HelpLink is an entry of a front end's help menu.
type HelpLink struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

// Completer completes code. Cursor positions count Unicode code points.
type Completer interface {
	Complete(source string, cursor int) Completion
}

// Completion is the answer to a completion request: Matches replace the code
// points Start to End.
type Completion struct {
	Matches    []Match
	Start, End int
}

// Match is one completion.
type Match struct {
	Text      string
	Kind      string // function, instance, module, keyword, param, statement, property, path, ...
	Signature string // of a function, else empty
}

// Inspector explains what stands at the cursor. Detail 0 is the short form
// (signature and documentation), 1 the long one. found is false if there is
// nothing to say.
type Inspector interface {
	Inspect(source string, cursor, detail int) (b display.Bundle, found bool)
}

// Completeness is the status of a piece of code for a console.
type Completeness string

// The statuses of a piece of code.
const (
	Complete   Completeness = "complete"
	Incomplete Completeness = "incomplete"
	Invalid    Completeness = "invalid"
	Unknown    Completeness = "unknown"
)

// Judge tells whether code is complete; indent is that of the next line of
// incomplete code.
type Judge interface {
	Judge(source string) (status Completeness, indent string)
}

// Evaluator evaluates user_expressions after a cell, without output.
type Evaluator interface {
	Evaluate(ctx context.Context, expression string) (display.Bundle, error)
}

// Comm is one end of an open channel between a front end and the language.
type Comm interface {
	ID() string
	Target() string
	// Send sends a comm_msg to the front ends.
	Send(data any, metadata map[string]any, buffers [][]byte)
	// Close sends a comm_close to the front ends.
	Close(data any)
}

// CommServer serves comms that a front end opens. OpenComm returns nil if
// target is unknown; the kernel then closes the comm.
type CommServer interface {
	OpenComm(c Comm, data json.RawMessage, metadata json.RawMessage, buffers [][]byte) CommHandler
}

// CommHandler receives what the front end says on one comm.
type CommHandler interface {
	Message(data json.RawMessage, metadata json.RawMessage, buffers [][]byte)
	Closed(data json.RawMessage)
}

// Closer is an Interpreter that has something to give back at shutdown.
type Closer interface {
	Close()
}
