package kernel

import (
	"sync"

	"mlpkernel/protocol"
)

// queue holds the execute requests that have come, in order.
type queue struct {
	mu     sync.Mutex
	come   sync.Cond
	items  []*protocol.Message
	closed bool
}

func newQueue() *queue {
	q := &queue{}
	q.come.L = &q.mu
	return q
}

func (q *queue) push(m *protocol.Message) {
	q.mu.Lock()
	q.items = append(q.items, m)
	q.mu.Unlock()
	q.come.Signal()
}

// pop waits for the next request; nil when the queue is closed.
func (q *queue) pop() *protocol.Message {
	q.mu.Lock()
	defer q.mu.Unlock()
	for len(q.items) == 0 && !q.closed {
		q.come.Wait()
	}
	if q.closed {
		return nil
	}
	m := q.items[0]
	q.items = q.items[1:]
	return m
}

// cut takes all that waits.
func (q *queue) cut() []*protocol.Message {
	q.mu.Lock()
	defer q.mu.Unlock()
	items := q.items
	q.items = nil
	return items
}

func (q *queue) close() {
	q.mu.Lock()
	q.closed = true
	q.mu.Unlock()
	q.come.Broadcast()
}
