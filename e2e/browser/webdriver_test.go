package browser

import (
	"bufio"
	"bytes"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// flags of Chromium: without a screen, and without a word to other machines.
var flags = []string{
	"--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
	"--disable-background-networking", "--disable-component-update", "--disable-sync",
	"--force-prefers-reduced-motion", "--hide-scrollbars", "--disable-dev-shm-usage",
}

// patience is far more than any step needs, on a busy machine too.
const patience = 4 * time.Minute

// page is the one window of a browser, driven by the W3C's WebDriver protocol.
type page struct {
	t        *testing.T // the running test
	url      string     // of the session at ChromeDriver
	pictures string     // where screenshots go, "" for none
	prefix   string     // of their names
}

// startBrowser starts Chromium; the end of the test ends it.
func startBrowser(t *testing.T, prefix string) *page {
	cmd := exec.Command("chromedriver", "--port=0")
	stdout, err := cmd.StdoutPipe()
	if err == nil {
		err = cmd.Start()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { cmd.Process.Kill(); cmd.Wait() })
	p := &page{t: t, pictures: os.Getenv("PICTURES"), prefix: prefix}
	for lines := bufio.NewScanner(stdout); lines.Scan(); {
		if _, port, ok := strings.Cut(lines.Text(), "started successfully on port "); ok {
			p.url = "http://127.0.0.1:" + strings.TrimSuffix(port, ".")
			break
		}
	}
	go io.Copy(io.Discard, stdout)
	var session struct {
		SessionID    string
		Capabilities struct {
			Browser int `json:"goog:processID"`
		}
	}
	options := map[string]any{"binary": "/usr/bin/chromium", "args": flags}
	wanted := map[string]any{"capabilities": map[string]any{
		"alwaysMatch": map[string]any{"browserName": "chrome", "unhandledPromptBehavior": "accept", "goog:chromeOptions": options}}}
	for range 3 { // ChromeDriver waits a minute for Chromium
		if err = p.try(&session, "POST", "/session", wanted); err == nil {
			break
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	p.url += "/session/" + session.SessionID
	t.Cleanup(func() {
		if err := p.try(nil, "DELETE", "", nil); err != nil { // a page hangs
			if browser, err := os.FindProcess(session.Capabilities.Browser); err == nil {
				browser.Kill()
			}
		}
	})
	p.do(nil, "POST", "/timeouts", map[string]any{"script": patience.Milliseconds()})
	return p
}

// do sends one command and reads its value into out.
func (p *page) do(out any, method, path string, in any) {
	p.t.Helper()
	if err := p.try(out, method, path, in); err != nil {
		p.t.Fatal(err)
	}
}

func (p *page) try(out any, method, path string, in any) error {
	var body bytes.Buffer
	if in != nil {
		if err := json.NewEncoder(&body).Encode(in); err != nil {
			return err
		}
	}
	req, err := http.NewRequest(method, p.url+path, &body)
	if err != nil {
		return err
	}
	answer, err := (&http.Client{Timeout: patience + 30*time.Second}).Do(req)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var got struct{ Value json.RawMessage }
	if err := json.NewDecoder(answer.Body).Decode(&got); err != nil {
		return err
	}
	if answer.StatusCode != http.StatusOK {
		var why struct{ Message string }
		json.Unmarshal(got.Value, &why)
		return errors.New(why.Message)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(got.Value, out)
}

func (p *page) open(url string) {
	p.t.Helper()
	p.do(nil, "POST", "/url", map[string]any{"url": url})
}

func (p *page) size(width, height int) {
	p.t.Helper()
	p.do(nil, "POST", "/window/rect", map[string]any{"width": width, "height": height})
}

// script runs JavaScript in the page and reads what it returns, or what the
// promise that it returns comes to.
func (p *page) script(out any, js string, args ...any) {
	p.t.Helper()
	if args == nil {
		args = []any{}
	}
	p.do(out, "POST", "/execute/sync", map[string]any{"script": js, "args": args})
}

// nb calls a function of the page's object nb.
func (p *page) nb(out any, name string, args ...any) {
	p.t.Helper()
	p.script(out, fmt.Sprintf("return nb.%s(...arguments)", name), args...)
}

// press clicks one of the buttons that nb knows, with the mouse.
func (p *page) press(name string) {
	p.t.Helper()
	var css string
	p.script(&css, "return nb.buttons[arguments[0]]", name)
	var element map[string]string
	p.do(&element, "POST", "/element", map[string]any{"using": "css selector", "value": css})
	for _, id := range element {
		p.do(nil, "POST", "/element/"+id+"/click", map[string]any{})
	}
}

// until waits for a function of nb to return what counts as true.
func (p *page) until(name string, args ...any) {
	p.t.Helper()
	if !p.within(patience, name, args...) {
		p.shot("failed")
		p.t.Fatalf("waited %v for nb.%s(%v)", patience, name, args)
	}
}

// within is until, and tells whether that came about in time.
func (p *page) within(d time.Duration, name string, args ...any) (done bool) {
	p.t.Helper()
	for end := time.Now().Add(d); !done && time.Now().Before(end); time.Sleep(20 * time.Millisecond) {
		p.script(&done, fmt.Sprintf("return Boolean(await nb.%s(...arguments))", name), args...)
	}
	return done
}

// Keys that have no character, by their code in WebDriver.
const (
	tab   = "\uE004"
	enter = "\uE007"
	shift = "\uE008"
	ctrl  = "\uE009"
	esc   = "\uE00C"
)

// keys types a text.
func (p *page) keys(text string) {
	p.t.Helper()
	for _, r := range text {
		p.chord(string(r))
	}
}

// chord presses keys one after another and then lets them go.
func (p *page) chord(keys ...string) {
	p.t.Helper()
	var actions []any
	for _, k := range keys {
		actions = append(actions, map[string]any{"type": "keyDown", "value": k})
	}
	for i := len(keys) - 1; i >= 0; i-- {
		actions = append(actions, map[string]any{"type": "keyUp", "value": keys[i]})
	}
	p.do(nil, "POST", "/actions", map[string]any{"actions": []any{map[string]any{"type": "key", "id": "keyboard", "actions": actions}}})
}

// shot writes a screenshot, if there is a folder for them.
func (p *page) shot(name string) {
	p.t.Helper()
	if p.pictures == "" {
		return
	}
	var encoded string
	p.do(&encoded, "GET", "/screenshot", nil)
	png, err := base64.StdEncoding.DecodeString(encoded)
	if err == nil {
		err = os.WriteFile(filepath.Join(p.pictures, p.prefix+"-"+name+".png"), png, 0o644)
	}
	if err != nil {
		p.t.Error(err)
	}
}
