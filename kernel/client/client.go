package client

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"github.com/go-zeromq/zmq4"
	"github.com/google/uuid"

	"mlpkernel/protocol"
)

// Client is one front end of one kernel.
type Client struct {
	conn    protocol.Connection
	session *protocol.Session
	signer  *protocol.Signer
	info    protocol.KernelInfoReply

	ctx    context.Context // ends with the client
	cancel context.CancelCauseFunc
	loops  sync.WaitGroup // that read the sockets
	read   atomic.Int64   // messages so far

	shell, control, stdin, iopub *socket

	mu        sync.Mutex
	exchanges map[string]*exchange // by id of the request
	watchers  map[int]func(*protocol.Message)
	watched   int // number of watchers so far, the key of the next
	comms     map[string]*Comm
}

// Why calls fail on a client that was closed, or whose kernel has gone.
var (
	ErrClosed = errors.New("client: closed")
	ErrExited = errors.New("client: the kernel has ended")
)

// Connect joins the kernel of a connection and waits until it answers on
// shell and its output arrives on IOPub, at most as long as ctx allows.
func Connect(ctx context.Context, conn protocol.Connection) (*Client, error) {
	signer, err := protocol.NewSigner(conn.SignatureScheme, conn.Key)
	if err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	c := &Client{
		conn:      conn,
		session:   protocol.NewSession(),
		signer:    signer,
		exchanges: map[string]*exchange{},
		watchers:  map[int]func(*protocol.Message){},
		comms:     map[string]*Comm{},
	}
	c.ctx, c.cancel = context.WithCancelCause(context.Background())
	stop := context.AfterFunc(ctx, func() { c.cancel(context.Cause(ctx)) })
	defer stop()
	heard := make(chan struct{})
	hear := sync.OnceFunc(func() { close(heard) })
	forget := c.Watch(func(*protocol.Message) { hear() })
	if err = c.dial(); err == nil {
		err = c.ready(ctx, heard)
	}
	forget()
	if err != nil {
		c.Close()
		if ctx.Err() != nil {
			err = context.Cause(ctx)
		}
		return nil, fmt.Errorf("client: no kernel at %s: %w", conn.Endpoint(conn.ShellPort), err)
	}
	return c, nil
}

// dial opens the sockets and starts to read them. Shell, control and stdin
// share an identity, since the kernel asks for input under that of the cell.
func (c *Client) dial() error {
	id := uuid.NewString()
	for _, s := range []struct {
		to   **socket
		kind kind
		port protocol.Port
		read func(*protocol.Message)
	}{
		{&c.iopub, zmq4.NewSub, c.conn.IOPubPort, c.onIOPub},
		{&c.shell, zmq4.NewDealer, c.conn.ShellPort, c.onReply},
		{&c.control, zmq4.NewDealer, c.conn.ControlPort, c.onReply},
		{&c.stdin, zmq4.NewDealer, c.conn.StdinPort, c.onStdin},
	} {
		k, err := dialSocket(c.ctx, s.kind, id, c.conn.Endpoint(s.port))
		if err != nil {
			return err
		}
		*s.to = k
		c.loops.Add(1)
		go func() {
			defer c.loops.Done()
			k.loop(c.signer, func(m *protocol.Message) { s.read(m); c.read.Add(1) })
		}()
	}
	return nil
}

// How long ready waits for the welcome of a kernel that may send none, and
// for an answer before it asks again, at first; then twice as long each time.
const (
	welcomeTime = 300 * time.Millisecond
	answerTime  = time.Second
)

// ready waits for iopub_welcome, which tells that the subscription stands, and
// asks for kernel_info until a reply and its idle have come: what a kernel
// without a welcome says before the subscription stands is lost.
func (c *Client) ready(ctx context.Context, heard <-chan struct{}) error {
	try := func(limit time.Duration, f func(context.Context) error) error {
		ctx, cancel := context.WithTimeout(ctx, limit)
		defer cancel()
		return f(ctx)
	}
	_ = try(welcomeTime, func(ctx context.Context) error { _, err := wait(ctx, c, heard); return err })
	for limit := answerTime; ; limit *= 2 {
		err := try(limit, c.greet)
		if err == nil || ctx.Err() != nil || c.ctx.Err() != nil {
			return err
		}
	}
}

// greet asks for kernel_info and waits for its reply and its idle.
func (c *Client) greet(ctx context.Context) error {
	const msgType = "kernel_info_request"
	x := &exchange{}
	end, err := c.start(Shell, c.session.New(msgType, nil, nil, nil), x)
	if err != nil {
		return err
	}
	defer end()
	reply, err := wait(ctx, c, x.reply)
	if err != nil {
		return fmt.Errorf("no reply to %s: %w", msgType, err)
	}
	if err := json.Unmarshal(reply.Content, &c.info); err != nil {
		return fmt.Errorf("content of %s: %w", reply.Type(), err)
	}
	if _, err := wait(ctx, c, x.idle); err != nil {
		return fmt.Errorf("nothing arrives on IOPub: %w", err)
	}
	return nil
}

// Info returns what the kernel said about itself when the client connected.
func (c *Client) Info() protocol.KernelInfoReply { return c.info }

// Connection returns where the kernel listens.
func (c *Client) Connection() protocol.Connection { return c.conn }

// Close leaves the kernel running and closes the client's sockets.
func (c *Client) Close() {
	c.cancel(ErrClosed)
	for _, s := range []*socket{c.iopub, c.shell, c.control, c.stdin} {
		if s != nil {
			s.close()
		}
	}
	c.loops.Wait()
}

// How long after a message the next that a kernel sent before its end may take
// to be read: so many looks with a pause before each. A process that gets no
// processor for a while takes fewer looks, and its readers have their time.
const (
	lastLooks = 40
	lookPause = 50 * time.Millisecond
)

// endsWith ends the client, with the cause that why returns, when the kernel
// has ended and all that it said has been read.
func (c *Client) endsWith(ended <-chan struct{}, why func() error) {
	select {
	case <-ended:
	case <-c.ctx.Done():
		return
	}
	defer func() { c.cancel(why()) }()
	silent := make(chan struct{})
	go func() {
		c.loops.Wait()
		close(silent)
	}()
	before := c.read.Load()
	for looks := 0; looks < lastLooks; looks++ {
		select {
		case <-silent:
			return
		case <-time.After(lookPause):
		}
		if now := c.read.Load(); now != before {
			before, looks = now, 0
		}
	}
}

// Watch calls f with every message that comes on IOPub, whoever caused it,
// until stop is called.
func (c *Client) Watch(f func(*protocol.Message)) (stop func()) {
	c.mu.Lock()
	defer c.mu.Unlock()
	n := c.watched
	c.watched++
	c.watchers[n] = f
	return func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		delete(c.watchers, n)
	}
}
