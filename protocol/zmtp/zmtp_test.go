package zmtp_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"testing"
	"time"

	"mlpkernel/protocol/zmtp"
)

// deadline bounds everything a test waits for; only a failing test reaches it.
const deadline = 2 * time.Minute

// client is the other side by hand, so that it can also misbehave.
type client struct {
	t testing.TB
	net.Conn
	r *bufio.Reader
}

func dial(t testing.TB, a net.Addr) *client {
	t.Helper()
	c, err := net.Dial(a.Network(), a.String())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close() })
	c.SetDeadline(time.Now().Add(deadline))
	return &client{t, c, bufio.NewReader(c)}
}

func greet() []byte {
	g := make([]byte, 64)
	g[0], g[9], g[10] = 0xff, 0x7f, 3
	copy(g[12:], "NULL")
	return g
}

func ready(socketType, id string) []byte {
	b := []byte("\x05READY")
	for _, kv := range [][2]string{{"Socket-Type", socketType}, {"Identity", id}} {
		b = append(append(b, byte(len(kv[0]))), kv[0]...)
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(kv[1]))), kv[1]...)
	}
	return append([]byte{4, byte(len(b))}, b...)
}

func connect(t testing.TB, a net.Addr, socketType, id string) *client {
	t.Helper()
	c := dial(t, a)
	c.Write(append(greet(), ready(socketType, id)...))
	io.ReadFull(c.r, make([]byte, 64))
	if flags, _ := c.frame(); flags != 4 {
		t.Fatalf("flags %d, want the command READY", flags)
	}
	return c
}

// wire is the frames of a message as they go on the wire.
func wire(frames ...string) (b []byte) {
	for i, f := range frames {
		flags := byte(1)
		if i == len(frames)-1 {
			flags = 0
		}
		if len(f) > 255 {
			b = binary.BigEndian.AppendUint64(append(b, flags|2), uint64(len(f)))
		} else {
			b = append(b, flags, byte(len(f)))
		}
		b = append(b, f...)
	}
	return b
}

func (c *client) send(frames ...string) {
	c.t.Helper()
	if _, err := c.Write(wire(frames...)); err != nil {
		c.t.Fatal(err)
	}
}

func (c *client) frame() (byte, []byte) {
	c.t.Helper()
	flags, err := c.r.ReadByte()
	if err != nil {
		c.t.Fatal(err)
	}
	n := make([]byte, 1)
	if flags&2 != 0 {
		n = make([]byte, 8)
	}
	io.ReadFull(c.r, n)
	body := make([]byte, binary.BigEndian.Uint64(append(make([]byte, 8-len(n)), n...)))
	if _, err := io.ReadFull(c.r, body); err != nil {
		c.t.Fatal(err)
	}
	return flags, body
}

func (c *client) want(frames ...string) {
	c.t.Helper()
	for _, want := range frames {
		if _, got := c.frame(); string(got) != want {
			c.t.Fatalf("got %.40q, want %.40q", got, want)
		}
	}
}

// closed waits until the other side has closed the connection.
func (c *client) closed() {
	c.t.Helper()
	if _, err := io.Copy(io.Discard, c.r); err != nil {
		if ne, ok := err.(net.Error); ok && ne.Timeout() {
			c.t.Error("the connection stays open")
		}
	}
}

func router(t testing.TB, o zmtp.Options) *zmtp.Router {
	t.Helper()
	o.Log = func(string, ...any) {}
	r := zmtp.NewRouter(listen(t, "tcp://127.0.0.1:0"), o)
	t.Cleanup(func() { r.Close(atOnce()) })
	return r
}

func listen(t testing.TB, endpoint string) net.Listener {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	l, err := zmtp.Listen(ctx, endpoint)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// atOnce is a context for a Close that sends nothing more.
func atOnce() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func xpub(t testing.TB, o zmtp.Options, welcome func(string) [][]byte) *zmtp.XPub {
	t.Helper()
	o.Log = func(string, ...any) {}
	x := zmtp.NewXPub(listen(t, "tcp://127.0.0.1:0"), o, welcome)
	t.Cleanup(func() { x.Close(atOnce()) })
	return x
}

func TestRouterAnswersThePeerThatAsked(t *testing.T) {
	r := router(t, zmtp.Options{})
	a, b := connect(t, r.Addr(), "DEALER", "a"), connect(t, r.Addr(), "DEALER", "")
	big := string(bytes.Repeat([]byte("x"), 3<<20))
	for _, c := range []*client{a, b} {
		c.send("1", "", big)
		m, err := r.Recv()
		if err != nil || len(m) != 4 || string(m[3]) != big {
			t.Fatalf("got %d frames, %v", len(m), err)
		}
		r.Send(m)
		c.want("1", "", big)
	}
	for _, m := range [][][]byte{nil, {[]byte("nobody"), []byte("x")}} {
		if err := r.Send(m); !errors.Is(err, zmtp.ErrNoPeer) {
			t.Errorf("Send(%q) = %v", m, err)
		}
	}
}

func TestNewestIdentityWins(t *testing.T) {
	r := router(t, zmtp.Options{})
	old := connect(t, r.Addr(), "DEALER", "same")
	old.send("x")
	r.Recv()
	connect(t, r.Addr(), "DEALER", "same").send("y")
	if m, _ := r.Recv(); string(m[1]) != "y" {
		t.Fatalf("got %q", m)
	}
	old.closed()
}

func TestEchoKeepsFrames(t *testing.T) {
	e := zmtp.NewRep(listen(t, "ipc://"+filepath.Join(shortDir(t), "hb")), zmtp.Options{})
	defer e.Close(atOnce())
	c := connect(t, e.Addr(), "REQ", "")
	c.send("", "ping")
	c.want("", "ping")
}

func TestPublisherWelcomesAndFilters(t *testing.T) {
	welcome := func(topic string) [][]byte { return [][]byte{[]byte("welcome"), []byte(topic)} }
	x := xpub(t, zmtp.Options{}, welcome)
	byMessage, byCommand := connect(t, x.Addr(), "SUB", ""), connect(t, x.Addr(), "SUB", "")
	byMessage.send("\x01")
	byCommand.Write([]byte("\x04\x0d\x09SUBSCRIBEabc"))
	byMessage.want("welcome", "")
	byCommand.want("welcome", "abc")
	// A PING's answer shows that the subscription before it was served.
	for _, c := range []*client{byMessage, byCommand} {
		c.Write([]byte("\x04\x09\x04PING\x00\x00hi"))
		c.want("\x04PONGhi")
	}
	x.Send([][]byte{[]byte("x"), []byte("1")})
	x.Send([][]byte{[]byte("abcd"), []byte("2")})
	byMessage.want("x", "1", "abcd", "2")
	byCommand.want("abcd", "2")
}

// TestHostilePeers tries what must cost its own connection and nothing else.
func TestHostilePeers(t *testing.T) {
	greeted := func(tail string) string { return string(greet()) + tail }
	shaken := func(tail string) string { return greeted(string(ready("DEALER", ""))) + tail }
	attacks := []struct{ name, bytes string }{
		{"HTTP", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"},
		{"PLAIN", string(append(append(greet()[:12:12], "PLAIN"...), make([]byte, 47)...))},
		{"version 2", string(append(append(greet()[:10:10], 2), greet()[11:]...))},
		{"name past the end of READY", greeted("\x04\x0a\x05READY\xffabc")},
		{"value past the end of READY", greeted("\x04\x0d\x05READY\x01k\x00\x00\x00\xffv")},
		{"wrong socket type", greeted(string(ready("PUB", "")))},
		{"no READY", greeted("\x00\x02hi")},
		{"huge frame before READY", greeted("\x02\x40\x00\x00\x00\x00\x00\x00\x00")},
		{"huge frame", shaken("\x02\x40\x00\x00\x00\x00\x00\x00\x00")},
		{"1 TiB frame", shaken("\x02\x00\x00\x01\x00\x00\x00\x00\x00")},
		{"reserved flags", shaken("\xf0\x00")},
		{"command with more", shaken("\x05\x00")},
		{"frames without end", shaken(string(bytes.Repeat([]byte{1, 0}, 5000)))},
	}
	r := router(t, zmtp.Options{})
	for _, at := range attacks {
		t.Run(at.name, func(t *testing.T) {
			c := dial(t, r.Addr())
			c.Write([]byte(at.bytes))
			c.closed()
			good := connect(t, r.Addr(), "DEALER", "")
			good.send("ping")
			if m, err := r.Recv(); err != nil || string(m[1]) != "ping" {
				t.Fatalf("got %q, %v", m, err)
			}
		})
	}
}

func TestSilentPeerIsCutOff(t *testing.T) {
	r := router(t, zmtp.Options{Handshake: 50 * time.Millisecond})
	dial(t, r.Addr()).closed()
	half := dial(t, r.Addr())
	half.Write(greet()[:10])
	half.closed()
}

func TestSubscriberThatStopsDoesNotStarveOthers(t *testing.T) {
	x := xpub(t, zmtp.Options{Stall: 2 * time.Second, MaxQueue: 1 << 20}, func(string) [][]byte { return [][]byte{{}} })
	stopped, reader := connect(t, x.Addr(), "SUB", ""), connect(t, x.Addr(), "SUB", "")
	for _, c := range []*client{stopped, reader} {
		c.send("\x01")
		c.want("")
		c.Write([]byte("\x04\x07\x04PING\x00\x00"))
		c.want("\x04PONG")
	}
	const n = 100
	go func() {
		for range n {
			x.Send([][]byte{make([]byte, 1<<18)})
		}
	}()
	for range n {
		if _, body := reader.frame(); len(body) != 1<<18 {
			t.Fatalf("got %d bytes", len(body))
		}
	}
}

func TestCloseFlushes(t *testing.T) {
	r := router(t, zmtp.Options{})
	c := connect(t, r.Addr(), "DEALER", "c")
	c.send("go")
	r.Recv()
	const n = 50
	for range n {
		r.Send([][]byte{[]byte("c"), make([]byte, 1<<17)})
	}
	ctx, cancel := context.WithTimeout(context.Background(), deadline)
	defer cancel()
	go r.Close(ctx)
	for range n {
		c.frame()
	}
	c.closed()
	if _, err := r.Recv(); err != net.ErrClosed {
		t.Errorf("got %v", err)
	}
}

func TestListen(t *testing.T) {
	for _, e := range []string{"", "127.0.0.1:0", "udp://127.0.0.1:0", "tcp://nowhere", "ipc:///no/such/folder/s"} {
		if l, err := zmtp.Listen(atOnce(), e); err == nil {
			l.Close()
			t.Errorf("%q: no error", e)
		}
	}
	l := listen(t, "tcp://*:0")
	defer l.Close()
	if _, port, _ := net.SplitHostPort(l.Addr().String()); port == "0" {
		t.Errorf("listens at %s", l.Addr())
	}
}

func TestListenWaitsForTheAddress(t *testing.T) {
	for _, endpoint := range []string{"tcp://127.0.0.1:0", "ipc://" + filepath.Join(shortDir(t), "s")} {
		first := listen(t, endpoint)
		if a, ok := first.Addr().(*net.TCPAddr); ok {
			endpoint = "tcp://" + a.String()
		}
		if l, err := zmtp.Listen(atOnce(), endpoint); err == nil {
			l.Close()
			t.Fatalf("%s: two listen at once", endpoint)
		}
		go first.Close()
		listen(t, endpoint).Close()
	}
}

func TestStaleSocketFileIsReplaced(t *testing.T) {
	path := filepath.Join(shortDir(t), "s")
	dead, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		t.Fatal(err)
	}
	dead.SetUnlinkOnClose(false) // as a process that is killed
	dead.Close()
	l := listen(t, "ipc://"+path)
	defer l.Close()
	info, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	if runtime.GOOS != "windows" && info.Mode().Perm() != 0o600 {
		t.Errorf("the socket file has mode %v, want 0600", info.Mode().Perm())
	}
}

// shortDir returns a folder whose name leaves room for the path of a socket.
func shortDir(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "z")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { os.RemoveAll(dir) })
	return dir
}

func TestTooManyPeersAreTurnedAway(t *testing.T) {
	r := router(t, zmtp.Options{MaxPeers: 2})
	a, b := connect(t, r.Addr(), "DEALER", "a"), connect(t, r.Addr(), "DEALER", "b")
	dial(t, r.Addr()).closed()
	b.Close()
	a.send("still there")
	if m, _ := r.Recv(); string(m[1]) != "still there" {
		t.Errorf("got %q", m)
	}
	// The place of the one that went is free soon.
	for {
		c := dial(t, r.Addr())
		c.Write(append(greet(), ready("DEALER", "c")...))
		if n, _ := io.ReadFull(c.r, make([]byte, 64)); n == 64 {
			break
		}
	}
}

func TestSubscriptionsAreBounded(t *testing.T) {
	x := xpub(t, zmtp.Options{}, nil)
	c := connect(t, x.Addr(), "SUB", "")
	for i := range 1200 {
		c.send(fmt.Sprintf("\x01%04d", i))
	}
	c.send("\x00" + "0007")
	c.Write([]byte("\x04\x07\x04PING\x00\x00"))
	c.want("\x04PONG")
	for _, topic := range []string{"0007", "1100", "0999"} {
		x.Send([][]byte{[]byte(topic)})
	}
	c.want("0999")
	// The other side may close the connection before all has left.
	c.Write(wire("\x01" + string(make([]byte, 1<<17))))
	c.closed()
}

// TestPeerThatNeverReadsItsEchoes must cost its own connection alone.
func TestPeerThatNeverReadsItsEchoes(t *testing.T) {
	rep := zmtp.NewRep(listen(t, "tcp://127.0.0.1:0"), zmtp.Options{Stall: 50 * time.Millisecond, Log: func(string, ...any) {}})
	defer rep.Close(atOnce())
	c := connect(t, rep.Addr(), "REQ", "")
	frame := append([]byte{2, 0, 0, 0, 0, 0, 0, 0x80, 0}, make([]byte, 1<<15)...)
	for range 4096 { // 128 MiB
		if _, err := c.Write(frame); err != nil {
			return
		}
	}
	t.Error("the peer was not cut off")
}

func TestCloseLeavesNothingBehind(t *testing.T) {
	before := runtime.NumGoroutine()
	r := zmtp.NewRouter(listen(t, "tcp://127.0.0.1:0"), zmtp.Options{Log: func(string, ...any) {}})
	for i := range 20 {
		connect(t, r.Addr(), "DEALER", "").send("x")
		if i%2 == 0 {
			r.Recv() // the messages of the others wait
		}
		dial(t, r.Addr()) // says nothing
	}
	r.Close(atOnce())
	for end := time.Now().Add(deadline); ; time.Sleep(time.Millisecond) { // one that has said it is done may still be counted
		now := runtime.NumGoroutine()
		if now <= before {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d goroutines, %d before", now, before)
		}
	}
}
