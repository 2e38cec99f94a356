package kernel

import (
	"strings"
	"sync"
	"time"
	"unicode/utf8"

	"mlpkernel/display"
	"mlpkernel/protocol"
	"mlpkernel/protocol/zmtp"
)

// Streams go out at once after a pause, else collected for streamDelay or up
// to streamBytes.
const (
	streamDelay = 20 * time.Millisecond
	streamBytes = 64 << 10
)

// hub is the one way to IOPub: what is published through it keeps its order.
type hub struct {
	signer  *protocol.Signer
	session *protocol.Session
	socket  *zmtp.Publisher

	mu     sync.Mutex
	stream struct {
		parent  *protocol.Message
		name    string
		text    strings.Builder
		flushed time.Time
		timer   *time.Timer // runs while text waits
	}
}

func newHub(s *protocol.Signer, session *protocol.Session) *hub {
	return &hub{signer: s, session: session}
}

// welcome is iopub_welcome (JEP 65), the first message of a subscription.
func (h *hub) welcome(topic string) [][]byte {
	if !utf8.ValidString(topic) {
		return nil
	}
	return h.frames("iopub_welcome", topic, nil, map[string]any{"subscription": topic}, nil)
}

func (h *hub) frames(msgType, topic string, parent *protocol.Message, content, metadata any) [][]byte {
	m := h.session.New(msgType, parent, content, metadata)
	m.Identities = [][]byte{[]byte(topic)}
	return h.signer.Encode(m)
}

// publish sends a message after all that was published before it.
func (h *hub) publish(msgType string, parent *protocol.Message, content, metadata any) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.flushLocked()
	h.socket.Send(h.frames(msgType, "kernel."+h.session.ID+"."+msgType, parent, content, metadata))
}

func (h *hub) status(state string, parent *protocol.Message) {
	h.publish("status", parent, map[string]any{"execution_state": state}, nil)
}

// write adds to a stream of a cell.
func (h *hub) write(parent *protocol.Message, name, text string) {
	if text == "" {
		return
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	s := &h.stream
	if s.parent != parent || s.name != name {
		h.flushLocked()
		if s.parent != parent {
			s.flushed = time.Time{} // a new cell's first words go out at once
		}
		s.parent, s.name = parent, name
	}
	s.text.WriteString(text)
	wait := streamDelay - time.Since(s.flushed)
	switch {
	case wait <= 0 || s.text.Len() >= streamBytes:
		h.flushLocked()
	case s.timer == nil:
		s.timer = time.AfterFunc(wait, h.flush)
	}
}

// flush sends the text that waits.
func (h *hub) flush() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.flushLocked()
}

func (h *hub) flushLocked() {
	s := &h.stream
	if s.timer != nil {
		s.timer.Stop()
		s.timer = nil
	}
	if s.text.Len() == 0 {
		return
	}
	content := map[string]any{"name": s.name, "text": s.text.String()}
	s.text.Reset()
	s.flushed = time.Now()
	h.socket.Send(h.frames("stream", "stream."+s.name, s.parent, content, nil))
}

// bundle returns the parts of a content that show a bundle.
func bundle(b display.Bundle) map[string]any {
	data, metadata := b.Data, map[string]any{}
	if data == nil {
		data = map[string]any{}
	}
	for k, v := range b.Metadata {
		metadata[k] = v
	}
	if len(b.Volatile) > 0 {
		metadata["mlpkernel"] = map[string]any{"volatile": b.Volatile}
	}
	return map[string]any{"data": data, "metadata": metadata}
}
