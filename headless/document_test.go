package headless_test

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"mlpkernel/headless"
)

// testdata/nbformat.ipynb was written by Jupyter's nbformat.
func TestRoundTrip(t *testing.T) {
	want, err := os.ReadFile("testdata/nbformat.ipynb")
	if err != nil {
		t.Fatal(err)
	}
	nb, err := headless.Decode(want)
	if err != nil {
		t.Fatal(err)
	}
	if got := nb.Encode(); !bytes.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestIdentify(t *testing.T) {
	cell := func(id string) string {
		return `{"cell_type": "markdown", "metadata": {}, "source": "x"` + id + `}`
	}
	doc := `{"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": [` +
		cell("") + "," + cell(`, "id": "a"`) + "," + cell(`, "id": "a"`) + "," + cell(`, "id": "not valid"`) + "]}"
	nb, err := headless.Decode([]byte(doc))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for i, c := range nb.Cells {
		if len(c.ID) != 8 && i != 1 || seen[c.ID] {
			t.Errorf("cell %d has id %q", i, c.ID)
		}
		seen[c.ID] = true
	}
	if nb.Cells[1].ID != "a" {
		t.Errorf("id a became %q", nb.Cells[1].ID)
	}
	if !strings.Contains(string(nb.Encode()), `"nbformat_minor": 5`) {
		t.Error("not written as 4.5")
	}
}

func TestDecodeErrors(t *testing.T) {
	for _, test := range []struct{ doc, want string }{
		{``, "not a notebook"},
		{`[]`, "expected a JSON object"},
		{`{} {}`, "more text behind it"},
		{`{"nbformat": 3}`, "expected nbformat 4, got 3"},
		{`{"nbformat": 4}`, "expected a list of cells"},
		{`{"nbformat": 4, "cells": [1]}`, "cell 1: expected an object"},
		{`{"nbformat": 4, "cells": [{"cell_type": "heading"}]}`, `got "heading"`},
		{`{"nbformat": 4, "cells": [{"cell_type": "code", "source": 1}]}`, "expected source"},
		{`{"nbformat": 4, "cells": [{"cell_type": "code", "source": [], "outputs": [{"output_type": "x"}]}]}`, "cell 1: output 1"},
	} {
		if _, err := headless.Decode([]byte(test.doc)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", test.doc, err, test.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	seed, err := os.ReadFile("testdata/nbformat.ipynb")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(seed)
	f.Add([]byte(`{"nbformat": 4, "cells": [{"cell_type": "code", "source": ["a\r", "\nb"], "outputs": []}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		nb, err := headless.Decode(data)
		if err != nil {
			return
		}
		once := nb.Encode()
		again, err := headless.Decode(once)
		if err != nil {
			t.Fatalf("cannot read what was written: %v\n%s", err, once)
		}
		if twice := again.Encode(); !bytes.Equal(once, twice) {
			t.Fatalf("written twice:\n%s\n%s", once, twice)
		}
		if _, err := headless.HTML(again, ""); err != nil {
			t.Fatal(err)
		}
	})
}

// FuzzDecodeText checks that any text is a script and a Markdown file whose
// notebook can be written, read again and typeset.
func FuzzDecodeText(f *testing.F) {
	f.Add("# %% [markdown] tags=[\"a\"]\n# # Title\n# %%\nx = 1\n")
	f.Add("# A\n```starlark tags=[\"parameters\"]\nx = 1\n```\n~~~~\n```\n~~~~\n``` {code-cell}\n")
	f.Fuzz(func(t *testing.T, text string) {
		for _, nb := range []*headless.Notebook{headless.DecodeScript(text), headless.DecodeMarkdown(text)} {
			once := nb.Encode()
			again, err := headless.Decode(once)
			if err != nil || !bytes.Equal(again.Encode(), once) {
				t.Fatalf("%v\n%s", err, once)
			}
			if _, err := headless.HTML(again, ""); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// outline writes a notebook's cells in short.
func outline(nb *headless.Notebook) string {
	var out strings.Builder
	for _, c := range nb.Cells {
		out.WriteString(c.Type + ":" + strings.ReplaceAll(c.Source, "\n", "/"))
		for _, tag := range []string{"parameters", "raises-exception"} {
			if c.Tagged(tag) {
				out.WriteString(" #" + tag)
			}
		}
		out.WriteString("\n")
	}
	return out.String()
}

func TestTextFiles(t *testing.T) {
	for _, test := range []struct{ file, text, want string }{
		{"one.star", "a = 1\n\nb = 2\n", "code:a = 1//b = 2\n"},
		{"percent.star", "# ---\n# jupyter: {}\n# ---\n\n# %% tags=[\"parameters\"]\na = 1\n\n# %% [markdown]\n# # Title\n#\n# text\n# %% last\n\nprint(a)\n",
			"code:a = 1 #parameters\nmarkdown:# Title//text\ncode:print(a)\n"},
		{"quoted.star", "# %% [markdown]\n\"\"\"\nhello\n\"\"\"\n", "markdown:hello\n"},
		{"fences.md", "---\ntitle: x\n---\n# T\n\n```starlark tags=[\"raises-exception\"]\na = 1\n```\n\n```python\nb\n```\nend\n~~~star\nc\n~~~\n",
			"markdown:# T\ncode:a = 1 #raises-exception\nmarkdown:```python/b/```/end\ncode:c\n"},
		{"myst.md", "```{code-cell} starlark\n:tags: [parameters]\na = 1\n```\n", "code:a = 1 #parameters\n"},
		{"open.md", "````starlark\n```\na\n", "code:```/a\n"},
		{"crlf.md", "text\r\n```starlark\r\na\r\n```\r\n", "markdown:text\ncode:a\n"},
	} {
		nb, err := headless.ReadFile(write(t, t.TempDir(), test.file, []byte(test.text)))
		if err != nil {
			t.Error(err)
		} else if got := outline(nb); got != test.want {
			t.Errorf("%s: got\n%s\nwant\n%s", test.file, got, test.want)
		}
	}
}

func TestParameters(t *testing.T) {
	for _, test := range []struct{ arg, want string }{
		{"a=1", "1"}, {"a=-2.5e-3", "-2.5e-3"}, {"a=.5", ".5"}, {"a=true", "True"}, {"a=False", "False"}, {"a=none", "None"},
		{"a=adam", `"adam"`}, {"a=", `""`}, {"a=x=y", `"x=y"`}, {`a="05"`, `"05"`}, {"a=05", `"05"`}, {"a=1.2.3", `"1.2.3"`},
		{"a=[64, 1.5, true, null]", "[64, 1.5, True, None]"}, {`a={"b": [1], "a": "x"}`, `{"a": "x", "b": [1]}`}, {`a=[not json`, `"[not json"`},
		{`a=say "hi"`, `"say \"hi\""`}, {"a=한글", `"한글"`},
	} {
		p, err := headless.ParseParameter(test.arg)
		if err != nil || p.Name != "a" || p.Literal != test.want {
			t.Errorf("%s: got %v, %v; want %s", test.arg, p, err, test.want)
		}
	}
	for _, bad := range []string{"a", "=1", "1a=2", "a b=1"} {
		if _, err := headless.ParseParameter(bad); err == nil {
			t.Errorf("%q was accepted", bad)
		}
	}
}

func TestSetParameters(t *testing.T) {
	nb := book(t, "print x", "parameters|lr = 1\nn=2")
	list := []headless.Parameter{{Name: "lr", Literal: "0.5"}}
	if w := nb.SetParameters(list); w != "" {
		t.Error(w)
	}
	if nb.SetParameters(list); len(nb.Cells) != 3 || nb.Cells[2].Source != "# Parameters\nlr = 0.5" || !nb.Cells[2].Tagged("injected-parameters") {
		t.Errorf("got %s", outline(nb))
	}
	if w := nb.SetParameters([]headless.Parameter{{Name: "rate", Literal: "1"}}); w != "the parameters cell does not set rate; it sets lr, n" {
		t.Error(w)
	}
	none := book(t, "print x")
	if w := none.SetParameters(list); !strings.Contains(w, "no cell is tagged parameters") || none.Cells[0].Source != "# Parameters\nlr = 0.5" {
		t.Errorf("%s, %s", w, outline(none))
	}
}
