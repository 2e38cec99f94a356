package kernel_test

import (
	"encoding/json"
	"strings"
	"testing"

	"mlpkernel/cell"
	"mlpkernel/display"
	"mlpkernel/kernel"
	"mlpkernel/kernel/client"
	. "mlpkernel/kernel/kerneltest"
	"mlpkernel/protocol"

	"context"
)

// TestReplies are requests and what their replies hold.
func TestReplies(t *testing.T) {
	tests := []struct {
		channel            client.Channel
		msgType, content   string
		replyType, holding string
	}{
		{client.Shell, "kernel_info_request", `{}`, "kernel_info_reply", `"status":"ok","protocol_version":"5.5","implementation":"kerneltest"`},
		{client.Shell, "kernel_info_request", `{}`, "kernel_info_reply", `"debugger":false,"help_links":[{"text":"Help","url":"https://example.org"}],"supported_features":[]`},
		{client.Control, "kernel_info_request", `{}`, "kernel_info_reply", `"file_extension":".txt"`},
		{client.Shell, "complete_request", `{"code":"pr","cursor_pos":2}`, "complete_reply", `"matches":["print"],"cursor_start":0,"cursor_end":2,"metadata":{"_jupyter_types_experimental":[{"start":0,"end":2,"text":"print","type":"function","signature":"TEXT"}]}`},
		{client.Shell, "complete_request", `{"code":"# 한국\np","cursor_pos":99999}`, "complete_reply", `"matches":["page","panic","png","print"],"cursor_start":5,"cursor_end":6`},
		{client.Shell, "complete_request", `{"code":"none","cursor_pos":4}`, "complete_reply", `"status":"ok","matches":[],"cursor_start":0,"cursor_end":4,"metadata":{"_jupyter_types_experimental":[]}`},
		{client.Shell, "complete_request", `{"code":"print","cursor_pos":-5}`, "complete_reply", `"cursor_end":0`},
		{client.Shell, "complete_request", `{"code":"pri"}`, "complete_reply", `"cursor_end":3`},
		{client.Shell, "complete_request", `{"code":"panic now"}`, "complete_reply", `"status":"error","ename":"InternalError"`},
		{client.Shell, "complete_request", `{"code":3}`, "complete_reply", `"status":"error","ename":"ProtocolError","evalue":"the content of complete_request: code cannot be a number"`},
		{client.Shell, "inspect_request", `{"code":"print","cursor_pos":1,"detail_level":1}`, "inspect_reply", `"status":"ok","found":true,"data":{"text/plain":"print, detail 1"},"metadata":{}`},
		{client.Shell, "inspect_request", `{"code":"print","cursor_pos":1}`, "inspect_reply", `print, detail 0`},
		{client.Shell, "inspect_request", `{"code":"nothing","cursor_pos":1}`, "inspect_reply", `"status":"ok","found":false,"data":{},"metadata":{}`},
		{client.Shell, "is_complete_request", `{"code":"print"}`, "is_complete_reply", `{"status":"complete"}`},
		{client.Shell, "is_complete_request", `{"code":"print \\"}`, "is_complete_reply", `{"status":"incomplete","indent":"  "}`},
		{client.Shell, "is_complete_request", `{"code":"?"}`, "is_complete_reply", `{"status":"invalid"}`},
		{client.Shell, "comm_info_request", `{}`, "comm_info_reply", `{"status":"ok","comms":{}}`},
		{client.Shell, "history_request", `{"hist_access_type":"tail","n":3}`, "history_reply", `{"status":"ok","history":[]}`},
		{client.Shell, "history_request", `{"hist_access_type":"head"}`, "history_reply", `"status":"error","ename":"ValueError"`},
		{client.Shell, "execute_request", `{"code":7}`, "execute_reply", `"status":"error","ename":"ProtocolError"`},
		{client.Control, "interrupt_request", `{}`, "interrupt_reply", `{"status":"ok"}`},
		{client.Control, "debug_request", `{"type":"request","seq":9,"command":"initialize"}`, "debug_reply", `{"type":"response","seq":0,"request_seq":9,"command":"initialize","success":false,"message":"this kernel has no debugger"}`},
		{client.Control, "create_subshell_request", `{}`, "create_subshell_reply", `"status":"error","ename":"NotImplementedError"`},
		{client.Control, "usage_request", `{}`, "usage_reply", `"hostname":`},
	}
	k := Start(t, New(), "", kernel.Options{})
	for _, tt := range tests {
		var around []string
		stop := k.Watch(func(m *protocol.Message) { around = append(around, Describe(m)) })
		reply, err := k.Request(Context(t), tt.channel, tt.msgType, json.RawMessage(tt.content))
		if err != nil {
			t.Fatal(err)
		}
		if reply.Type() != tt.replyType || !strings.Contains(string(reply.Content), tt.holding) {
			t.Errorf("%s %s: got %s %s\nwant %s %s", tt.msgType, tt.content, reply.Type(), reply.Content, tt.replyType, tt.holding)
		}
		stop()
	}
}

// TestEveryRequestIsBusyThenIdle holds for unknown types too, which get no reply.
func TestEveryRequestIsBusyThenIdle(t *testing.T) {
	k := Start(t, New(), "", kernel.Options{})
	for _, ch := range []client.Channel{client.Shell, client.Control} {
		for _, msgType := range []string{"kernel_info_request", "no_such_request", "comm_msg", "input_reply"} {
			var got []string
			stop := k.Watch(func(m *protocol.Message) { got = append(got, Describe(m)) })
			if err := k.Notify(Context(t), ch, msgType, nil); err != nil {
				t.Fatal(err)
			}
			stop()
			if want := "status busy status idle"; strings.Join(got, " ") != want {
				t.Errorf("channel %d, %s: got %q, want %q", ch, msgType, got, want)
			}
		}
	}
}

// bare is a language that can do nothing but run cells.
type bare struct{ in *Interpreter }

func (b bare) Info() cell.Info { return b.in.Info() }
func (b bare) Execute(ctx context.Context, c cell.Code, h cell.Host) (*display.Bundle, error) {
	return b.in.Execute(ctx, c, h)
}

func TestLanguageWithoutAbilities(t *testing.T) {
	k := Start(t, bare{New()}, "", kernel.Options{})
	tests := []struct{ msgType, content, want string }{
		{"complete_request", `{"code":"pr","cursor_pos":1}`, `{"status":"ok","matches":[],"cursor_start":1,"cursor_end":1,"metadata":{"_jupyter_types_experimental":[]}}`},
		{"inspect_request", `{"code":"pr","cursor_pos":1}`, `{"status":"ok","found":false,"data":{},"metadata":{}}`},
		{"is_complete_request", `{"code":"pr"}`, `{"status":"unknown"}`},
	}
	for _, tt := range tests {
		reply, err := k.Request(Context(t), client.Shell, tt.msgType, json.RawMessage(tt.content))
		if err != nil || string(reply.Content) != tt.want {
			t.Errorf("%s: got %s, %v, want %s", tt.msgType, reply.Content, err, tt.want)
		}
	}
	closed := make(chan bool, 1)
	c, err := k.OpenComm(Context(t), "echo", nil, func(m *protocol.Message) { closed <- m.Type() == "comm_close" })
	if err != nil || !<-closed {
		t.Errorf("comm %v was not closed, %v", c, err)
	}
	done, _ := Transcript(t, k.Client, client.Cell{Code: "value 1", Expressions: map[string]string{"a": "1"}})
	if x := done.UserExpressions["a"]; done.Status != "ok" || x.Status != "error" {
		t.Errorf("got %s, %+v", done.Status, x)
	}
}

// TestReplyEchoesTheParentVerbatim keeps what later versions add to headers.
func TestReplyEchoesTheParentVerbatim(t *testing.T) {
	k := Start(t, New(), "tcp", kernel.Options{})
	signer := signerOf(t, k.Connection())
	p := Dial(t, k.Connection().Endpoint(k.Connection().ShellPort)).Handshake("DEALER", "raw")
	header := `{"msg_id":"m1", "msg_type":"kernel_info_request","session":"s","subshell_id":null,"new":[1, 2]}`
	m := &protocol.Message{RawHeader: []byte(header), Parent: []byte("{}"), Metadata: []byte("{}"), Content: []byte("{}")}
	p.Send(signer.Encode(m)...)
	reply := p.RecvMessage(signer)
	if string(reply.Parent) != header || reply.Header.Version != "5.5" || reply.Header.Session == "s" {
		t.Errorf("got parent %s, header %s", reply.Parent, reply.RawHeader)
	}
}

func signerOf(t testing.TB, c protocol.Connection) *protocol.Signer {
	t.Helper()
	s, err := protocol.NewSigner(c.SignatureScheme, c.Key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestComms(t *testing.T) {
	k := Start(t, New(), "", kernel.Options{})
	ctx := Context(t)
	var got []string
	read := func(m *protocol.Message) {
		var c protocol.CommMsg
		json.Unmarshal(m.Content, &c)
		got = append(got, m.Type()+" "+string(c.Data)+" "+string(m.Metadata))
	}
	comm, err := k.OpenComm(ctx, "echo", map[string]any{"a": 1}, read)
	if err != nil {
		t.Fatal(err)
	}
	for target, want := range map[string]int{"": 1, "echo": 1, "other": 0} {
		if info, err := k.CommInfo(ctx, target); err != nil || len(info.Comms) != want {
			t.Errorf("target %q: %+v, %v", target, info, err)
		}
	}
	for _, data := range []string{"hello", "bye"} {
		if err := comm.Send(ctx, data); err != nil {
			t.Fatal(err)
		}
	}
	want := `comm_msg {"a":1} {}, comm_msg "hello" {"echo":true}, comm_close {} {}`
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("got %s\nwant %s", s, want)
	}
	if comm, err = k.OpenComm(ctx, "echo", nil, nil); err != nil {
		t.Fatal(err)
	}
	if err := comm.Close(ctx, nil); err != nil {
		t.Fatal(err)
	}
	if info, err := k.CommInfo(ctx, ""); err != nil || len(info.Comms) != 0 {
		t.Errorf("after the close: %+v, %v", info, err)
	}
	got = nil
	if _, err := k.OpenComm(ctx, "unknown", nil, read); err != nil || strings.Join(got, "") != "comm_close {} {}" {
		t.Errorf("unknown target: got %q, %v", got, err)
	}
}

// FuzzRequests checks that a request gets an answer whatever its content is.
func FuzzRequests(f *testing.F) {
	requests := []string{"kernel_info_request", "complete_request", "inspect_request", "is_complete_request", "history_request", "comm_info_request"}
	silent := []string{"comm_open", "comm_msg", "comm_close", "no_such_request"}
	k := Start(f, New(), "", kernel.Options{})
	for i, content := range []string{`{}`, `{"code":"pr","cursor_pos":1}`, `{"code":"print","cursor_pos":-9,"detail_level":1}`, `{"code":7}`,
		`{"hist_access_type":"search","pattern":"[*?","n":-1,"unique":true}`, `{"target_name":null}`, `{"comm_id":"a","target_name":"echo","data":[]}`} {
		f.Add(byte(i), []byte(content))
	}
	f.Fuzz(func(t *testing.T, kind byte, content []byte) {
		if len(content) == 0 || content[0] != '{' || !json.Valid(content) {
			t.Skip("refused before its content is read: see FuzzDecode")
		}
		n := int(kind) % (len(requests) + len(silent))
		if n >= len(requests) {
			if err := k.Notify(Context(t), client.Shell, silent[n-len(requests)], json.RawMessage(content)); err != nil {
				t.Fatal(err)
			}
			return
		}
		reply, err := k.Request(Context(t), client.Shell, requests[n], json.RawMessage(content))
		if err != nil {
			t.Fatal(err)
		}
		var status struct{ Status string }
		if err := json.Unmarshal(reply.Content, &status); err != nil || status.Status == "" {
			t.Fatalf("got %s", reply.Content)
		}
	})
}
