package headless

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"time"

	"mlpkernel/kernel/client"
	"mlpkernel/protocol"
)

// Kernel is a running kernel, as a client sees it.
type Kernel interface {
	Info() protocol.KernelInfoReply
	Execute(ctx context.Context, cell client.Cell) (client.Executed, error)
	Interrupt(ctx context.Context) error
	// Close ends the kernel.
	Close() error
}

var _, _ Kernel = (*client.Process)(nil), (*client.InProcess)(nil)

// Starter starts a fresh kernel with a working folder and waits until it
// answers. What the kernel process itself prints goes to log.
type Starter func(ctx context.Context, dir string, log io.Writer) (Kernel, error)

// Executable returns a Starter of the binary at path: it runs
// `path kernel --connection-file F`.
func Executable(path string) Starter {
	return func(ctx context.Context, dir string, log io.Writer) (Kernel, error) {
		return client.Start(ctx, client.Command{
			Argv:   []string{path, "kernel", "--connection-file", "{connection_file}"},
			Dir:    dir,
			Stderr: log,
		})
	}
}

// InProcess returns a Starter of a kernel in this process; the working folder
// is this process's.
func InProcess(serve func(context.Context, protocol.Connection) error) Starter {
	return func(ctx context.Context, _ string, _ io.Writer) (Kernel, error) {
		return client.StartInProcess(ctx, "", serve)
	}
}

// Options say how to run a notebook. Start must be set.
type Options struct {
	Start Starter
	// Dir is the kernel's working folder; empty for this process's.
	Dir string
	// AllowErrors goes on after cells that fail.
	AllowErrors bool
	// Log receives what the kernel process prints outside of cells; nil discards it.
	Log io.Writer
	// Observer, if any, is told what happens.
	Observer Observer
}

// Observer is told of a run while it goes on, on one goroutine at a time.
type Observer interface {
	// CellBegins comes before code cell i (from 1) of n.
	CellBegins(i, n int, c *Cell)
	// CellPrints brings a piece of text that the cell shows.
	CellPrints(stream, text string)
	// CellEnds comes after the cell; err is a *CellError if it failed.
	CellEnds(c *Cell, took time.Duration, err error)
}

// CellError is a cell that failed.
type CellError struct {
	Index  int // of the cell in the notebook, from 0
	Number int // among the code cells that run, from 1
	Of     int
	protocol.Failure
}

func (e *CellError) Error() string {
	return fmt.Sprintf("cell %d of %d failed: %s: %s", e.Number, e.Of, e.EName, e.EValue)
}

// ErrInterrupted is why a run ended whose context ended: its cell was
// interrupted, and what was done until then is in the notebook.
var ErrInterrupted = errors.New("interrupted")

// startTimeout bounds the start of a kernel, which takes milliseconds.
const startTimeout = 60 * time.Second

// Run executes the code cells of nb on a fresh kernel and stores their outputs
// in it. The error is a *CellError if a cell failed that may not, after which
// no other cell ran. When ctx ends, the running cell is interrupted.
func Run(ctx context.Context, nb *Notebook, o Options) (err error) {
	r, err := newRunner(ctx, nb, o)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, r.close()) }()
	for i, c := range nb.Cells {
		if c.Type != Code {
			continue
		}
		delete(c.Metadata, "execution") // times of an earlier run
		if !c.runs() {
			c.Count, c.Outputs = 0, nil
			continue
		}
		if err := r.cell(ctx, i); err != nil {
			return err
		}
	}
	return nil
}

// runs tells whether a code cell is sent to the kernel.
func (c *Cell) runs() bool {
	return c.Type == Code && strings.TrimSpace(c.Source) != "" && !c.Tagged("skip-execution")
}

// runner is a notebook on its kernel.
type runner struct {
	Options
	nb       *Notebook
	kernel   Kernel
	recorder *recorder
	number   int // of the running cell
	of       int
	held     *Output // a display not yet shown to the observer
	dead     bool
}

func newRunner(ctx context.Context, nb *Notebook, o Options) (*runner, error) {
	if o.Observer == nil {
		o.Observer = nobody{}
	}
	starting, cancel := context.WithTimeout(ctx, startTimeout)
	defer cancel()
	k, err := o.Start(starting, o.Dir, o.Log)
	if ctx.Err() != nil {
		err = ErrInterrupted
	}
	if err != nil {
		return nil, fmt.Errorf("start the kernel: %w", err)
	}
	r := &runner{Options: o, nb: nb, kernel: k, recorder: newRecorder()}
	for _, c := range nb.Cells {
		if c.runs() {
			r.of++
		}
	}
	nb.setLanguage(k.Info())
	return r, nil
}

func (r *runner) close() error {
	if err := r.kernel.Close(); err != nil && !r.dead {
		return fmt.Errorf("end the kernel: %w", err)
	}
	return nil
}

// cell runs the cell of an index. The error is nil if the next may run.
func (r *runner) cell(ctx context.Context, index int) error {
	c := r.nb.Cells[index]
	r.number++
	r.Observer.CellBegins(r.number, r.of, c)
	began := time.Now()
	failure, err := r.execute(ctx, c)
	if err == nil && failure != nil {
		err = &CellError{index, r.number, r.of, *failure}
	}
	r.Observer.CellEnds(c, time.Since(began), err)
	switch {
	case ctx.Err() != nil:
		return ErrInterrupted
	case failure != nil && (r.AllowErrors || c.Tagged("raises-exception")):
		return nil
	}
	return err
}

// execute runs a cell and interrupts it when ctx ends. failure is the cell's.
func (r *runner) execute(ctx context.Context, c *Cell) (failure *protocol.Failure, err error) {
	r.recorder.begin(c)
	defer r.recorder.finish()
	life, kill := context.WithCancel(context.WithoutCancel(ctx))
	defer kill()
	defer context.AfterFunc(ctx, func() { r.interrupt(life, kill) })()
	done, err := r.kernel.Execute(life, client.Cell{
		Code:      c.Source,
		ID:        c.ID,
		KeepGoing: true,
		Output:    func(m *protocol.Message) { r.output(m) },
	})
	if err != nil {
		r.dead = true
		return nil, fmt.Errorf("the kernel died in cell %d of %d: %w", r.number, r.of, err)
	}
	r.release()
	c.Count = done.ExecutionCount
	for _, p := range done.Payload {
		if p.Source == "page" { // help(x) and x? are outputs, as JupyterLab has it
			r.recorder.display(DisplayData, content{Data: p.Data})
			if text, ok := p.Data["text/plain"].(string); ok {
				r.Observer.CellPrints("stdout", line(text))
			}
		}
	}
	if done.Status != protocol.OK {
		failure = done.Failure
		if failure == nil {
			failure = &protocol.Failure{EName: "Error", EValue: "the kernel answered with status " + done.Status}
		}
	}
	return failure, nil
}

// patience is how long a cell may take to end after an interrupt.
const patience = 10 * time.Second

// interrupt interrupts the cell; one that does not end is left.
func (r *runner) interrupt(life context.Context, kill context.CancelFunc) {
	_ = r.kernel.Interrupt(life) // a kernel that does not answer is killed below
	select {
	case <-life.Done():
	case <-time.After(patience):
		kill()
	}
}

// output stores a message and shows its text to the observer. A display is
// shown when the next output comes or the cell ends, so that one which is
// updated in place is seen once, as it was last.
func (r *runner) output(m *protocol.Message) {
	r.recorder.message(m)
	outputs := r.recorder.cell.Outputs
	switch m.Type() {
	case "stream":
		r.release()
		var s protocol.Stream
		if json.Unmarshal(m.Content, &s) == nil {
			r.Observer.CellPrints(s.Name, s.Text)
		}
	case "display_data", "execute_result":
		r.release()
		if len(outputs) > 0 {
			r.held = outputs[len(outputs)-1]
		}
	}
}

// release shows the display that is held.
func (r *runner) release() {
	if r.held == nil {
		return
	}
	if text, ok := r.held.Data["text/plain"].(string); ok {
		r.Observer.CellPrints("stdout", line(text))
	}
	r.held = nil
}

// line ends a text with a newline.
func line(s string) string { return strings.TrimSuffix(s, "\n") + "\n" }

// setLanguage stores what the kernel says about its language, as front ends do.
func (nb *Notebook) setLanguage(info protocol.KernelInfoReply) {
	text, err := json.Marshal(info.LanguageInfo)
	if err != nil {
		return
	}
	if m, err := decodeObject(text); err == nil {
		maps.DeleteFunc(m, func(_ string, v any) bool { return v == "" || v == nil })
		nb.Metadata["language_info"] = m
	}
}

type nobody struct{}

func (nobody) CellBegins(int, int, *Cell)           {}
func (nobody) CellPrints(string, string)            {}
func (nobody) CellEnds(*Cell, time.Duration, error) {}
