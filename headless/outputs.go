package headless

import (
	"encoding/json"
	"strings"

	"mlpkernel/protocol"
)

// recorder puts what a kernel publishes into the cells of a notebook.
type recorder struct {
	cell     *Cell // the running one
	clearing bool  // clear before the next output
	displays map[string][]*Output
}

func newRecorder() *recorder { return &recorder{displays: map[string][]*Output{}} }

// begin makes c the running cell and forgets its former outputs.
func (r *recorder) begin(c *Cell) {
	r.cell, r.clearing = c, false
	c.Count, c.Outputs = 0, nil
}

// content is what the recorder reads of all the messages it knows.
type content struct {
	protocol.Stream
	protocol.ClearOutput
	protocol.Failure
	Data           map[string]any     `json:"data"`
	Metadata       map[string]any     `json:"metadata"`
	Transient      protocol.Transient `json:"transient"`
	ExecutionCount int                `json:"execution_count"`
}

// recorded tells what each message type does to the running cell.
var recorded = map[string]func(*recorder, content){
	"stream":              (*recorder).stream,
	"display_data":        func(r *recorder, c content) { r.display(DisplayData, c) },
	"execute_result":      func(r *recorder, c content) { r.display(ExecuteResult, c) },
	"update_display_data": (*recorder).update,
	"clear_output":        (*recorder).clear,
	"error": func(r *recorder, c content) {
		r.add(&Output{Type: ErrorOutput, EName: c.EName, EValue: c.EValue, Traceback: c.Traceback})
	},
	"execute_input": func(r *recorder, c content) { r.cell.Count = c.ExecutionCount },
}

// message records a message of the running cell; others are ignored.
func (r *recorder) message(m *protocol.Message) {
	do, ok := recorded[m.Type()]
	if !ok {
		return
	}
	d := json.NewDecoder(strings.NewReader(string(m.Content)))
	d.UseNumber()
	var c content
	if d.Decode(&c) == nil {
		do(r, c)
	}
}

func (r *recorder) add(o *Output) {
	if r.clearing {
		r.cell.Outputs, r.clearing = nil, false
	}
	r.cell.Outputs = append(r.cell.Outputs, o)
}

func (r *recorder) stream(c content) {
	if n := len(r.cell.Outputs); !r.clearing && n > 0 {
		if last := r.cell.Outputs[n-1]; last.Type == Stream && last.Name == c.Name {
			last.print(c.Text)
			return
		}
	}
	o := &Output{Type: Stream, Name: c.Name}
	r.add(o)
	o.print(c.Text)
}

func (r *recorder) display(kind string, c content) {
	o := &Output{Type: kind, Data: c.Data, Metadata: object(c.Metadata), Count: c.ExecutionCount}
	r.add(o)
	if id := c.Transient.DisplayID; id != "" {
		r.displays[id] = append(r.displays[id], o)
	}
}

func (r *recorder) update(c content) {
	for _, o := range r.displays[c.Transient.DisplayID] {
		o.Data, o.Metadata = c.Data, object(c.Metadata)
	}
}

func (r *recorder) clear(c content) {
	if r.clearing = c.Wait; !c.Wait {
		r.cell.Outputs = nil
	}
}

// finish turns the screens of the cell's streams into texts.
func (r *recorder) finish() {
	for _, o := range r.cell.Outputs {
		if o.screen != nil {
			o.Text, o.screen = o.screen.String(), nil
		}
	}
}

func (o *Output) print(text string) {
	if o.screen == nil {
		o.screen = &screen{}
	}
	o.screen.print(text)
}

// screen is a text whose last line carriage return and backspace can go back in.
type screen struct {
	done   strings.Builder
	line   []rune
	column int
}

func (s *screen) print(text string) {
	for _, r := range text {
		switch r {
		case '\n':
			s.done.WriteString(string(s.line))
			s.done.WriteByte('\n')
			s.line, s.column = s.line[:0], 0
		case '\r':
			s.column = 0
		case '\b':
			s.column = max(0, s.column-1)
		default:
			s.put(r)
		}
	}
}

func (s *screen) put(r rune) {
	if s.column == len(s.line) {
		s.line = append(s.line, r)
	} else {
		s.line[s.column] = r
	}
	s.column++
}

func (s *screen) String() string { return s.done.String() + string(s.line) }

// screened returns a text as a screen shows it.
func screened(text string) string {
	if !strings.ContainsAny(text, "\r\b") {
		return text
	}
	s := &screen{}
	s.print(text)
	return s.String()
}
