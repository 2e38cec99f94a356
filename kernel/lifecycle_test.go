package kernel_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"mlpkernel/cell"
	"mlpkernel/kernel"
	"mlpkernel/kernel/client"
	. "mlpkernel/kernel/kerneltest"
	"mlpkernel/protocol"
)

func TestShutdown(t *testing.T) {
	for _, channel := range []client.Channel{client.Shell, client.Control} {
		in := New()
		k := Start(t, in, "", kernel.Options{})
		var got []string
		idle := make(chan struct{})
		k.Watch(func(m *protocol.Message) {
			got = append(got, Describe(m))
			if Describe(m) == "status idle" {
				close(idle)
			}
		})
		reply, err := k.Request(Context(t), channel, "shutdown_request", protocol.ShutdownRequest{Restart: true})
		if err != nil || string(reply.Content) != `{"status":"ok","restart":true}` {
			t.Errorf("got %v, %v", reply, err)
		}
		<-idle
		if s := strings.Join(got, ", "); s != "status busy, shutdown_reply, status idle" {
			t.Errorf("channel %d: got %s", channel, s)
		}
		if !in.Closed() {
			t.Error("the language was not closed before the reply")
		}
	}
}

func TestShutdownEndsARunningCell(t *testing.T) {
	k := Start(t, New(), "", kernel.Options{})
	started := make(chan struct{})
	p, err := k.Submit(client.Cell{Code: "print x\nwait for ever", Output: func(m *protocol.Message) {
		if m.Type() == "stream" {
			close(started)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	<-started
	if err := k.Shutdown(Context(t), false); err != nil {
		t.Fatal(err)
	}
	if done, err := p.Wait(Context(t)); err != nil || done.EName != cell.Interrupted {
		t.Errorf("got %+v, %v", done, err)
	}
}

func TestShutdownLeavesAStubbornCell(t *testing.T) {
	in := New()
	k := Start(t, in, "", kernel.Options{})
	defer in.Open("gate")
	started := make(chan struct{})
	if _, err := k.Submit(client.Cell{Code: "print x\nstubborn gate", Output: func(m *protocol.Message) {
		if m.Type() == "stream" {
			close(started)
		}
	}}); err != nil {
		t.Fatal(err)
	}
	<-started
	if err := k.Shutdown(Context(t), false); err != nil {
		t.Error(err)
	}
}

// TestRestartOnTheSamePorts starts the next kernel before the last has gone.
func TestRestartOnTheSamePorts(t *testing.T) {
	for _, transport := range []string{"tcp", "ipc"} {
		dir, err := os.MkdirTemp("", "k")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		conn, err := client.NewConnection(transport, dir)
		if err != nil {
			t.Fatal(err)
		}
		serve := func(done chan<- error) {
			done <- kernel.Serve(context.Background(), conn, func() cell.Interpreter { return New() },
				kernel.Options{Embedded: true, Logf: func(string, ...any) {}})
		}
		done := make(chan error, 2)
		go serve(done)
		for range 2 {
			c, err := client.Connect(Context(t), conn)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := c.Execute(Context(t), client.Cell{Code: "value 1"}); err != nil {
				t.Error(err)
			}
			go serve(done)
			if err := c.Shutdown(Context(t), true); err != nil {
				t.Error(err)
			}
			c.Close()
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		c, err := client.Connect(Context(t), conn)
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Shutdown(Context(t), false); err != nil {
			t.Error(err)
		}
		c.Close()
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
}

func TestServeFails(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	for _, conn := range []protocol.Connection{
		{Transport: "tcp", IP: "127.0.0.1", SignatureScheme: "rot13"},
		{Transport: "ipc", IP: "/no/such/folder/k"},
	} {
		err := kernel.Serve(ctx, conn, func() cell.Interpreter {
			t.Error("the language was started before the sockets were bound")
			return nil
		}, kernel.Options{Embedded: true})
		if err == nil || !strings.HasPrefix(err.Error(), "kernel: ") {
			t.Errorf("%+v: got %v", conn, err)
		}
	}
}

// TestNothingIsLeftBehind counts goroutines and files of many kernels and clients.
func TestNothingIsLeftBehind(t *testing.T) {
	life := func(transport string) {
		t.Run("life", func(t *testing.T) {
			k := Start(t, New(), transport, kernel.Options{HistoryFile: filepath.Join(t.TempDir(), "h")})
			Transcript(t, k.Client, client.Cell{Code: "print x\nvalue 1"})
			if err := k.Heartbeat(Context(t)); err != nil {
				t.Error(err)
			}
		})
	}
	life("tcp")
	goroutines, files := runtime.NumGoroutine(), openFiles()
	for range 10 {
		life("tcp")
		life("ipc")
	}
	settle(t, "goroutines", goroutines, runtime.NumGoroutine)
	settle(t, "files", files, openFiles)
}

// openFiles returns the number of open files, 0 where the system does not tell.
func openFiles() int {
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		return 0
	}
	return len(list)
}

// settle waits until a count is down at what it was before.
func settle(t *testing.T, what string, before int, count func() int) {
	t.Helper()
	for end := time.Now().Add(Deadline); ; time.Sleep(time.Millisecond) {
		now := count()
		if now <= before {
			return
		}
		if time.Now().After(end) {
			t.Errorf("%d %s, %d before", now, what, before)
			return
		}
	}
}

func TestHistory(t *testing.T) {
	file := filepath.Join(t.TempDir(), "data", "history.jsonl")
	o := kernel.Options{HistoryFile: file}
	num := func(n int) *int { return &n }
	first := Start(t, New(), "", o)
	for _, c := range []client.Cell{
		{Code: "value one"}, {Code: "print x"}, {Code: "value hidden", Unstored: true}, {Code: "value hidden", Silent: true},
		{Code: "fail E x"}, {Code: "value one"},
	} {
		Transcript(t, first.Client, c)
	}
	if err := first.Close(); err != nil {
		t.Fatal(err)
	}
	// A process that was killed while it wrote leaves half a line.
	f, err := os.OpenFile(file, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	_, err = f.WriteString(`{"session":9,"li` + "\n")
	if err := errors.Join(err, f.Close()); err != nil {
		t.Fatal(err)
	}
	k := Start(t, New(), "", o)
	Transcript(t, k.Client, client.Cell{Code: "value [two]"})
	tests := []struct {
		name string
		q    protocol.HistoryRequest
		want string
	}{
		{"all", protocol.HistoryRequest{AccessType: "tail"},
			`[[1,1,"value one"],[1,2,"print x"],[1,3,"fail E x"],[1,4,"value one"],[2,1,"value [two]"]]`},
		{"last two with output", protocol.HistoryRequest{AccessType: "tail", N: num(2), Output: true},
			`[[1,4,["value one","one"]],[2,1,["value [two]","[two]"]]]`},
		{"no output", protocol.HistoryRequest{AccessType: "range", Session: 1, Start: 2, Stop: num(3), Output: true}, `[[1,2,["print x",null]]]`},
		{"this session", protocol.HistoryRequest{AccessType: "range", Start: 1, Stop: num(9)}, `[[2,1,"value [two]"]]`},
		{"the one before", protocol.HistoryRequest{AccessType: "range", Session: -1, Start: 3}, `[[1,3,"fail E x"],[1,4,"value one"]]`},
		{"none", protocol.HistoryRequest{AccessType: "range", Session: 7}, `[]`},
		{"search", protocol.HistoryRequest{AccessType: "search", Pattern: "v?lue *"}, `[[1,1,"value one"],[1,4,"value one"],[2,1,"value [two]"]]`},
		{"unique", protocol.HistoryRequest{AccessType: "search", Pattern: "*one", Unique: true}, `[[1,4,"value one"]]`},
		{"last match", protocol.HistoryRequest{AccessType: "search", Pattern: "*one", N: num(1)}, `[[1,4,"value one"]]`},
		{"set", protocol.HistoryRequest{AccessType: "search", Pattern: "[a-f]ail*"}, `[[1,3,"fail E x"]]`},
		{"not a set", protocol.HistoryRequest{AccessType: "search", Pattern: "*[two]"}, `[]`},
		{"quoted", protocol.HistoryRequest{AccessType: "search", Pattern: "*[[]two[]]"}, `[[2,1,"value [two]"]]`},
		{"not closed", protocol.HistoryRequest{AccessType: "search", Pattern: "*[*?"}, `[[2,1,"value [two]"]]`},
	}
	for _, tt := range tests {
		got, err := k.History(Context(t), tt.q)
		if text := string(protocol.Marshal(got.History)); err != nil || text != tt.want {
			t.Errorf("%s: got %s, %v, want %s", tt.name, text, err, tt.want)
		}
	}
}
