package kernel

import (
	"unicode/utf8"

	"mlpkernel/cell"
	"mlpkernel/protocol"
)

// fine is the part of a reply that says that all went well.
var fine = protocol.Reply{Status: protocol.OK}

// language returns the interpreter, once there is one.
func (k *kernel) language() cell.Interpreter {
	<-k.ready
	return k.lang
}

func kernelInfo(r *request) any {
	info := r.language().Info()
	out := protocol.KernelInfoReply{
		Reply:                 fine,
		ProtocolVersion:       protocol.Version,
		Implementation:        info.Implementation,
		ImplementationVersion: info.Version,
		Banner:                info.Banner,
		LanguageInfo: protocol.LanguageInfo{
			Name:              info.Language.Name,
			Version:           info.Language.Version,
			MIMEType:          info.Language.MIMEType,
			FileExtension:     info.Language.FileExtension,
			PygmentsLexer:     info.Language.PygmentsLexer,
			CodeMirrorMode:    info.Language.CodeMirrorMode,
			NBConvertExporter: info.Language.NBConvertExporter,
		},
	}
	for _, l := range info.HelpLinks {
		out.HelpLinks = append(out.HelpLinks, protocol.HelpLink(l))
	}
	return out
}

// clamp brings a cursor into the code; without one it is at the end.
func clamp(cursor *int, code string) int {
	n := utf8.RuneCountInString(code)
	if cursor == nil {
		return n
	}
	return max(0, min(*cursor, n))
}

func complete(r *request, req protocol.CompleteRequest) any {
	cursor := clamp(req.CursorPos, req.Code)
	c := cell.Completion{Start: cursor, End: cursor}
	if lang, can := r.language().(cell.Completer); can {
		c = lang.Complete(req.Code, cursor)
	}
	out := protocol.CompleteReply{Reply: fine, CursorStart: c.Start, CursorEnd: c.End}
	for _, m := range c.Matches {
		out.Matches = append(out.Matches, m.Text)
		out.Metadata.Types = append(out.Metadata.Types, protocol.CompleteType{
			Start: c.Start, End: c.End, Text: m.Text, Type: m.Kind, Signature: m.Signature,
		})
	}
	return out
}

func inspect(r *request, req protocol.InspectRequest) any {
	out := protocol.InspectReply{Reply: fine}
	lang, can := r.language().(cell.Inspector)
	if !can {
		return out
	}
	b, found := lang.Inspect(req.Code, clamp(req.CursorPos, req.Code), req.DetailLevel)
	if found {
		out.Found = true
		out.Data, out.Metadata = mime(b)
	}
	return out
}

func isComplete(r *request, req protocol.IsCompleteRequest) any {
	lang, can := r.language().(cell.Judge)
	if !can {
		return protocol.IsCompleteReply{Status: string(cell.Unknown)}
	}
	status, indent := lang.Judge(req.Code)
	out := protocol.IsCompleteReply{Status: string(status)}
	if status == cell.Incomplete {
		out.Indent = &indent
	}
	return out
}

// interrupt is answered at once; the cell ends a little later.
func interrupt(r *request) any {
	r.executor.interrupt()
	return fine
}

// shutdown ends the running cell and the language, replies on the socket it
// came on and on IOPub, and lets the kernel end after its idle. On shell it
// has waited for the cells before it and runs on their goroutine.
func shutdown(r *request, req protocol.ShutdownRequest) any {
	r.quiesce(r.from == r.control)
	out := protocol.ShutdownReply{Reply: fine, Restart: req.Restart}
	r.publish("shutdown_reply", out)
	r.after = r.stop
	return out
}

// debugRequest refuses in the terms of the Debug Adapter Protocol.
func debugRequest(r *request, req protocol.DebugRequest) any {
	return protocol.DebugReply{
		Type: "response", RequestSeq: req.Seq, Command: req.Command,
		Message: "this kernel has no debugger",
	}
}

func noSubshells(*request) any {
	return protocol.Fail("NotImplementedError", "this kernel has no subshells, and says so in its supported_features")
}

func usageRequest(r *request) any { return r.usage.measure() }
