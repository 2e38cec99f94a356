package kernel_test

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

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

func manyConnections(t *testing.T) {
	k := Start(t, New(), "tcp", kernel.Options{})
	leavesNothing(t, k.Client, func() func() {
		a := &attacker{TB: t, port: ports(k.Connection())[3]}
		for range scaled(10000) {
			a.shaken().Close()
		}
		for range scaled(2000) {
			a.shaken([]byte("\x00\x01\x01")) // subscribes to all
		}
		return a.close
	})
}

// noFilesLeft gives a kernel 64 files and opens more connections.
func noFilesLeft(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("left out: Windows has no limit of open files to set")
	}
	c := kernelCommand("tcp")
	c.Argv = append([]string{"/bin/sh", "-c", `ulimit -n 64 && exec "$0" "$@"`}, c.Argv...)
	k, err := client.Start(Context(t), c)
	if err != nil {
		t.Fatal(err)
	}
	healthy(t, k.Client)
	a := &attacker{TB: t, port: ports(k.Connection())[0]}
	for range 100 {
		a.dial(greeting)
	}
	answers(t, "old", k.Client)
	processorUse(t, k.Client)
	answers(t, "old", k.Client)
	if percent := processorUse(t, k.Client); percent > 50 {
		t.Errorf("without files the kernel takes %.0f %% of a core", percent)
	}
	a.close()
	healthy(t, k.Client)
	if err := k.Close(); err != nil {
		t.Error(err)
	}
}

// processorUse returns the use of a core since the last call, in per cent.
func processorUse(t *testing.T, c *client.Client) float64 {
	t.Helper()
	time.Sleep(500 * time.Millisecond) // the time that is measured
	reply, err := c.Request(Context(t), client.Control, "usage_request", nil)
	var u protocol.Usage
	if err == nil {
		err = json.Unmarshal(reply.Content, &u)
	}
	if err != nil {
		t.Fatal(err)
	}
	if u.KernelCPU == nil {
		return 0
	}
	return *u.KernelCPU
}

// lateSubscribers get a welcome first, then what follows.
func lateSubscribers(t *testing.T) {
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

// twoClients each get their own replies, in order.
func twoClients(t *testing.T) {
	k := Start(t, New(), "", kernel.Options{})
	const n = 100
	var wg sync.WaitGroup
	for range 2 { // two clients
		c, err := client.Connect(Context(t), k.Connection())
		if err != nil {
			t.Fatal(err)
		}
		defer c.Close()
		var ids, inputs []string
		sent := make(chan struct{})
		stop := c.Watch(func(m *protocol.Message) {
			<-sent
			if m.Type() == "execute_input" && slices.Contains(ids, m.ParentID()) {
				inputs = append(inputs, m.ParentID())
			}
		})
		defer stop()
		var cells []*client.Pending
		for range n {
			p, err := c.Submit(client.Cell{Code: "value 1"})
			if err != nil {
				t.Fatal(err)
			}
			cells, ids = append(cells, p), append(ids, p.ID)
		}
		close(sent)
		wg.Go(func() {
			for _, p := range cells {
				if _, err := p.Wait(Context(t)); err != nil {
					t.Error(err)
				}
			}
			if !slices.Equal(ids, inputs) {
				t.Error("the cells did not run in the order they were sent")
			}
		})
	}
	wg.Wait()
}

func oneIdentityTwice(t *testing.T) {
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

// clientThatIsKilled kills a client while its cell runs.
func clientThatIsKilled(t *testing.T) {
	k := Start(t, New(), "tcp", kernel.Options{})
	file := filepath.Join(t.TempDir(), "connection.json")
	if err := k.Connection().Write(file); err != nil {
		t.Fatal(err)
	}
	leavesNothing(t, k.Client, func() func() {
		_, kill := start(t, "client", file)
		kill()
		if _, err := k.Complete(Context(t), "p", 1); err != nil {
			t.Error(err)
		}
		if err := k.Interrupt(Context(t)); err != nil {
			t.Error(err)
		}
		// A cell that comes before the end of the interrupted one is aborted.
		if _, err := k.Execute(Context(t), client.Cell{}); err != nil {
			t.Error(err)
		}
		return func() {}
	})
}

func clientThatNeverReads(t *testing.T) {
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

func subscribersThatSendJunk(t *testing.T) {
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
