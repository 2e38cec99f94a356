package browser

import (
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// long is a training that takes minutes.
const long = `net = dense(64, relu) >> dense(64, relu) >> output()
m = fit(net, dataset("penguins"), "species", epochs=1000000, validation=0.2, seed=1)`

// watched is what nb.watch saw.
type watched struct{ Frames, States, Outputs, Collapses int }

// livePicture looks on while a model trains: one output, which changes in place.
func (u *user) livePicture(t *testing.T) {
	u.nb(nil, "add", long)
	u.nb(nil, "run")
	u.nb(nil, "watch")
	u.until("watchedEnough", 8)
	u.shot("live")
	u.press("interrupt")
	u.until("lastHas", "KeyboardInterrupt")
	u.until("idle")
	var w watched
	u.nb(&w, "unwatch")
	if w.Outputs > 2 || w.Collapses > 0 { // the picture, and the interrupt at the end
		t.Errorf("the live output is not one that changes in place: %+v", w)
	}
	t.Logf("%+v", w)
}

// interruptedFit is about the model that the interrupted training left.
func (u *user) interruptedFit(t *testing.T) {
	u.shot("interrupted-fit")
	u.says(u.try(`m.stopped, len(m.history) > 0, len(m.predict(dataset("penguins")[0:5]))`), "('interrupted', True, 5)")
}

func (u *user) interruptedLoop(t *testing.T) {
	u.nb(nil, "add", "x = 42\nprint('before')\nwhile True: pass")
	u.nb(nil, "run")
	u.until("lastHas", "before")
	u.press("interrupt")
	u.until("lastHas", "KeyboardInterrupt")
	u.until("idle")
	u.shot("interrupted-loop")
	u.says(u.try("x"), "42")
}

func (u *user) completion(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"attributes", "m.", "evaluate"},
		{"arguments", "fit(net, ", "epochs="},
		{"pictures", "plot.", "dropout"},
	} {
		u.nb(nil, "add", c.text)
		u.chord(tab)
		u.until("completions")
		u.until("offers", c.want)
		u.shot("completion-" + c.name)
		u.chord(esc)
	}
}

func (u *user) tooltip(t *testing.T) {
	u.nb(nil, "add", "fit(")
	u.chord(shift, tab)
	u.until("tooltip")
	var text string
	u.nb(&text, "tooltip")
	if !strings.Contains(text, "fit(net, data, target") {
		t.Errorf("the tooltip says %q", text)
	}
	u.shot("tooltip")
	u.chord(esc)
}

func (u *user) input(t *testing.T) {
	u.nb(nil, "add", `name = input("Your name? ")`+"\n"+`print("Good morning,", name)`)
	u.nb(nil, "run")
	u.until("prompt")
	u.keys("Ada")
	u.shot("input")
	u.chord(enter)
	u.until("idle")
	var c cell
	u.nb(&c, "lastCell")
	u.says(c, "Good morning, Ada")
}

// output looks at every kind of output together.
func (u *user) output(t *testing.T) {
	c := u.try(`t = dataset("penguins")
print("a line of text")
display(t.head(3))
markdown("**bold** and $w \\cdot x + b$")
latex("$$y = f(Wx + b)$$")
html("<b>html</b>")
display(net.on(t, target="species"))
m`)
	if len(c.Outputs) != 7 {
		t.Errorf("%d outputs, want 7: %v", len(c.Outputs), c.Outputs)
	}
	u.tall("output")
}

func (u *user) longOutput(t *testing.T) {
	big := u.try(`for i in range(20000): print("line", i, "of a long output")`)
	u.says(big, "line 19999 of")
}

// mistake looks at an error.
func (u *user) mistake(t *testing.T) {
	c := u.try("def area(w, h):\n    return w * hight\n\narea(3, 4)")
	u.says(c, "hight")
	u.says(u.try(`fit(net, t, "spezies")`), "species")
	u.shot("error")
}

// clearedOutput looks at a cell that counts in one line.
func (u *user) clearedOutput(t *testing.T) {
	c := u.try("for i in range(20):\n    clear_output(wait=True)\n    print('step', i)\n    sleep(0.01)")
	u.says(c, "step 19")
	if got := fmt.Sprint(c.Outputs); len(c.Outputs) != 1 || strings.Contains(got, "step 18") {
		t.Errorf("outputs that were cleared are still there: %s", got)
	}
}

// legible is the contrast that texts have at least: that of large ones by WCAG.
const legible = 3

// contrast checks that every text of the outputs can be read, on dark pages too.
func (u *user) contrast(t *testing.T) {
	themes := []string{""}
	if u.inTabs() {
		themes = []string{"JupyterLab Dark", "JupyterLab Light"}
	}
	for _, theme := range themes {
		if theme != "" {
			u.until("theme", theme)
			u.tall("output-" + strings.ToLower(theme[len("JupyterLab "):]))
		}
		var faint []string
		if u.nb(&faint, "faint", legible); len(faint) > 0 {
			t.Errorf("%s: hardly to be read: %q", theme, faint)
		}
	}
}

// contextualHelp reads the panel that follows the cursor.
func (u *user) contextualHelp(t *testing.T) {
	if !u.inTabs() {
		t.Skip("a panel of JupyterLab")
	}
	u.nb(nil, "help")
	u.nb(nil, "add", "dropout(")
	u.until("helpSays", "dropout(")
	u.keys("0.5")
	u.shot("contextual-help")
	u.nb(nil, "closeHelp")
}

// twoKernels works in one notebook while another trains.
func (u *user) twoKernels(t *testing.T) {
	if !u.inTabs() {
		t.Skip("a page of this front end has one notebook")
	}
	u.nb(nil, "add", long)
	u.nb(nil, "run")
	u.nb(nil, "watch")
	u.until("watchedEnough", 2)
	u.visit("second.ipynb")
	u.says(u.try("net"), "NameError")
	u.says(u.try("y = 6 * 7\ny"), "42")
	u.nb(nil, "close")
	u.until("open", "trial.ipynb")
	u.press("interrupt")
	u.until("lastHas", "KeyboardInterrupt")
	u.until("idle")
	u.says(u.try("y"), "NameError")
}

// restartAndRunAll runs a notebook anew, by its one button.
func (u *user) restartAndRunAll(t *testing.T) {
	u.visit("again.ipynb")
	for range 2 {
		u.nb(nil, "runAll")
		u.until("idle")
	}
	u.nb(nil, "restarting")
	u.press("restartRunAll")
	u.until("confirm")
	u.until("asked")
	u.until("restarted")
	u.until("ran", 2)
	u.until("idle")
	var c cell
	u.nb(&c, "lastCell")
	u.says(c, "text/plain:2")
	u.shot("restart-and-run-all")
	u.nb(nil, "close")
	u.visit("trial.ipynb")
}

// highlighting checks that keywords, texts and comments have colours.
func (u *user) highlighting(t *testing.T) {
	u.nb(nil, "add", "def f(x):  # a comment\n    return \"text\" if x > 1 else None")
	var colours [][2]string
	u.nb(&colours, "colours")
	var seen []string
	for _, c := range colours {
		if !slices.Contains(seen, c[1]) {
			seen = append(seen, c[1])
		}
	}
	if len(seen) < 4 {
		t.Errorf("code has the colours %v", colours)
	}
	u.shot("highlighting")
}

func (u *user) restart(t *testing.T) {
	u.nb(nil, "restarting")
	u.press("restart")
	u.until("confirm")
	u.until("asked")
	u.until("restarted")
	u.until("ready")
	u.until("idle")
	u.says(u.try("x"), "NameError")
	u.until("idle") // an error is shown before what was queued behind it is refused
	u.says(u.try("1 + 1"), "2")
}

// kernelDies kills the kernel: the front end says so, and the server starts another.
func (u *user) kernelDies(t *testing.T) {
	children, err := os.ReadFile(fmt.Sprintf("/proc/%[1]d/task/%[1]d/children", u.server.Pid))
	if err != nil {
		t.Skip("left out: this system does not tell a process's children")
	}
	for _, child := range strings.Fields(string(children)) {
		pid, _ := strconv.Atoi(child)
		if kernel, err := os.FindProcess(pid); err == nil {
			kernel.Kill()
		}
	}
	u.until("confirm")
	u.shot("kernel-died")
	u.until("asked")
	u.until("ready")
	u.until("answers")
	u.until("idle")
	u.says(u.try("2 + 3"), "5")
}
