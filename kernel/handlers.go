package kernel

import (
	"encoding/json"

	"mlpkernel/cell"
	"mlpkernel/protocol"
	"mlpkernel/protocol/zmtp"
)

// handler answers a request; its reply type is the request's with _reply.
// Nil content sends no reply.
type handler func(k *kernel, m *protocol.Message) (content map[string]any, err error)

// shellHandlers are the requests on the shell socket but execute_request.
var shellHandlers = map[string]handler{
	"kernel_info_request": kernelInfo,
	"complete_request":    complete,
	"inspect_request":     inspect,
	"is_complete_request": isComplete,
	"history_request":     historyRequest,
	"comm_info_request":   commInfo,
	"comm_open":           commOpen,
	"comm_msg":            commMessage,
	"comm_close":          commClose,
	"shutdown_request":    shutdown,
}

var controlHandlers = map[string]handler{
	"kernel_info_request": kernelInfo,
	"interrupt_request":   interruptRequest,
	"shutdown_request":    shutdown,
}

func (k *kernel) shellMessage(m *protocol.Message) {
	if m.Type() == "execute_request" {
		k.queue.push(m)
		return
	}
	k.answer(k.shell, shellHandlers, m)
}

func (k *kernel) controlMessage(m *protocol.Message) { k.answer(k.control, controlHandlers, m) }

// answer serves a request between busy and idle. An unknown one gets no reply.
func (k *kernel) answer(r *zmtp.Router, handlers map[string]handler, m *protocol.Message) {
	k.hub.status("busy", m)
	if h := handlers[m.Type()]; h == nil {
		k.opts.Logf("kernel: message type %q is unknown", m.Type())
	} else {
		k.serveRequest(r, h, m)
	}
	k.hub.status("idle", m)
	if m.Type() == "shutdown_request" {
		k.stop()
	}
}

func (k *kernel) serveRequest(r *zmtp.Router, h handler, m *protocol.Message) {
	defer func() {
		if p := recover(); p != nil {
			k.opts.Logf("kernel: panic in %s: %v", m.Type(), p)
		}
	}()
	content, err := h(k, m)
	if err != nil {
		content = errorContent(badRequest(err))
	}
	if content == nil {
		return
	}
	if _, ok := content["status"]; !ok {
		content["status"] = "ok"
	}
	const request = len("_request")
	k.reply(r, m, m.Type()[:len(m.Type())-request]+"_reply", content)
}

func kernelInfo(k *kernel, _ *protocol.Message) (map[string]any, error) {
	info := k.lang.Info()
	l := info.Language
	language := map[string]any{
		"name": l.Name, "version": l.Version, "mimetype": l.MIMEType, "file_extension": l.FileExtension,
		"pygments_lexer": l.PygmentsLexer, "codemirror_mode": l.CodeMirrorMode,
	}
	if l.NBConvertExporter != "" {
		language["nbconvert_exporter"] = l.NBConvertExporter
	}
	links := []any{}
	for _, h := range info.HelpLinks {
		links = append(links, h)
	}
	return map[string]any{
		"protocol_version": protocol.Version, "implementation": info.Implementation,
		"implementation_version": info.Version, "banner": info.Banner, "language_info": language,
		"help_links": links, "debugger": false, "supported_features": []any{},
	}, nil
}

func interruptRequest(k *kernel, _ *protocol.Message) (map[string]any, error) {
	k.interruptCell()
	return map[string]any{}, nil
}

// shutdown also says on IOPub what it replies.
func shutdown(k *kernel, m *protocol.Message) (map[string]any, error) {
	var req struct {
		Restart bool `json:"restart"`
	}
	if err := json.Unmarshal(m.Content, &req); err != nil {
		return nil, err
	}
	k.interruptCell()
	content := map[string]any{"status": "ok", "restart": req.Restart}
	k.hub.publish("shutdown_reply", m, content, nil)
	return content, nil
}

type codeRequest struct {
	Code   string `json:"code"`
	Cursor int    `json:"cursor_pos"`
	Detail int    `json:"detail_level"`
}

// readCode reads a request about code; the cursor is brought inside it.
func readCode(m *protocol.Message) (codeRequest, error) {
	var r codeRequest
	if err := json.Unmarshal(m.Content, &r); err != nil {
		return codeRequest{}, err
	}
	r.Cursor = max(0, min(r.Cursor, len([]rune(r.Code))))
	return r, nil
}

func complete(k *kernel, m *protocol.Message) (map[string]any, error) {
	r, err := readCode(m)
	if err != nil {
		return nil, err
	}
	c := cell.Completion{Start: r.Cursor, End: r.Cursor}
	if lang, ok := k.lang.(cell.Completer); ok {
		c = lang.Complete(r.Code, r.Cursor)
	}
	matches, types := []string{}, []any{}
	for _, x := range c.Matches {
		matches = append(matches, x.Text)
		types = append(types, map[string]any{
			"start": c.Start, "end": c.End, "text": x.Text, "type": x.Kind, "signature": x.Signature,
		})
	}
	return map[string]any{
		"matches": matches, "cursor_start": c.Start, "cursor_end": c.End,
		"metadata": map[string]any{"_jupyter_types_experimental": types},
	}, nil
}

func inspect(k *kernel, m *protocol.Message) (map[string]any, error) {
	r, err := readCode(m)
	if err != nil {
		return nil, err
	}
	if lang, ok := k.lang.(cell.Inspector); ok {
		if b, found := lang.Inspect(r.Code, r.Cursor, r.Detail); found {
			content := bundle(b)
			content["found"] = true
			return content, nil
		}
	}
	return map[string]any{"found": false, "data": map[string]any{}, "metadata": map[string]any{}}, nil
}

func isComplete(k *kernel, m *protocol.Message) (map[string]any, error) {
	r, err := readCode(m)
	if err != nil {
		return nil, err
	}
	lang, ok := k.lang.(cell.Judge)
	if !ok {
		return map[string]any{"status": string(cell.Unknown)}, nil
	}
	status, indent := lang.Judge(r.Code)
	content := map[string]any{"status": string(status)}
	if status == cell.Incomplete {
		content["indent"] = indent
	}
	return content, nil
}
