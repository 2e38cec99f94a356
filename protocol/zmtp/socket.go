package zmtp

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"
)

// acceptAgain is the pause after a failed accept, such as one that found no
// file descriptor left.
const acceptAgain = 50 * time.Millisecond

// readBuffer is small, since each peer has one; large frames bypass it.
const readBuffer = 4 << 10

// socket is what the three kinds of sockets share: accepting, reading and the
// list of peers. What a message or a command of a peer means is the kind's.
type socket struct {
	name     string   // "ROUTER", ...
	partners []string // socket types that may connect
	o        Options
	l        net.Listener

	onMessage func(*peer, [][]byte)
	onCommand func(p *peer, name string, data []byte)

	mu    sync.RWMutex
	conns map[net.Conn]struct{} // handshaken or not
	peers map[string]*peer      // by identity
	named uint64                // number of identities made so far

	closing chan struct{}
	once    sync.Once
	running sync.WaitGroup
}

func newSocket(l net.Listener, name string, partners []string, o Options) *socket {
	return &socket{
		name: name, partners: partners, o: o, l: l,
		onCommand: func(*peer, string, []byte) {},
		conns:     map[net.Conn]struct{}{},
		peers:     map[string]*peer{},
		closing:   make(chan struct{}),
	}
}

// start starts to accept; the hooks are set by then.
func (s *socket) start() {
	s.running.Add(1)
	go s.accept()
}

func (s *socket) accept() {
	defer s.running.Done()
	for {
		c, err := s.l.Accept()
		if err != nil {
			select {
			case <-s.closing:
				return
			case <-time.After(acceptAgain):
			}
			continue
		}
		if !s.admit(c) {
			c.Close()
		}
	}
}

// admit serves a connection unless there are too many or the socket closes.
func (s *socket) admit(c net.Conn) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.closing:
		return false
	default:
	}
	if len(s.conns) >= s.o.MaxPeers {
		return false
	}
	s.conns[c] = struct{}{}
	s.running.Add(1)
	go func() {
		defer s.running.Done()
		defer s.dismiss(c)
		if err := s.serve(c); err != nil && !gone(err) {
			s.o.Log("zmtp: %s: peer %s: %v", s.name, c.RemoteAddr(), err)
		}
	}()
	return true
}

func (s *socket) dismiss(c net.Conn) {
	c.Close()
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, c)
}

// gone tells whether an error only says that the peer or the socket has gone.
func gone(err error) bool {
	var ne net.Error
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		errors.As(err, &ne) && !ne.Timeout()
}

// serve handles a connection until it ends.
func (s *socket) serve(c net.Conn) error {
	if err := c.SetDeadline(time.Now().Add(s.o.Handshake)); err != nil {
		return err
	}
	r := bufio.NewReaderSize(c, readBuffer)
	id, err := handshake(c, r, s.name, s.partners)
	if err != nil {
		return fmt.Errorf("handshake: %w", err)
	}
	if err := c.SetDeadline(time.Time{}); err != nil {
		return err
	}
	p := s.register(c, id)
	defer s.unregister(p)
	s.running.Add(1)
	go func() {
		defer s.running.Done()
		p.write()
	}()
	return s.read(p, r)
}

// register adds a peer. Of two with one identity the newer stays: it is the
// same client that has connected again.
func (s *socket) register(c net.Conn, id string) *peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	if id == "" || id[0] == 0 { // identities that start with zero are ours to give
		s.named++
		id = fmt.Sprintf("\x00%08x", s.named)
	}
	p := newPeer(c, id, s.o)
	if old := s.peers[id]; old != nil {
		old.kill()
	}
	s.peers[id] = p
	return p
}

func (s *socket) unregister(p *peer) {
	s.mu.Lock()
	if s.peers[p.id] == p {
		delete(s.peers, p.id)
	}
	s.mu.Unlock()
	p.kill()
}

// read reads the peer's messages and commands until the connection ends.
func (s *socket) read(p *peer, r *bufio.Reader) error {
	var frames [][]byte
	size := 0
	for {
		flags, f, err := readFrame(r, s.o.MaxMessage)
		if err != nil {
			return err
		}
		if flags&flagCommand != 0 {
			s.command(p, f)
			continue
		}
		frames = append(frames, f)
		size += len(f)
		if len(frames) > s.o.MaxFrames || size > s.o.MaxMessage {
			return fmt.Errorf("a message of more than %d frames or %d bytes", s.o.MaxFrames, s.o.MaxMessage)
		}
		if flags&flagMore == 0 {
			s.onMessage(p, frames)
			frames, size = nil, 0
		}
	}
}

// command answers PING and passes others on; malformed ones are ignored.
func (s *socket) command(p *peer, f []byte) {
	const ttl = 2 // bytes of PING before its context
	name, data, ok := splitCommand(f)
	switch {
	case !ok:
	case name == "PING" && len(data) >= ttl:
		s.push(p, command("PONG", data[ttl:]))
	default:
		s.onCommand(p, name, data)
	}
}

// push queues a message for a peer and logs if that cut the peer off.
func (s *socket) push(p *peer, m outgoing) bool {
	queued, cut := p.push(m)
	if cut {
		s.logCut(p)
	}
	return queued
}

func (s *socket) logCut(p *peer) {
	s.o.Log("zmtp: %s: peer %s took nothing for %v with a full queue and was cut off", s.name, p.conn.RemoteAddr(), s.o.Stall)
}

// all returns the peers of now.
func (s *socket) all() []*peer {
	s.mu.RLock()
	defer s.mu.RUnlock()
	out := make([]*peer, 0, len(s.peers))
	for _, p := range s.peers {
		out = append(out, p)
	}
	return out
}

// Addr returns the address the socket listens at.
func (s *socket) Addr() net.Addr { return s.l.Addr() }

// Close stops accepting, sends what is queued until ctx ends, and closes all
// connections. No goroutine of the socket is left when it returns.
func (s *socket) Close(ctx context.Context) {
	s.once.Do(func() {
		s.mu.Lock()
		close(s.closing)
		s.mu.Unlock()
		s.l.Close()
	})
	for _, p := range s.all() {
		p.flush(ctx)
	}
	s.mu.Lock()
	for c := range s.conns {
		c.Close()
	}
	s.mu.Unlock()
	s.running.Wait()
}
