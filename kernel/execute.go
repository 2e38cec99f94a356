package kernel

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"mlpkernel/cell"
	"mlpkernel/display"
	"mlpkernel/protocol"
)

// arrival is how far apart cells may arrive that a front end sent together.
// Before a cell that fails sooner than that aborts what is queued, the kernel
// waits for the rest of it, so that all cells of a "run all" are aborted.
const arrival = 5 * time.Millisecond

// execute serves execute_request. It reads the content itself, since each of
// its replies has an execution_count.
func execute(r *request) any {
	var req protocol.ExecuteRequest
	if failed := reads(func(_ *request, c protocol.ExecuteRequest) any { req = c; return nil })(r); failed != nil {
		return protocol.ExecuteReply{Reply: failed.(protocol.Reply), ExecutionCount: r.executor.counter()}
	}
	if r.executor.aborted(r) {
		return protocol.ExecuteReply{
			Reply:          protocol.Reply{Status: protocol.Aborted},
			ExecutionCount: r.executor.counter(),
		}
	}
	c := &execution{request: r, req: req, number: r.executor.next(req.Stores())}
	return c.run()
}

// execution is a cell that runs.
type execution struct {
	*request
	req    protocol.ExecuteRequest
	number int
	host   *host
}

func (c *execution) run() protocol.ExecuteReply {
	ctx, end := c.executor.begin(c.request) // before a front end sees that the cell runs, and may interrupt it
	defer end()
	if !c.req.Silent {
		c.publish("execute_input", protocol.ExecuteInput{Code: c.req.Code, ExecutionCount: c.number})
	}
	c.host = newHost(ctx, c.request, c.req)
	value, err := c.call(ctx)
	out := protocol.ExecuteReply{Reply: protocol.Reply{Status: protocol.OK}, ExecutionCount: c.number}
	if c.req.Silent || !c.req.Stores() {
		out.ExecutionCount = c.executor.counter()
	}
	if err != nil {
		out.Reply = c.fail(ctx, err)
	} else {
		c.result(value)
		out.UserExpressions = c.expressions(ctx)
	}
	out.Payload = c.host.end()
	c.store(value)
	c.hub.flush()
	if err != nil && c.req.Stops() {
		time.Sleep(arrival - time.Since(c.came))
		c.executor.abort()
	}
	return out
}

// call hands the cell to the language. A panic becomes an error.
func (c *execution) call(ctx context.Context) (value *display.Bundle, err error) {
	defer c.recovered("a cell", func(e *protocol.Failure) {
		value, err = nil, &cell.Error{Name: e.EName, Value: e.EValue, Traceback: e.Traceback}
	})
	return c.lang.Execute(ctx, cell.Code{
		Source: c.req.Code,
		Count:  c.number,
		Silent: c.req.Silent,
		ID:     cellID(c.Message),
	}, c.host)
}

// result publishes the value of a cell that has one.
func (c *execution) result(value *display.Bundle) {
	if value == nil {
		return
	}
	data, metadata := mime(*value)
	c.host.publish("execute_result", protocol.ExecuteResult{ExecutionCount: c.number, Data: data, Metadata: metadata})
}

// fail publishes the error of a cell and returns it as that of the reply.
func (c *execution) fail(ctx context.Context, err error) protocol.Reply {
	f := failure(ctx, err)
	c.host.publish("error", f)
	return protocol.Reply{Status: protocol.Failed, Failure: f}
}

// store adds the cell to the history.
func (c *execution) store(value *display.Bundle) {
	if !c.req.Stores() {
		return
	}
	output := ""
	if value != nil {
		output = value.Plain()
	}
	c.history.add(c.number, c.req.Code, output)
}

// expressions evaluates the user_expressions; their errors are their own.
func (c *execution) expressions(ctx context.Context) map[string]protocol.Expression {
	out := map[string]protocol.Expression{}
	ev, ok := c.lang.(cell.Evaluator)
	for name, text := range c.req.UserExpressions {
		if !ok {
			out[name] = protocol.Expression{Reply: protocol.Fail("NotImplementedError", "this language has no expressions to evaluate")}
			continue
		}
		out[name] = c.evaluate(ctx, ev, text)
	}
	return out
}

func (c *execution) evaluate(ctx context.Context, ev cell.Evaluator, text string) (x protocol.Expression) {
	defer c.recovered("a user expression", func(e *protocol.Failure) {
		x = protocol.Expression{Reply: protocol.Reply{Status: protocol.Failed, Failure: e}}
	})
	b, err := ev.Evaluate(ctx, text)
	if err != nil {
		return protocol.Expression{Reply: protocol.Reply{Status: protocol.Failed, Failure: failure(ctx, err)}}
	}
	data, metadata := mime(b)
	return protocol.Expression{Reply: protocol.Reply{Status: protocol.OK}, Data: data, Metadata: metadata}
}

// failure returns an error as front ends show it.
func failure(ctx context.Context, err error) *protocol.Failure {
	var e *cell.Error
	if !errors.As(err, &e) {
		name := InternalError
		if ctx.Err() != nil && errors.Is(err, context.Canceled) {
			name = cell.Interrupted
		}
		e = &cell.Error{Name: name, Value: err.Error()}
	}
	f := &protocol.Failure{EName: e.Name, EValue: e.Value, Traceback: e.Traceback}
	if len(f.Traceback) == 0 {
		f.Traceback = []string{f.Error()}
	}
	return f
}

// cellID returns the notebook's id of a cell, empty if the front end sends none.
func cellID(m *protocol.Message) string {
	var metadata struct {
		CellID string `json:"cellId"`
	}
	// A front end that sends another type has no cell ids.
	_ = json.Unmarshal(m.Metadata, &metadata)
	return metadata.CellID
}
