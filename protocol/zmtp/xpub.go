package zmtp

import "net"

// maxTopics is how many topics a peer may subscribe to.
const maxTopics = 1000

// XPub is an XPUB socket: each message goes to all peers that subscribed to a
// prefix of its first frame.
type XPub struct{ *socket }

// NewXPub makes an XPUB of a listener, which it closes in the end. For each
// subscription that comes in, welcome (if not nil) may return a message for
// that peer alone, which precedes all that the subscription brings.
func NewXPub(l net.Listener, o Options, welcome func(topic string) [][]byte) *XPub {
	x := &XPub{newSocket(l, "XPUB", []string{"SUB", "XSUB"}, o.or(Options{MaxMessage: 64 << 10}))}
	if welcome == nil {
		welcome = func(string) [][]byte { return nil }
	}
	subscribe := func(p *peer, topic string) {
		if p.subscribe(topic, welcome(topic)) {
			x.logCut(p)
		}
	}
	x.onMessage = func(p *peer, frames [][]byte) {
		if len(frames) != 1 || len(frames[0]) == 0 {
			return
		}
		switch topic := string(frames[0][1:]); frames[0][0] {
		case 1:
			subscribe(p, topic)
		case 0:
			p.unsubscribe(topic)
		}
	}
	x.onCommand = func(p *peer, name string, data []byte) {
		switch name {
		case "SUBSCRIBE":
			subscribe(p, string(data))
		case "CANCEL":
			p.unsubscribe(string(data))
		}
	}
	x.start()
	return x
}

// Send queues a message for every peer that wants it, its topic being the
// first frame. It waits while the queue of one is full, at most Options.Stall
// without progress. The frames must not be changed afterwards.
func (x *XPub) Send(frames [][]byte) {
	if len(frames) == 0 {
		return
	}
	m, topic := message(frames), string(frames[0])
	for _, p := range x.all() {
		if p.wants(topic) {
			x.push(p, m)
		}
	}
}
