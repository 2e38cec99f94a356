package protocol

import "encoding/json"

// The contents of the messages that a front end sends. Fields that are
// pointers have a default other than their zero value.

// ExecuteRequest is the content of execute_request.
type ExecuteRequest struct {
	Code            string            `json:"code"`
	Silent          bool              `json:"silent"`
	StoreHistory    *bool             `json:"store_history,omitempty"` // by default not Silent
	UserExpressions map[string]string `json:"user_expressions"`
	AllowStdin      bool              `json:"allow_stdin"`
	StopOnError     *bool             `json:"stop_on_error,omitempty"` // by default true
}

// Stores tells whether the request counts and goes into the history.
func (r ExecuteRequest) Stores() bool {
	return !r.Silent && (r.StoreHistory == nil || *r.StoreHistory)
}

// Stops tells whether an error of the request aborts the queued ones.
func (r ExecuteRequest) Stops() bool {
	return !r.Silent && (r.StopOnError == nil || *r.StopOnError)
}

// CompleteRequest is the content of complete_request. CursorPos counts code
// points; without one it is the end of the code.
type CompleteRequest struct {
	Code      string `json:"code"`
	CursorPos *int   `json:"cursor_pos,omitempty"`
}

// InspectRequest is the content of inspect_request.
type InspectRequest struct {
	Code        string `json:"code"`
	CursorPos   *int   `json:"cursor_pos,omitempty"`
	DetailLevel int    `json:"detail_level"`
}

// IsCompleteRequest is the content of is_complete_request.
type IsCompleteRequest struct {
	Code string `json:"code"`
}

// HistoryRequest is the content of history_request. AccessType is "tail"
// (the last N), "range" (Start to before Stop of a session, where 0 is this
// one and -1 the one before) or "search" (glob Pattern, the last N matches).
type HistoryRequest struct {
	Output     bool   `json:"output"`
	Raw        bool   `json:"raw"`
	AccessType string `json:"hist_access_type"`
	Session    int    `json:"session"`
	Start      int    `json:"start"`
	Stop       *int   `json:"stop,omitempty"` // by default the end
	N          *int   `json:"n,omitempty"`    // by default all
	Pattern    string `json:"pattern"`
	Unique     bool   `json:"unique"`
}

// CommInfoRequest is the content of comm_info_request; an empty target asks for all.
type CommInfoRequest struct {
	TargetName string `json:"target_name,omitempty"`
}

// CommOpen is the content of comm_open.
type CommOpen struct {
	CommID     string          `json:"comm_id"`
	TargetName string          `json:"target_name"`
	Data       json.RawMessage `json:"data"`
}

// CommMsg is the content of comm_msg and of comm_close.
type CommMsg struct {
	CommID string          `json:"comm_id"`
	Data   json.RawMessage `json:"data"`
}

// ShutdownRequest is the content of shutdown_request.
type ShutdownRequest struct {
	Restart bool `json:"restart"`
}

// InputReply is the content of input_reply.
type InputReply struct {
	Value string `json:"value"`
}

// DebugRequest is what a kernel without a debugger reads of a debug_request,
// a message of the Debug Adapter Protocol.
type DebugRequest struct {
	Seq     int    `json:"seq"`
	Command string `json:"command"`
}
