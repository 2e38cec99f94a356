package kernel

import (
	"context"
	"sync"
)

// executor runs cells one at a time, in the order they came.
type executor struct {
	*lane

	mu      sync.Mutex
	running *request           // the cell that runs, nil if none
	ctx     context.Context    // of the running cell
	cancel  context.CancelFunc // of ctx
	count   int                // stored cells so far
	cut     uint64             // cells up to this number are aborted
	ending  bool
}

func newExecutor() *executor { return &executor{lane: newLane()} }

// begin notes that a cell runs and returns its context, which an interrupt
// cancels, and a function to call when it has ended.
func (e *executor) begin(r *request) (ctx context.Context, end func()) {
	ctx, cancel := context.WithCancel(context.Background())
	e.mu.Lock()
	defer e.mu.Unlock()
	e.running, e.ctx, e.cancel = r, ctx, cancel
	if e.ending {
		cancel()
	}
	return ctx, func() {
		cancel()
		e.mu.Lock()
		defer e.mu.Unlock()
		e.running, e.ctx, e.cancel = nil, nil, nil
	}
}

// interrupt cancels the running cell, if any.
func (e *executor) interrupt() {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.cancel != nil {
		e.cancel()
	}
}

// current returns the request of the running cell and its context, nil if none.
func (e *executor) current() (*request, context.Context) {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.running, e.ctx
}

// whileRunning calls f with the request of the running cell, if any. The cell
// does not end before f returns; f must not block.
func (e *executor) whileRunning(f func(*request)) {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.running != nil {
		f(e.running)
	}
}

// next returns the number for a cell: a stored one moves the counter.
func (e *executor) next(stored bool) int {
	e.mu.Lock()
	defer e.mu.Unlock()
	if stored {
		e.count++
		return e.count
	}
	return e.count + 1
}

// counter returns how many cells were stored.
func (e *executor) counter() int {
	e.mu.Lock()
	defer e.mu.Unlock()
	return e.count
}

// abort makes all cells that have come so far be aborted.
func (e *executor) abort() {
	n := e.lane.last()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.cut = n
}

// aborted tells whether a cell came before the last abort.
func (e *executor) aborted(r *request) bool {
	e.mu.Lock()
	defer e.mu.Unlock()
	return r.number <= e.cut
}

// close interrupts the running cell and lets no other start.
func (e *executor) close() {
	e.lane.close()
	e.mu.Lock()
	e.ending = true
	e.mu.Unlock()
	e.interrupt()
}
