package headless

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
	"unicode/utf8"
)

// progress writes a run to the terminal: a line for each cell on stderr and, if
// prints is set, what cells show on stdout and stderr.
type progress struct {
	console
	lines  bool
	prints bool
	opened bool // a line that waits for its seconds
}

// codeWidth is the room for the first line of a cell's code.
const codeWidth = 56

func (p *progress) CellBegins(i, n int, c *Cell) {
	if !p.lines {
		return
	}
	digits := len(fmt.Sprint(n))
	code := firstLine(c.Source)
	fmt.Fprintf(p.stderr, "[%*d/%d] %s", digits, i, n, code)
	if p.prints {
		fmt.Fprintln(p.stderr)
		return
	}
	p.opened = true
	fmt.Fprint(p.stderr, strings.Repeat(" ", codeWidth-utf8.RuneCountInString(code)))
}

func (p *progress) CellPrints(stream, text string) {
	if !p.prints {
		return
	}
	if stream == "stderr" {
		fmt.Fprint(p.stderr, text)
	} else {
		fmt.Fprint(p.stdout, text)
	}
}

func (p *progress) CellEnds(c *Cell, took time.Duration, err error) {
	if p.opened {
		fmt.Fprintf(p.stderr, " %s\n", seconds(took))
	}
	p.opened = false
	var failed *CellError
	if errors.As(err, &failed) && (p.lines || p.prints) {
		p.traceback(failed)
	}
}

// traceback shows an error as the cell shows it, in colours on a terminal.
func (p *progress) traceback(e *CellError) {
	text := strings.Join(e.Traceback, "\n")
	if text == "" {
		text = e.EName + ": " + e.EValue
	}
	if !isTerminal(p.stderr) {
		text = withoutANSI(text)
	}
	fmt.Fprintln(p.stderr, text)
}

func seconds(d time.Duration) string {
	if d >= time.Minute {
		return d.Round(time.Second).String()
	}
	return fmt.Sprintf("%5.1f s", d.Seconds())
}

// firstLine returns the first line of code that is no comment, cut to fit.
func firstLine(source string) string {
	lines := strings.Split(strings.TrimSpace(source), "\n")
	first := lines[0]
	for _, l := range lines {
		if t := strings.TrimSpace(l); t != "" && !strings.HasPrefix(t, "#") {
			first = l
			break
		}
	}
	r := []rune(strings.ReplaceAll(first, "\t", " "))
	if len(r) > codeWidth {
		r = append(r[:codeWidth-1], '…')
	}
	return string(r)
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	if !ok {
		return false
	}
	info, err := f.Stat()
	return err == nil && info.Mode()&os.ModeCharDevice != 0
}
