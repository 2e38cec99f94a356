package client

import (
	"context"
	"encoding/json"
	"fmt"

	"mlpkernel/protocol"
)

// Cell is a cell to run. The zero value of every field but Code is what a
// notebook does.
type Cell struct {
	Code        string
	Silent      bool
	Unstored    bool              // do not count it, keep it out of the history
	KeepGoing   bool              // an error does not abort the cells queued behind
	Expressions map[string]string // user_expressions
	ID          string            // the notebook's cell id

	// Output is called with every IOPub message of the cell in order, status
	// and execute_input included, on the goroutine that reads IOPub.
	Output func(*protocol.Message)
	// Input answers the cell's questions; without it the cell is told that
	// there is no input. An error answers as end of file does.
	Input func(prompt string, password bool) (string, error)
}

// Executed is the end of a cell.
type Executed struct {
	protocol.ExecuteReply
	// Message is the execute_reply, for its header.
	Message *protocol.Message
}

// eof is the input_reply of a front end whose user has no more to say.
const eof = "\x04"

// Execute runs a cell and returns when its reply and its idle status are
// there. A failed cell is no error here: see Status. When ctx ends first, the
// cell is not interrupted; call Interrupt.
func (c *Client) Execute(ctx context.Context, cell Cell) (Executed, error) {
	p, err := c.Submit(cell)
	if err != nil {
		return Executed{}, err
	}
	return p.Wait(ctx)
}

// Pending is a cell that was sent.
type Pending struct {
	// ID is the id of the execute_request, the parent of all that belongs to it.
	ID string

	client *Client
	x      *exchange
	end    func()
}

// Submit sends a cell, as a front end does with all cells of a "run all". Wait
// must be called.
func (c *Client) Submit(cell Cell) (*Pending, error) {
	stores, stops := !cell.Unstored && !cell.Silent, !cell.KeepGoing
	content := protocol.ExecuteRequest{
		Code:            cell.Code,
		Silent:          cell.Silent,
		StoreHistory:    &stores,
		UserExpressions: cell.Expressions,
		AllowStdin:      cell.Input != nil,
		StopOnError:     &stops,
	}
	metadata := map[string]any{}
	if cell.ID != "" {
		metadata["cellId"] = cell.ID
	}
	m := c.session.New("execute_request", nil, content, metadata)
	x := &exchange{output: cell.Output, input: cell.Input}
	end, err := c.start(Shell, m, x)
	if err != nil {
		return nil, err
	}
	return &Pending{ID: m.Header.MsgID, client: c, x: x, end: end}, nil
}

// Wait returns when the cell's reply and its idle status are there.
func (p *Pending) Wait(ctx context.Context) (Executed, error) {
	defer p.end()
	reply, err := wait(ctx, p.client, p.x.reply)
	if err == nil {
		_, err = wait(ctx, p.client, p.x.idle)
	}
	if err != nil {
		return Executed{}, fmt.Errorf("client: the cell did not end: %w", err)
	}
	out := Executed{Message: reply}
	if err := json.Unmarshal(reply.Content, &out.ExecuteReply); err != nil {
		return Executed{}, fmt.Errorf("client: content of execute_reply: %w", err)
	}
	return out, nil
}

// onStdin answers an input_request, beside the goroutine that reads stdin;
// nobody waits for a user who does not answer.
func (c *Client) onStdin(m *protocol.Message) {
	x := c.exchangeOf(m)
	if m.Type() != "input_request" || x == nil || x.input == nil {
		return
	}
	var q protocol.InputRequest
	if json.Unmarshal(m.Content, &q) != nil {
		return
	}
	go func() {
		value, err := x.input(q.Prompt, q.Password)
		if err != nil {
			value = eof
		}
		// A client that closed meanwhile has no one to tell.
		_ = c.stdin.send(c.signer.Encode(c.session.New("input_reply", m, protocol.InputReply{Value: value}, nil)))
	}()
}
