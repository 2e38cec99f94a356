package kernel

import (
	"context"
	"sync"

	"mlpkernel/protocol"
)

// backlog is how many bytes may wait in the hub before cells have to.
const backlog = 8 << 20

// hub is the one way to IOPub. Publishing never blocks, so that control stays
// free; who publishes much calls wait. One goroutine signs and sends.
type hub struct {
	session *protocol.Session
	send    func(*protocol.Message) // may block while a front end is slow

	mu        sync.Mutex
	changed   *sync.Cond
	queue     []*protocol.Message
	bytes     int    // in queue and being sent
	published uint64 // messages so far
	sent      uint64
	closed    bool
}

func newHub(s *protocol.Session, send func(*protocol.Message)) *hub {
	h := &hub{session: s, send: send}
	h.changed = sync.NewCond(&h.mu)
	return h
}

// topic is the first frame of a published message. Front ends subscribe to all.
func (h *hub) topic(m *protocol.Message) []byte {
	return []byte("kernel." + h.session.ID + "." + m.Type())
}

// publish sends a message after all that was published before it.
func (h *hub) publish(m *protocol.Message) {
	if m.Identities == nil {
		m.Identities = [][]byte{h.topic(m)}
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.closed {
		return
	}
	h.queue = append(h.queue, m)
	h.bytes += size(m)
	h.published++
	h.changed.Broadcast()
}

// status publishes an execution state; parent is nil if no request caused it.
func (h *hub) status(state string, parent *protocol.Message) {
	h.publish(h.session.New("status", parent, protocol.Status{ExecutionState: state}, nil))
}

// size is about the memory a message takes.
func size(m *protocol.Message) int {
	n := len(m.RawHeader) + len(m.Parent) + len(m.Metadata) + len(m.Content)
	for _, b := range m.Buffers {
		n += len(b)
	}
	return n
}

// run sends what is published until the hub is closed.
func (h *hub) run() {
	for {
		queue := h.take()
		if queue == nil {
			return
		}
		for i, m := range queue {
			queue[i] = nil
			h.send(m)
			h.mu.Lock()
			h.sent++
			h.bytes -= size(m)
			h.changed.Broadcast()
			h.mu.Unlock()
		}
	}
}

func (h *hub) take() []*protocol.Message {
	h.mu.Lock()
	defer h.mu.Unlock()
	for len(h.queue) == 0 && !h.closed {
		h.changed.Wait()
	}
	queue := h.queue
	h.queue = nil
	return queue
}

// wait makes a cell wait while too much is on its way. A cell that is
// interrupted waits no longer, so that it can end, unless it goes on and on.
func (h *hub) wait(ctx context.Context) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.bytes <= backlog {
		return
	}
	defer context.AfterFunc(ctx, h.wake)()
	for h.bytes > backlog && (ctx.Err() == nil || h.bytes > 8*backlog) {
		h.changed.Wait()
	}
}

func (h *hub) wake() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.changed.Broadcast()
}

// flush waits until all that was published so far is with the peers' queues.
func (h *hub) flush() {
	h.mu.Lock()
	defer h.mu.Unlock()
	for end := h.published; h.sent < end && !h.closed; {
		h.changed.Wait()
	}
}

// close waits until all is sent or ctx ends, and takes no more.
func (h *hub) close(ctx context.Context) {
	defer context.AfterFunc(ctx, h.wake)()
	h.mu.Lock()
	defer h.mu.Unlock()
	for h.sent < h.published && ctx.Err() == nil {
		h.changed.Wait()
	}
	h.closed = true
	h.changed.Broadcast()
}
