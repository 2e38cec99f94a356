package zmtp

import (
	"errors"
	"fmt"
	"net"
)

// Router is a ROUTER socket: what comes in begins with the identity of the
// peer it came from, and what goes out with that of the peer it is for.
type Router struct {
	*socket
	in chan [][]byte
}

// ErrNoPeer is why a message for an identity that nobody has is not sent.
var ErrNoPeer = errors.New("zmtp: no peer has this identity")

// NewRouter makes a ROUTER of a listener, which it closes in the end.
func NewRouter(l net.Listener, o Options) *Router {
	r := &Router{
		socket: newSocket(l, "ROUTER", []string{"DEALER", "REQ", "ROUTER"}, o.or(Options{})),
		in:     make(chan [][]byte, 64),
	}
	r.onMessage = r.receive
	r.start()
	return r
}

// receive hands a message to Recv; a full channel makes the peer wait. While
// the socket closes, messages are read and dropped, since a connection that
// is closed with unread data loses what was written last.
func (r *Router) receive(p *peer, frames [][]byte) {
	select {
	case r.in <- append([][]byte{[]byte(p.id)}, frames...):
	case <-r.closing:
	}
}

// Recv returns the next message, the sender's identity first. After Close it
// returns net.ErrClosed.
func (r *Router) Recv() ([][]byte, error) {
	select {
	case m := <-r.in:
		return m, nil
	case <-r.closing:
		return nil, net.ErrClosed
	}
}

// Send queues a message for the peer whose identity is the first frame. It
// waits while the peer's queue is full, at most Options.Stall without progress.
// The frames must not be changed afterwards.
func (r *Router) Send(frames [][]byte) error {
	if len(frames) == 0 {
		return fmt.Errorf("zmtp: a message without an identity: %w", ErrNoPeer)
	}
	r.mu.RLock()
	p := r.peers[string(frames[0])]
	r.mu.RUnlock()
	if p == nil || !r.push(p, message(frames[1:])) {
		return ErrNoPeer
	}
	return nil
}
