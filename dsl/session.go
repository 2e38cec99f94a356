package dsl

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"

	"go.starlark.net/starlark"

	"mlpkernel/cell"
	"mlpkernel/display"
	"mlpkernel/learn"
	"mlpkernel/nn"
)

// Options configure a session. The zero value works.
type Options struct {
	Dir     string // what paths in cells are relative to; empty: the working directory
	Version string
	// Backends to train on, in order of preference; nn/reference is always there.
	Backends []nn.Backend
	// Missing says why devices that one would look for are not there.
	Missing []Missing
}

// Missing is a device that is not there.
type Missing struct{ Name, Why string }

// Session is a running language: the variables of all cells.
type Session struct {
	opts   Options
	groups []group
	ns     *namespace

	// mu is held while Starlark runs and while its values are read.
	mu      sync.Mutex
	waiting atomic.Int32        // requests that want mu while a cell runs
	current *running            // nil between cells
	sources map[string][]string // lines of the cells and files, by name
	outputs int                 // trainings shown so far
	scored  scored
	shelf   learn.Shelf // rows that trainings share
}

var (
	_ cell.Interpreter = (*Session)(nil)
	_ cell.Completer   = (*Session)(nil)
	_ cell.Inspector   = (*Session)(nil)
	_ cell.Judge       = (*Session)(nil)
	_ cell.Evaluator   = (*Session)(nil)
)

// New returns a session with the whole vocabulary.
func New(o Options) *Session {
	gs := groups()
	return &Session{
		opts:    o,
		groups:  gs,
		ns:      newNamespace(builtins(gs), newOperators()),
		sources: map[string][]string{},
		scored:  scored{},
	}
}

// Info describes the language.
func (s *Session) Info() cell.Info {
	return cell.Info{
		Implementation: "mlpkernel",
		Version:        s.opts.Version,
		Banner:         "mlpkernel " + s.opts.Version + ": Starlark for multi-layer perceptrons. help() shows where to begin.",
		Language: cell.Language{
			Name: "starlark", Version: "1.0", MIMEType: "text/x-python", FileExtension: ".star",
			// Highlighters know Python everywhere, Starlark hardly anywhere.
			PygmentsLexer: "python3", CodeMirrorMode: map[string]any{"name": "python"},
		},
	}
}

// running is a cell that runs.
type running struct {
	session  *Session
	ctx      context.Context
	host     cell.Host
	graceful atomic.Int32 // builtins that end by themselves when interrupted
	failed   error        // the first of a function that a training calls for each number
}

const runningKey = "running"

// Every stepQuantum steps a running cell lets others look at its values.
const stepQuantum = 10000

// maxDepth is how many calls may be open, looked at every stepQuantum.
const maxDepth = 2000

// Execute runs a cell.
func (s *Session) Execute(ctx context.Context, code cell.Code, host cell.Host) (*display.Bundle, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	path := fmt.Sprintf("In[%d]", code.Count)
	v, p, err := s.run(ctx, path, code.Source, host)
	if err != nil {
		return nil, s.explain(err)
	}
	if f, ok := v.(*Function); ok && (f.Name() == "exit" || f.Name() == "quit") {
		host.Exit(false) // as consoles take the bare word
		return nil, nil
	}
	if code.Silent || p.silent || v == nil || v == starlark.None {
		return nil, nil
	}
	s.ns.set("_", v)
	b := show(v)
	return &b, nil
}

// run compiles and runs a piece of source; the lock is held.
func (s *Session) run(ctx context.Context, path, src string, host cell.Host) (starlark.Value, *prepared, error) {
	src = strings.ReplaceAll(src, "\r\n", "\n")
	s.sources[path] = strings.Split(src, "\n")
	prog, p, err := compile(path, src)
	if err != nil {
		return nil, nil, err
	}
	r := &running{session: s, ctx: ctx, host: host}
	s.current = r
	defer func() { s.current = nil }()
	thread := s.thread(r, path)
	thread.Load = s.loader(r)
	stop := context.AfterFunc(ctx, func() {
		if r.graceful.Load() == 0 {
			thread.Cancel("interrupted")
		}
	})
	defer stop()
	s.ns.value = nil
	err = s.init(prog, thread, s.ns)
	if err == nil && ctx.Err() != nil { // the last builtin ended by itself
		err = Errorf(cell.Interrupted, "the cell was interrupted; variables are as it left them")
	}
	v := s.ns.value
	s.ns.value = nil
	return v, p, err
}

// thread makes the thread of a cell, or of a function that a builtin calls. It
// is fresh, so that a late interrupt cannot hit the next cell.
func (s *Session) thread(r *running, path string) *starlark.Thread {
	t := &starlark.Thread{Name: path}
	t.SetLocal(runningKey, r)
	t.SetMaxExecutionSteps(stepQuantum)
	t.OnMaxSteps = func(t *starlark.Thread) {
		t.SetMaxExecutionSteps(t.ExecutionSteps() + stepQuantum)
		if r.ctx.Err() != nil {
			t.Cancel("interrupted")
		}
		if t.CallStackDepth() > maxDepth {
			t.Cancel("recursion")
		}
		if over := memoryOver(t.ExecutionSteps()); over != "" {
			t.Cancel(over)
		}
		s.yield()
	}
	return t
}

// init runs a program in a namespace; a panic becomes an error.
func (s *Session) init(prog *starlark.Program, t *starlark.Thread, ns *namespace) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = faultOf(p)
		}
	}()
	_, err = prog.Init(t, starlark.StringDict{sessionName: ns})
	return err
}

// faultOf is the error of a panic: what a value panicked with that has no
// answer, such as the truth of a column, or a fault of ours.
func faultOf(p any) error {
	e, ok := p.(error)
	if _, fault := p.(runtime.Error); ok && !fault {
		return e
	}
	return Errorf("InternalError", "a fault of mlpkernel: %v; the variables are still there", p)
}

// yield lets waiting requests have the lock.
func (s *Session) yield() {
	if s.waiting.Load() > 0 {
		s.mu.Unlock()
		runtime.Gosched()
		s.mu.Lock()
	}
}

// look runs f with the lock, also while a cell runs.
func (s *Session) look(f func()) {
	s.waiting.Add(1)
	s.mu.Lock()
	s.waiting.Add(-1)
	defer s.mu.Unlock()
	f()
}

// Evaluate evaluates an expression without output.
func (s *Session) Evaluate(ctx context.Context, expression string) (display.Bundle, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	v, _, err := s.run(ctx, "<expression>", expression, quietHost{})
	if err != nil {
		return display.Bundle{}, s.explain(err)
	}
	if v == nil {
		v = starlark.None
	}
	return show(v), nil
}

// path is the path of a file that a cell names.
func (s *Session) path(name string) string {
	if filepath.IsAbs(name) {
		return name
	}
	return filepath.Join(s.opts.Dir, name)
}

// loader reads a file for load: its names are of its own, and not frozen.
func (s *Session) loader(r *running) func(*starlark.Thread, string) (starlark.StringDict, error) {
	loading := map[string]bool{}
	return func(parent *starlark.Thread, name string) (starlark.StringDict, error) {
		path := s.path(name)
		if loading[path] {
			return nil, Errorf("LoadError", "%s loads itself, directly or through another file", name)
		}
		loading[path] = true
		defer delete(loading, path)
		src, err := os.ReadFile(path)
		if err != nil {
			return nil, Errorf("LoadError", "%s cannot be read: %v; paths are relative to the notebook", name, cause(err))
		}
		s.sources[name] = strings.Split(string(src), "\n")
		prog, _, err := compile(name, string(src))
		if err != nil {
			return nil, err
		}
		ns := newNamespace(s.ns.builtins, s.ns.operators)
		t := s.thread(r, name)
		t.Load = parent.Load
		if err := s.init(prog, t, ns); err != nil {
			return nil, err
		}
		return ns.variables(), nil
	}
}

// cause is what went wrong with a file, without the path that is said beside it.
func cause(err error) error {
	var p *fs.PathError
	if errors.As(err, &p) {
		return p.Err
	}
	return err
}
