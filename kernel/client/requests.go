package client

import (
	"bytes"
	"context"
	"errors"
	"fmt"

	"github.com/go-zeromq/zmq4"

	"mlpkernel/protocol"
)

// KernelInfo asks the kernel about itself.
func (c *Client) KernelInfo(ctx context.Context) (protocol.KernelInfoReply, error) {
	return ask[protocol.KernelInfoReply](ctx, c, Shell, "kernel_info_request", nil)
}

// Complete asks for completions at a cursor position in code points.
func (c *Client) Complete(ctx context.Context, code string, cursor int) (protocol.CompleteReply, error) {
	return ask[protocol.CompleteReply](ctx, c, Shell, "complete_request", protocol.CompleteRequest{Code: code, CursorPos: &cursor})
}

// Inspect asks what stands at a cursor position; detail is 0 or 1.
func (c *Client) Inspect(ctx context.Context, code string, cursor, detail int) (protocol.InspectReply, error) {
	return ask[protocol.InspectReply](ctx, c, Shell, "inspect_request",
		protocol.InspectRequest{Code: code, CursorPos: &cursor, DetailLevel: detail})
}

// IsComplete asks whether code could be run as it stands.
func (c *Client) IsComplete(ctx context.Context, code string) (protocol.IsCompleteReply, error) {
	return ask[protocol.IsCompleteReply](ctx, c, Shell, "is_complete_request", protocol.IsCompleteRequest{Code: code})
}

// History asks for earlier cells.
func (c *Client) History(ctx context.Context, r protocol.HistoryRequest) (protocol.HistoryReply, error) {
	return ask[protocol.HistoryReply](ctx, c, Shell, "history_request", r)
}

// CommInfo asks for the open comms of a target, of all with an empty one.
func (c *Client) CommInfo(ctx context.Context, target string) (protocol.CommInfoReply, error) {
	return ask[protocol.CommInfoReply](ctx, c, Shell, "comm_info_request", protocol.CommInfoRequest{TargetName: target})
}

// Interrupt interrupts the running cell, if there is one. The cell ends a
// little later than the reply.
func (c *Client) Interrupt(ctx context.Context) error {
	return status(ask[protocol.Reply](ctx, c, Control, "interrupt_request", nil))
}

// Shutdown asks the kernel to end.
func (c *Client) Shutdown(ctx context.Context, restart bool) error {
	r, err := ask[protocol.ShutdownReply](ctx, c, Control, "shutdown_request", protocol.ShutdownRequest{Restart: restart})
	return status(r.Reply, err)
}

func status(r protocol.Reply, err error) error {
	switch {
	case err != nil:
		return err
	case r.Failure != nil:
		return r.Failure
	case r.Status != protocol.OK:
		return fmt.Errorf("client: the kernel answered with status %q", r.Status)
	}
	return nil
}

// Heartbeat asks the kernel for a sign of life.
func (c *Client) Heartbeat(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	s, err := dialSocket(ctx, zmq4.NewReq, "", c.conn.Endpoint(c.conn.HBPort))
	if err != nil {
		return fmt.Errorf("client: heartbeat: %w", err)
	}
	defer s.close()
	ping := []byte("ping")
	if err := s.sck.Send(zmq4.NewMsg(ping)); err != nil {
		return fmt.Errorf("client: heartbeat: %w", err)
	}
	pong, err := s.sck.Recv()
	if err == nil && (len(pong.Frames) != 1 || !bytes.Equal(pong.Frames[0], ping)) {
		err = errors.New("the kernel echoed something else")
	}
	if err != nil {
		return fmt.Errorf("client: heartbeat: %w", err)
	}
	return nil
}
