package kernel

import (
	"context"
	"encoding/json"
	"io"
	"sync"
	"time"

	"mlpkernel/cell"
	"mlpkernel/protocol"
)

// asks holds the question that waits for an answer, at most one at a time.
type asks struct {
	turn sync.Mutex // held by who asks

	mu      sync.Mutex
	id      string // of the input_request; empty if there is none
	to      string // identity of who is asked
	answers chan string
}

// endOfFile is how a front end says that its user has no more to say.
const endOfFile = "\x04"

// stdinGrace is how long a front end's stdin socket may take to connect after
// its shell socket has sent a cell; stdinAgain is between two looks.
const (
	stdinGrace = 5 * time.Second
	stdinAgain = 20 * time.Millisecond
)

// Ask implements cell.Host. io.EOF is the answer of a user who has no more to
// say, the context's error that of an interrupt.
func (h *host) Ask(ctx context.Context, prompt string, password bool) (string, error) {
	if !h.input || len(h.Identities) == 0 {
		return "", cell.ErrNoInput
	}
	h.flush()
	a := h.asks
	a.turn.Lock()
	defer a.turn.Unlock()
	m := h.session.New("input_request", h.Message, protocol.InputRequest{Prompt: prompt, Password: password}, nil)
	m.Identities = h.Identities
	answers := a.expect(m)
	defer a.expect(nil)
	if err := h.sendQuestion(ctx, m); err != nil {
		return "", err
	}
	select {
	case text := <-answers:
		if text == endOfFile {
			return "", io.EOF
		}
		return text, nil
	case <-ctx.Done():
		return "", ctx.Err()
	case <-h.ctx.Done():
		return "", h.ctx.Err()
	}
}

// sendQuestion sends an input_request. Its identities are those of the cell's
// request: a front end has the same on shell and stdin.
func (h *host) sendQuestion(ctx context.Context, m *protocol.Message) error {
	frames := h.signer.Encode(m)
	for end := time.Now().Add(stdinGrace); h.stdin.Send(frames) != nil; {
		if time.Now().After(end) {
			return cell.ErrNoInput
		}
		select {
		case <-time.After(stdinAgain):
		case <-ctx.Done():
			return ctx.Err()
		case <-h.ctx.Done():
			return h.ctx.Err()
		}
	}
	return nil
}

// expect makes m the question that waits, and forgets any other; nil for none.
func (a *asks) expect(m *protocol.Message) <-chan string {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.id, a.to, a.answers = "", "", make(chan string, 1)
	if m != nil {
		a.id, a.to = m.Header.MsgID, string(m.Identities[0])
	}
	return a.answers
}

// onStdin takes an answer. One that nobody waits for is dropped: its question
// was interrupted. Not all front ends name the question they answer.
func (k *kernel) onStdin(r *request) {
	var reply protocol.InputReply
	if r.Type() != "input_reply" || json.Unmarshal(r.Content, &reply) != nil {
		k.o.Logf("kernel: %s on stdin is not an answer", r.Type())
		return
	}
	a := k.asks
	a.mu.Lock()
	defer a.mu.Unlock()
	parent := r.ParentID()
	if a.id == "" || string(r.Identities[0]) != a.to || parent != "" && parent != a.id {
		return
	}
	a.id = ""
	a.answers <- reply.Value
}
