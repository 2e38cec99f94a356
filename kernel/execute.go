package kernel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"mlpkernel/cell"
	"mlpkernel/display"
	"mlpkernel/protocol"
)

type executeRequest struct {
	Code            string            `json:"code"`
	Silent          bool              `json:"silent"`
	StoreHistory    *bool             `json:"store_history"` // nil: not silent
	UserExpressions map[string]string `json:"user_expressions"`
	AllowStdin      bool              `json:"allow_stdin"`
	StopOnError     *bool             `json:"stop_on_error"` // nil: true
}

func (r executeRequest) stores() bool {
	return !r.Silent && (r.StoreHistory == nil || *r.StoreHistory)
}

func (r executeRequest) stops() bool { return r.StopOnError == nil || *r.StopOnError }

// execute runs the queued cells, one at a time.
func (k *kernel) execute(ctx context.Context) {
	for m := k.queue.pop(); m != nil; m = k.queue.pop() {
		k.hub.status("busy", m)
		aborted := k.executeOne(ctx, m)
		k.hub.status("idle", m)
		for _, a := range aborted {
			k.abort(a)
		}
	}
}

// abort answers a request that was queued behind a failed one.
func (k *kernel) abort(m *protocol.Message) {
	k.hub.status("busy", m)
	k.reply(k.shell, m, "execute_reply", map[string]any{"status": "aborted", "execution_count": k.counter()})
	k.hub.status("idle", m)
}

// executeOne runs a cell and replies. It returns the requests that came before
// that reply and must be aborted, since the cell failed.
func (k *kernel) executeOne(ctx context.Context, m *protocol.Message) (aborted []*protocol.Message) {
	var req executeRequest
	if err := json.Unmarshal(m.Content, &req); err != nil {
		k.reply(k.shell, m, "execute_reply", failure(badRequest(err), k.counter()))
		return nil
	}
	n := k.counter() + 1
	if req.stores() {
		k.setCounter(n)
	}
	if !req.Silent {
		k.hub.publish("execute_input", m, map[string]any{"code": req.Code, "execution_count": n}, nil)
	}
	h := &host{k: k, parent: m, silent: req.Silent, input: req.AllowStdin, payload: []any{}}
	value, err := k.run(ctx, req, cellID(m), n, h)
	if req.Silent {
		n = k.counter()
	}
	if err != nil {
		return k.executeFailed(m, req, n, err)
	}
	output := ""
	if value != nil && !req.Silent {
		content := bundle(*value)
		content["execution_count"] = n
		k.hub.publish("execute_result", m, content, nil)
		output = value.Plain()
	}
	k.store(req, n, output)
	expressions := k.evaluate(ctx, req.UserExpressions)
	k.hub.flush()
	k.reply(k.shell, m, "execute_reply", map[string]any{
		"status": "ok", "execution_count": n, "payload": h.payload, "user_expressions": expressions,
	})
	return nil
}

func (k *kernel) executeFailed(m *protocol.Message, req executeRequest, n int, err error) (aborted []*protocol.Message) {
	e := asError(err)
	if !req.Silent {
		k.hub.publish("error", m, map[string]any{"ename": e.Name, "evalue": e.Value, "traceback": traceback(e)}, nil)
	}
	k.store(req, n, "")
	k.hub.flush()
	// A request that the front end sends after it has read the reply must run.
	if req.stops() && !req.Silent {
		aborted = k.queue.cut()
	}
	k.reply(k.shell, m, "execute_reply", failure(e, n))
	return aborted
}

// run hands a cell to the language with a context that an interrupt cancels.
// A panic of the language becomes an error.
func (k *kernel) run(ctx context.Context, req executeRequest, id string, n int, h *host) (v *display.Bundle, err error) {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	k.setInterrupt(cancel)
	defer k.setInterrupt(nil)
	defer func() {
		if p := recover(); p != nil {
			k.opts.Logf("kernel: panic in a cell: %v", p)
			v, err = nil, fmt.Errorf("internal fault: %v", p)
		}
	}()
	h.ctx = ctx
	return k.lang.Execute(ctx, cell.Code{Source: req.Code, Count: n, Silent: req.Silent, ID: id}, h)
}

func (k *kernel) store(req executeRequest, n int, output string) {
	if req.stores() {
		k.history.add(n, req.Code, output)
	}
}

// evaluate returns the user_expressions of a reply.
func (k *kernel) evaluate(ctx context.Context, expressions map[string]string) map[string]any {
	out := map[string]any{}
	ev, ok := k.lang.(cell.Evaluator)
	if !ok {
		return out
	}
	for name, x := range expressions {
		b, err := ev.Evaluate(ctx, x)
		if err != nil {
			out[name] = errorContent(asError(err))
			continue
		}
		out[name] = bundle(b)
		out[name].(map[string]any)["status"] = "ok"
	}
	return out
}

func (k *kernel) setInterrupt(f context.CancelFunc) {
	k.mu.Lock()
	k.interrupt = f
	k.mu.Unlock()
}

func (k *kernel) counter() int {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.count
}

func (k *kernel) setCounter(n int) {
	k.mu.Lock()
	k.count = n
	k.mu.Unlock()
}

func cellID(m *protocol.Message) string {
	var meta struct {
		CellID string `json:"cellId"`
	}
	_ = json.Unmarshal(m.Metadata, &meta) // a front end that sends another type has no cell ids
	return meta.CellID
}

func asError(err error) *cell.Error {
	var e *cell.Error
	if errors.As(err, &e) {
		return e
	}
	return &cell.Error{Name: "InternalError", Value: err.Error()}
}

func badRequest(err error) *cell.Error {
	return &cell.Error{Name: "BadRequest", Value: err.Error()}
}

func traceback(e *cell.Error) []string {
	if len(e.Traceback) == 0 {
		return []string{e.Error()}
	}
	return e.Traceback
}

func errorContent(e *cell.Error) map[string]any {
	return map[string]any{"status": "error", "ename": e.Name, "evalue": e.Value, "traceback": traceback(e)}
}

func failure(e *cell.Error, n int) map[string]any {
	c := errorContent(e)
	c["execution_count"] = n
	c["payload"] = []any{}
	c["user_expressions"] = map[string]any{}
	return c
}
