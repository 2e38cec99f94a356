// Package zmtp is the bind side of ZeroMQ's wire protocol, ZMTP 3.0 with the
// NULL mechanism, as far as a Jupyter kernel needs it: a ROUTER (shell,
// control, stdin), a publisher that sees its subscriptions (XPUB, IOPub) and
// an echo (REP, heartbeat), over tcp and ipc. See https://rfc.zeromq.org/spec/23/.
//
// Three rules hold everywhere. A peer is served by its own goroutines, so
// none can hold up another. Memory grows with what a peer has sent, not with
// what it announces. A peer whose queue is full slows the sender down as long
// as it still reads, and is cut off when it does not; libzmq's peers come
// back by themselves.
package zmtp

import "time"

// Options limit what peers may do. The zero value has the defaults given here.
type Options struct {
	Handshake time.Duration                    // for greeting and READY; 5 s
	Stall     time.Duration                    // without progress before a peer with a full queue is cut off; 2 s
	MaxPeers  int                              // connections a socket; 4096
	MaxBytes  uint64                           // of a message; 1 GiB
	MaxFrames int                              // of a message; 4096
	MaxQueued int                              // bytes waiting for one peer; 64 MiB
	Logf      func(format string, args ...any) // nil: silent
}

func (o Options) withDefaults() Options {
	setDefault(&o.Handshake, 5*time.Second)
	setDefault(&o.Stall, 2*time.Second)
	setDefault(&o.MaxPeers, 4096)
	setDefault(&o.MaxBytes, 1<<30)
	setDefault(&o.MaxFrames, 4096)
	setDefault(&o.MaxQueued, 64<<20)
	if o.Logf == nil {
		o.Logf = func(string, ...any) {}
	}
	return o
}

func setDefault[T comparable](p *T, v T) {
	var zero T
	if *p == zero {
		*p = v
	}
}
