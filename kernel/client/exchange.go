package client

import (
	"context"
	"encoding/json"
	"fmt"

	"mlpkernel/protocol"
)

// Channel names the socket a request goes out on.
type Channel int

// The channels of requests.
const (
	Shell Channel = iota
	Control
)

// exchange is a request on its way: who waits for what belongs to it.
type exchange struct {
	reply  chan *protocol.Message
	idle   chan struct{}
	output func(*protocol.Message)
	input  func(prompt string, password bool) (string, error)
	quiet  bool // idle was closed
}

// start sends a request under a new exchange; end forgets it.
func (c *Client) start(ch Channel, m *protocol.Message, x *exchange) (end func(), err error) {
	x.reply = make(chan *protocol.Message, 1)
	x.idle = make(chan struct{})
	c.mu.Lock()
	c.exchanges[m.Header.MsgID] = x
	c.mu.Unlock()
	end = func() {
		c.mu.Lock()
		delete(c.exchanges, m.Header.MsgID)
		c.mu.Unlock()
	}
	if err := c.send(ch, m); err != nil {
		end()
		return nil, err
	}
	return end, nil
}

func (c *Client) send(ch Channel, m *protocol.Message) error {
	s := c.shell
	if ch == Control {
		s = c.control
	}
	err := s.send(c.signer.Encode(m))
	if err == nil || c.ctx.Err() != nil {
		// When the client ends meanwhile, zmq4 fails for what has left as well;
		// who waits for the answer learns the cause, or finds the answer there.
		return nil
	}
	return fmt.Errorf("client: send %s: %w", m.Type(), err)
}

// wait waits for a value of ch. One that is there counts more than the end of
// the client.
func wait[T any](ctx context.Context, c *Client, ch <-chan T) (v T, err error) {
	select {
	case v = <-ch:
		return v, nil
	case <-ctx.Done():
		err = context.Cause(ctx)
	case <-c.ctx.Done():
		err = context.Cause(c.ctx)
	}
	select {
	case v = <-ch:
		return v, nil
	default:
		return v, err
	}
}

// Request sends a message and returns the reply to it.
func (c *Client) Request(ctx context.Context, ch Channel, msgType string, content any) (*protocol.Message, error) {
	m := c.session.New(msgType, nil, content, nil)
	x := &exchange{}
	end, err := c.start(ch, m, x)
	if err != nil {
		return nil, err
	}
	defer end()
	reply, err := wait(ctx, c, x.reply)
	if err != nil {
		return nil, fmt.Errorf("client: no reply to %s: %w", msgType, err)
	}
	return reply, nil
}

// Notify sends a message that has no reply, and waits for the idle status
// that ends its handling.
func (c *Client) Notify(ctx context.Context, ch Channel, msgType string, content any) error {
	m := c.session.New(msgType, nil, content, nil)
	x := &exchange{}
	end, err := c.start(ch, m, x)
	if err != nil {
		return err
	}
	defer end()
	if _, err := wait(ctx, c, x.idle); err != nil {
		return fmt.Errorf("client: no idle after %s: %w", msgType, err)
	}
	return nil
}

// ask sends a request and reads the reply's content.
func ask[T any](ctx context.Context, c *Client, ch Channel, msgType string, content any) (out T, err error) {
	reply, err := c.Request(ctx, ch, msgType, content)
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal(reply.Content, &out); err != nil {
		return out, fmt.Errorf("client: content of %s: %w", reply.Type(), err)
	}
	return out, nil
}

// exchangeOf returns the exchange a message belongs to, nil if none.
func (c *Client) exchangeOf(m *protocol.Message) *exchange {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.exchanges[m.ParentID()]
}

func (c *Client) onReply(m *protocol.Message) {
	if x := c.exchangeOf(m); x != nil {
		select {
		case x.reply <- m:
		default: // a second reply; the first counts
		}
	}
}

func (c *Client) onIOPub(m *protocol.Message) {
	c.mu.Lock()
	x := c.exchanges[m.ParentID()]
	watchers := make([]func(*protocol.Message), 0, len(c.watchers))
	for _, f := range c.watchers {
		watchers = append(watchers, f)
	}
	c.mu.Unlock()
	for _, f := range watchers {
		f(m)
	}
	c.onComm(m)
	if x == nil {
		return
	}
	if x.output != nil {
		x.output(m)
	}
	if !x.quiet && isIdle(m) {
		x.quiet = true
		close(x.idle)
	}
}

func isIdle(m *protocol.Message) bool {
	var s protocol.Status
	return m.Type() == "status" && json.Unmarshal(m.Content, &s) == nil && s.ExecutionState == protocol.Idle
}
