//go:build !windows

package kernel_test

import (
	"bufio"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"mlpkernel/cell"
	"mlpkernel/kernel"
	"mlpkernel/kernel/client"
	. "mlpkernel/kernel/kerneltest"
	"mlpkernel/protocol"
)

func signal(t *testing.T, pid int, s os.Signal) {
	t.Helper()
	p, err := os.FindProcess(pid)
	if err == nil {
		err = p.Signal(s)
	}
	if err != nil {
		t.Fatal(err)
	}
}

func TestSIGINTInterruptsTheCell(t *testing.T) {
	k := startProcess(t, "")
	signal(t, k.PID(), os.Interrupt) // nothing runs: no harm
	for range 2 {
		p := running(t, k.Client, "wait for ever")
		signal(t, k.PID(), os.Interrupt)
		if done, err := p.Wait(Context(t)); err != nil || done.Failure == nil || done.EName != cell.Interrupted {
			t.Errorf("got %+v, %v", done, err)
		}
	}
}

func TestSIGTERMEndsTheKernel(t *testing.T) {
	k := startProcess(t, "")
	p := running(t, k.Client, "wait for ever")
	signal(t, k.PID(), syscall.SIGTERM)
	// The cell is interrupted, and what it says arrives before the end.
	if done, err := p.Wait(Context(t)); err != nil || done.Failure == nil || done.EName != cell.Interrupted {
		t.Errorf("got %+v, %v", done, err)
	}
	<-k.Exited()
	if _, err := k.KernelInfo(Context(t)); !errors.Is(err, client.ErrExited) {
		t.Errorf("a call after the end: %v", err)
	}
}

func TestKilledKernelFailsTheCall(t *testing.T) {
	k, err := client.Start(Context(t), kernelCommand(""))
	if err != nil {
		t.Fatal(err)
	}
	p := running(t, k.Client, "wait for ever")
	signal(t, k.PID(), syscall.SIGKILL)
	if _, err := p.Wait(Context(t)); !errors.Is(err, client.ErrExited) || !strings.Contains(err.Error(), "killed") {
		t.Errorf("got %v", err)
	}
	if err := k.Close(); err == nil {
		t.Error("a kernel that was killed ended without an error")
	}
}

// TestKernelEndsWithItsParent kills a front end that has started a kernel.
func TestKernelEndsWithItsParent(t *testing.T) {
	endpoint, kill := start(t, "frontend", "-")
	peer := Dial(t, endpoint).Handshake("DEALER", "witness")
	kill()
	peer.Closed()
}

// start starts this program in a role and returns its first line and what kills it.
func start(t *testing.T, role, arg string) (line string, kill func()) {
	t.Helper()
	c := exec.Command(os.Args[0], arg)
	c.Env = append(os.Environ(), "KERNEL_TEST_ROLE="+role)
	c.Stderr = os.Stderr
	out, err := c.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	kill = sync.OnceFunc(func() {
		_ = c.Process.Kill()
		_ = c.Wait() // it was killed, as it should be
	})
	t.Cleanup(kill)
	if line, err = bufio.NewReader(out).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
	return strings.TrimSpace(line), kill
}

// TestRow21ClientThatIsKilled kills a client while its cell runs.
func TestRow21ClientThatIsKilled(t *testing.T) {
	k := Start(t, New(), "tcp", kernel.Options{})
	file := filepath.Join(t.TempDir(), "connection.json")
	if err := k.Connection().Write(file); err != nil {
		t.Fatal(err)
	}
	leavesNothing(t, k.Client, func() func() {
		_, kill := start(t, "client", file)
		kill()
		if _, err := k.Complete(Context(t), "p", 1); err != nil {
			t.Error(err)
		}
		if err := k.Interrupt(Context(t)); err != nil {
			t.Error(err)
		}
		// A cell that comes before the end of the interrupted one is aborted.
		if _, err := k.Execute(Context(t), client.Cell{}); err != nil {
			t.Error(err)
		}
		return func() {}
	})
}

// TestRow16NoFilesLeft gives a kernel 64 files and opens more connections.
func TestRow16NoFilesLeft(t *testing.T) {
	c := kernelCommand("tcp")
	c.Argv = append([]string{"/bin/sh", "-c", `ulimit -n 64 && exec "$0" "$@"`}, c.Argv...)
	k, err := client.Start(Context(t), c)
	if err != nil {
		t.Fatal(err)
	}
	healthy(t, k.Client)
	a := &attacker{TB: t, port: ports(k.Connection())[0]}
	for range 100 {
		a.dial(greeting)
	}
	answers(t, "old", k.Client)
	processorUse(t, k.Client)
	answers(t, "old", k.Client)
	if percent := processorUse(t, k.Client); percent > 50 {
		t.Errorf("without files the kernel takes %.0f %% of a core", percent)
	}
	a.close()
	healthy(t, k.Client)
	if err := k.Close(); err != nil {
		t.Error(err)
	}
}

// processorUse returns the use of a core since the last call, in per cent.
func processorUse(t *testing.T, c *client.Client) float64 {
	t.Helper()
	time.Sleep(200 * time.Millisecond) // the time that is measured
	reply, err := c.Request(Context(t), client.Control, "usage_request", nil)
	var u protocol.Usage
	if err == nil {
		err = json.Unmarshal(reply.Content, &u)
	}
	if err != nil {
		t.Fatal(err)
	}
	if u.KernelCPU == nil {
		return 0
	}
	return *u.KernelCPU
}

func TestStartFails(t *testing.T) {
	for _, c := range []client.Command{
		{},
		{Argv: []string{"/no/such/program"}},
		{Argv: []string{os.Args[0], "/no/such/file"}, Env: []string{"KERNEL_TEST_ROLE=kernel"}},
		{Argv: []string{os.Args[0]}, Transport: "carrier pigeon"},
	} {
		if k, err := client.Start(Context(t), c); err == nil || !strings.HasPrefix(err.Error(), "client: ") {
			t.Errorf("%+v: got %v, %v", c, k, err)
		}
	}
}
