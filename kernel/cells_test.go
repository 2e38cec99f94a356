package kernel_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"mlpkernel/kernel"
	"mlpkernel/kernel/client"
	. "mlpkernel/kernel/kerneltest"
	"mlpkernel/protocol"
)

// TestCells are transcripts of single cells, on one kernel in this order. The
// busy and idle around each are left out.
func TestCells(t *testing.T) {
	noInput := func(string, bool) (string, error) { return "", errors.New("no more") }
	tests := []struct {
		cell       client.Cell
		transcript string
		status     string
		count      int
	}{
		{client.Cell{Code: "value 2"}, "execute_input 1 value 2\nexecute_result 1 map[text/plain:2]", "ok", 1},
		{client.Cell{Code: ""}, "execute_input 2 ", "ok", 2},
		{client.Cell{Code: "print a\neprint b\nprint c"},
			"execute_input 3 print a\neprint b\nprint c\nstream stdout a\n\nstream stderr b\n\nstream stdout c\n", "ok", 3},
		{client.Cell{Code: "print a\nshow i one\nupdate i two\nclear wait\nclear\nprint b"},
			"execute_input 4 print a\nshow i one\nupdate i two\nclear wait\nclear\nprint b\nstream stdout a\n\n" +
				"display_data \"i\" map[text/plain:one] map[]\nupdate_display_data \"i\" map[text/plain:two] map[]\n" +
				"clear_output true\nclear_output false\nstream stdout b\n", "ok", 4},
		{client.Cell{Code: "png abc"}, "execute_input 5 png abc\ndisplay_data \"\" map[image/png:YWJj text/plain:a picture] map[]", "ok", 5},
		{client.Cell{Code: "volatile 3 s"},
			"execute_input 6 volatile 3 s\ndisplay_data \"\" map[text/plain:took 3 s] map[mlpkernel:map[volatile:[3 s]]]", "ok", 6},
		{client.Cell{Code: "fail ValueError no good"}, "execute_input 7 fail ValueError no good\nerror ValueError: no good", "error", 7},
		{client.Cell{Code: "print before\nfault lost"},
			"execute_input 8 print before\nfault lost\nstream stdout before\n\nerror InternalError: lost", "error", 8},
		{client.Cell{Code: "panic oh"}, "execute_input 9 panic oh\nerror InternalError: a fault of the kernel in a cell: oh", "error", 9},
		{client.Cell{Code: "print x\nvalue 2", Silent: true}, "", "ok", 9},
		{client.Cell{Code: "show i x\nclear\nfail ValueError x", Silent: true}, "", "error", 9},
		{client.Cell{Code: "count\nvalue 2", Unstored: true},
			"execute_input 10 count\nvalue 2\nstream stdout 10\nexecute_result 10 map[text/plain:2]", "ok", 9},
		{client.Cell{Code: "count"}, "execute_input 10 count\nstream stdout 10", "ok", 10},
		{client.Cell{Code: "ask name?"}, "execute_input 11 ask name?\nerror InputError: this front end does not take input", "error", 11},
		{client.Cell{Code: "ask name?", Input: noInput}, "execute_input 12 ask name?\nerror InputError: EOF", "error", 12},
		{client.Cell{Code: "id", ID: "cell-7"}, "execute_input 13 id\nstream stdout cell-7", "ok", 13},
	}
	k := Start(t, New(), "", kernel.Options{})
	for _, tt := range tests {
		done, got := Transcript(t, k.Client, tt.cell)
		want := "status busy\n" + tt.transcript + "\nstatus idle"
		if tt.transcript == "" {
			want = "status busy\nstatus idle"
		}
		if got != want || done.Status != tt.status || done.ExecutionCount != tt.count {
			t.Errorf("cell %q: %s, count %d\n%s\nwant %s, count %d\n%s", tt.cell.Code,
				done.Status, done.ExecutionCount, got, tt.status, tt.count, want)
		}
	}
}

func TestErrorReply(t *testing.T) {
	k := Start(t, New(), "", kernel.Options{})
	done, _ := Transcript(t, k.Client, client.Cell{Code: "fail ValueError bad", Expressions: map[string]string{"a": "1"}})
	want := &protocol.Failure{EName: "ValueError", EValue: "bad", Traceback: []string{"line 1", "ValueError: bad"}}
	if done.Failure == nil || done.EName != want.EName || done.EValue != want.EValue || !slices.Equal(done.Traceback, want.Traceback) {
		t.Errorf("got %+v", done.Failure)
	}
	// What front ends take for granted is there, even when it is empty.
	var content map[string]json.RawMessage
	if err := json.Unmarshal(done.Message.Content, &content); err != nil {
		t.Fatal(err)
	}
	if string(content["payload"]) != "[]" || string(content["user_expressions"]) != "{}" {
		t.Errorf("got payload %s, user_expressions %s", content["payload"], content["user_expressions"])
	}
	done, _ = Transcript(t, k.Client, client.Cell{Code: "fault x"})
	if len(done.Traceback) == 0 {
		t.Error("an error without a traceback of its own has none")
	}
}

func TestPayloadsAndExpressions(t *testing.T) {
	k := Start(t, New(), "", kernel.Options{})
	done, _ := Transcript(t, k.Client, client.Cell{Code: "page help\nexit keep", Expressions: map[string]string{"a": "1", "b": "fail TypeError"}})
	if p := done.Payload; len(p) != 2 || p[0].Source != "page" || p[0].Data["text/plain"] != "help" ||
		p[1].Source != "ask_exit" || !*p[1].KeepKernel {
		t.Errorf("got payload %+v", p)
	}
	a, b := done.UserExpressions["a"], done.UserExpressions["b"]
	if a.Status != "ok" || a.Data["text/plain"] != "1" || b.Status != "error" || b.EName != "TypeError" {
		t.Errorf("got %+v, %+v", a, b)
	}
}

func TestTenThousandLinesAreFewMessages(t *testing.T) {
	k := Start(t, New(), "", kernel.Options{})
	var text strings.Builder
	messages := 0
	_, err := k.Execute(Context(t), client.Cell{Code: "lines 10000", Output: func(m *protocol.Message) {
		var s protocol.Stream
		if m.Type() == "stream" && json.Unmarshal(m.Content, &s) == nil {
			messages++
			text.WriteString(s.Text)
		}
	}})
	var want strings.Builder
	for i := range 10000 {
		fmt.Fprintln(&want, i)
	}
	if err != nil || text.String() != want.String() || messages > 1000 {
		t.Errorf("%d bytes in %d messages, %v", text.Len(), messages, err)
	}
}

// TestFirstLineGoesOutAtOnce would hang if the kernel kept it for later.
func TestFirstLineGoesOutAtOnce(t *testing.T) {
	in := New()
	k := Start(t, in, "", kernel.Options{})
	for range 3 {
		_, err := k.Execute(Context(t), client.Cell{Code: "print a\nwait gate", Output: func(m *protocol.Message) {
			if m.Type() == "stream" {
				in.Open("gate")
			}
		}})
		if err != nil {
			t.Fatal(err)
		}
	}
}

// TestRequestBesideACell leaves the kernel busy for front ends, which show the
// last status whosever it is.
func TestRequestBesideACell(t *testing.T) {
	in := New()
	k := Start(t, in, "tcp", kernel.Options{})
	signer, front := signerOf(t, k.Connection()), subscriber(t, k.Connection())
	var got []string
	hear := func(n int) {
		for range n {
			got = append(got, strings.ReplaceAll(Describe(front.RecvMessage(signer)), "\x00", " "))
		}
	}
	p := running(t, k.Client, "wait gate")
	if _, err := k.Complete(Context(t), "p", 1); err != nil {
		t.Fatal(err)
	}
	hear(6) // all before the cell ends
	in.Open("gate")
	if _, err := p.Wait(Context(t)); err != nil {
		t.Fatal(err)
	}
	hear(1)
	want := "status busy, execute_input 1 print x\nwait gate, stream stdout x\n, status busy, status idle, status busy, status idle"
	if s := strings.Join(got, ", "); s != want {
		t.Errorf("got %s, want %s", s, want)
	}
}

func TestLateOutputBelongsToItsCell(t *testing.T) {
	in := New()
	k := Start(t, in, "", kernel.Options{})
	parents := make(chan string, 1)
	defer k.Watch(func(m *protocol.Message) {
		if m.Type() == "stream" {
			parents <- m.ParentID()
		}
	})()
	first, _ := Transcript(t, k.Client, client.Cell{Code: "later gate"})
	Transcript(t, k.Client, client.Cell{Code: "open gate"})
	if got := <-parents; got != first.Message.ParentID() {
		t.Errorf("the output has parent %s, want %s", got, first.Message.ParentID())
	}
}
