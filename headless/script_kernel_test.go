package headless_test

import (
	"context"
	"fmt"
	"strings"

	"mlpkernel/cell"
	"mlpkernel/display"
	"mlpkernel/headless"
	"mlpkernel/kernel"
	"mlpkernel/protocol"
)

// script is an interpreter whose cells are lines of a word and its text.
type script struct {
	variables map[string]string
	drift     string // what the volatile word says
}

func (*script) Info() cell.Info {
	return cell.Info{Implementation: "script", Version: "1", Language: cell.Language{
		Name: "script", Version: "1", MIMEType: "text/x-script", FileExtension: ".x", CodeMirrorMode: map[string]any{"name": "python", "version": 3},
	}}
}

func (s *script) Execute(ctx context.Context, c cell.Code, h cell.Host) (value *display.Bundle, err error) {
	for line := range strings.Lines(c.Source) {
		word, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
		if v := s.line(ctx, word, strings.ReplaceAll(rest, `\r`, "\r"), h); v.Data != nil {
			value = &v
		} else if word == "fail" {
			return nil, &cell.Error{Name: "TestError", Value: rest, Traceback: []string{"\x1b[31mTestError\x1b[0m: " + rest}}
		} else if ctx.Err() != nil {
			return nil, &cell.Error{Name: cell.Interrupted}
		}
	}
	return value, nil
}

func (s *script) line(ctx context.Context, word, rest string, h cell.Host) (value display.Bundle) {
	switch word {
	case "print":
		h.Stream(cell.Stdout, rest+"\n")
	case "put":
		h.Stream(cell.Stdout, rest)
	case "warn":
		h.Stream(cell.Stderr, rest+"\n")
	case "value":
		return display.Text(rest)
	case "show":
		id, text, _ := strings.Cut(rest, " ")
		h.Display(display.Text(text), id)
	case "update":
		id, text, _ := strings.Cut(rest, " ")
		h.Update(display.Text(text), id)
	case "clear":
		h.Clear(rest == "wait")
	case "page":
		h.Page(display.Text(rest))
	case "took":
		b := display.Text(fmt.Sprintf("%s took  %s", rest, s.drift)).With("text/html", "<b>"+rest+"</b> "+s.drift)
		b.Volatile = []string{s.drift}
		return b
	case "wait":
		h.Stream(cell.Stdout, "waiting\n")
		<-ctx.Done()
	case "get":
		return display.Text(s.variables[rest])
	default:
		if name, v, ok := strings.Cut(word+" "+rest, " = "); ok {
			s.variables[name] = v
		}
	}
	return value
}

// scripts returns a Starter of kernels that run scripts.
func scripts(drift string) headless.Starter {
	return headless.InProcess(func(ctx context.Context, conn protocol.Connection) error {
		s := &script{variables: map[string]string{}, drift: drift}
		return kernel.Serve(ctx, conn, func() cell.Interpreter { return s }, kernel.Options{Embedded: true})
	})
}
