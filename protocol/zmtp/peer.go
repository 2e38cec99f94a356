package zmtp

import (
	"context"
	"net"
	"strings"
	"sync"
	"time"
)

const (
	batchBytes = 64 << 10  // of small messages that go out in one write
	pieceBytes = 256 << 10 // of a large frame between two stamps of progress
)

// peer is a connection after its handshake. Its own goroutine writes what is
// queued for it.
type peer struct {
	conn     net.Conn
	id       string
	maxQueue int
	stall    time.Duration

	mu       sync.Mutex
	changed  *sync.Cond // something below has changed
	queue    []outgoing
	pending  int // bytes that were queued and are not written yet
	progress time.Time
	dead     bool
	topics   map[string]struct{} // of an XPub's peer
}

func newPeer(c net.Conn, id string, o Options) *peer {
	p := &peer{conn: c, id: id, maxQueue: o.MaxQueue, stall: o.Stall, topics: map[string]struct{}{}}
	p.changed = sync.NewCond(&p.mu)
	return p
}

// push queues a message. While the queue is full and the peer takes
// something, it waits; it cuts off a peer that takes nothing. It reports
// whether the message was queued, and whether this call cut the peer off.
func (p *peer) push(m outgoing) (queued, cut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if cut = p.makeRoom(m.size); cut {
		return false, true
	}
	return p.enqueue(m), false
}

// makeRoom waits until size bytes fit into the queue or the peer is dead, and
// reports whether this call cut the peer off; the caller holds p.mu.
func (p *peer) makeRoom(size int) (cut bool) {
	for !p.dead && p.pending > 0 && p.pending+size > p.maxQueue {
		left := p.stall - time.Since(p.progress)
		if left <= 0 {
			p.die()
			return true
		}
		t := time.AfterFunc(left, p.wake)
		p.changed.Wait()
		t.Stop()
	}
	return false
}

// wake makes who waits for the peer look again. It takes the lock, since a
// signal between a look and the wait that follows would be lost.
func (p *peer) wake() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changed.Broadcast()
}

// enqueue queues a message without waiting; the caller holds p.mu.
func (p *peer) enqueue(m outgoing) bool {
	if p.dead {
		return false
	}
	if p.pending == 0 {
		p.progress = time.Now()
	}
	p.queue = append(p.queue, m)
	p.pending += m.size
	p.changed.Broadcast()
	return true
}

// subscribe adds a topic. The welcome, if any, is queued in the same breath,
// so that it is the first message the subscription brings; for it the peer
// waits as push does, and subscribe reports whether this cut the peer off.
func (p *peer) subscribe(topic string, welcome [][]byte) (cut bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.topics) >= maxTopics {
		return false
	}
	if welcome != nil {
		m := message(welcome)
		if cut = p.makeRoom(m.size); cut {
			return true
		}
		p.enqueue(m)
	}
	p.topics[topic] = struct{}{}
	return false
}

func (p *peer) unsubscribe(topic string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.topics, topic)
}

// wants tells whether the peer has subscribed to a topic or a prefix of it.
func (p *peer) wants(topic string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	for t := range p.topics {
		if strings.HasPrefix(topic, t) {
			return true
		}
	}
	return false
}

// kill ends the connection and forgets what is queued.
func (p *peer) kill() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.die()
}

// die is kill for a caller that holds p.mu.
func (p *peer) die() {
	p.dead = true
	p.queue, p.pending = nil, 0
	p.changed.Broadcast()
	p.conn.Close()
}

// flush waits until everything queued is written, the peer is dead or takes
// nothing any more, or ctx ends.
func (p *peer) flush(ctx context.Context) {
	defer context.AfterFunc(ctx, p.wake)()
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.pending > 0 && !p.dead && ctx.Err() == nil {
		left := p.stall - time.Since(p.progress)
		if left <= 0 {
			return
		}
		t := time.AfterFunc(left, p.wake)
		p.changed.Wait()
		t.Stop()
	}
}

// write writes what is queued until the peer is dead.
func (p *peer) write() {
	var bufs net.Buffers
	for {
		batch, size := p.take()
		if batch == nil {
			return
		}
		bufs = bufs[:0]
		for _, m := range batch {
			var err error
			if bufs, err = p.put(bufs, m); err != nil {
				p.kill()
				return
			}
		}
		if err := p.writeAll(bufs); err != nil {
			p.kill()
			return
		}
		clear(bufs) // hold on to no message, if a write left one there
		p.wrote(size)
	}
}

// take waits for messages and takes some, about batchBytes at least one; nil
// if the peer is dead.
func (p *peer) take() (batch []outgoing, size int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) == 0 && !p.dead {
		p.changed.Wait()
	}
	if p.dead {
		return nil, 0
	}
	n := 0
	for n < len(p.queue) && (n == 0 || size+p.queue[n].size <= batchBytes) {
		size += p.queue[n].size
		n++
	}
	batch, p.queue = p.queue[:n:n], p.queue[n:]
	if len(p.queue) == 0 {
		p.queue = nil
	}
	return batch, size
}

// put adds the parts of a message to bufs, and writes large parts at once in pieces.
func (p *peer) put(bufs net.Buffers, m outgoing) (net.Buffers, error) {
	for _, part := range m.parts {
		for len(part) > pieceBytes {
			bufs = append(bufs, part[:pieceBytes])
			part = part[pieceBytes:]
			if err := p.writeAll(bufs); err != nil {
				return nil, err
			}
			p.wrote(0)
			bufs = bufs[:0]
		}
		bufs = append(bufs, part)
	}
	return bufs, nil
}

// writeAll writes bufs, whose elements are then to be made anew.
func (p *peer) writeAll(bufs net.Buffers) error {
	rest := bufs
	_, err := rest.WriteTo(p.conn)
	return err
}

// wrote notes progress, and that size bytes are no longer pending.
func (p *peer) wrote(size int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.progress = time.Now()
	if !p.dead {
		p.pending -= size
	}
	p.changed.Broadcast()
}
