package headless_test

import (
	"encoding/xml"
	"io"
	"regexp"
	"strings"
	"testing"

	"mlpkernel/headless"
)

func TestMathML(t *testing.T) {
	for _, test := range []struct{ tex, want string }{
		{`x`, `<mi>x</mi>`},
		{`x_1^2`, `<msubsup><mi>x</mi><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></msubsup>`},
		{`x^12`, `<msup><mi>x</mi><mrow><mn>1</mn></mrow></msup><mn>2</mn>`},
		{`f'`, `<msup><mi>f</mi><mrow><mo>′</mo></mrow></msup>`},
		{`\frac{a}{b}`, `<mfrac><mrow><mrow><mi>a</mi></mrow></mrow><mrow><mrow><mi>b</mi></mrow></mrow></mfrac>`},
		{`\frac12`, `<mfrac><mrow><mn>1</mn></mrow><mrow><mn>2</mn></mrow></mfrac>`},
		{`\sum_{i} x`, `<munder><mo>∑</mo><mrow><mrow><mi>i</mi></mrow></mrow></munder><mi>x</mi>`},
		{`\hat{y}`, `<mover accent="true"><mrow><mrow><mi>y</mi></mrow></mrow><mo>^</mo></mover>`},
		{`\mathbf{x}`, `<mrow><mi>𝐱</mi></mrow>`},
		{`\mathbb R`, `<mrow><mi>ℝ</mi></mrow>`},
		{`\boldsymbol\theta`, `<mrow><mi>𝜽</mi></mrow>`},
		{`\text{if } x`, "<mtext>if\u00a0</mtext><mi>x</mi>"},
		{`a < b`, `<mi>a</mi><mo>&lt;</mo><mi>b</mi>`},
		{`\left( x \right]`, `<mrow><mo stretchy="true" fence="true" form="prefix">(</mo><mi>x</mi><mo stretchy="true" fence="true" form="postfix">]</mo></mrow>`},
		{`\begin{matrix} a & b \\ c & d \\ \end{matrix}`,
			`<mrow><mtable><mtr><mtd><mi>a</mi></mtd><mtd><mi>b</mi></mtd></mtr><mtr><mtd><mi>c</mi></mtd><mtd><mi>d</mi></mtd></mtr></mtable></mrow>`},
		{`\sqrt[3]{x}`, `<mroot><mrow><mrow><mi>x</mi></mrow></mrow><mrow><mn>3</mn></mrow></mroot>`},
	} {
		if got, err := headless.MathML(test.tex); err != nil || got != test.want {
			t.Errorf("%s:\n got %s, %v\nwant %s", test.tex, got, err, test.want)
		}
	}
}

func TestMathMLErrors(t *testing.T) {
	for _, tex := range []string{
		`\nosuch x`, `{a`, `a}`, `\frac{a}`, `x^`, `\left( x`, `\right)`, `\begin{matrix} a`, `\begin{nosuch}\end{nosuch}`,
		`\begin{matrix} a \end{pmatrix}`, `a & b`, `\text{a`, `\`, strings.Repeat("{", 500) + strings.Repeat("}", 500),
	} {
		if ml, err := headless.MathML(tex); err == nil {
			t.Errorf("%s gave %s", tex, ml)
		}
	}
}

// wellFormed checks that every element of a piece of MathML is closed.
func wellFormed(ml string) error {
	d := xml.NewDecoder(strings.NewReader("<math>" + ml + "</math>"))
	for {
		if _, err := d.Token(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func FuzzMathML(f *testing.F) {
	for _, tex := range []string{
		`L = -\frac{1}{N} \sum_{n=1}^{N} y_{nk} \log \hat{y}_{nk} + \frac{\lambda}{2} \lVert W \rVert_2^2`,
		`\begin{cases} z & \text{if } z > 0 \\ 0 & \text{otherwise} \end{cases}`,
		`\operatorname{softmax}(z)_i = \frac{e^{z_i}}{\sum_j e^{z_j}}`, `\underbrace{a+b}_{c} \overset{!}{=} \left\{ \middle| \right.`,
	} {
		f.Add(tex)
	}
	f.Fuzz(func(t *testing.T, tex string) {
		for _, r := range tex { // what XML cannot hold is not the translator's fault
			if r < ' ' || r == '\ufffd' || r == '\ufffe' || r == '\uffff' {
				return
			}
		}
		if ml, err := headless.MathML(tex); err == nil {
			if err := wellFormed(ml); err != nil {
				t.Errorf("%q gave %s: %v", tex, ml, err)
			}
		}
	})
}

func TestMarkdown(t *testing.T) {
	dir := t.TempDir()
	write(t, dir, "a.png", []byte("pixels"))
	for _, test := range []struct{ name, text, has, lacks string }{
		{"inline", "so $a_1 * b_2 * c$ it is", "<math><semantics>", "<em>"},
		{"prices", "from $5 to $10", "from $5 to $10", "<math"},
		{"escaped", `\$x\$`, "$x$", "<math"},
		{"in code", "`$x$`", "<code>$x$</code>", "<math"},
		{"over lines", "so $a +\nb$ it is", "<mo>+</mo><mi>b</mi>", "$"},
		{"block", "$$\na\n- b\n= c\n$$", `<math display="block">`, "<li>"},
		{"block in a line", "$$x$$", `<math display="block">`, "<p>"},
		{"within a line", "so $$x$$ it is", `<math display="block">`, "$$"},
		{"environment", "\\begin{align}\na &= b\n\\end{align}", `<mtable class="aligned"`, "begin{align}</p>"},
		{"unknown", `$\nosuch x$`, `<code class="tex">\nosuch x</code>`, "<math"},
		{"table", "| a | b |\n|---|---|\n| $x$ | 1 |", "<td><math>", "|"},
		{"html", "<b>x</b>", "<b>x</b>", "&lt;"},
		{"code", "```starlark\ndef f(): pass\n```", `<span class="k">def</span>`, "```"},
		{"attachment", "![](attachment:a.png)", "data:image/png;base64,QUJD", "attachment:"},
		{"file", "![](a.png)", "data:image/png;base64,cGl4ZWxz", "a.png"},
		{"outside", "![](../a.png)", `src="../a.png"`, "base64"},
	} {
		got := headless.MarkdownHTML(test.text, dir, map[string]any{"a.png": map[string]any{"image/png": "QUJD"}})
		got = regexp.MustCompile(`<annotation.*?</annotation>`).ReplaceAllString(got, "")
		if !strings.Contains(got, test.has) || strings.Contains(got, test.lacks) {
			t.Errorf("%s: want %q and not %q in\n%s", test.name, test.has, test.lacks, got)
		}
	}
}

func TestHighlight(t *testing.T) {
	for _, test := range []struct{ code, want string }{
		{`x = 1.5e-3 # why`, `x <span class="o">=</span> <span class="n">1.5e-3</span> <span class="c"># why</span>`},
		{`fit(net, "a\"b")`, `<span class="d">fit</span>(net, <span class="s">&#34;a\&#34;b&#34;</span>)`},
		{`f"{x}" if format else None`, `<span class="s">f&#34;{x}&#34;</span> <span class="k">if</span> format <span class="k">else</span> <span class="v">None</span>`},
		{"'''a\nb''' >> c", "<span class=\"s\">&#39;&#39;&#39;a\nb&#39;&#39;&#39;</span> <span class=\"o\">&gt;&gt;</span> c"},
		{`'open`, `<span class="s">&#39;open</span>`},
		{`변수 = <`, `변수 <span class="o">=</span> <span class="o">&lt;</span>`},
	} {
		if got := headless.Highlight(test.code); got != test.want {
			t.Errorf("%s:\n got %s\nwant %s", test.code, got, test.want)
		}
	}
}

func TestANSI(t *testing.T) {
	for _, test := range []struct{ text, want string }{
		{"a<b", "a&lt;b"},
		{"\x1b[1;31mred\x1b[0m plain", `<span class="ansi-bold ansi-f1">red</span> plain`},
		{"\x1b[38;5;9m9\x1b[39m\x1b[38;5;196mcube\x1b[0m", `<span class="ansi-f9">9</span><span style="color:#ff0000">cube</span>`},
		{"\x1b[48;2;1;2;3mx", `<span style="background:#010203">x</span>`},
		{"\x1b[97;104mx\x1b[m", `<span class="ansi-b12 ansi-f15">x</span>`},
		{"a\x1b[Kb\x1b]0;title\x07c", "abc"},
		{"\x1b[38;5mx", "x"},
	} {
		if got := headless.ANSI(test.text); got != test.want {
			t.Errorf("%q:\n got %s\nwant %s", test.text, got, test.want)
		}
	}
}

func TestDiff(t *testing.T) {
	for _, test := range []struct{ was, is, want string }{
		{"a", "a", ""},
		{"a\nb\nc", "a\nx\nc", "    line 1\n      a\n    - b\n    + x"},
		{"a", "a\nb", "    line 1\n      a\n    + b"},
		{strings.Repeat("x", 200) + "1", strings.Repeat("x", 200) + "2", "    - …" + strings.Repeat("x", 45) + "1\n    + …" + strings.Repeat("x", 45) + "2"},
	} {
		if got := headless.Diff(test.was, test.is); got != test.want {
			t.Errorf("got\n%s\nwant\n%s", got, test.want)
		}
	}
}

func TestPage(t *testing.T) {
	nb := book(t, "print <x>", "remove-input|print hidden", "remove-cell|print gone")
	nb.Cells = append([]*headless.Cell{{Type: headless.Markdown, Source: "# A & B", Metadata: map[string]any{}}}, nb.Cells...)
	if err := headless.Run(t.Context(), nb, headless.Options{Start: scripts("")}); err != nil {
		t.Fatal(err)
	}
	nb.Cells[1].Outputs = append(nb.Cells[1].Outputs,
		&headless.Output{Type: headless.DisplayData, Data: map[string]any{"image/svg+xml": `<?xml version="1.0"?><svg id="f"></svg>`, "text/plain": "no"}},
		&headless.Output{Type: headless.DisplayData, Data: map[string]any{"image/png": "QUJD\n"}},
		&headless.Output{Type: headless.DisplayData, Data: map[string]any{"text/html": "<table><thead><tr><th>a</th><th>b</th></tr></thead><tr><td>1</td></tr></table>"}},
		&headless.Output{Type: headless.DisplayData, Data: map[string]any{"text/latex": "$$x$$"}},
		&headless.Output{Type: headless.ErrorOutput, EName: "E", EValue: "v", Traceback: []string{"\x1b[31mE\x1b[0m: <v>"}})
	page, err := headless.HTML(nb, "")
	if err != nil {
		t.Fatal(err)
	}
	got := string(page)
	for _, want := range []string{
		"<title>A &amp; B</title>", `<h1 id="a--b">A &amp; B</h1>`, "<pre>&lt;x&gt;\n</pre>", `<div class="output value svg"><svg id="f"></svg></div>`,
		`src="data:image/png;base64,QUJD"`, `<div class="output value html" style="--columns: 2"><table>`, `<div class="output value latex"><math display="block">`, `<span class="ansi-f1">E</span>: &lt;v&gt;`,
		"<pre>hidden\n</pre>", "prefers-color-scheme: dark", "@media print",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	for _, no := range []string{"print</span> hidden", "gone", "<script", "http://", "https://", "url(", "?xml"} {
		if strings.Contains(got, no) {
			t.Errorf("the page has %s", no)
		}
	}
}
