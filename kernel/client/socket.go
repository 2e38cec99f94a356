package client

import (
	"context"
	"io"
	"log"
	"sync"
	"time"

	"github.com/go-zeromq/zmq4"

	"mlpkernel/protocol"
)

// kind makes a kind of socket, such as zmq4.NewDealer.
type kind func(context.Context, ...zmq4.Option) zmq4.Socket

// socket is a socket of zmq4 that several goroutines may send on.
type socket struct {
	sck zmq4.Socket
	mu  sync.Mutex // held while sending
}

// dialSocket connects; it tries until the kernel listens or ctx ends, and the
// socket closes with ctx.
func dialSocket(ctx context.Context, k kind, id, endpoint string) (*socket, error) {
	s := k(ctx,
		zmq4.WithID(zmq4.SocketIdentity(id)),
		zmq4.WithDialerRetry(10*time.Millisecond),
		zmq4.WithDialerMaxRetries(-1),
		zmq4.WithLogger(log.New(io.Discard, "", 0)))
	err := s.Dial(endpoint)
	if err == nil && s.Type() == zmq4.Sub {
		err = s.SetOption(zmq4.OptionSubscribe, "")
	}
	if err != nil {
		s.Close()
		return nil, err
	}
	return &socket{sck: s}, nil
}

// send sends the frames of a message.
func (s *socket) send(frames [][]byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sck.SendMulti(zmq4.NewMsgFrom(frames...))
}

// loop hands what arrives to read, until the socket is closed. What is not a
// message of the protocol is left out.
func (s *socket) loop(signer *protocol.Signer, read func(*protocol.Message)) {
	for {
		msg, err := s.sck.Recv()
		if err != nil {
			return
		}
		if m, err := signer.Decode(msg.Frames); err == nil {
			read(m)
		}
	}
}

// close closes the socket. A goroutine of zmq4 may wait to put a message into
// the full queue of a socket that nobody reads any more; room there lets it see
// the close and end. Recv takes a message or fails by chance, hence many times.
func (s *socket) close() {
	s.sck.Close()
	for range 64 {
		_, _ = s.sck.Recv()
	}
}
