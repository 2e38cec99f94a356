package kernel

import (
	"sync"
	"time"

	"mlpkernel/protocol/zmtp"
)

// maxQueued is how many bytes of requests wait for the kernel before their
// senders do.
const maxQueued = 1 << 30

// read hands the messages of a socket to a function; a bad one costs a log line.
func (k *kernel) read(from *zmtp.Router, handle func(*request)) {
	for {
		frames, err := from.Recv()
		if err != nil {
			return
		}
		m, err := k.signer.Decode(frames)
		if err != nil {
			k.o.Logf("kernel: a message on %s is dropped: %v", from.Addr(), err)
			continue
		}
		k.memory.passed(size(m))
		handle(&request{kernel: k, Message: m, from: from, came: time.Now()})
	}
}

// onShell sorts what comes on shell into the two lanes.
func (k *kernel) onShell(r *request) {
	h := handlers[r.Type()]
	serve := func() { k.serve(r, h.onShell) }
	if h.inTurn {
		k.executor.lane.push(r, serve)
	} else {
		k.express.push(r, serve)
	}
}

// onControl serves what comes on control, one at a time.
func (k *kernel) onControl(r *request) { k.serve(r, handlers[r.Type()].onControl) }

// lane is a queue of requests and the goroutine that serves them in order.
type lane struct {
	mu      sync.Mutex
	changed *sync.Cond
	queue   []job
	bytes   int
	came    uint64 // requests so far; the number of the last
	closed  bool
	ended   chan struct{} // closed when run has returned
}

type job struct {
	serve func()
	size  int
}

func newLane() *lane {
	l := &lane{ended: make(chan struct{})}
	l.changed = sync.NewCond(&l.mu)
	return l
}

// push queues a request and numbers it. It waits while too much is queued;
// a closed lane drops it.
func (l *lane) push(r *request, serve func()) {
	const overhead = 1 << 10
	size := len(r.Content) + overhead
	l.mu.Lock()
	defer l.mu.Unlock()
	for l.bytes+size > maxQueued && len(l.queue) > 0 && !l.closed {
		l.changed.Wait()
	}
	if l.closed {
		return
	}
	l.came++
	r.number = l.came
	l.queue = append(l.queue, job{serve, size})
	l.bytes += size
	l.changed.Broadcast()
}

// run serves the queue until it is closed.
func (l *lane) run() {
	defer close(l.ended)
	for serve := l.pop(); serve != nil; serve = l.pop() {
		serve()
	}
}

// pop waits for the next request; nil when the lane is closed.
func (l *lane) pop() func() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for len(l.queue) == 0 && !l.closed {
		l.changed.Wait()
	}
	if l.closed {
		return nil
	}
	j := l.queue[0]
	l.queue[0] = job{} // hold on to no request
	l.queue = l.queue[1:]
	l.bytes -= j.size
	l.changed.Broadcast()
	return j.serve
}

// last returns the number of the last request that came.
func (l *lane) last() uint64 {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.came
}

// close drops what is queued and ends run after what it serves now.
func (l *lane) close() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.closed = true
	l.queue = nil
	l.changed.Broadcast()
}

// wait waits until run has ended, at most d, and tells whether it has.
func (l *lane) wait(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-l.ended:
		return true
	case <-t.C:
		return false
	}
}

// publish sends a message on IOPub that belongs to a request.
func (r *request) publish(msgType string, content any) {
	r.hub.publish(r.session.New(msgType, r.Message, content, nil))
}
