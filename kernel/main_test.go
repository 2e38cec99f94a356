package kernel_test

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"testing"

	"mlpkernel/cell"
	"mlpkernel/kernel"
	"mlpkernel/kernel/client"
	. "mlpkernel/kernel/kerneltest"
	"mlpkernel/protocol"
)

// roles are what the test binary can be instead of a test: processes that
// tests start.
var roles = map[string]func(arg string) error{
	"kernel":   beKernel,
	"frontend": beFrontend,
	"client":   beClient,
}

func TestMain(m *testing.M) {
	if role := roles[os.Getenv("KERNEL_TEST_ROLE")]; role != nil {
		if err := role(os.Args[1]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}

// beKernel is a kernel process for the connection file.
func beKernel(file string) error {
	conn, err := protocol.ReadConnection(file)
	if err != nil {
		return err
	}
	return kernel.Serve(context.Background(), conn, func() cell.Interpreter { return New() }, kernel.Options{})
}

// beFrontend starts a kernel process, prints where its shell is and waits to be killed.
func beFrontend(string) error {
	k, err := client.Start(context.Background(), kernelCommand("tcp"))
	if err != nil {
		return err
	}
	fmt.Println(k.Connection().Endpoint(k.Connection().ShellPort))
	<-k.Exited()
	return nil
}

// beClient runs a cell of the kernel of a connection file without end, prints a
// line when it runs, and waits to be killed.
func beClient(file string) error {
	conn, err := protocol.ReadConnection(file)
	if err != nil {
		return err
	}
	ctx := context.Background()
	c, err := client.Connect(ctx, conn)
	if err != nil {
		return err
	}
	_, err = c.Execute(ctx, client.Cell{Code: "print x\nwait for ever", Output: func(m *protocol.Message) {
		if m.Type() == "stream" {
			fmt.Println("running")
		}
	}})
	return err
}

func kernelCommand(transport string) client.Command {
	return client.Command{
		Argv:      []string{os.Args[0], "{connection_file}"},
		Env:       []string{"KERNEL_TEST_ROLE=kernel"},
		Transport: transport,
	}
}

// startProcess starts a kernel process that ends with the test.
func startProcess(t testing.TB, transport string) *client.Process {
	t.Helper()
	p, err := client.Start(Context(t), kernelCommand(transport))
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

// running submits a cell to a process and waits until it has printed something.
func running(t testing.TB, c *client.Client, code string) *client.Pending {
	t.Helper()
	started := make(chan struct{})
	p, err := c.Submit(client.Cell{Code: "print x\n" + code, Output: func(m *protocol.Message) {
		if m.Type() == "stream" {
			close(started)
		}
	}})
	if err != nil {
		t.Fatal(err)
	}
	<-started
	return p
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
