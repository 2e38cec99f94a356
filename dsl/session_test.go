package dsl_test

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"mlpkernel/cell"
	"mlpkernel/display"
	"mlpkernel/dsl"
)

// screen is a host that writes down what a cell says.
type screen struct {
	mu     sync.Mutex
	said   []said
	shown  []display.Bundle
	answer string
	spoken chan bool // told of the first words, if not nil
}

// said is a piece of output; displays can be updated by their id.
type said struct{ id, text string }

func (s *screen) note(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said = append(s.said, said{text: fmt.Sprintf(format, args...)})
}

func (s *screen) text() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := ""
	for _, p := range s.said {
		out += p.text
	}
	return out
}

// steady is a bundle's text without what varies by nature.
func steady(b display.Bundle) string {
	text := b.Plain()
	for _, v := range b.Volatile {
		text = strings.ReplaceAll(text, v, "~")
	}
	return text + "\n"
}

func (s *screen) Stream(name, text string) {
	if name == cell.Stderr {
		text = "stderr: " + text
	}
	s.note("%s", text)
	select {
	case s.spoken <- true:
	default:
	}
}

func (s *screen) Display(b display.Bundle, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.said = append(s.said, said{id, steady(b)})
	s.shown = append(s.shown, b)
}
func (s *screen) Update(b display.Bundle, id string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for i, p := range s.said {
		if p.id == id {
			s.said[i].text = steady(b)
		}
	}
}
func (s *screen) Clear(wait bool)       { s.note("clear\n") }
func (s *screen) Page(b display.Bundle) { s.note("%s\n", b.Plain()) }
func (s *screen) Exit(keep bool)        { s.note("exit\n") }
func (s *screen) Ask(_ context.Context, prompt string, secret bool) (string, error) {
	if s.answer == "" {
		return "", cell.ErrNoInput
	}
	s.note("%s", prompt)
	return s.answer, nil
}

// notebook runs cells one after another.
type notebook struct {
	s     *dsl.Session
	count int
}

func newNotebook(t testing.TB) *notebook {
	t.Helper()
	return &notebook{s: dsl.New(dsl.Options{Dir: "testdata", Version: "test"})}
}

// run runs a cell and returns what a reader sees: what it said, its value,
// and its error with the place.
func (n *notebook) run(src string) string {
	n.count++
	h := &screen{answer: "Ada"}
	v, err := n.s.Execute(context.Background(), cell.Code{Source: src, Count: n.count}, h)
	out := h.text()
	if err != nil {
		e := err.(*cell.Error)
		return out + strings.Join(bare(e.Traceback), "\n")
	}
	if v != nil {
		out += v.Plain()
	}
	return strings.TrimRight(out, "\n")
}

var colour = regexp.MustCompile("\x1b\\[[0-9;]+m")

func bare(lines []string) []string {
	out := make([]string, len(lines))
	for i, l := range lines {
		out[i] = strings.TrimRight(colour.ReplaceAllString(l, ""), " ")
	}
	return out
}

// TestCells runs testdata/*.cells: cells begin with a line "# In", what a
// reader sees follows a line "# Out" until the next cell. A line "# Session"
// begins a fresh session. With the environment's UPDATE=1 the outputs are rewritten.
func TestCells(t *testing.T) {
	files, err := filepath.Glob("testdata/*.cells")
	if err != nil || len(files) == 0 {
		t.Fatalf("no cells: %v", err)
	}
	for _, f := range files {
		t.Run(filepath.Base(f), func(t *testing.T) {
			if testing.Short() && filepath.Base(f) == "plot.cells" {
				t.Skip("draws every picture, which takes long under the race detector")
			}
			runCells(t, f)
		})
	}
}

func runCells(t *testing.T, file string) {
	b, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	nb := newNotebook(t)
	var rewritten strings.Builder
	for i, session := range strings.Split(string(b), "# Session\n") {
		if i > 0 {
			rewritten.WriteString("# Session\n")
			nb = newNotebook(t)
		}
		parts := strings.Split(session, "# In\n")
		rewritten.WriteString(parts[0])
		for _, p := range parts[1:] {
			src, want, _ := strings.Cut(p, "# Out\n")
			src, want = strings.TrimRight(src, "\n"), strings.TrimRight(want, "\n")
			got := nb.run(src)
			if got != want && os.Getenv("UPDATE") == "" {
				t.Errorf("the cell\n%s\nshows\n%s\nwant\n%s", src, got, want)
			}
			fmt.Fprintf(&rewritten, "# In\n%s\n# Out\n%s\n", src, got)
		}
	}
	if os.Getenv("UPDATE") != "" {
		if err := os.WriteFile(file, []byte(rewritten.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// interrupted runs a cell that prints and then goes on without an end, and
// interrupts it.
func (nb *notebook) interrupted(t *testing.T, src string) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	h := &screen{spoken: make(chan bool, 1)}
	go func() {
		_, err := nb.s.Execute(ctx, cell.Code{Source: src, Count: 9}, h)
		ended <- err
	}()
	<-h.spoken
	if len(nb.s.Complete("prin", 4).Matches) == 0 {
		t.Error("no completion while a cell runs")
	}
	cancel()
	select {
	case err := <-ended:
		if e, ok := err.(*cell.Error); !ok || e.Name != cell.Interrupted {
			t.Errorf("%s: got %v", src, err)
		}
	case <-time.After(2 * time.Minute): // which only a failing test reaches
		t.Fatalf("%s: not interrupted", src)
	}
}

func TestInterruptKeepsVariables(t *testing.T) {
	nb := newNotebook(t)
	nb.run("x = 1")
	for _, src := range []string{"while True: pass", "while True:\n    x = x", "sleep(1000)", "[0 for i in range(1 << 40)]"} {
		nb.interrupted(t, "x = 2\nprint(x)\n"+src)
	}
	if got := nb.run("x"); got != "2" {
		t.Errorf("x is %s", got)
	}
}

// TestInterruptOfCallbacks interrupts functions of the cell that a training
// calls: the statement still binds the model.
func TestInterruptOfCallbacks(t *testing.T) {
	nb := newNotebook(t)
	nb.run("def spin(x):\n    print(x)\n    while True: pass\nt = dataset(\"iris\")")
	nb.interrupted(t, "m = fit(dense(2, activation(spin)) >> output(), t, \"species\", live=False)")
	nb.interrupted(t, "n = fit(dense(2) >> output(), t, \"species\", on_epoch=spin, live=False)")
	want := "(('interrupted', 0), ('interrupted', 1))"
	if got := nb.run("(m.stopped, len(m.history)), (n.stopped, len(n.history))"); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func texts(ms []cell.Match) string {
	var out []string
	for _, m := range ms {
		out = append(out, m.Text)
	}
	return strings.Join(out, " ")
}

func TestComplete(t *testing.T) {
	nb := newNotebook(t)
	nb.run("d = {\"alpha\": 1, \"beta\": 2}\nc = table({\"n\": [\"Ada\", \"Bo\", \"Ada\"]})[\"n\"]\nc = category(c)\ns = \"text\"\ndef myfunction(first, second=2): return first")
	tests := []struct{ src, want string }{
		{"pri", "print"},
		{"myf", "myfunction"},
		{"s.upp", "upper"},
		{"s.fin", "find"},
		{"d[\"al", "alpha"},
		{"x = d['", "alpha beta"},
		{"myfunction(1, sec", "second="},
		{"print(1, s", "sep= session"},
		{"math.sq", "sqrt"},
		{"read_csv(\"cel", ""},
		{"f().x", ""},
		{"# pri", ""},
		{"f\"{myf", "myfunction"},
		{"f\"{{myf", ""},
		{"dense(4, rel", "relu"},
		{"dense(4, activation=\"lea", "leaky_relu"},
		{"fit(n, t, optimizer=adam", "adam adamw"},
		{"fit(n, t, metrics=[\"accu", "accuracy"},
		{"fit(n, t, device=\"", "auto cpu gpu"},
		{"c == \"A", "Ada"},
		{"def f():\n    whi", "while"},
	}
	for _, tt := range tests {
		got := texts(nb.s.Complete(tt.src, len([]rune(tt.src))).Matches)
		if tt.src == "print(1, s" {
			if !strings.HasPrefix(got, "sep= ") {
				t.Errorf("%q: got %s", tt.src, got)
			}
			continue
		}
		if got != tt.want {
			t.Errorf("%q: got %s, want %s", tt.src, got, tt.want)
		}
	}
	c := nb.s.Complete("x = \"한글\"; pri", 13)
	if c.Start != 10 || c.End != 13 {
		t.Errorf("got %d to %d, want code points", c.Start, c.End)
	}
}

func TestInspect(t *testing.T) {
	nb := newNotebook(t)
	nb.run("def myfunction(first, second=2):\n    \"\"\"Adds.\"\"\"\n    return first + second\n")
	tests := []struct {
		src    string
		at     int
		detail int
		want   string
	}{
		{"round(1.5)", 2, 0, "round(x, digits=None)"},
		{"round(1.5, ", 11, 0, "round(x, digits=None)"},
		{"myfunction(", 11, 0, "myfunction(first, second=2)"},
		{"myfunction", 3, 0, "Adds."},
		{"myfunction", 3, 1, "return first + second"},
		{"math.sqrt", 9, 0, "sqrt"},
	}
	for _, tt := range tests {
		b, found := nb.s.Inspect(tt.src, tt.at, tt.detail)
		if !found || !strings.Contains(b.Plain(), tt.want) || b.Data["text/html"] == nil {
			t.Errorf("%q at %d: got %v %q, want %q", tt.src, tt.at, found, b.Plain(), tt.want)
		}
	}
	if _, found := nb.s.Inspect("nothing", 3, 0); found {
		t.Error("found what is not there")
	}
}

func TestJudge(t *testing.T) {
	s := newNotebook(t).s
	for src, want := range map[string]string{
		"1": "complete", "x = [1,\n 2]": "complete", "def f(x):\n    return x*2\n\n": "complete", "if True:\n    pass\n": "complete",
		"x = [1,": "incomplete", "def f(x):": "incomplete    ", "def f(x):\n    return x*2": "incomplete    ", "print('''a": "incomplete",
		"for i in range(3):\n    if i:": "incomplete        ", "f(1,": "incomplete",
		"import x": "invalid", "7a = 1": "invalid", "x = = 2": "invalid", "def f(:": "invalid",
		"f\"{x} ** 2\"": "complete", "a\n>> b": "complete",
	} {
		status, indent := s.Judge(src)
		if got := string(status) + indent; got != want {
			t.Errorf("%q: got %q, want %q", src, got, want)
		}
	}
}

func TestEvaluate(t *testing.T) {
	nb := newNotebook(t)
	nb.run("x = 20")
	if b, err := nb.s.Evaluate(context.Background(), "x + 1"); err != nil || b.Plain() != "21" {
		t.Errorf("got %v, %v", b, err)
	}
	if _, err := nb.s.Evaluate(context.Background(), "nosuch"); err == nil {
		t.Error("no error")
	}
}

// FuzzCell checks that no cell makes the session panic. It begins with the cells
// of the tests about the language.
func FuzzCell(f *testing.F) {
	text, err := os.ReadFile("testdata/language.cells")
	if err != nil {
		f.Fatal(err)
	}
	for _, part := range strings.Split(string(text), "# In\n")[1:] {
		src, _, _ := strings.Cut(part, "# Out\n")
		f.Add(src)
	}
	for _, s := range []string{"f'{1+1:>{4}}'", "2**-1**2", "x?\n", "[x for x in 'ab' if x < 'b']", "a = 'x'[0:1]", "def f(): return f()\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, src string) {
		if strings.Contains(src, "sleep") || strings.Contains(src, "while") || strings.Contains(src, "range") {
			t.Skip()
		}
		nb := newNotebook(t)
		nb.run("kept = 1")
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		_, err := nb.s.Execute(ctx, cell.Code{Source: src, Count: 2}, &screen{})
		if e, ok := err.(*cell.Error); ok && e.Name == "InternalError" {
			t.Fatalf("%q: %v", src, e)
		}
	})
}
