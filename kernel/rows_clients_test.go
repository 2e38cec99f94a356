package kernel_test

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"mlpkernel/cell"
	"mlpkernel/kernel"
	"mlpkernel/kernel/client"
	. "mlpkernel/kernel/kerneltest"
	"mlpkernel/protocol"
)

// subscriber is a peer of IOPub that has subscribed to all and read its welcome.
func subscriber(t testing.TB, c protocol.Connection) *Peer {
	t.Helper()
	p := Dial(t, c.Endpoint(c.IOPubPort)).Handshake("SUB", "")
	p.Send([]byte("\x01"))
	p.Recv()
	return p
}

// request returns the frames of a request by hand.
func request(s *protocol.Signer, id, msgType, content string) [][]byte {
	return s.Encode(&protocol.Message{
		RawHeader: fmt.Appendf(nil, `{"msg_id":%q,"msg_type":%q,"session":"raw"}`, id, msgType),
		Parent:    []byte("{}"), Metadata: []byte("{}"), Content: []byte(content),
	})
}

func TestRow15ManyConnections(t *testing.T) {
	k := Start(t, New(), "tcp", kernel.Options{})
	leavesNothing(t, k.Client, func() func() {
		a := &attacker{TB: t, port: ports(k.Connection())[3]}
		for range scaled(8000) {
			a.dial().Close()
		}
		for range scaled(2000) {
			a.shaken([]byte("\x00\x01\x01")) // subscribes to all
		}
		return a.close
	})
}

// TestRow17And18LateSubscribers get a welcome first, then what follows.
func TestRow17And18LateSubscribers(t *testing.T) {
	k := Start(t, New(), "tcp", kernel.Options{})
	signer, another := signerOf(t, k.Connection()), signerOf(t, k.Connection())
	Transcript(t, k.Client, client.Cell{Code: "print early"})
	endpoint := k.Connection().Endpoint(k.Connection().IOPubPort)
	all, some := Dial(t, endpoint).Handshake("SUB", ""), Dial(t, endpoint).Handshake("SUB", "")
	all.Send([]byte("\x01"))
	welcome := all.RecvMessage(signer)
	some.Send([]byte("\x01\xff")) // no UTF-8: no welcome
	some.Send([]byte("\x01stream."))
	other := some.RecvMessage(another)
	for _, tt := range []struct {
		m     *protocol.Message
		topic string
	}{{welcome, ""}, {other, "stream."}} {
		if tt.m.Type() != "iopub_welcome" || string(tt.m.Identities[0]) != tt.topic || string(tt.m.Parent) != "{}" ||
			string(tt.m.Content) != fmt.Sprintf(`{"subscription":%q}`, tt.topic) {
			t.Errorf("topic %q: got %s, topic %q, parent %s, %s", tt.topic, tt.m.Type(), tt.m.Identities[0], tt.m.Parent, tt.m.Content)
		}
	}
	Transcript(t, k.Client, client.Cell{Code: "print late"})
	var got []string
	for range 4 {
		got = append(got, strings.ReplaceAll(Describe(all.RecvMessage(signer)), "\x00", " "))
	}
	if s := strings.Join(got, ", "); s != "status busy, execute_input 2 print late, stream stdout late\n, status idle" {
		t.Errorf("the late subscriber got %s", s)
	}
	if m := some.RecvMessage(another); string(m.Identities[0]) != "stream.stdout" {
		t.Errorf("the subscriber to streams got %s", m.Type())
	}
}

// TestSubscriberThatAsksAndNeverReads is cut off when its welcomes fill its queue.
func TestSubscriberThatAsksAndNeverReads(t *testing.T) {
	if testing.Short() {
		t.Skip("queues 64 MiB")
	}
	k := Start(t, New(), "tcp", kernel.Options{})
	leavesNothing(t, k.Client, func() func() {
		a := &attacker{TB: t, port: ports(k.Connection())[3]}
		p := a.shaken()
		many := []byte(strings.Repeat("\x00\x01\x01", 1000))
		for range 10000 {
			if _, err := p.Write(many); err != nil {
				return a.close
			}
		}
		t.Error("the subscriber was not cut off")
		return a.close
	})
}

func TestRow20OneIdentityTwice(t *testing.T) {
	k := Start(t, New(), "tcp", kernel.Options{})
	signer := signerOf(t, k.Connection())
	shell := ports(k.Connection())[0]
	leavesNothing(t, k.Client, func() func() {
		first := Dial(t, shell.endpoint).Handshake("DEALER", "same")
		first.Send(request(signer, "1", "kernel_info_request", "{}")...)
		first.Recv()
		second := Dial(t, shell.endpoint).Handshake("DEALER", "same")
		second.Send(request(signer, "2", "kernel_info_request", "{}")...)
		if m := second.RecvMessage(signer); m.ParentID() != "2" {
			t.Errorf("the newer got the reply to %s", m.ParentID())
		}
		first.Closed()
		return func() { first.Close(); second.Close() }
	})
}

// TestRow22SubscriberThatStops checks that all output reaches the others, that
// control answers meanwhile, and that an interrupt ends the cell.
func TestRow22SubscriberThatStops(t *testing.T) {
	n := 400
	if testing.Short() {
		n = 100 // more than all queues hold
	}
	in := New()
	k := Start(t, in, "tcp", kernel.Options{})
	leavesNothing(t, k.Client, func() func() {
		stopped := subscriber(t, k.Connection())
		displays := 0
		p, err := k.Submit(client.Cell{Code: fmt.Sprintf("megabytes %d\nwait asked", n), Output: func(m *protocol.Message) {
			if m.Type() == "display_data" {
				displays++
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
		for range 50 {
			if _, err := k.Request(Context(t), client.Control, "kernel_info_request", nil); err != nil {
				t.Fatal(err)
			}
			if _, err := k.Complete(Context(t), "p", 1); err != nil {
				t.Fatal(err)
			}
		}
		in.Open("asked")
		if _, err := p.Wait(Context(t)); err != nil {
			t.Fatal(err)
		}
		if displays != n {
			t.Errorf("%d of %d displays arrived", displays, n)
		}
		return func() { stopped.Close() }
	})
	stopped := subscriber(t, k.Connection())
	defer stopped.Close()
	var got atomic.Int64
	enough := make(chan struct{})
	p, err := k.Submit(client.Cell{Code: "flood " + strings.Repeat("x", 64<<10), Output: func(m *protocol.Message) {
		if before := got.Load(); got.Add(int64(len(m.Content))) > 66<<20 && before <= 66<<20 {
			close(enough) // the queue of the one that stopped is full
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	<-enough
	if err := k.Interrupt(Context(t)); err != nil {
		t.Fatal(err)
	}
	if done, err := p.Wait(Context(t)); err != nil || done.Failure == nil || done.EName != cell.Interrupted {
		t.Errorf("got %+v, %v", done.Failure, err)
	}
}

func TestRow23ClientThatNeverReads(t *testing.T) {
	k := Start(t, New(), "tcp", kernel.Options{})
	signer := signerOf(t, k.Connection())
	for _, p := range ports(k.Connection())[:2] {
		t.Run(p.name, func(t *testing.T) {
			leavesNothing(t, k.Client, func() func() {
				a := &attacker{TB: t, port: p}
				deaf := a.shaken()
				for i := range scaled(30000) {
					a.write(deaf, Message(request(signer, fmt.Sprint(p.name, i), "kernel_info_request", "{}")...))
				}
				return a.close
			})
		})
	}
}

func TestRow24SubscribersThatSendJunk(t *testing.T) {
	k := Start(t, New(), "tcp", kernel.Options{})
	leavesNothing(t, k.Client, func() func() {
		a := &attacker{TB: t, port: ports(k.Connection())[3]}
		for range scaled(200) {
			p := a.shaken()
			for i := range 20 {
				a.write(p, Message([]byte("junk"), fmt.Append(nil, i)), Message(fmt.Append(nil, i)), Message(nil))
			}
			p.Close()
		}
		return a.close
	})
}

func TestRow25BadMessages(t *testing.T) {
	k := Start(t, New(), "tcp", kernel.Options{})
	good := signerOf(t, k.Connection())
	forged, err := protocol.NewSigner("", "another key")
	if err != nil {
		t.Fatal(err)
	}
	raw := func(header, parent, metadata, content string) [][]byte {
		return good.Encode(&protocol.Message{
			RawHeader: []byte(header), Parent: []byte(parent), Metadata: []byte(metadata), Content: []byte(content)})
	}
	const header = `{"msg_id":"%d","msg_type":"execute_request"}`
	numbered := func(i int) string { return fmt.Sprintf(header, i) }
	execute := func(s *protocol.Signer, id string) [][]byte {
		return request(s, id, "execute_request", `{"code":"print forged"}`)
	}
	messages := [][][]byte{
		execute(forged, "f"),
		execute(good, "tampered"),
		{[]byte("no delimiter")},
		{nil},
		{[]byte("<IDS|MSG>")},
		{[]byte("<IDS|MSG>"), nil, nil, nil, nil},
		{[]byte("<IDS|MSG>"), []byte("00"), []byte("{}"), []byte("{}"), []byte("{}"), []byte("{}")},
		execute(good, "short")[:4],
		raw(`{`, `{}`, `{}`, `{}`),
		raw(`{}`, `{}`, `{}`, `{}`),
		raw(`[]`, `{}`, `{}`, `{}`),
		raw(`{"msg_id":3,"msg_type":[]}`, `{}`, `{}`, `{}`),
		raw(numbered(1), `null`, `{}`, `{}`),
		raw(numbered(2), `{}`, `7`, `{}`),
		raw(numbered(3), `{}`, `{}`, `"text"`),
		raw(numbered(4), `{}`, `{}`, `{"code":`),
		raw(numbered(5), `{}`, `{}`, strings.Repeat("[", 200000)),
		raw(numbered(6), `{}`, `{}`, `{"code":`+strings.Repeat("[", 200000)+strings.Repeat("]", 200000)+`}`),
		raw(`{"msg_type":"\u0000\ud800"}`, `{}`, `{}`, `{}`),
	}
	messages[1][5] = []byte(`{"code":"print tampered"}`)
	for _, p := range ports(k.Connection())[:3] {
		t.Run(p.name, func(t *testing.T) {
			leavesNothing(t, k.Client, func() func() {
				var seen []string
				stop := k.Watch(func(m *protocol.Message) { seen = append(seen, Describe(m)) })
				a := &attacker{TB: t, port: p}
				peer := a.shaken()
				for _, m := range messages {
					a.write(peer, Message(m...))
				}
				Transcript(t, k.Client, client.Cell{Code: ""})
				stop()
				if s := strings.Join(seen, ", "); strings.Contains(s, "forged") || strings.Contains(s, "tampered") {
					t.Errorf("a message with a wrong signature was served: %s", s)
				}
				return a.close
			})
		})
	}
}

func TestRow26CellThatSpins(t *testing.T) {
	k := Start(t, New(), "tcp", kernel.Options{})
	p := running(t, k.Client, "spin")
	for range scaled(100) {
		if _, err := k.Request(Context(t), client.Control, "kernel_info_request", nil); err != nil {
			t.Fatal(err)
		}
		if err := k.Heartbeat(Context(t)); err != nil {
			t.Fatal(err)
		}
		if _, err := k.Complete(Context(t), "p", 1); err != nil {
			t.Fatal(err)
		}
	}
	if err := k.Interrupt(Context(t)); err != nil {
		t.Fatal(err)
	}
	if done, err := p.Wait(Context(t)); err != nil || done.EName != cell.Interrupted {
		t.Errorf("got %+v, %v", done.Failure, err)
	}
}

func TestRow28IPCAndALargeMessage(t *testing.T) {
	n := 64 << 20
	if testing.Short() {
		n = 4 << 20
	}
	for _, transport := range []string{"ipc", "tcp"} {
		k := Start(t, New(), transport, kernel.Options{HistoryFile: filepath.Join(t.TempDir(), "history")})
		leavesNothing(t, k.Client, func() func() {
			code := "value seen\n# " + strings.Repeat("x", n)
			echoed := false
			done, err := k.Execute(Context(t), client.Cell{Code: code, Output: func(m *protocol.Message) {
				var in protocol.ExecuteInput
				if m.Type() == "execute_input" {
					echoed = json.Unmarshal(m.Content, &in) == nil && in.Code == code
				}
			}})
			if err != nil || done.Status != "ok" || !echoed {
				t.Errorf("%s: got %s, %v, echoed %v", transport, done.Status, err, echoed)
			}
			return func() {}
		})
		if transport == "ipc" {
			conn := k.Connection()
			for _, p := range ports(conn) {
				info, err := os.Stat(strings.TrimPrefix(p.endpoint, "ipc://"))
				if err != nil || info.Mode().Perm()&0o077 != 0 {
					t.Errorf("the socket of %s is open to others: %v, %v", p.name, info, err)
				}
			}
		}
	}
}
