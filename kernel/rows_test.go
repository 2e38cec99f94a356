package kernel_test

// The rows are the attacks and troubles that a kernel's sockets must survive.
// After each, and while the attackers still hold on, a client from before and
// a new one find all five sockets at work; after it no goroutine and no file
// is left. One row alone: go test ./kernel -run 'TestRows/^07'

import (
	"bytes"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"mlpkernel/kernel"
	"mlpkernel/kernel/client"
	. "mlpkernel/kernel/kerneltest"
	"mlpkernel/protocol"
)

// TestRows is the table of them. The first attack each port of a kernel, and
// need no more than a connection; the others are functions in rows_clients_test.go.
func TestRows(t *testing.T) {
	for _, r := range []struct {
		name string
		test func(*testing.T)
	}{
		{"01 a peer that says nothing", onEachPort(func(a *attacker) { a.dial() })},
		{"02 10 of 64 bytes of a greeting", onEachPort(func(a *attacker) { a.dial(greeting[:10]) })},
		{"03 no READY", onEachPort(func(a *attacker) { a.dial(greeting) })},
		{"04 HTTP", onEachPort(func(a *attacker) { a.dial([]byte("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")) })},
		{"05 random bytes", onEachPort(randomBytes)},
		{"06 a name past the end of READY", onEachPort(nameCutShort)},
		{"07 a value past the end of READY", onEachPort(valueCutShort)},
		{"08 a frame of 2^62 bytes", onEachPort(vastFrames)},
		{"09 a frame of 1 TiB", onEachPort(largeFrames)},
		{"10 8 frames of 4 GiB and of 1 GiB announced", onEachPort(announcedFrames)},
		{"11 4 million frames of one message", onEachPort(endlessMessage)},
		{"12 commands, empty messages and reserved flags", onEachPort(oddFrames)},
		{"13 other greetings and sockets", onEachPort(otherGreetings)},
		{"14 1,000 bad greetings", onEachPort(badGreetings)},
		{"15 10,000 connections, then 2,000 at once", manyConnections},
		{"16 no files left", noFilesLeft},
		{"17 a late subscriber", lateSubscribers},
		{"18 iopub_welcome", lateSubscribers},
		{"19 two clients", twoClients},
		{"20 one identity twice", oneIdentityTwice},
		{"21 a client that is killed while its cell runs", clientThatIsKilled},
		{"22 a subscriber that stops", subscriberThatStops},
		{"23 a client that never reads 30,000 replies", clientThatNeverReads},
		{"24 200 subscribers that send junk", subscribersThatSendJunk},
		{"25 wrong signatures and malformed messages", badMessages},
		{"26 a cell that spins", cellThatSpins},
		{"27 shutdown behind 100 displays of 1 MiB", shutdownLosesNothing},
		{"28 ipc, and a message of 64 MiB", ipcAndALargeMessage},
	} {
		t.Run(r.name, r.test)
	}
}

// port is a socket of a kernel as its peers see it.
type port struct {
	name     string
	endpoint string
	partner  string // the type of a peer's socket
}

func ports(c protocol.Connection) []port {
	return []port{
		{"shell", c.Endpoint(c.ShellPort), "DEALER"},
		{"control", c.Endpoint(c.ControlPort), "DEALER"},
		{"stdin", c.Endpoint(c.StdinPort), "DEALER"},
		{"iopub", c.Endpoint(c.IOPubPort), "SUB"},
		{"heartbeat", c.Endpoint(c.HBPort), "REQ"},
	}
}

// attacker attacks one port; what it opened is closed in the end.
type attacker struct {
	testing.TB
	port
	peers []*Peer
}

// dial opens a connection and sends bytes.
func (a *attacker) dial(bytes ...[]byte) *Peer {
	a.Helper()
	p := Dial(a, a.endpoint)
	a.peers = append(a.peers, p)
	a.write(p, bytes...)
	return p
}

// shaken opens a connection, makes it a peer and sends bytes.
func (a *attacker) shaken(bytes ...[]byte) *Peer {
	a.Helper()
	p := a.dial().Handshake(a.partner, "")
	a.write(p, bytes...)
	return p
}

// write writes bytes; the kernel may have closed the connection by then.
func (a *attacker) write(p *Peer, bytes ...[]byte) {
	for _, b := range bytes {
		if _, err := p.Write(b); err != nil {
			return
		}
	}
}

func (a *attacker) close() {
	for _, p := range a.peers {
		p.Close()
	}
	a.peers = nil
}

// scaled returns n, or a tenth of it in a short test.
func scaled(n int) int {
	if testing.Short() {
		return n / 10
	}
	return n
}

// answers checks the four sockets that a client is connected to: shell, IOPub
// and stdin by a cell that asks, and control.
func answers(t testing.TB, who string, c *client.Client) {
	t.Helper()
	input := func(string, bool) (string, error) { return who, nil }
	if done, got := Transcript(t, c, client.Cell{Code: "ask ?", Input: input}); done.Status != "ok" || !strings.Contains(got, "answer "+who) {
		t.Errorf("%s client: got %s, %s", who, done.Status, got)
	}
	if _, err := c.Request(Context(t), client.Control, "kernel_info_request", nil); err != nil {
		t.Errorf("%s client: control: %v", who, err)
	}
}

// healthy checks all five sockets, as a client from before and as a new one.
func healthy(t testing.TB, old *client.Client) {
	t.Helper()
	fresh, err := client.Connect(Context(t), old.Connection())
	if err != nil {
		t.Fatalf("new client: %v", err)
	}
	defer fresh.Close()
	for who, c := range map[string]*client.Client{"old": old, "new": fresh} {
		answers(t, who, c)
		if err := c.Heartbeat(Context(t)); err != nil {
			t.Errorf("%s client: %v", who, err)
		}
	}
}

// leavesNothing checks the kernel before, while and after f, and that f leaves
// no goroutine and no file. f returns what closes the attackers.
func leavesNothing(t *testing.T, k *client.Client, f func() (end func())) {
	t.Helper()
	healthy(t, k)
	goroutines, files := runtime.NumGoroutine(), openFiles()
	end := f()
	healthy(t, k)
	end()
	healthy(t, k)
	settle(t, "goroutines", goroutines, runtime.NumGoroutine)
	settle(t, "files", files, openFiles)
}

// onEachPort makes a test of an attack on each port of a kernel.
func onEachPort(attack func(*attacker)) func(*testing.T) {
	return func(t *testing.T) {
		k := Start(t, New(), "tcp", kernel.Options{})
		for _, p := range ports(k.Connection()) {
			t.Run(p.name, func(t *testing.T) {
				leavesNothing(t, k.Client, func() func() {
					a := &attacker{TB: t, port: p}
					attack(a)
					return a.close
				})
			})
		}
	}
}

// header is the header of a long frame of a size.
func header(flags byte, size uint64) []byte {
	b := []byte{flags | 2}
	for shift := 56; shift >= 0; shift -= 8 {
		b = append(b, byte(size>>shift))
	}
	return b
}

var greeting = Greeting(3, "NULL")

// greeted returns a greeting of ZMTP 3 and what follows it.
func greeted(more string) []byte { return append(bytes.Clone(greeting), more...) }

func randomBytes(a *attacker) {
	r := rand.New(rand.NewPCG(5, 0))
	for range 50 {
		junk := make([]byte, r.IntN(1000))
		for i := range junk {
			junk[i] = byte(r.Uint32())
		}
		a.dial(junk).Close()
		a.dial(greeting, junk).Close()
		a.shaken(junk).Close()
	}
}

func nameCutShort(a *attacker) {
	a.dial(greeted("\x04\x0a\x05READY\xffabc")).Closed()
	a.dial(greeted("\x04\x06\x05READY")).Closed()
	a.dial(greeted("\x04\x01\xff")).Closed()
}

func valueCutShort(a *attacker) {
	a.dial(greeted("\x04\x0d\x05READY\x01k\x00\x00\x00\xffv")).Closed()
	a.dial(greeted("\x04\x0d\x05READY\x01k\xff\xff\xff\xffv")).Closed()
	a.dial(greeted("\x04\x09\x05READY\x01k\x00")).Closed()
}

func vastFrames(a *attacker) {
	for _, size := range []uint64{1 << 62, 1 << 63, 1<<64 - 1} {
		a.dial(greeting, header(0, size)).Closed()
		a.dial(greeting, header(4, size)).Closed()
		a.shaken(header(0, size)).Closed()
		a.shaken(header(1, size)).Closed()
	}
}

func largeFrames(a *attacker) {
	a.dial(greeting, header(0, 1<<40)).Closed()
	a.shaken(header(0, 1<<40)).Closed()
}

func announcedFrames(a *attacker) {
	for range 8 {
		a.shaken(header(0, 4<<30))
		a.shaken(header(0, 1<<30), []byte("the beginning"))
	}
}

func endlessMessage(a *attacker) {
	p := a.shaken()
	frames := bytes.Repeat([]byte{1, 0}, 10000)
	for range scaled(400) {
		if _, err := p.Write(frames); err != nil {
			break
		}
	}
	p.Closed()
}

func oddFrames(a *attacker) {
	a.shaken(
		Command("PING", "\x00\x00context"), Command("PING", ""), Command("PONG", ""), Command("NOSUCH", "data"),
		Command("SUBSCRIBE", ""), Command("CANCEL", "x"), Command("READY", ""), Command("ERROR", "\x03bad"),
		[]byte{4, 0}, []byte{4, 2, 9, 'x'}, []byte{0, 0}, []byte{1, 0, 1, 0, 0, 0})
	a.shaken([]byte{0xf0, 0}).Closed()
	a.shaken([]byte{5, 0}).Closed()
}

func otherGreetings(a *attacker) {
	a.dial(Greeting(3, "PLAIN")).Closed()
	a.dial(Greeting(3, "CURVE")).Closed()
	a.dial(Greeting(1, "NULL")).Closed()
	a.dial(Greeting(2, "")).Closed()
	a.dial(Greeting(4, "NULL"))
	a.dial([]byte{1, 0}) // ZMTP 1
	for _, socketType := range []string{"PUB", "PUSH", "", "dealer\x00"} {
		a.dial(greeting, Ready(socketType, "")).Closed()
	}
	a.dial(greeting, Ready(a.partner, strings.Repeat("i", 256))).Closed()
}

func badGreetings(a *attacker) {
	for range scaled(1000) {
		a.dial(bytes.Repeat([]byte("bad!"), 16)).Close()
	}
}
