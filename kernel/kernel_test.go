package kernel_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"mlpkernel/cell"
	"mlpkernel/display"
	"mlpkernel/kernel"
	"mlpkernel/protocol"
)

// script is an interpreter of a few words, one a cell.
type script struct{}

func (script) Info() cell.Info {
	return cell.Info{Implementation: "script", Version: "1", Language: cell.Language{Name: "script", FileExtension: ".x"}}
}

func (script) Execute(ctx context.Context, c cell.Code, h cell.Host) (*display.Bundle, error) {
	word, rest, _ := strings.Cut(c.Source, " ")
	switch word {
	case "print":
		for range 1000 {
			h.Stream(cell.Stdout, rest)
		}
	case "value":
		b := display.Text(rest)
		return &b, nil
	case "fail":
		return nil, &cell.Error{Name: "TestError", Value: rest}
	case "panic":
		panic(rest)
	case "show":
		h.Display(display.Text("one"), "id")
		h.Update(display.Text("two"), "id")
		h.Clear(true)
	case "page":
		h.Page(display.Text(rest))
	case "ask":
		answer, err := h.Ask(ctx, "name?", true)
		if err != nil {
			return nil, &cell.Error{Name: "InputError", Value: err.Error()}
		}
		h.Stream(cell.Stdout, answer)
	case "wait":
		<-ctx.Done()
		return nil, &cell.Error{Name: cell.Interrupted}
	}
	return nil, nil
}

func (script) Complete(source string, cursor int) cell.Completion {
	return cell.Completion{Matches: []cell.Match{{Text: "print", Kind: "function"}}, Start: 0, End: cursor}
}

func (script) Evaluate(_ context.Context, x string) (display.Bundle, error) {
	if x == "bad" {
		return display.Bundle{}, errors.New("bad expression")
	}
	return display.Text(x), nil
}

// client is a front end of one kernel.
type client struct {
	t                           *testing.T
	signer                      *protocol.Signer
	session                     *protocol.Session
	shell, control, stdin, subs zmq4.Socket
	done                        chan error
}

func start(t *testing.T, o kernel.Options) *client {
	t.Helper()
	var held []net.Listener
	conn := protocol.Connection{Transport: "tcp", IP: "127.0.0.1", Key: "k"}
	for _, p := range []*protocol.Port{&conn.ShellPort, &conn.ControlPort, &conn.StdinPort, &conn.IOPubPort, &conn.HBPort} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		*p = protocol.Port(l.Addr().(*net.TCPAddr).Port)
		held = append(held, l)
	}
	for _, l := range held {
		l.Close()
	}
	signer, err := protocol.NewSigner("", "k")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	c := &client{t: t, signer: signer, session: protocol.NewSession(), done: make(chan error, 1)}
	go func() {
		c.done <- kernel.Serve(ctx, conn, func() cell.Interpreter { return script{} }, o)
	}()
	id := zmq4.WithID(zmq4.SocketIdentity("front-end"))
	c.shell, c.control, c.stdin = zmq4.NewDealer(ctx, id), zmq4.NewDealer(ctx), zmq4.NewDealer(ctx, id)
	c.subs = zmq4.NewSub(ctx)
	for s, p := range map[zmq4.Socket]protocol.Port{c.shell: conn.ShellPort, c.control: conn.ControlPort, c.stdin: conn.StdinPort, c.subs: conn.IOPubPort} {
		if err := s.Dial(conn.Endpoint(p)); err != nil {
			t.Fatal(err)
		}
	}
	if err := c.subs.SetOption(zmq4.OptionSubscribe, ""); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cancel()
		for _, s := range []zmq4.Socket{c.shell, c.control, c.stdin, c.subs} {
			s.Close()
		}
	})
	if m := c.recv(c.subs); m.Type() != "iopub_welcome" {
		t.Fatalf("the first message on IOPub is %s", m.Type())
	}
	return c
}

func (c *client) send(s zmq4.Socket, msgType string, content any) *protocol.Message {
	c.t.Helper()
	m := c.session.New(msgType, nil, content, nil)
	if err := s.SendMulti(zmq4.NewMsgFrom(c.signer.Encode(m)...)); err != nil {
		c.t.Fatal(err)
	}
	return m
}

func (c *client) recv(s zmq4.Socket) *protocol.Message {
	c.t.Helper()
	type result struct {
		m   zmq4.Msg
		err error
	}
	got := make(chan result, 1)
	go func() { m, err := s.Recv(); got <- result{m, err} }()
	select {
	case r := <-got:
		if r.err != nil {
			c.t.Fatal(r.err)
		}
		m, err := c.signer.Decode(r.m.Frames)
		if err != nil {
			c.t.Fatal(err)
		}
		return m
	case <-time.After(20 * time.Second):
		c.t.Fatal("nothing came")
		return nil
	}
}

// transcript returns what IOPub says about a request until idle, streams joined.
func (c *client) transcript(request *protocol.Message) string {
	c.t.Helper()
	var out []string
	text := 0
	for {
		m := c.recv(c.subs)
		if string(m.Parent) != string(request.RawHeader) {
			continue
		}
		var content struct {
			State string `json:"execution_state"`
			Text  string `json:"text"`
			EName string `json:"ename"`
		}
		json.Unmarshal(m.Content, &content)
		switch m.Type() {
		case "status":
			out = append(out, content.State)
		case "stream":
			if text += len(content.Text); out[len(out)-1] != "stream" {
				out = append(out, "stream")
			}
		case "error":
			out = append(out, "error "+content.EName)
		default:
			out = append(out, m.Type())
		}
		if content.State == "idle" {
			if text > 0 {
				out = append(out, fmt.Sprint(text, " bytes"))
			}
			return strings.Join(out, ", ")
		}
	}
}

func (c *client) execute(code string, options map[string]any) *protocol.Message {
	content := map[string]any{"code": code}
	for k, v := range options {
		content[k] = v
	}
	return c.send(c.shell, "execute_request", content)
}

func field(m *protocol.Message, name string) string {
	var content map[string]json.RawMessage
	json.Unmarshal(m.Content, &content)
	return string(content[name])
}

func TestCells(t *testing.T) {
	c := start(t, kernel.Options{})
	tests := []struct {
		code, transcript, status, count string
		options                         map[string]any
	}{
		{"value 2", "busy, execute_input, execute_result, idle", `"ok"`, "1", nil},
		{"print abc", "busy, execute_input, stream, idle, 3000 bytes", `"ok"`, "2", nil},
		{"show", "busy, execute_input, display_data, update_display_data, clear_output, idle", `"ok"`, "3", nil},
		{"fail x", "busy, execute_input, error TestError, idle", `"error"`, "4", nil},
		{"panic x", "busy, execute_input, error InternalError, idle", `"error"`, "5", nil},
		{"ask", "busy, execute_input, error InputError, idle", `"error"`, "6", nil},
		{"value 2", "busy, idle", `"ok"`, "6", map[string]any{"silent": true}},
		{"fail x", "busy, idle", `"error"`, "6", map[string]any{"silent": true}},
		{"value 2", "busy, execute_input, execute_result, idle", `"ok"`, "7", map[string]any{"store_history": false}},
		{"value 3", "busy, execute_input, execute_result, idle", `"ok"`, "7", nil},
	}
	for _, tt := range tests {
		req := c.execute(tt.code, tt.options)
		if got := c.transcript(req); got != tt.transcript {
			t.Errorf("%s %v: got %s, want %s", tt.code, tt.options, got, tt.transcript)
		}
		reply := c.recv(c.shell)
		if field(reply, "status") != tt.status || field(reply, "execution_count") != tt.count {
			t.Errorf("%s %v: got %s", tt.code, tt.options, reply.Content)
		}
	}
}

func TestReplies(t *testing.T) {
	c := start(t, kernel.Options{})
	tests := []struct {
		msgType, content, field, want string
	}{
		{"kernel_info_request", `{}`, "protocol_version", `"5.5"`},
		{"complete_request", `{"code":"한pr","cursor_pos":99}`, "cursor_end", "3"},
		{"complete_request", `{"code":"pr","cursor_pos":-5}`, "matches", `["print"]`},
		{"inspect_request", `{"code":"pr","cursor_pos":1}`, "found", "false"},
		{"is_complete_request", `{"code":"pr"}`, "status", `"unknown"`},
		{"comm_info_request", `{}`, "comms", "{}"},
		{"history_request", `{"hist_access_type":"tail","n":3}`, "history", "[]"},
		{"history_request", `{"hist_access_type":"head"}`, "status", `"error"`},
		{"complete_request", `{"code":3}`, "status", `"error"`},
	}
	for _, tt := range tests {
		req := c.send(c.shell, tt.msgType, json.RawMessage(tt.content))
		if got := c.transcript(req); got != "busy, idle" {
			t.Errorf("%s: got %s", tt.msgType, got)
		}
		if reply := c.recv(c.shell); field(reply, tt.field) != tt.want {
			t.Errorf("%s: got %s", tt.msgType, reply.Content)
		}
	}
	c.transcript(c.send(c.shell, "no_such_request", nil))
	open := c.send(c.shell, "comm_open", map[string]any{"comm_id": "1", "target_name": "x", "data": map[string]any{}})
	c.transcript(open)
}

func TestWhatWaitsBehindAnErrorIsAborted(t *testing.T) {
	c := start(t, kernel.Options{})
	c.execute("wait", nil)
	for range 3 {
		c.execute("value 1", nil)
	}
	// This reply shows that the requests before it were read, and that others are answered meanwhile.
	c.send(c.shell, "kernel_info_request", nil)
	c.recv(c.shell)
	c.send(c.control, "interrupt_request", nil)
	if reply := c.recv(c.control); reply.Type() != "interrupt_reply" || field(reply, "status") != `"ok"` {
		t.Errorf("got %s %s", reply.Type(), reply.Content)
	}
	want := []string{`"error"`, `"aborted"`, `"aborted"`, `"aborted"`}
	for i, w := range want {
		if reply := c.recv(c.shell); field(reply, "status") != w {
			t.Errorf("reply %d: got %s, want %s", i, reply.Content, w)
		}
	}
	c.execute("value 1", nil)
	if reply := c.recv(c.shell); field(reply, "status") != `"ok"` || field(reply, "execution_count") != "2" {
		t.Errorf("got %s", reply.Content)
	}
}

func TestInputPagerExpressions(t *testing.T) {
	c := start(t, kernel.Options{})
	req := c.execute("ask", map[string]any{"allow_stdin": true})
	if q := c.recv(c.stdin); q.Type() != "input_request" || field(q, "password") != "true" {
		t.Fatalf("got %s %s", q.Type(), q.Content)
	}
	c.send(c.stdin, "input_reply", map[string]any{"value": "Ada"})
	if got := c.transcript(req); !strings.HasSuffix(got, "3 bytes") {
		t.Errorf("got %s", got)
	}
	c.recv(c.shell)
	c.execute("page help", map[string]any{"user_expressions": map[string]string{"a": "1", "b": "bad"}})
	reply := c.recv(c.shell)
	if p := field(reply, "payload"); !strings.Contains(p, `"source":"page"`) {
		t.Errorf("got payload %s", p)
	}
	if x := field(reply, "user_expressions"); !strings.Contains(x, `"status":"ok"`) || !strings.Contains(x, "bad expression") {
		t.Errorf("got user_expressions %s", x)
	}
}

func TestHistorySurvivesARestartAndShutdownLosesNothing(t *testing.T) {
	o := kernel.Options{HistoryFile: filepath.Join(t.TempDir(), "sub", "history.jsonl")}
	c := start(t, o)
	c.execute("value 1", nil)
	c.execute("print x", nil)
	c.recv(c.shell)
	c.recv(c.shell)
	down := c.send(c.control, "shutdown_request", map[string]any{"restart": true})
	if reply := c.recv(c.control); field(reply, "restart") != "true" {
		t.Errorf("got %s", reply.Content)
	}
	if got := c.transcript(down); got != "busy, shutdown_reply, idle" {
		t.Errorf("got %s", got)
	}
	if err := <-c.done; err != nil {
		t.Fatal(err)
	}
	c = start(t, o)
	for _, q := range []struct{ content, want string }{
		{`{"hist_access_type":"tail","n":1}`, `[[1,2,"print x"]]`},
		{`{"hist_access_type":"range","session":-1,"start":1,"stop":2,"output":true}`, `[[1,1,["value 1","1"]]]`},
		{`{"hist_access_type":"search","pattern":"pr?nt*"}`, `[[1,2,"print x"]]`},
	} {
		c.send(c.shell, "history_request", json.RawMessage(q.content))
		if reply := c.recv(c.shell); field(reply, "history") != q.want {
			t.Errorf("%s: got %s", q.content, reply.Content)
		}
	}
}
