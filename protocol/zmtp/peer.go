package zmtp

import (
	"net"
	"sync"
	"time"
)

// Sizes of single writes: small pieces are collected up to smallWrite, large
// ones are written in steps of largeWrite so that progress can be seen.
const (
	smallWrite = 64 << 10
	largeWrite = 4 << 20
)

// messageCost is what a queued message counts beside its bytes.
const messageCost = 64

// peer is a connection after its handshake: a queue of messages and the
// goroutine that writes them.
type peer struct {
	conn net.Conn
	id   string
	opts Options

	mu       sync.Mutex
	moved    sync.Cond // the queue or the state changed
	queue    []queued
	bytes    int // queued or being written
	gone     bool
	progress time.Time // of the last write
	topics   map[string]bool
}

type queued struct {
	pieces [][]byte
	cost   int
}

func newPeer(conn net.Conn, id string, o Options) *peer {
	p := &peer{conn: conn, id: id, opts: o, progress: time.Now(), topics: map[string]bool{}}
	p.moved.L = &p.mu
	return p
}

// send queues a message. While the queue is full it waits as long as the peer
// reads; a peer that stalls is cut off.
func (p *peer) send(frames [][]byte) { p.push(wire(frames)) }

func (p *peer) push(pieces [][]byte) {
	cost := messageCost
	for _, b := range pieces {
		cost += len(b)
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for !p.gone && p.bytes > 0 && p.bytes+cost > p.opts.MaxQueued {
		if time.Since(p.progress) > p.opts.Stall {
			p.opts.Logf("zmtp: cut off a peer that reads nothing, with %d bytes waiting for it", p.bytes)
			p.endLocked()
			return
		}
		p.waitLocked(p.opts.Stall / 20)
	}
	if p.gone {
		return
	}
	if p.bytes == 0 {
		p.progress = time.Now()
	}
	p.queue = append(p.queue, queued{pieces, cost})
	p.bytes += cost
	p.moved.Broadcast()
}

// waitLocked waits for a change, at most d.
func (p *peer) waitLocked(d time.Duration) {
	t := time.AfterFunc(d, p.moved.Broadcast)
	p.moved.Wait()
	t.Stop()
}

// write writes the queue until the peer is gone.
func (p *peer) write() {
	var buf []byte
	for {
		batch := p.take()
		if batch == nil {
			return
		}
		cost := 0
		for _, m := range batch {
			for _, b := range m.pieces {
				if len(buf) > 0 && len(buf)+len(b) > smallWrite {
					if !p.put(buf) {
						return
					}
					buf = buf[:0]
				}
				if len(b) <= smallWrite {
					buf = append(buf, b...)
				} else if !p.put(b) {
					return
				}
			}
			cost += m.cost
		}
		if !p.put(buf) {
			return
		}
		buf = buf[:0]
		p.done(cost)
	}
}

// take waits for queued messages; nil when the peer is gone.
func (p *peer) take() []queued {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) == 0 && !p.gone {
		p.moved.Wait()
	}
	batch := p.queue
	p.queue = nil
	return batch
}

func (p *peer) done(cost int) {
	p.mu.Lock()
	p.bytes -= cost
	p.moved.Broadcast()
	p.mu.Unlock()
}

func (p *peer) put(b []byte) bool {
	for len(b) > 0 {
		n, err := p.conn.Write(b[:min(len(b), largeWrite)])
		if err != nil {
			p.end()
			return false
		}
		b = b[n:]
		p.mu.Lock()
		p.progress = time.Now()
		p.mu.Unlock()
	}
	return true
}

// flush waits until everything is written, at most until the deadline.
func (p *peer) flush(deadline time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for p.bytes > 0 && !p.gone && time.Now().Before(deadline) {
		p.waitLocked(20 * time.Millisecond)
	}
}

func (p *peer) end() {
	p.mu.Lock()
	p.endLocked()
	p.mu.Unlock()
}

func (p *peer) endLocked() {
	p.gone, p.queue, p.bytes = true, nil, 0
	p.moved.Broadcast()
	p.conn.Close()
}
