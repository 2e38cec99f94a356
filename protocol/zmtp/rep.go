package zmtp

import "net"

// Rep is a socket that echoes whatever comes, as a heartbeat does. It needs
// no attention and shares no goroutine with anything else.
type Rep struct{ *socket }

// NewRep makes a heartbeat of a listener, which it closes in the end.
func NewRep(l net.Listener, o Options) *Rep {
	r := &Rep{newSocket(l, "REP", []string{"REQ", "DEALER"}, o.or(Options{MaxMessage: 64 << 10, MaxQueue: 1 << 20}))}
	// The frames go back as they came, the empty delimiter of a REQ included.
	r.onMessage = func(p *peer, frames [][]byte) { r.push(p, message(frames)) }
	r.start()
	return r
}
