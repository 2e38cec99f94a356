package kernel

import (
	"context"
	"fmt"
	"sync"
	"time"

	"mlpkernel/cell"
	"mlpkernel/protocol"
)

// kernel is a running kernel.
type kernel struct {
	o       Options
	signer  *protocol.Signer
	session *protocol.Session
	*sockets
	hub      *hub
	executor *executor
	express  *lane
	comms    *comms
	asks     *asks
	history  *history
	memory   *memory
	usage    usage

	ready chan struct{} // closed when lang is set
	lang  cell.Interpreter

	stopped chan struct{} // closed when the kernel shall end
	stop    func()        // closes stopped
	quiet   sync.Once     // of quiesce
}

// Serve runs a kernel on the sockets of a connection until a front end shuts
// it down or ctx ends. The sockets are bound before interpreter is called;
// while their addresses are in use, such as by the kernel that this one
// replaces, binding is tried again for some seconds.
//
// Unless o.Embedded, SIGINT interrupts the running cell, SIGTERM ends the
// kernel, and so does the end of the parent named by JPY_PARENT_PID.
func Serve(ctx context.Context, conn protocol.Connection, interpreter func() cell.Interpreter, o Options) error {
	o = o.withDefaults()
	var events <-chan event
	if !o.Embedded {
		ch, stop := processEvents()
		defer stop()
		events = ch
	}
	k, err := newKernel(ctx, conn, o)
	if err != nil {
		return fmt.Errorf("kernel: %w", err)
	}
	k.hub.status(protocol.Starting, nil)
	k.run()
	k.lang = interpreter()
	close(k.ready)
	if !o.Embedded {
		k.memory.started()
	}
	for {
		select {
		case e := <-events:
			if e == interrupted {
				k.executor.interrupt()
				continue
			}
		case <-ctx.Done():
		case <-k.stopped:
		}
		k.finish()
		return nil
	}
}

func newKernel(ctx context.Context, conn protocol.Connection, o Options) (*kernel, error) {
	signer, err := protocol.NewSigner(conn.SignatureScheme, conn.Key)
	if err != nil {
		return nil, err
	}
	k := &kernel{
		o: o, signer: signer, session: protocol.NewSession(),
		executor: newExecutor(),
		express:  newLane(),
		comms:    newComms(),
		history:  &history{path: o.HistoryFile, logf: o.Logf},
		memory:   newMemory(o.Logf),
		ready:    make(chan struct{}),
		stopped:  make(chan struct{}),
	}
	k.asks = &asks{}
	k.stop = sync.OnceFunc(func() { close(k.stopped) })
	if k.sockets, err = bind(ctx, conn, o, k.welcome); err != nil {
		return nil, err
	}
	k.hub = newHub(k.session, func(m *protocol.Message) {
		k.memory.passed(size(m))
		k.iopub.Send(k.signer.Encode(m))
	})
	return k, nil
}

// run starts the kernel's goroutines. They end by the closing of what they
// wait for; see finish.
func (k *kernel) run() {
	go k.hub.run()
	go k.read(k.shell, k.onShell)
	go k.read(k.control, k.onControl)
	go k.read(k.stdin, k.onStdin)
	go k.express.run()
	go func() {
		<-k.ready
		k.history.load()
		k.executor.run()
	}()
}

// How long a cell, and then the language, may take to end at shutdown.
const (
	cellEnd = 2 * time.Second
	langEnd = time.Second
)

// quiesce ends the running cell, lets no other start and closes the language.
// With running, the caller is not the cell's own goroutine.
func (k *kernel) quiesce(running bool) {
	k.quiet.Do(func() {
		k.executor.close()
		if running && !k.executor.wait(cellEnd) {
			k.o.Logf("kernel: a cell does not heed its interrupt; leaving it")
		}
		<-k.ready
		c, ok := k.lang.(cell.Closer)
		if !ok {
			return
		}
		closed := make(chan struct{})
		go func() {
			defer close(closed)
			defer k.recovered("closing the language", nil)
			c.Close()
		}()
		select {
		case <-closed:
		case <-time.After(langEnd):
		}
	})
}

// finish ends the kernel: what was published leaves before the sockets close.
func (k *kernel) finish() {
	k.quiesce(true)
	ctx, cancel := context.WithTimeout(context.Background(), k.o.Linger)
	defer cancel()
	k.hub.close(ctx)
	k.express.close()
	k.sockets.close(ctx)
	k.memory.stop()
}
