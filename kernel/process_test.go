//go:build !windows

package kernel_test

import (
	"bufio"
	"errors"
	"os"
	"os/exec"
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
	front := exec.Command(os.Args[0], "-")
	front.Env = append(os.Environ(), "KERNEL_TEST_ROLE=frontend")
	out, err := front.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := front.Start(); err != nil {
		t.Fatal(err)
	}
	endpoint, err := bufio.NewReader(out).ReadString('\n')
	if err != nil {
		t.Fatal(err)
	}
	peer := Dial(t, strings.TrimSpace(endpoint)).Handshake("DEALER", "witness")
	if err := front.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	_ = front.Wait() // it was killed, as it should be
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
