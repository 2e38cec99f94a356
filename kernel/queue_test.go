package kernel_test

import (
	"strings"
	"testing"

	"mlpkernel/kernel"
	"mlpkernel/kernel/client"
	. "mlpkernel/kernel/kerneltest"
	"mlpkernel/protocol"
)

// submit sends cells all at once and returns the statuses of their replies.
// When meanwhile is called, all of them have come to the kernel.
func submit(t *testing.T, k *client.Client, meanwhile func(), cells ...client.Cell) string {
	t.Helper()
	var pending []*client.Pending
	for _, c := range cells {
		p, err := k.Submit(c)
		if err != nil {
			t.Fatal(err)
		}
		pending = append(pending, p)
	}
	if _, err := k.KernelInfo(Context(t)); err != nil { // is answered when what came before it is queued
		t.Fatal(err)
	}
	if meanwhile != nil {
		meanwhile()
	}
	var out []string
	for _, p := range pending {
		done, err := p.Wait(Context(t))
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, done.Status)
	}
	return strings.Join(out, " ")
}

func TestErrorAbortsWhatIsQueued(t *testing.T) {
	in := New()
	k := Start(t, in, "", kernel.Options{})
	const fail = "wait gate\nfail E x"
	fails, runs := client.Cell{Code: fail}, client.Cell{Code: "value 1"}
	keepsGoing, silent := client.Cell{Code: fail, KeepGoing: true}, client.Cell{Code: fail, Silent: true}
	tests := []struct {
		cells []client.Cell
		want  string
	}{
		{[]client.Cell{fails, runs, runs}, "error aborted aborted"},
		{[]client.Cell{runs, fails, runs, fails}, "ok error aborted aborted"},
		{[]client.Cell{keepsGoing, runs}, "error ok"},
		{[]client.Cell{silent, runs}, "error ok"},
		{[]client.Cell{runs}, "ok"},
	}
	for range 20 { // a race would show
		for i, tt := range tests {
			in.Shut("gate")
			if got := submit(t, k.Client, func() { in.Open("gate") }, tt.cells...); got != tt.want {
				t.Errorf("test %d: got %s, want %s", i, got, tt.want)
			}
		}
	}
}

func TestAbortedCell(t *testing.T) {
	in := New()
	k := Start(t, in, "", kernel.Options{})
	var got []string
	submit(t, k.Client, func() { in.Open("gate") }, client.Cell{Code: "wait gate\nfail E x"}, client.Cell{Code: "value 1", Output: func(m *protocol.Message) {
		got = append(got, Describe(m))
	}})
	if s := strings.Join(got, ", "); s != "status busy, status idle" {
		t.Errorf("got %s", s)
	}
	if done, _ := Transcript(t, k.Client, client.Cell{Code: "value 1"}); done.ExecutionCount != 2 {
		t.Errorf("the aborted cell was counted: count %d", done.ExecutionCount)
	}
}

// TestOthersAreServedWhileACellRuns would hang if they waited for it.
func TestOthersAreServedWhileACellRuns(t *testing.T) {
	in := New()
	k := Start(t, in, "", kernel.Options{})
	ctx := Context(t)
	got := submit(t, k.Client, func() {
		for _, r := range []string{"kernel_info_request", "complete_request", "inspect_request", "is_complete_request", "comm_info_request"} {
			if _, err := k.Request(ctx, client.Shell, r, nil); err != nil {
				t.Error(err)
			}
		}
		if _, err := k.History(ctx, protocol.HistoryRequest{AccessType: "tail"}); err != nil {
			t.Error(err)
		}
		if _, err := k.OpenComm(ctx, "echo", nil, nil); err != nil {
			t.Error(err)
		}
		for _, r := range []string{"kernel_info_request", "usage_request", "debug_request"} {
			if _, err := k.Request(ctx, client.Control, r, nil); err != nil {
				t.Error(err)
			}
		}
		if err := k.Heartbeat(ctx); err != nil {
			t.Error(err)
		}
		in.Open("gate")
	}, client.Cell{Code: "wait gate"}, client.Cell{Code: "value 1"})
	if got != "ok ok" {
		t.Errorf("got %s", got)
	}
}

func TestInterrupt(t *testing.T) {
	k := Start(t, New(), "", kernel.Options{})
	interrupt := func() {
		if err := k.Interrupt(Context(t)); err != nil {
			t.Error(err)
		}
	}
	interrupt() // nothing runs: no harm
	if got := submit(t, k.Client, nil, client.Cell{Code: "value 1"}); got != "ok" {
		t.Errorf("after an interrupt of nothing: %s", got)
	}
	for _, code := range []string{"print a\nwait for ever", "flood some text"} {
		started := make(chan struct{}, 1<<20)
		var last string
		cell := client.Cell{Code: code, Output: func(m *protocol.Message) {
			last = Describe(m)
			if m.Type() == "stream" {
				started <- struct{}{}
			}
		}}
		got := submit(t, k.Client, func() { <-started; interrupt() }, cell, client.Cell{Code: "value 1"})
		if got != "error aborted" {
			t.Errorf("%q: got %s", code, got)
		}
		if last != "status idle" {
			t.Errorf("%q: the last message is %s", code, last)
		}
	}
}

func TestInput(t *testing.T) {
	k := Start(t, New(), "", kernel.Options{})
	asked := make(chan string, 9)
	answer := func(prompt string, password bool) (string, error) {
		if password {
			prompt += " secretly"
		}
		asked <- prompt
		return "Ada", nil
	}
	_, got := Transcript(t, k.Client, client.Cell{Code: "print x\nask name?\nsecret word?", Input: answer})
	if !strings.Contains(got, "stream stdout x\nanswer Adaanswer Ada\n") {
		t.Errorf("got %s", got)
	}
	for _, want := range []string{"name?", "word? secretly"} {
		if prompt := <-asked; prompt != want {
			t.Errorf("asked %q, want %q", prompt, want)
		}
	}
}

func TestInterruptWhileWaitingForInput(t *testing.T) {
	k := Start(t, New(), "", kernel.Options{})
	asked, late := make(chan struct{}), make(chan struct{})
	got := submit(t, k.Client, func() {
		<-asked
		if err := k.Interrupt(Context(t)); err != nil {
			t.Error(err)
		}
	}, client.Cell{Code: "ask name?", Input: func(string, bool) (string, error) {
		close(asked)
		<-late
		return "too late", nil
	}})
	if got != "error" {
		t.Errorf("got %s", got)
	}
	close(late)
	// The late answer is not that of the next question.
	_, transcript := Transcript(t, k.Client, client.Cell{Code: "ask name?", Input: func(string, bool) (string, error) { return "in time", nil }})
	if !strings.Contains(transcript, "answer in time") {
		t.Errorf("got %s", transcript)
	}
}
