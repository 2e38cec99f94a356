package headless

import (
	"fmt"
	"html"
	"slices"
	"strconv"
	"strings"
)

// escape matches control sequences; the first group is what a colour sets.
var escape = pattern(`\x1b(?:\[([0-9;]*)m|\[[0-9;?]*[A-Za-ln-z]|\][^\x07\x1b]*(?:\x07|\x1b\\))`)

// withoutANSI takes control sequences out of a text.
func withoutANSI(s string) string { return escape().ReplaceAllString(s, "") }

// pen is the state that colour sequences set.
type pen struct {
	front, back           string // CSS colours, empty for the default
	bold, italic, underln bool
}

// ansiHTML turns a text with colours of a terminal into HTML. The 16 colours
// are classes, so that the page chooses tones that can be read.
func ansiHTML(s string) string {
	var out strings.Builder
	var p pen
	for s != "" {
		m := escape().FindStringSubmatchIndex(s)
		if m == nil {
			break
		}
		p.write(&out, s[:m[0]])
		if m[2] >= 0 {
			p.set(s[m[2]:m[3]])
		}
		s = s[m[1]:]
	}
	p.write(&out, s)
	return out.String()
}

func (p pen) write(out *strings.Builder, text string) {
	if text == "" {
		return
	}
	text = html.EscapeString(text)
	if p == (pen{}) {
		out.WriteString(text)
		return
	}
	var classes, styles []string
	for _, c := range []struct{ value, class, property string }{{p.front, "f", "color"}, {p.back, "b", "background"}} {
		switch {
		case strings.HasPrefix(c.value, "#"):
			styles = append(styles, c.property+":"+c.value)
		case c.value != "":
			classes = append(classes, c.class+c.value)
		}
	}
	for name, on := range map[string]bool{"bold": p.bold, "italic": p.italic, "underline": p.underln} {
		if on {
			classes = append(classes, name)
		}
	}
	slices.Sort(classes)
	out.WriteString("<span")
	if len(classes) > 0 {
		fmt.Fprintf(out, ` class="ansi-%s"`, strings.Join(classes, " ansi-"))
	}
	if len(styles) > 0 {
		fmt.Fprintf(out, ` style="%s"`, strings.Join(styles, ";"))
	}
	out.WriteString(">" + text + "</span>")
}

// set reads the numbers of one sequence.
func (p *pen) set(codes string) {
	fields := strings.Split(codes, ";")
	for len(fields) > 0 {
		n, _ := strconv.Atoi(fields[0]) // empty means 0
		fields = fields[1:]
		switch {
		case n == 0:
			*p = pen{}
		case n == 1, n == 22:
			p.bold = n == 1
		case n == 3, n == 23:
			p.italic = n == 3
		case n == 4, n == 24:
			p.underln = n == 4
		case n == 38:
			p.front, fields = extended(fields)
		case n == 48:
			p.back, fields = extended(fields)
		case n == 39:
			p.front = ""
		case n == 49:
			p.back = ""
		case n >= 30 && n < 38, n >= 90 && n < 98:
			p.front = strconv.Itoa(n%10 + n/90*8)
		case n >= 40 && n < 48, n >= 100 && n < 108:
			p.back = strconv.Itoa(n%10 + n/100*8)
		}
	}
}

// extended reads "5;N" (256 colours) or "2;R;G;B" and returns what is left.
func extended(fields []string) (colour string, rest []string) {
	var n [3]int
	for i := range n {
		if i+1 < len(fields) {
			n[i], _ = strconv.Atoi(fields[i+1])
			n[i] &= 255
		}
	}
	switch {
	case len(fields) >= 2 && fields[0] == "5":
		return palette(n[0]), fields[2:]
	case len(fields) >= 4 && fields[0] == "2":
		return fmt.Sprintf("#%02x%02x%02x", n[0], n[1], n[2]), fields[4:]
	}
	return "", nil
}

// palette returns colour n of xterm's 256: 16 named ones, a 6x6x6 cube, 24 greys.
func palette(n int) string {
	if n < 16 {
		return strconv.Itoa(n)
	}
	if n >= 232 {
		grey := 8 + 10*(n-232)
		return fmt.Sprintf("#%02x%02x%02x", grey, grey, grey)
	}
	level := func(i int) int {
		if i == 0 {
			return 0
		}
		return 55 + 40*i
	}
	n -= 16
	return fmt.Sprintf("#%02x%02x%02x", level(n/36), level(n/6%6), level(n%6))
}
