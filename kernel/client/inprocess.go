package client

import (
	"context"
	"fmt"
	"os"
	"time"

	"mlpkernel/protocol"
)

// InProcess is a client of a kernel that runs in this process.
type InProcess struct {
	*Client
	dir    string
	cancel context.CancelFunc
	ended  chan struct{}
	err    error // of serve, once ended is closed
}

// StartInProcess runs serve, such as a call of kernel.Serve, on a fresh
// connection over the transport ("tcp", "ipc", empty for what suits the
// system) and waits until the kernel is ready.
func StartInProcess(ctx context.Context, transport string, serve func(context.Context, protocol.Connection) error) (*InProcess, error) {
	dir, err := tempDir()
	if err != nil {
		return nil, err
	}
	conn, err := NewConnection(transport, dir)
	if err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	life, cancel := context.WithCancel(context.Background())
	p := &InProcess{dir: dir, cancel: cancel, ended: make(chan struct{})}
	ctx, fail := context.WithCancelCause(ctx)
	defer fail(nil)
	go func() {
		p.err = serve(life, conn)
		fail(p.exitError())
		close(p.ended)
	}()
	if p.Client, err = Connect(ctx, conn); err != nil {
		p.stop()
		return nil, err
	}
	go p.endsWith(p.ended, p.exitError)
	return p, nil
}

// exitError tells how the kernel has ended.
func (p *InProcess) exitError() error {
	if p.err != nil {
		return fmt.Errorf("%w: %w", ErrExited, p.err)
	}
	return ErrExited
}

// Close shuts the kernel down and returns what serve returned.
func (p *InProcess) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	_ = p.Shutdown(ctx, false) // a kernel that is down already does not answer; stop sees to it
	p.Client.Close()
	return p.stop()
}

func (p *InProcess) stop() error {
	p.cancel()
	<-p.ended
	os.RemoveAll(p.dir)
	return p.err
}
