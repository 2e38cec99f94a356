package kernel

// handler says what serves a type of request on which socket.
type handler struct {
	onShell   serveFunc // nil: not served there
	onControl serveFunc
	// inTurn tells that on shell the request waits for the cells before it.
	// The others are served beside a running cell.
	inTurn bool
}

// handlers are the requests by type.
var handlers = map[string]handler{
	"kernel_info_request":     {onShell: kernelInfo, onControl: kernelInfo},
	"execute_request":         {onShell: execute, inTurn: true},
	"complete_request":        {onShell: reads(complete)},
	"inspect_request":         {onShell: reads(inspect)},
	"is_complete_request":     {onShell: reads(isComplete)},
	"history_request":         {onShell: reads(historyRequest)},
	"comm_info_request":       {onShell: reads(commInfo)},
	"comm_open":               {onShell: commOpen},
	"comm_msg":                {onShell: commMessage},
	"comm_close":              {onShell: commClose},
	"interrupt_request":       {onControl: interrupt},
	"shutdown_request":        {onShell: reads(shutdown), onControl: reads(shutdown), inTurn: true},
	"usage_request":           {onControl: usageRequest},
	"debug_request":           {onControl: reads(debugRequest)},
	"create_subshell_request": {onControl: noSubshells},
	"delete_subshell_request": {onControl: noSubshells},
	"list_subshell_request":   {onControl: noSubshells},
}
