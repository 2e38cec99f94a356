package kernel

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"sync"
	"time"

	"mlpkernel/cell"
	"mlpkernel/protocol"
	"mlpkernel/protocol/zmtp"
)

// kernel is the state of a running kernel.
type kernel struct {
	opts    Options
	signer  *protocol.Signer
	session *protocol.Session
	lang    cell.Interpreter
	hub     *hub
	shell   *zmtp.Router
	control *zmtp.Router
	stdin   *zmtp.Router
	queue   *queue
	history *history
	comms   *comms
	replies chan string // values of input_reply
	stop    context.CancelFunc

	mu        sync.Mutex
	count     int                // of stored executions
	interrupt context.CancelFunc // of the running cell, nil if none
}

// Serve runs a kernel on the sockets of a connection until it is asked to
// shut down or ctx ends. The sockets are bound before interpreter is called.
// SIGINT interrupts the running cell. If the environment's JPY_PARENT_PID is
// the process's parent, the kernel ends when that parent does.
func Serve(ctx context.Context, conn protocol.Connection, interpreter func() cell.Interpreter, o Options) error {
	o = o.withDefaults()
	interrupts := make(chan os.Signal, 1)
	signal.Notify(interrupts, os.Interrupt)
	defer signal.Stop(interrupts)
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	signer, err := protocol.NewSigner(conn.SignatureScheme, conn.Key)
	if err != nil {
		return err
	}
	k := &kernel{
		opts: o, signer: signer, session: protocol.NewSession(), queue: newQueue(),
		comms: newComms(), replies: make(chan string, 1), stop: stop,
	}
	closeSockets, err := k.bind(conn)
	if err != nil {
		return err
	}
	k.hub.publish("status", nil, map[string]any{"execution_state": "starting"}, nil)
	k.lang = interpreter()
	k.history = openHistory(o.HistoryFile, o.Logf)
	var wg sync.WaitGroup
	for _, loop := range []func(){
		func() { k.read(k.shell, k.shellMessage) },
		func() { k.read(k.control, k.controlMessage) },
		func() { k.read(k.stdin, k.stdinMessage) },
		func() { k.execute(ctx) },
		func() { k.watch(ctx, interrupts) },
	} {
		wg.Add(1)
		go func() { defer wg.Done(); loop() }()
	}
	<-ctx.Done()
	k.interruptCell()
	k.queue.close()
	k.hub.flush()
	closeSockets()
	k.waitFor(&wg)
	if c, ok := k.lang.(cell.Closer); ok {
		c.Close()
	}
	return k.history.close()
}

// waitFor waits for the kernel's goroutines, but not for ever: a cell that
// does not heed its interrupt must not keep the process alive.
func (k *kernel) waitFor(wg *sync.WaitGroup) {
	ended := make(chan struct{})
	go func() { wg.Wait(); close(ended) }()
	select {
	case <-ended:
	case <-time.After(k.opts.Linger):
		k.opts.Logf("kernel: a cell does not end; leaving it")
	}
}

// bindTime is how long a port may be held by the process before this one.
const bindTime = 2 * time.Second

func retry[T any](bind func() (T, error)) (T, error) {
	end := time.Now().Add(bindTime)
	for {
		s, err := bind()
		if err == nil || time.Now().After(end) {
			return s, err
		}
		time.Sleep(20 * time.Millisecond)
	}
}

// bind binds the five sockets; the function it returns flushes and closes them.
func (k *kernel) bind(c protocol.Connection) (closeAll func(), err error) {
	var closers []func(time.Duration)
	closeSockets := func() {
		for _, f := range closers {
			f(k.opts.Linger)
		}
	}
	defer func() {
		if err != nil {
			closeSockets()
			err = fmt.Errorf("kernel: %w", err)
		}
	}()
	zo := zmtp.Options{Logf: k.opts.Logf}
	k.hub = newHub(k.signer, k.session)
	pub, err := retry(func() (*zmtp.Publisher, error) {
		return zmtp.ListenPublisher(c.Endpoint(c.IOPubPort), k.hub.welcome, zo)
	})
	if err != nil {
		return nil, err
	}
	k.hub.socket = pub
	closers = append(closers, pub.Close)
	for _, r := range []struct {
		to   **zmtp.Router
		port protocol.Port
	}{{&k.control, c.ControlPort}, {&k.shell, c.ShellPort}, {&k.stdin, c.StdinPort}} {
		*r.to, err = retry(func() (*zmtp.Router, error) { return zmtp.ListenRouter(c.Endpoint(r.port), zo) })
		if err != nil {
			return nil, err
		}
		closers = append(closers, (*r.to).Close)
	}
	hb, err := retry(func() (*zmtp.Echo, error) { return zmtp.ListenEcho(c.Endpoint(c.HBPort), zo) })
	if err != nil {
		return nil, err
	}
	closers = append(closers, hb.Close)
	return closeSockets, nil
}

// read hands the messages of a socket to a function; a bad one costs a log line.
func (k *kernel) read(r *zmtp.Router, handle func(*protocol.Message)) {
	for {
		frames, err := r.Recv()
		if err != nil {
			return
		}
		m, err := k.signer.Decode(frames)
		if err != nil {
			k.opts.Logf("%v", err)
			continue
		}
		handle(m)
	}
}

func (k *kernel) reply(r *zmtp.Router, to *protocol.Message, msgType string, content any) {
	m := k.session.New(msgType, to, content, nil)
	m.Identities = to.Identities
	r.Send(k.signer.Encode(m))
}

// watch interrupts on SIGINT and ends the kernel when its parent has gone.
func (k *kernel) watch(ctx context.Context, interrupts <-chan os.Signal) {
	parent, err := strconv.Atoi(os.Getenv("JPY_PARENT_PID"))
	watched := err == nil && parent == os.Getppid() && runtime.GOOS != "windows"
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-interrupts:
			k.interruptCell()
		case <-tick.C:
			if watched && os.Getppid() != parent {
				k.stop()
				return
			}
		}
	}
}

// interruptCell cancels the running cell, if any.
func (k *kernel) interruptCell() {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.interrupt != nil {
		k.interrupt()
	}
}
