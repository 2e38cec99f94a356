package kernel

import (
	"context"
	"sync"
	"time"

	"mlpkernel/cell"
	"mlpkernel/display"
	"mlpkernel/protocol"
)

// A stream goes out at once when nothing has gone out for streamDelay; else
// it is collected until then, or up to streamBytes. So the first line of a
// cell is seen at once, and ten thousand lines are a few messages.
const (
	streamDelay = 20 * time.Millisecond
	streamBytes = 64 << 10
)

var _ cell.Host = (*host)(nil)

// host is what a running cell speaks through. What goroutines of the cell say
// after its end still belongs to it.
type host struct {
	*request
	ctx    context.Context // of the cell
	silent bool
	input  bool // the front end answers questions

	mu       sync.Mutex // held while publishing, which keeps the order
	name     string     // of the stream that text belongs to
	text     []byte     // not yet published
	flushed  time.Time
	timer    *time.Timer // runs while text waits
	payloads []protocol.Payload
}

func newHost(ctx context.Context, r *request, req protocol.ExecuteRequest) *host {
	return &host{request: r, ctx: ctx, silent: req.Silent, input: req.AllowStdin}
}

// Stream implements cell.Host.
func (h *host) Stream(name, text string) {
	if h.silent || text == "" {
		return
	}
	h.mu.Lock()
	if name != h.name {
		h.flushLocked()
		h.name = name
	}
	h.text = append(h.text, text...)
	wait := streamDelay - time.Since(h.flushed)
	switch {
	case wait <= 0 || len(h.text) >= streamBytes:
		h.flushLocked()
	case h.timer == nil:
		h.timer = time.AfterFunc(wait, h.flush)
	}
	h.mu.Unlock()
	h.hub.wait(h.ctx)
}

func (h *host) flush() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.flushLocked()
}

// flushLocked publishes the text that waits; the caller holds h.mu.
func (h *host) flushLocked() {
	if h.timer != nil {
		h.timer.Stop()
		h.timer = nil
	}
	if len(h.text) == 0 {
		return
	}
	m := h.session.New("stream", h.Message, protocol.Stream{Name: h.name, Text: string(h.text)}, nil)
	m.Identities = [][]byte{[]byte("stream." + h.name)}
	h.hub.publish(m)
	h.flushed = time.Now()
	if h.text = h.text[:0]; cap(h.text) > 2*streamBytes {
		h.text = nil
	}
}

// publish publishes content after the text that came before it, and waits
// while front ends are slow.
func (h *host) publish(msgType string, content any) {
	if h.silent {
		return
	}
	m := h.session.New(msgType, h.Message, content, nil)
	h.mu.Lock()
	h.flushLocked()
	h.hub.publish(m)
	h.mu.Unlock()
	h.hub.wait(h.ctx)
}

// Display implements cell.Host.
func (h *host) Display(b display.Bundle, id string) { h.show("display_data", b, id) }

// Update implements cell.Host.
func (h *host) Update(b display.Bundle, id string) { h.show("update_display_data", b, id) }

func (h *host) show(msgType string, b display.Bundle, id string) {
	if h.silent {
		return
	}
	data, metadata := mime(b)
	h.publish(msgType, protocol.Display{Data: data, Metadata: metadata, Transient: protocol.Transient{DisplayID: id}})
}

// Clear implements cell.Host.
func (h *host) Clear(wait bool) { h.publish("clear_output", protocol.ClearOutput{Wait: wait}) }

// Page implements cell.Host.
func (h *host) Page(b display.Bundle) {
	data, _ := mime(b)
	start := 0
	h.add(protocol.Payload{Source: "page", Data: data, Start: &start})
}

// Exit implements cell.Host.
func (h *host) Exit(keepKernel bool) {
	h.add(protocol.Payload{Source: "ask_exit", KeepKernel: &keepKernel})
}

func (h *host) add(p protocol.Payload) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.payloads = append(h.payloads, p)
}

// end publishes the text that waits and returns the payloads.
func (h *host) end() []protocol.Payload {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.flushLocked()
	return h.payloads
}

// namespace is the key of the metadata that is ours.
const namespace = "mlpkernel"

// mime returns the data and the metadata of a message that shows a bundle.
func mime(b display.Bundle) (data, metadata map[string]any) {
	data = b.Data
	if _, ok := data["text/plain"]; !ok {
		data = b.With("text/plain", "").Data
	}
	if len(b.Volatile) == 0 {
		return data, b.Metadata
	}
	metadata = map[string]any{}
	for k, v := range b.Metadata {
		metadata[k] = v
	}
	ours := map[string]any{"volatile": b.Volatile}
	if m, ok := b.Metadata[namespace].(map[string]any); ok {
		for k, v := range m {
			ours[k] = v
		}
	}
	metadata[namespace] = ours
	return data, metadata
}
