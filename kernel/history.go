package kernel

import (
	"fmt"
	"sync"

	"mlpkernel/protocol"
)

// Limits of the history: entries in memory and on disk after a start, and the
// sizes from which on an input is not stored and an output is left out.
const (
	maxEntries = 10000
	maxInput   = 1 << 20
	maxOutput  = 64 << 10
)

// entry is a stored cell; a line of the history file.
type entry struct {
	Session int    `json:"session"`
	Line    int    `json:"line"`
	Input   string `json:"input"`
	Output  string `json:"output,omitempty"`
}

// history is the cells of this session and of former ones, oldest first. It
// reads its file when it is first needed.
type history struct {
	path string // of the file; empty for none
	logf func(string, ...any)

	mu      sync.Mutex
	loaded  bool
	session int // the number of this session; former ones have lower numbers
	entries []entry
}

// load reads the file, unless that was done before.
func (h *history) load() {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.loadLocked()
}

func (h *history) loadLocked() {
	if h.loaded {
		return
	}
	h.loaded = true
	if h.path != "" {
		entries, err := readHistory(h.path)
		if err != nil {
			h.logf("kernel: history stays in memory: %v", err)
			h.path = ""
		}
		h.entries = entries
	}
	h.session = 1
	for _, e := range h.entries {
		h.session = max(h.session, e.Session+1)
	}
}

// add stores a cell of this session.
func (h *history) add(line int, input, output string) {
	if len(input) > maxInput {
		return
	}
	if len(output) > maxOutput {
		output = ""
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.loadLocked()
	e := entry{h.session, line, input, output}
	if h.entries = append(h.entries, e); len(h.entries) > 2*maxEntries {
		h.entries = append([]entry(nil), h.entries[maxEntries:]...)
	}
	if h.path == "" {
		return
	}
	if err := appendHistory(h.path, e); err != nil {
		h.logf("kernel: history: %v", err)
	}
}

func historyRequest(r *request, req protocol.HistoryRequest) any {
	found, err := r.history.find(req)
	if err != nil {
		return protocol.Fail("ValueError", err.Error())
	}
	out := protocol.HistoryReply{Reply: fine}
	for _, e := range found {
		var what any = e.Input
		if req.Output {
			what = []any{e.Input, outputOf(e)}
		}
		out.History = append(out.History, []any{e.Session, e.Line, what})
	}
	return out
}

// outputOf returns the output of an entry, nil if it has none.
func outputOf(e entry) any {
	if e.Output == "" {
		return nil
	}
	return e.Output
}

func (h *history) find(q protocol.HistoryRequest) ([]entry, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.loadLocked()
	switch q.AccessType {
	case "tail":
		return tail(h.entries, q.N), nil
	case "search":
		return tail(h.search(q.Pattern, q.Unique), q.N), nil
	case "range":
		return h.lines(q), nil
	}
	return nil, fmt.Errorf("hist_access_type is %q, want range, tail or search", q.AccessType)
}

// tail returns the last n entries, all without n.
func tail(e []entry, n *int) []entry {
	if n == nil || *n < 0 || *n > len(e) {
		return e
	}
	return e[len(e)-*n:]
}

// lines returns the lines Start to before Stop of a session: 0 is this one,
// -1 the one before.
func (h *history) lines(q protocol.HistoryRequest) (out []entry) {
	session := q.Session
	if session <= 0 {
		session += h.session
	}
	for _, e := range h.entries {
		if e.Session == session && e.Line >= q.Start && (q.Stop == nil || e.Line < *q.Stop) {
			out = append(out, e)
		}
	}
	return out
}

// search returns the entries whose input matches a pattern, any with an empty
// one; with unique only the newest of equal inputs.
func (h *history) search(pattern string, unique bool) (out []entry) {
	if pattern == "" {
		pattern = "*"
	}
	g := parseGlob(pattern)
	newest := map[string]int{}
	for i, e := range h.entries {
		newest[e.Input] = i
	}
	for i, e := range h.entries {
		if (!unique || newest[e.Input] == i) && g.match(e.Input) {
			out = append(out, e)
		}
	}
	return out
}
