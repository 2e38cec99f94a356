package kerneltest

import (
	"bufio"
	"encoding/binary"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"mlpkernel/protocol"
)

// Peer is the other side of a ZeroMQ connection by hand, so that it can also
// misbehave.
type Peer struct {
	net.Conn
	t testing.TB
	r *bufio.Reader
}

// Dial connects to a ZeroMQ address and says nothing yet.
func Dial(t testing.TB, endpoint string) *Peer {
	t.Helper()
	network, addr, _ := strings.Cut(endpoint, "://")
	if network == "ipc" {
		network = "unix"
	}
	c, err := net.Dial(network, addr)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(Deadline))
	return &Peer{Conn: c, t: t, r: bufio.NewReader(c)}
}

// Greeting is a greeting of ZMTP with a major version and a mechanism.
func Greeting(version byte, mechanism string) []byte {
	g := make([]byte, 64)
	g[0], g[8], g[9], g[10] = 0xff, 1, 0x7f, version
	copy(g[12:], mechanism)
	return g
}

// Command is a command frame.
func Command(name, data string) []byte {
	body := string(rune(len(name))) + name + data
	return append([]byte{4, byte(len(body))}, body...)
}

// Ready is the command READY of a socket type with an identity.
func Ready(socketType, identity string) []byte {
	return Command("READY", property("Socket-Type", socketType)+property("Identity", identity))
}

func property(name, value string) string {
	size := binary.BigEndian.AppendUint32(nil, uint32(len(value)))
	return string(rune(len(name))) + name + string(size) + value
}

// Handshake makes the connection a peer.
func (p *Peer) Handshake(socketType, identity string) *Peer {
	p.t.Helper()
	if _, err := p.Write(append(Greeting(3, "NULL"), Ready(socketType, identity)...)); err != nil {
		p.t.Fatal(err)
	}
	if _, err := io.ReadFull(p.r, make([]byte, 64)); err != nil {
		p.t.Fatal(err)
	}
	if flags, _, err := p.frame(); err != nil || flags&4 == 0 {
		p.t.Fatalf("got a frame with flags %d, %v, want READY", flags, err)
	}
	return p
}

// Message is the frames of a message as they go on the wire.
func Message(frames ...[]byte) (wire []byte) {
	for i, f := range frames {
		flags := byte(1)
		if i == len(frames)-1 {
			flags = 0
		}
		if len(f) > 255 {
			wire = binary.BigEndian.AppendUint64(append(wire, flags|2), uint64(len(f)))
		} else {
			wire = append(wire, flags, byte(len(f)))
		}
		wire = append(wire, f...)
	}
	return wire
}

// Send sends a message.
func (p *Peer) Send(frames ...[]byte) {
	p.t.Helper()
	if _, err := p.Write(Message(frames...)); err != nil {
		p.t.Fatal(err)
	}
}

// Recv receives a message.
func (p *Peer) Recv() (frames [][]byte) {
	p.t.Helper()
	for {
		flags, f, err := p.frame()
		if err != nil {
			p.t.Fatalf("after %d frames: %v", len(frames), err)
		}
		frames = append(frames, f)
		if flags&1 == 0 {
			return frames
		}
	}
}

// RecvMessage receives a message of the protocol.
func (p *Peer) RecvMessage(s *protocol.Signer) *protocol.Message {
	p.t.Helper()
	m, err := s.Decode(p.Recv())
	if err != nil {
		p.t.Fatal(err)
	}
	return m
}

// Closed waits until the other side has closed the connection.
func (p *Peer) Closed() {
	p.t.Helper()
	if _, err := io.Copy(io.Discard, p.r); err != nil {
		if ne, ok := err.(net.Error); ok && ne.Timeout() {
			p.t.Error("the connection stays open")
		}
	}
}

func (p *Peer) frame() (flags byte, body []byte, err error) {
	if flags, err = p.r.ReadByte(); err != nil {
		return 0, nil, err
	}
	n := make([]byte, 1)
	if flags&2 != 0 {
		n = make([]byte, 8)
	}
	if _, err = io.ReadFull(p.r, n); err != nil {
		return 0, nil, err
	}
	body = make([]byte, binary.BigEndian.Uint64(append(make([]byte, 8-len(n)), n...)))
	_, err = io.ReadFull(p.r, body)
	return flags, body, err
}
