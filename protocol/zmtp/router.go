package zmtp

import "net"

// Router is a ROUTER socket: it receives from all peers and sends to one.
type Router struct {
	*socket
	in chan [][]byte
}

// inbox is how many received messages wait for Recv before peers must wait.
const inbox = 64

// ListenRouter binds a ROUTER.
func ListenRouter(endpoint string, o Options) (*Router, error) {
	r := &Router{in: make(chan [][]byte, inbox)}
	// Peers may connect before listen returns.
	ready := make(chan struct{})
	s, err := listen(endpoint, kind{
		name:  "ROUTER",
		peers: []string{"DEALER", "REQ", "ROUTER"},
		message: func(p *peer, frames [][]byte) {
			<-ready
			select {
			case r.in <- append([][]byte{[]byte(p.id)}, frames...):
			case <-r.done:
			}
		},
	}, o)
	if err != nil {
		return nil, err
	}
	r.socket = s
	close(ready)
	return r, nil
}

// Recv returns the next message, the peer's identity as its first frame. After
// Close it returns net.ErrClosed.
func (r *Router) Recv() ([][]byte, error) {
	select {
	case m := <-r.in:
		return m, nil
	case <-r.done:
		return nil, net.ErrClosed
	}
}

// Send queues a message for the peer whose identity is its first frame. What
// is for a peer that has gone is dropped, as ROUTER does.
func (r *Router) Send(frames [][]byte) {
	r.mu.Lock()
	p := r.byID[string(frames[0])]
	r.mu.Unlock()
	if p != nil {
		p.send(frames[1:])
	}
}
