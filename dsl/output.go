package dsl

import (
	"fmt"
	"html"
	"strings"
	"time"

	"go.starlark.net/starlark"

	"mlpkernel/cell"
	"mlpkernel/display"
)

// outputDefs are the ways to say and ask something.
var outputDefs = []Def{
	{Sig: "print(*values, sep=\" \", end=\"\\n\")", Doc: "Prints the values.", Fn: printTo(cell.Stdout)},
	{Sig: "eprint(*values, sep=\" \", end=\"\\n\")", Doc: "Prints the values on the error stream.", Fn: printTo(cell.Stderr)},
	{
		Sig: "display(*values)",
		Doc: "Shows values as the last line of a cell would: tables, networks, models and pictures too. A dictionary whose keys are MIME types is shown as it is.",
		Fn: func(c *Call) (starlark.Value, error) {
			for _, v := range c.Args {
				c.Host().Display(bundleOf(v), "")
			}
			return nil, nil
		},
	},
	{Sig: "markdown(text)", Doc: "Shows Markdown, formulas between $ included.", Fn: showText("text/markdown")},
	{Sig: "latex(text)", Doc: "Shows a formula or text in LaTeX.", Fn: showText("text/latex")},
	{Sig: "html(text)", Doc: "Shows HTML.", Fn: showText("text/html")},
	{
		Sig: "clear_output(wait=False)",
		Doc: "Removes what the cell has shown; with `wait=True` when the next output comes.",
		Fn: func(c *Call) (starlark.Value, error) {
			c.Host().Clear(c.Bool("wait", false))
			return nil, nil
		},
	},
	{Sig: "input(prompt=\"\")", Doc: "Asks for a line of text.", Fn: ask(false)},
	{Sig: "password(prompt=\"\")", Doc: "Asks for a line of text that is not shown.", Fn: ask(true)},
	{
		Sig: "sleep(seconds)",
		Doc: "Waits; an interrupt ends it.",
		Fn: func(c *Call) (starlark.Value, error) {
			s := c.Between("seconds", 0, 1e6, 0)
			if c.Err() != nil {
				return nil, nil
			}
			c.Release(func() {
				select {
				case <-time.After(time.Duration(s * float64(time.Second))):
				case <-c.Context().Done():
				}
			})
			return nil, nil
		},
	},
}

func printTo(stream string) func(c *Call) (starlark.Value, error) {
	return func(c *Call) (starlark.Value, error) {
		parts := make([]string, len(c.Args))
		for i, v := range c.Args {
			s, err := textOf(v)
			if err != nil {
				return nil, err
			}
			parts[i] = string(s)
		}
		sep, end := c.Text("sep", " "), c.Text("end", "\n")
		if c.Err() == nil {
			c.Host().Stream(stream, strings.Join(parts, sep)+end)
		}
		return nil, nil
	}
}

// bundleOf is what display shows for a value.
func bundleOf(v starlark.Value) display.Bundle {
	d, ok := v.(*starlark.Dict)
	if !ok || d.Len() == 0 {
		return show(v)
	}
	b := display.Bundle{Data: map[string]any{}}
	for _, kv := range d.Items() {
		mime, isText := starlark.AsString(kv[0])
		data, isData := starlark.AsString(kv[1])
		if !isText || !isData || strings.Count(mime, "/") != 1 {
			return show(v)
		}
		b.Data[mime] = data
	}
	if b.Plain() == "" {
		b.Data["text/plain"] = "<" + b.MIMETypes()[0] + ">"
	}
	return b
}

func showText(mime string) func(c *Call) (starlark.Value, error) {
	return func(c *Call) (starlark.Value, error) {
		s := c.Text("text", "")
		if c.Err() == nil {
			c.Host().Display(display.Text(s).With(mime, s), "")
		}
		return nil, nil
	}
}

func ask(secret bool) func(c *Call) (starlark.Value, error) {
	return func(c *Call) (starlark.Value, error) {
		prompt := c.Text("prompt", "")
		if c.Err() != nil {
			return nil, nil
		}
		var answer string
		var err error
		c.Release(func() { answer, err = c.Host().Ask(c.Context(), prompt, secret) })
		if err != nil && c.Context().Err() == nil {
			return nil, Errorf("InputError", "%s: %v", c.fn.name, err)
		}
		return starlark.String(answer), nil
	}
}

// htmlText wraps text for a pager.
func htmlText(s string) string {
	return fmt.Sprintf("<pre>%s</pre>", html.EscapeString(s))
}
