package protocol

import (
	"encoding/json"
	"testing"
)

// FuzzConnection checks that what a connection file says is either refused or
// read again as it was written.
func FuzzConnection(f *testing.F) {
	f.Add([]byte(`{"transport":"tcp","ip":"127.0.0.1","shell_port":"5","iopub_port":6,"stdin_port":7,"control_port":8,"hb_port":9,"key":"k"}`))
	f.Add([]byte(`{"transport":"ipc","ip":"/tmp/k","signature_scheme":"hmac-sha256","kernel_name":"한"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		c, err := parseConnection(text)
		if err != nil {
			if c != (Connection{}) {
				t.Fatalf("%+v beside an error", c)
			}
			return
		}
		again, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		if same, err := parseConnection(again); err != nil || same != c {
			t.Fatalf("%s was read as %+v, %v", again, same, err)
		}
	})
}
