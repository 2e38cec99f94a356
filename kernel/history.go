package kernel

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"

	"mlpkernel/protocol"
)

// maxHistory is how many entries of former sessions are kept in memory.
const maxHistory = 10000

// entry is a stored cell; a line of the history file.
type entry struct {
	Session int    `json:"session"`
	Line    int    `json:"line"`
	Input   string `json:"input"`
	Output  string `json:"output,omitempty"`
}

// history is the cells of this session and of former ones, oldest first.
type history struct {
	mu      sync.Mutex
	entries []entry
	session int
	file    *os.File
	logf    func(string, ...any)
}

// openHistory reads a history file and goes on in it. Lines that are not
// entries are skipped. Without a file, or when it cannot be opened, the
// history is in memory only.
func openHistory(path string, logf func(string, ...any)) *history {
	h := &history{session: 1, logf: logf}
	if path == "" {
		return h
	}
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		h.file, err = os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o600)
	}
	if err != nil {
		logf("kernel: history stays in memory: %v", err)
		return h
	}
	lines := bufio.NewReader(h.file)
	for {
		line, err := lines.ReadBytes('\n')
		var e entry
		if json.Unmarshal(line, &e) == nil && e.Session > 0 {
			h.entries = append(h.entries, e)
			h.session = max(h.session, e.Session+1)
		}
		if err != nil {
			break
		}
	}
	h.entries = h.entries[max(0, len(h.entries)-maxHistory):]
	return h
}

func (h *history) add(line int, input, output string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	e := entry{h.session, line, input, output}
	h.entries = append(h.entries, e)
	if h.file == nil {
		return
	}
	if _, err := h.file.Write(append(protocol.Marshal(e), '\n')); err != nil {
		h.logf("kernel: history: %v", err)
	}
}

func (h *history) close() error {
	if h.file == nil {
		return nil
	}
	return h.file.Close()
}

type historyQuery struct {
	Output  bool   `json:"output"`
	Access  string `json:"hist_access_type"`
	Session int    `json:"session"` // 0: this one, -1: the one before
	Start   int    `json:"start"`
	Stop    *int   `json:"stop"`
	N       *int   `json:"n"`
	Pattern string `json:"pattern"`
	Unique  bool   `json:"unique"`
}

func historyRequest(k *kernel, m *protocol.Message) (map[string]any, error) {
	q := historyQuery{Pattern: "*"}
	if err := json.Unmarshal(m.Content, &q); err != nil {
		return nil, err
	}
	found, err := k.history.find(q)
	if err != nil {
		return nil, err
	}
	out := []any{}
	for _, e := range found {
		if !q.Output {
			out = append(out, []any{e.Session, e.Line, e.Input})
			continue
		}
		var output any
		if e.Output != "" {
			output = e.Output
		}
		out = append(out, []any{e.Session, e.Line, []any{e.Input, output}})
	}
	return map[string]any{"history": out}, nil
}

func (h *history) find(q historyQuery) ([]entry, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	switch q.Access {
	case "tail":
		return tail(h.entries, q.N), nil
	case "search":
		return tail(h.search(q), q.N), nil
	case "range":
		return h.lines(q), nil
	}
	return nil, fmt.Errorf("hist_access_type is %q, want range, tail or search", q.Access)
}

func tail(e []entry, n *int) []entry {
	if n == nil || *n < 0 {
		return e
	}
	return e[max(0, len(e)-*n):]
}

func (h *history) lines(q historyQuery) []entry {
	session := q.Session
	if session <= 0 {
		session += h.session
	}
	var out []entry
	for _, e := range h.entries {
		if e.Session == session && e.Line >= q.Start && (q.Stop == nil || e.Line < *q.Stop) {
			out = append(out, e)
		}
	}
	return out
}

// search returns the entries whose input matches a pattern of * and ?; of
// equal inputs the newest if unique.
func (h *history) search(q historyQuery) []entry {
	glob := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(q.Pattern))
	pattern := regexp.MustCompile("(?s)^" + glob + "$")
	newest := map[string]int{}
	for i, e := range h.entries {
		newest[e.Input] = i
	}
	var out []entry
	for i, e := range h.entries {
		if pattern.MatchString(e.Input) && (!q.Unique || newest[e.Input] == i) {
			out = append(out, e)
		}
	}
	return out
}
