package client

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"time"

	"mlpkernel/protocol"
)

// Command says how to start a kernel process.
type Command struct {
	// Argv is the command line; "{connection_file}" stands for the file's path,
	// as in kernel.json.
	Argv []string
	Env  []string // in addition to this process's, "NAME=value"
	Dir  string   // working folder; empty for this process's
	// Transport is "tcp" or "ipc"; empty for what suits the system.
	Transport string
	// Stderr receives what the process writes on its stdout and stderr; nil discards it.
	Stderr io.Writer
}

// Process is a client of a kernel process that it started.
type Process struct {
	*Client
	cmd    *exec.Cmd
	dir    string
	exited chan struct{}
	err    error // of the process, once exited is closed
}

// Start starts a kernel process and waits until it is ready, at most as long
// as ctx allows. The process ends with this one.
func Start(ctx context.Context, command Command) (*Process, error) {
	dir, err := tempDir()
	if err != nil {
		return nil, err
	}
	conn, err := NewConnection(command.Transport, dir)
	file := filepath.Join(dir, "connection.json")
	if err == nil {
		err = conn.Write(file)
	}
	if err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	p := &Process{dir: dir, exited: make(chan struct{})}
	if err := p.run(command, file); err != nil {
		os.RemoveAll(dir)
		return nil, err
	}
	if err := p.connect(ctx, conn); err != nil {
		p.kill()
		return nil, err
	}
	return p, nil
}

// run starts the process and a goroutine that notices its end.
func (p *Process) run(command Command, file string) error {
	if len(command.Argv) == 0 {
		return errors.New("client: the command line of the kernel is empty")
	}
	argv := make([]string, len(command.Argv))
	for i, a := range command.Argv {
		argv[i] = strings.ReplaceAll(a, "{connection_file}", file)
	}
	p.cmd = exec.Command(argv[0], argv[1:]...)
	p.cmd.Dir = command.Dir
	p.cmd.Env = append(append(os.Environ(), parentEnv()...), command.Env...)
	p.cmd.Stdout, p.cmd.Stderr = command.Stderr, command.Stderr
	p.cmd.WaitDelay = time.Second
	if err := p.cmd.Start(); err != nil {
		return fmt.Errorf("client: start the kernel: %w", err)
	}
	go func() {
		p.err = p.cmd.Wait()
		close(p.exited)
	}()
	return nil
}

// connect connects, and makes the client end when the process does.
func (p *Process) connect(ctx context.Context, conn protocol.Connection) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	connected := make(chan struct{})
	defer close(connected)
	go func() {
		select {
		case <-p.exited:
			cancel(p.exitError())
		case <-connected:
		}
	}()
	c, err := Connect(ctx, conn)
	if err != nil {
		return err
	}
	p.Client = c
	go c.endsWith(p.exited, p.exitError)
	return nil
}

func (p *Process) exitError() error {
	return fmt.Errorf("%w: %s", ErrExited, p.cmd.ProcessState)
}

// Exited is closed when the process has ended.
func (p *Process) Exited() <-chan struct{} { return p.exited }

// PID returns the process id.
func (p *Process) PID() int { return p.cmd.Process.Pid }

// closeTime is more than a kernel gives its cell, its language and its last
// messages at shutdown.
const closeTime = 15 * time.Second

// Close shuts the kernel down, kills it if that takes longer than 15 s, and
// removes the connection's files. The error is that of a process that did not
// end well.
func (p *Process) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	err := p.Shutdown(ctx, false)
	select {
	case <-p.exited:
		err = p.err // whether it answered before it ended matters no more
	case <-ctx.Done():
		err = errors.Join(err, fmt.Errorf("client: the kernel did not end in %v and was killed", closeTime))
	}
	p.Client.Close()
	p.kill()
	return err
}

// kill makes sure that the process has ended and its files are gone.
func (p *Process) kill() {
	_ = p.cmd.Process.Kill() // fails if it has ended, which is as well
	<-p.exited
	os.RemoveAll(p.dir)
}

// parentEnv tells the kernel whose end it should follow. On Windows the
// variable holds a handle, not a process id.
func parentEnv() []string {
	if filepath.Separator == '\\' {
		return nil
	}
	return []string{"JPY_PARENT_PID=" + strconv.Itoa(os.Getpid())}
}
