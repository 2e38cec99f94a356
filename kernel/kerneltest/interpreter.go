// Package kerneltest has what tests of kernels and front ends need: an
// Interpreter whose cells are scripts of a few words, and Start, which runs it
// in a kernel with a client.
package kerneltest

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"sync"

	"mlpkernel/cell"
	"mlpkernel/display"
)

// Interpreter runs scripts: each line of a cell is a word of the list words
// and its argument. It implements every optional interface of package cell.
type Interpreter struct {
	mu     sync.Mutex
	gates  map[string]chan struct{}
	closed bool
}

// New returns an interpreter.
func New() *Interpreter { return &Interpreter{gates: map[string]chan struct{}{}} }

var (
	_ cell.Interpreter = (*Interpreter)(nil)
	_ cell.Completer   = (*Interpreter)(nil)
	_ cell.Inspector   = (*Interpreter)(nil)
	_ cell.Judge       = (*Interpreter)(nil)
	_ cell.Evaluator   = (*Interpreter)(nil)
	_ cell.CommServer  = (*Interpreter)(nil)
	_ cell.Closer      = (*Interpreter)(nil)
)

// run is a cell that runs.
type run struct {
	*Interpreter
	ctx   context.Context
	host  cell.Host
	code  cell.Code
	value *display.Bundle
}

// words are what a line of a script may begin with.
var words = map[string]func(r *run, arg string) error{
	"print":  func(r *run, arg string) error { r.host.Stream(cell.Stdout, arg+"\n"); return nil },
	"eprint": func(r *run, arg string) error { r.host.Stream(cell.Stderr, arg+"\n"); return nil },
	"value":  func(r *run, arg string) error { b := display.Text(arg); r.value = &b; return nil },
	"count":  func(r *run, _ string) error { r.host.Stream(cell.Stdout, strconv.Itoa(r.code.Count)); return nil },
	"id":     func(r *run, _ string) error { r.host.Stream(cell.Stdout, r.code.ID); return nil },
	"show":   func(r *run, arg string) error { r.host.Display(bundle(arg)); return nil },
	"update": func(r *run, arg string) error { r.host.Update(bundle(arg)); return nil },
	"clear":  func(r *run, arg string) error { r.host.Clear(arg == "wait"); return nil },
	"page":   func(r *run, arg string) error { r.host.Page(display.Text(arg)); return nil },
	"exit":   func(r *run, arg string) error { r.host.Exit(arg == "keep"); return nil },
	"png": func(r *run, arg string) error {
		r.host.Display(display.Text("a picture").With("image/png", []byte(arg)), "")
		return nil
	},
	"volatile": func(r *run, arg string) error {
		b := display.Text("took " + arg)
		b.Volatile = []string{arg}
		r.host.Display(b, "")
		return nil
	},
	"fail": func(_ *run, arg string) error {
		name, message, _ := strings.Cut(arg, " ")
		return &cell.Error{Name: name, Value: message, Traceback: []string{"line 1", name + ": " + message}}
	},
	"fault":  func(_ *run, arg string) error { return errors.New(arg) },
	"panic":  func(_ *run, arg string) error { panic(arg) },
	"ask":    func(r *run, arg string) error { return r.ask(arg, false) },
	"secret": func(r *run, arg string) error { return r.ask(arg, true) },
	// lines N prints the numbers to N, megabytes N shows N texts of 1 MiB, text N shows one of N bytes.
	"lines": func(r *run, arg string) error {
		return r.times(arg, func(i int) { r.host.Stream(cell.Stdout, strconv.Itoa(i)+"\n") })
	},
	"megabytes": func(r *run, arg string) error {
		text := strings.Repeat("x", 1<<20)
		return r.times(arg, func(int) { r.host.Display(display.Text(text), "") })
	},
	"text": func(r *run, arg string) error {
		n, err := strconv.Atoi(arg)
		r.host.Display(display.Text(strings.Repeat("x", n)), "")
		return err
	},
	"flood": func(r *run, arg string) error {
		for r.ctx.Err() == nil {
			r.host.Stream(cell.Stdout, arg+"\n")
		}
		return r.ctx.Err()
	},
	// spin keeps a core busy until it is interrupted.
	"spin": func(r *run, _ string) error {
		for r.ctx.Err() == nil {
		}
		return r.ctx.Err()
	},
	// wait NAME waits until Open(NAME); stubborn does so whatever happens.
	"wait": func(r *run, arg string) error {
		select {
		case <-r.gate(arg):
			return nil
		case <-r.ctx.Done():
			return &cell.Error{Name: cell.Interrupted, Value: "interrupted"}
		}
	},
	"stubborn": func(r *run, arg string) error { <-r.gate(arg); return nil },
	// open NAME is Open(NAME).
	"open": func(r *run, arg string) error { r.Open(arg); return nil },
	// later NAME prints NAME from a goroutine once NAME is open.
	"later": func(r *run, arg string) error {
		go func() { <-r.gate(arg); r.host.Stream(cell.Stdout, arg) }()
		return nil
	},
}

// bundle splits "ID TEXT".
func bundle(arg string) (display.Bundle, string) {
	id, text, _ := strings.Cut(arg, " ")
	return display.Text(text), id
}

func (r *run) times(arg string, f func(i int)) error {
	n, err := strconv.Atoi(arg)
	for i := range n {
		f(i)
	}
	return err
}

func (r *run) ask(prompt string, password bool) error {
	answer, err := r.host.Ask(r.ctx, prompt, password)
	if err != nil && r.ctx.Err() != nil {
		return err
	} else if err != nil {
		return &cell.Error{Name: "InputError", Value: err.Error()}
	}
	r.host.Stream(cell.Stdout, "answer "+answer)
	return nil
}

// gate returns the channel that Open(name) closes.
func (in *Interpreter) gate(name string) chan struct{} {
	in.mu.Lock()
	defer in.mu.Unlock()
	if in.gates[name] == nil {
		in.gates[name] = make(chan struct{})
	}
	return in.gates[name]
}

// Open lets what waits for name go on, now and later.
func (in *Interpreter) Open(name string) {
	g := in.gate(name)
	in.mu.Lock()
	defer in.mu.Unlock()
	select {
	case <-g:
	default:
		close(g)
	}
}

// Shut takes back Open.
func (in *Interpreter) Shut(name string) {
	in.mu.Lock()
	defer in.mu.Unlock()
	delete(in.gates, name)
}

// Info implements cell.Interpreter.
func (in *Interpreter) Info() cell.Info {
	return cell.Info{
		Implementation: "kerneltest", Version: "1.2.3", Banner: "a kernel for tests",
		Language:  cell.Language{Name: "script", Version: "1", MIMEType: "text/plain", FileExtension: ".txt"},
		HelpLinks: []cell.HelpLink{{Text: "Help", URL: "https://example.org"}},
	}
}

// Execute implements cell.Interpreter.
func (in *Interpreter) Execute(ctx context.Context, code cell.Code, host cell.Host) (*display.Bundle, error) {
	r := &run{Interpreter: in, ctx: ctx, host: host, code: code}
	for line := range strings.Lines(code.Source) {
		line = strings.TrimSuffix(line, "\n")
		word, arg, _ := strings.Cut(line, " ")
		if word == "" || strings.HasPrefix(word, "#") {
			continue
		}
		f, ok := words[word]
		if !ok {
			return nil, &cell.Error{Name: "NameError", Value: fmt.Sprintf("%.40q is no word", word)}
		}
		if err := f(r, arg); err != nil {
			return nil, err
		}
	}
	return r.value, nil
}

// Complete implements cell.Completer: the words that begin like the line.
func (in *Interpreter) Complete(source string, cursor int) cell.Completion {
	before := string([]rune(source)[:cursor])
	start := strings.LastIndex(before, "\n") + 1
	c := cell.Completion{Start: len([]rune(before[:start])), End: cursor}
	for _, w := range []string{"page", "panic", "png", "print"} {
		if strings.HasPrefix(w, before[start:]) {
			c.Matches = append(c.Matches, cell.Match{Text: w, Kind: "function", Signature: "TEXT"})
		}
	}
	if before == "panic now" {
		panic("completion")
	}
	return c
}

// Inspect implements cell.Inspector for words.
func (in *Interpreter) Inspect(source string, _, detail int) (display.Bundle, bool) {
	if words[source] == nil {
		return display.Bundle{}, false
	}
	return display.Text(fmt.Sprintf("%s, detail %d", source, detail)), true
}

// Judge implements cell.Judge: code that ends in a backslash goes on.
func (in *Interpreter) Judge(source string) (cell.Completeness, string) {
	word, _, _ := strings.Cut(source, " ")
	switch {
	case strings.HasSuffix(source, `\`):
		return cell.Incomplete, "  "
	case words[word] == nil:
		return cell.Invalid, ""
	}
	return cell.Complete, ""
}

// Evaluate implements cell.Evaluator: an expression is its own value.
func (in *Interpreter) Evaluate(_ context.Context, expression string) (display.Bundle, error) {
	if name, ok := strings.CutPrefix(expression, "fail "); ok {
		return display.Bundle{}, &cell.Error{Name: name, Value: "as asked"}
	}
	return display.Text(expression), nil
}

// OpenComm implements cell.CommServer. The target "echo" sends back what it
// receives, and closes the comm on "bye".
func (in *Interpreter) OpenComm(c cell.Comm, data, _ json.RawMessage, buffers [][]byte) cell.CommHandler {
	if c.Target() != "echo" {
		return nil
	}
	c.Send(data, nil, buffers)
	return echo{c}
}

type echo struct{ comm cell.Comm }

func (e echo) Message(data, _ json.RawMessage, buffers [][]byte) {
	if string(data) == `"bye"` {
		e.comm.Close(nil)
		return
	}
	e.comm.Send(data, map[string]any{"echo": true}, buffers)
}

func (e echo) Closed(json.RawMessage) {}

// Close implements cell.Closer.
func (in *Interpreter) Close() {
	in.mu.Lock()
	defer in.mu.Unlock()
	in.closed = true
}

// Closed tells whether Close was called.
func (in *Interpreter) Closed() bool {
	in.mu.Lock()
	defer in.mu.Unlock()
	return in.closed
}
