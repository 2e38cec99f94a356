package protocol

// The contents of the messages that a kernel sends in answer to a request.

// Values of the status of a reply.
const (
	OK      = "ok"
	Failed  = "error"
	Aborted = "aborted"
)

// Failure is what a reply with status "error", and the error message on
// IOPub, tell about an error.
type Failure struct {
	EName     string   `json:"ename"`
	EValue    string   `json:"evalue"`
	Traceback []string `json:"traceback"`
}

func (f *Failure) Error() string { return f.EName + ": " + f.EValue }

// Reply is the part that every reply has. The embedded Failure is nil unless
// Status is Failed.
type Reply struct {
	Status string `json:"status"`
	*Failure
}

// Fail returns the content of a reply with status "error".
func Fail(name, value string) Reply {
	return Reply{Failed, &Failure{EName: name, EValue: value}}
}

// ExecuteReply is the content of execute_reply.
type ExecuteReply struct {
	Reply
	ExecutionCount  int                   `json:"execution_count"`
	UserExpressions map[string]Expression `json:"user_expressions"`
	Payload         []Payload             `json:"payload"`
}

// Expression is the value of one user expression, or its failure.
type Expression struct {
	Reply
	Data     map[string]any `json:"data,omitempty"`
	Metadata map[string]any `json:"metadata,omitempty"`
}

// Payload asks the front end for something: Source "page" shows Data in a
// pager, "ask_exit" ends a console.
type Payload struct {
	Source     string         `json:"source"`
	Data       map[string]any `json:"data,omitempty"`
	Start      *int           `json:"start,omitempty"`
	KeepKernel *bool          `json:"keepkernel,omitempty"`
}

// KernelInfoReply is the content of kernel_info_reply.
type KernelInfoReply struct {
	Reply
	ProtocolVersion       string       `json:"protocol_version"`
	Implementation        string       `json:"implementation"`
	ImplementationVersion string       `json:"implementation_version"`
	LanguageInfo          LanguageInfo `json:"language_info"`
	Banner                string       `json:"banner"`
	Debugger              bool         `json:"debugger"`
	HelpLinks             []HelpLink   `json:"help_links"`
	SupportedFeatures     []string     `json:"supported_features"`
}

// LanguageInfo describes the language of a kernel.
type LanguageInfo struct {
	Name              string `json:"name"`
	Version           string `json:"version"`
	MIMEType          string `json:"mimetype"`
	FileExtension     string `json:"file_extension"`
	PygmentsLexer     string `json:"pygments_lexer,omitempty"`
	CodeMirrorMode    any    `json:"codemirror_mode,omitempty"`
	NBConvertExporter string `json:"nbconvert_exporter,omitempty"`
}

// HelpLink is an entry of a front end's help menu.
type HelpLink struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

// CompleteReply is the content of complete_reply.
type CompleteReply struct {
	Reply
	Matches     []string        `json:"matches"`
	CursorStart int             `json:"cursor_start"`
	CursorEnd   int             `json:"cursor_end"`
	Metadata    CompleteDetails `json:"metadata"`
}

// CompleteDetails tells more about each match, in the order of the matches.
type CompleteDetails struct {
	Types []CompleteType `json:"_jupyter_types_experimental"`
}

// CompleteType tells more about one match.
type CompleteType struct {
	Start     int    `json:"start"`
	End       int    `json:"end"`
	Text      string `json:"text"`
	Type      string `json:"type"`
	Signature string `json:"signature"`
}

// InspectReply is the content of inspect_reply.
type InspectReply struct {
	Reply
	Found    bool           `json:"found"`
	Data     map[string]any `json:"data"`
	Metadata map[string]any `json:"metadata"`
}

// IsCompleteReply is the content of is_complete_reply, whose status is
// "complete", "incomplete", "invalid" or "unknown".
type IsCompleteReply struct {
	Status string  `json:"status"`
	Indent *string `json:"indent,omitempty"`
}

// HistoryReply is the content of history_reply: each item is [session, line,
// input] or [session, line, [input, output]].
type HistoryReply struct {
	Reply
	History [][]any `json:"history"`
}

// CommInfoReply is the content of comm_info_reply: the open comms by id.
type CommInfoReply struct {
	Reply
	Comms map[string]CommInfo `json:"comms"`
}

// CommInfo describes an open comm.
type CommInfo struct {
	TargetName string `json:"target_name"`
}

// ShutdownReply is the content of shutdown_reply.
type ShutdownReply struct {
	Reply
	Restart bool `json:"restart"`
}

// DebugReply refuses a DebugRequest.
type DebugReply struct {
	Type       string `json:"type"`
	Seq        int    `json:"seq"`
	RequestSeq int    `json:"request_seq"`
	Command    string `json:"command"`
	Success    bool   `json:"success"`
	Message    string `json:"message"`
}

// Usage is the content of usage_reply.
type Usage struct {
	Hostname      string      `json:"hostname"`
	PID           int         `json:"pid"`
	KernelCPU     *float64    `json:"kernel_cpu,omitempty"`    // per cent of one core
	KernelMemory  *int64      `json:"kernel_memory,omitempty"` // bytes
	CPUCount      int         `json:"cpu_count"`
	VirtualMemory *HostMemory `json:"host_virtual_memory,omitempty"`
}

// HostMemory is the memory of the computer in bytes.
type HostMemory struct {
	Total     int64   `json:"total"`
	Available int64   `json:"available"`
	Used      int64   `json:"used"`
	Free      int64   `json:"free"`
	Percent   float64 `json:"percent"`
}
