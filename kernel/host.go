package kernel

import (
	"context"
	"encoding/json"
	"sync"

	"mlpkernel/cell"
	"mlpkernel/display"
	"mlpkernel/protocol"
)

var _ cell.Host = (*host)(nil)

// host is what a running cell speaks through.
type host struct {
	k      *kernel
	parent *protocol.Message
	silent bool
	input  bool // the front end answers input requests
	ctx    context.Context

	mu      sync.Mutex
	payload []any
}

func (h *host) Stream(name, text string) {
	if !h.silent {
		h.k.hub.write(h.parent, name, text)
	}
}

func (h *host) Display(b display.Bundle, id string) { h.show("display_data", b, id) }

func (h *host) Update(b display.Bundle, id string) { h.show("update_display_data", b, id) }

func (h *host) show(msgType string, b display.Bundle, id string) {
	if h.silent {
		return
	}
	content := bundle(b)
	transient := map[string]any{}
	if id != "" {
		transient["display_id"] = id
	}
	content["transient"] = transient
	h.k.hub.publish(msgType, h.parent, content, nil)
}

func (h *host) Clear(wait bool) {
	if !h.silent {
		h.k.hub.publish("clear_output", h.parent, map[string]any{"wait": wait}, nil)
	}
}

func (h *host) Page(b display.Bundle) {
	h.add(map[string]any{"source": "page", "data": b.Data, "start": 0})
}

func (h *host) Exit(keepKernel bool) {
	h.add(map[string]any{"source": "ask_exit", "keepkernel": keepKernel})
}

func (h *host) add(payload any) {
	h.mu.Lock()
	h.payload = append(h.payload, payload)
	h.mu.Unlock()
}

// Ask asks on the stdin socket; its identities are those of the execute request.
func (h *host) Ask(ctx context.Context, prompt string, password bool) (string, error) {
	if !h.input {
		return "", cell.ErrNoInput
	}
	select { // an answer to a question that was interrupted
	case <-h.k.replies:
	default:
	}
	h.k.hub.flush()
	h.k.reply(h.k.stdin, h.parent, "input_request", map[string]any{"prompt": prompt, "password": password})
	select {
	case v := <-h.k.replies:
		return v, nil
	case <-ctx.Done():
		return "", ctx.Err()
	case <-h.ctx.Done():
		return "", h.ctx.Err()
	}
}

// stdinMessage takes an answer; only the newest waits.
func (k *kernel) stdinMessage(m *protocol.Message) {
	var reply struct {
		Value string `json:"value"`
	}
	if m.Type() != "input_reply" || json.Unmarshal(m.Content, &reply) != nil {
		k.opts.Logf("kernel: stdin: %s is not an answer", m.Type())
		return
	}
	select {
	case <-k.replies:
	default:
	}
	k.replies <- reply.Value
}
