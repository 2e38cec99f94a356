//go:build !windows

package kernel_test

import (
	"errors"
	"os"
	"strings"
	"syscall"
	"testing"

	"mlpkernel/cell"
	"mlpkernel/kernel/client"
	. "mlpkernel/kernel/kerneltest"
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
