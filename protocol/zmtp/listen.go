package zmtp

import (
	"context"
	"fmt"
	"net"
	"os"
	"strings"
	"time"
)

// listenAgain is how long Listen waits before it tries an address again.
const listenAgain = 20 * time.Millisecond

// Listen listens at a ZeroMQ address, "tcp://HOST:PORT" or "ipc://PATH". A
// host "*" stands for all interfaces. While the address cannot be had, such as
// right after the process that used it has gone, Listen tries again until ctx
// ends. A socket file that nobody listens at is replaced; the new one is
// readable and writable by its owner alone.
func Listen(ctx context.Context, endpoint string) (net.Listener, error) {
	transport, addr, _ := strings.Cut(endpoint, "://")
	var listen func(string) (net.Listener, error)
	switch transport {
	case "tcp":
		listen = listenTCP
	case "ipc":
		listen = listenIPC
	default:
		return nil, fmt.Errorf("zmtp: address %q: transport %q is unknown; known are tcp and ipc", endpoint, transport)
	}
	for {
		l, err := listen(addr)
		if err == nil {
			return l, nil
		}
		select {
		case <-ctx.Done():
			return nil, fmt.Errorf("zmtp: listen at %s: %w", endpoint, err)
		case <-time.After(listenAgain):
		}
	}
}

func listenTCP(addr string) (net.Listener, error) {
	return net.Listen("tcp", strings.TrimPrefix(addr, "*"))
}

func listenIPC(path string) (net.Listener, error) {
	if err := removeStale(path); err != nil {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, err
	}
	if err := os.Chmod(path, 0o600); err != nil {
		l.Close()
		return nil, err
	}
	return l, nil
}

// removeStale removes a socket file that nobody listens at.
func removeStale(path string) error {
	info, err := os.Lstat(path)
	if err != nil || info.Mode()&os.ModeSocket == 0 {
		return nil // nothing there, or not ours to remove: net.Listen will tell
	}
	c, err := net.Dial("unix", path)
	if err == nil {
		c.Close()
		return fmt.Errorf("another process listens at %s", path)
	}
	return os.Remove(path)
}
