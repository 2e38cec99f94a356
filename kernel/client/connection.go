package client

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"

	"github.com/google/uuid"

	"mlpkernel/protocol"
)

// NewConnection returns a connection that no kernel uses yet, with a fresh
// key. Transport is "ipc" (sockets in dir) or "tcp" (loopback); empty stands
// for ipc where the system has it.
func NewConnection(transport, dir string) (protocol.Connection, error) {
	c := protocol.Connection{Transport: transport, Key: uuid.NewString(), SignatureScheme: "hmac-sha256"}
	if c.Transport == "" {
		c.Transport = "ipc"
		if runtime.GOOS == "windows" {
			c.Transport = "tcp"
		}
	}
	ports := []*protocol.Port{&c.ShellPort, &c.IOPubPort, &c.StdinPort, &c.ControlPort, &c.HBPort}
	switch c.Transport {
	case "ipc":
		c.IP = filepath.Join(dir, "k")
		for i, p := range ports {
			*p = protocol.Port(i + 1)
		}
		return c, nil
	case "tcp":
		c.IP = "127.0.0.1"
		return c, freePorts(ports)
	}
	return protocol.Connection{}, fmt.Errorf("client: transport %q is unknown; known are tcp and ipc", transport)
}

// freePorts finds ports that are free now; all are held until the last is found.
func freePorts(ports []*protocol.Port) error {
	for _, p := range ports {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return fmt.Errorf("client: find a free port: %w", err)
		}
		defer l.Close()
		*p = protocol.Port(l.Addr().(*net.TCPAddr).Port)
	}
	return nil
}

// tempDir makes a private folder with a short name: paths of sockets hold
// about 100 bytes.
func tempDir() (string, error) {
	dir, err := os.MkdirTemp("", "mlpk")
	if err != nil {
		return "", fmt.Errorf("client: folder for the connection: %w", err)
	}
	return dir, nil
}
