package zmtp

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// socket is what the kinds of sockets share: a listener, its peers, and a
// goroutine that reads each.
type socket struct {
	kind  kind
	opts  Options
	l     net.Listener
	done  chan struct{}
	close sync.Once
	conns atomic.Int32
	last  atomic.Uint32 // number of the last identity that was made up

	mu    sync.Mutex
	peers map[*peer]struct{}
	byID  map[string]*peer
}

// kind is what a ROUTER, XPUB or REP does with what a peer sends.
type kind struct {
	name     string   // Socket-Type
	peers    []string // socket types that may connect
	message  func(p *peer, frames [][]byte)
	commands map[string]func(p *peer, data []byte)
}

// listen binds an endpoint such as "tcp://127.0.0.1:5555" or "ipc:///tmp/k-1".
func listen(endpoint string, k kind, o Options) (*socket, error) {
	l, err := listener(endpoint)
	if err != nil {
		return nil, fmt.Errorf("zmtp: %w", err)
	}
	s := &socket{
		kind: k, opts: o.withDefaults(), l: l, done: make(chan struct{}),
		peers: map[*peer]struct{}{}, byID: map[string]*peer{},
	}
	go s.accept()
	return s, nil
}

func listener(endpoint string) (net.Listener, error) {
	transport, address, ok := strings.Cut(endpoint, "://")
	switch {
	case ok && transport == "tcp":
		return net.Listen("tcp", address)
	case ok && transport == "ipc":
		return listenIPC(address)
	}
	return nil, fmt.Errorf("endpoint %q: want tcp://host:port or ipc://path", endpoint)
}

// listenIPC binds a path for its owner alone. A socket file that nobody
// listens on, left by a process that was killed, is replaced.
func listenIPC(path string) (net.Listener, error) {
	if c, err := net.DialTimeout("unix", path, time.Second); err == nil {
		c.Close()
		return nil, fmt.Errorf("ipc path %s is in use", path)
	} else if st, err := os.Lstat(path); err == nil && st.Mode()&os.ModeSocket != 0 {
		os.Remove(path)
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// Addr returns the address the socket is bound to.
func (s *socket) Addr() net.Addr { return s.l.Addr() }

// Close stops listening, waits at most linger for what is queued and closes
// the connections.
func (s *socket) Close(linger time.Duration) {
	s.close.Do(func() {
		close(s.done)
		s.l.Close()
	})
	deadline := time.Now().Add(linger)
	for _, p := range s.list() {
		p.flush(deadline)
		p.end()
	}
}

func (s *socket) list() []*peer {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := make([]*peer, 0, len(s.peers))
	for p := range s.peers {
		out = append(out, p)
	}
	return out
}

// acceptPause is the wait after a failed accept: the process is out of file descriptors.
const acceptPause = 50 * time.Millisecond

func (s *socket) accept() {
	for {
		c, err := s.l.Accept()
		if err != nil {
			select {
			case <-s.done:
				return
			case <-time.After(acceptPause):
				continue
			}
		}
		if int(s.conns.Add(1)) > s.opts.MaxPeers {
			s.conns.Add(-1)
			c.Close()
			continue
		}
		go func() {
			defer s.conns.Add(-1)
			defer c.Close()
			if err := s.serve(c); err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, net.ErrClosed) {
				s.opts.Logf("zmtp: %s: peer %v: %v", s.kind.name, c.RemoteAddr(), err)
			}
		}()
	}
}

func (s *socket) serve(c net.Conn) error {
	c.SetDeadline(time.Now().Add(s.opts.Handshake))
	r := bufio.NewReaderSize(c, 16<<10)
	props, err := handshake(c, r, s.kind.name, s.kind.peers)
	if err != nil {
		return err
	}
	c.SetDeadline(time.Time{})
	p := newPeer(c, s.identity(props["identity"]), s.opts)
	if !s.add(p) {
		return net.ErrClosed
	}
	defer s.remove(p)
	go p.write()
	for {
		frames, err := s.readMessage(p, r)
		if err != nil {
			return err
		}
		s.kind.message(p, frames)
	}
}

// identity returns the peer's own identity, or makes one up; those begin with
// a zero byte, which peers may not use.
func (s *socket) identity(own string) string {
	if own == "" || own[0] == 0 {
		return fmt.Sprintf("\x00%08x", s.last.Add(1))
	}
	return own
}

// add registers a peer; the newest owner of an identity wins. It reports
// false when the socket is closed.
func (s *socket) add(p *peer) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	select {
	case <-s.done:
		return false
	default:
	}
	if old := s.byID[p.id]; old != nil {
		old.conn.Close()
	}
	s.peers[p] = struct{}{}
	s.byID[p.id] = p
	return true
}

func (s *socket) remove(p *peer) {
	s.mu.Lock()
	delete(s.peers, p)
	if s.byID[p.id] == p {
		delete(s.byID, p.id)
	}
	s.mu.Unlock()
	p.end()
}

// readMessage reads the frames of a message and serves the commands before
// and between them.
func (s *socket) readMessage(p *peer, r *bufio.Reader) ([][]byte, error) {
	var frames [][]byte
	var total uint64
	for {
		flags, body, err := readFrame(r, s.opts.MaxBytes)
		if err != nil {
			return nil, err
		}
		if flags&flagCommand != 0 {
			s.command(p, body)
			continue
		}
		frames = append(frames, body)
		total += uint64(len(body)) + messageCost
		if len(frames) > s.opts.MaxFrames || total > s.opts.MaxBytes {
			return nil, fmt.Errorf("a message of more than %d frames or %d bytes", s.opts.MaxFrames, s.opts.MaxBytes)
		}
		if flags&flagMore == 0 {
			return frames, nil
		}
	}
}

// command serves a command; unknown ones are ignored.
func (s *socket) command(p *peer, body []byte) {
	name, data, ok := parseCommand(body)
	switch {
	case !ok:
	case name == "PING":
		if len(data) >= 2 { // a time to live, then a context to send back
			p.push([][]byte{command("PONG", data[2:])})
		}
	case s.kind.commands[name] != nil:
		s.kind.commands[name](p, data)
	}
}
