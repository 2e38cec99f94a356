package kerneltest

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"mlpkernel/cell"
	"mlpkernel/kernel"
	"mlpkernel/kernel/client"
	"mlpkernel/protocol"
)

// Deadline bounds everything a test waits for; only a failing test reaches it.
const Deadline = 5 * time.Minute

// Context returns a context that ends with the test or at the Deadline.
func Context(t testing.TB) context.Context {
	ctx, cancel := context.WithTimeout(context.Background(), Deadline)
	t.Cleanup(cancel)
	return ctx
}

// Start runs a kernel of in within the process and returns a client of it;
// both end with the test. Transport is "tcp", "ipc" or empty.
func Start(t testing.TB, in cell.Interpreter, transport string, o kernel.Options) *client.InProcess {
	t.Helper()
	o.Embedded = true
	if o.Logf == nil {
		o.Logf = func(string, ...any) {}
	}
	p, err := client.StartInProcess(Context(t), transport, func(ctx context.Context, conn protocol.Connection) error {
		return kernel.Serve(ctx, conn, func() cell.Interpreter { return in }, o)
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := p.Close(); err != nil {
			t.Errorf("the kernel ended with %v", err)
		}
	})
	return p
}

// Transcript runs a cell and returns its reply and what IOPub said about it,
// a line a message: "status busy", "stream stdout text". Streams of one name
// that follow each other are joined.
func Transcript(t testing.TB, c *client.Client, cl client.Cell) (client.Executed, string) {
	t.Helper()
	var lines []string
	stream := ""
	output := cl.Output
	cl.Output = func(m *protocol.Message) {
		if output != nil {
			output(m)
		}
		text := Describe(m)
		if name, more, ok := strings.Cut(text, "\x00"); ok {
			if name == stream {
				lines[len(lines)-1] += more
				return
			}
			stream = name
			text = name + " " + more
		} else {
			stream = ""
		}
		lines = append(lines, text)
	}
	done, err := c.Execute(Context(t), cl)
	if err != nil {
		t.Fatalf("cell %.60q: %v", cl.Code, err)
	}
	return done, strings.Join(lines, "\n")
}

// Describe returns a message of IOPub as a line. The text of a stream follows
// a zero byte.
func Describe(m *protocol.Message) string {
	var c struct {
		State     string         `json:"execution_state"`
		Name      string         `json:"name"`
		Text      string         `json:"text"`
		Code      string         `json:"code"`
		Count     int            `json:"execution_count"`
		Data      map[string]any `json:"data"`
		Metadata  map[string]any `json:"metadata"`
		Transient struct {
			ID string `json:"display_id"`
		} `json:"transient"`
		EName  string `json:"ename"`
		EValue string `json:"evalue"`
		Wait   bool   `json:"wait"`
	}
	// Data of a comm is of any type; the rest is read all the same.
	_ = json.Unmarshal(m.Content, &c)
	switch m.Type() {
	case "status":
		return "status " + c.State
	case "stream":
		return "stream " + c.Name + "\x00" + c.Text
	case "execute_input":
		return fmt.Sprintf("execute_input %d %s", c.Count, c.Code)
	case "execute_result":
		return fmt.Sprintf("execute_result %d %v", c.Count, c.Data)
	case "display_data", "update_display_data":
		return fmt.Sprintf("%s %q %v %v", m.Type(), c.Transient.ID, c.Data, c.Metadata)
	case "error":
		return "error " + c.EName + ": " + c.EValue
	case "clear_output":
		return fmt.Sprintf("clear_output %v", c.Wait)
	}
	return m.Type()
}
