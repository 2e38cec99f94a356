package protocol

import (
	"encoding/json"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
)

// Port is a port number; connection files carry it as an integer or a string.
type Port int

// UnmarshalJSON reads 5555 and "5555".
func (p *Port) UnmarshalJSON(b []byte) error {
	n, err := strconv.Atoi(strings.Trim(string(b), `"`))
	if err != nil || n < 0 || n > 65535 {
		return fmt.Errorf("a port is a number from 0 to 65535, not %s", b)
	}
	*p = Port(n)
	return nil
}

// Connection is the content of a connection file. Keys that are not listed
// here are ignored.
type Connection struct {
	Transport       string `json:"transport"`
	IP              string `json:"ip"`
	ShellPort       Port   `json:"shell_port"`
	IOPubPort       Port   `json:"iopub_port"`
	StdinPort       Port   `json:"stdin_port"`
	ControlPort     Port   `json:"control_port"`
	HBPort          Port   `json:"hb_port"`
	Key             string `json:"key"`
	SignatureScheme string `json:"signature_scheme"`
	KernelName      string `json:"kernel_name,omitempty"`
}

// ReadConnection reads a connection file.
func ReadConnection(path string) (Connection, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return Connection{}, fmt.Errorf("protocol: connection file: %w", err)
	}
	c, err := parseConnection(b)
	if err != nil {
		return Connection{}, fmt.Errorf("protocol: connection file %s: %w", path, err)
	}
	return c, nil
}

func parseConnection(text []byte) (c Connection, err error) {
	if err := json.Unmarshal(text, &c); err != nil {
		return Connection{}, err
	}
	if c.Transport == "" {
		c.Transport = "tcp"
	}
	if c.Transport != "tcp" && c.Transport != "ipc" {
		return Connection{}, fmt.Errorf("transport %q is unknown; known are tcp and ipc", c.Transport)
	}
	return c, nil
}

// Write writes the connection file, readable by its owner alone.
func (c Connection) Write(path string) error {
	b, err := json.MarshalIndent(c, "", "  ")
	if err != nil {
		return err
	}
	return os.WriteFile(path, append(b, '\n'), 0o600)
}

// Endpoint returns the ZeroMQ address of a port.
func (c Connection) Endpoint(p Port) string {
	if c.Transport == "ipc" {
		return fmt.Sprintf("ipc://%s-%d", c.IP, p)
	}
	return "tcp://" + net.JoinHostPort(c.IP, strconv.Itoa(int(p)))
}
