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

// request returns the frames of a request by hand.
func request(s *protocol.Signer, id, msgType, content string) [][]byte {
	return s.Encode(&protocol.Message{
		RawHeader: fmt.Appendf(nil, `{"msg_id":%q,"msg_type":%q,"session":"raw"}`, id, msgType),
		Parent:    []byte("{}"), Metadata: []byte("{}"), Content: []byte(content),
	})
}

// subscriberThatStops checks that all output reaches the others, that
// control answers meanwhile, and that an interrupt ends the cell.
func subscriberThatStops(t *testing.T) {
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

func badMessages(t *testing.T) {
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

func cellThatSpins(t *testing.T) {
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

// shutdownLosesNothing sends displays, then shutdown behind them.
func shutdownLosesNothing(t *testing.T) {
	n := 100
	if testing.Short() {
		n = 20
	}
	for _, channel := range []client.Channel{client.Shell, client.Control} {
		k := Start(t, New(), "", kernel.Options{Linger: Deadline})
		displays := 0
		down := make(chan struct{})
		k.Watch(func(m *protocol.Message) {
			switch m.Type() {
			case "display_data":
				displays++
			case "shutdown_reply":
				close(down)
			}
		})
		p, err := k.Submit(client.Cell{Code: fmt.Sprintf("megabytes %d", n)})
		if err != nil {
			t.Fatal(err)
		}
		if channel == client.Control { // does not wait for the cell, so the cell must be over
			if _, err := p.Wait(Context(t)); err != nil {
				t.Fatal(err)
			}
		}
		if _, err := k.Request(Context(t), channel, "shutdown_request", nil); err != nil {
			t.Fatal(err)
		}
		select {
		case <-down:
		case <-Context(t).Done():
			t.Fatalf("channel %d: no shutdown_reply on IOPub behind %d displays", channel, displays)
		}
		if displays != n {
			t.Errorf("channel %d: %d of %d displays arrived", channel, displays, n)
		}
	}
}

func ipcAndALargeMessage(t *testing.T) {
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
