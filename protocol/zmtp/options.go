package zmtp

import (
	"log"
	"time"
)

// Options are the limits of a socket. The zero value of a field stands for
// the value in its comment.
type Options struct {
	Handshake  time.Duration // until a connection must be a peer: 30 s, as with libzmq
	Stall      time.Duration // until a peer with a full queue that takes nothing is cut: 4 s
	MaxPeers   int           // connections at a time: 4096
	MaxFrames  int           // frames of an incoming message: 4096
	MaxMessage int           // bytes of an incoming message: 1 GiB, of an XPub and a Rep 64 KiB
	MaxQueue   int           // bytes queued for a peer before senders wait: 64 MiB, of a Rep 1 MiB

	// Log receives a line for each peer that breaks a rule; nil for log.Printf.
	Log func(format string, args ...any)
}

// or fills in what o leaves open, first from d, then from the general values.
func (o Options) or(d Options) Options {
	for _, e := range []Options{d, {
		Handshake:  30 * time.Second,
		Stall:      4 * time.Second,
		MaxPeers:   4096,
		MaxFrames:  4096,
		MaxMessage: 1 << 30,
		MaxQueue:   64 << 20,
		Log:        log.Printf,
	}} {
		fill(&o.Handshake, e.Handshake)
		fill(&o.Stall, e.Stall)
		fill(&o.MaxPeers, e.MaxPeers)
		fill(&o.MaxFrames, e.MaxFrames)
		fill(&o.MaxMessage, e.MaxMessage)
		fill(&o.MaxQueue, e.MaxQueue)
		if o.Log == nil {
			o.Log = e.Log
		}
	}
	return o
}

func fill[T comparable](v *T, d T) {
	var zero T
	if *v == zero {
		*v = d
	}
}
