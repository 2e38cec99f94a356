package display

import "sort"

// Bundle is one thing to show, in as many representations as a front end may
// want: the "MIME bundle" of the Jupyter messaging protocol.
type Bundle struct {
	// Data maps a MIME type to its content: text as string, binary formats
	// (image/png, application/pdf) as []byte, which the wire carries as base64,
	// and JSON types (application/json, *+json) as any marshallable value.
	// text/plain is always present.
	Data map[string]any
	// Metadata maps a MIME type, or a namespace of ours, to an object.
	Metadata map[string]any
	// Volatile lists pieces of the text in Data that vary by nature between
	// runs (wall time, device names, versions). They are published under
	// metadata "mlpkernel", and `verify` leaves them out of a comparison.
	Volatile []string
}

// Text returns a bundle of plain text.
func Text(s string) Bundle {
	return Bundle{Data: map[string]any{"text/plain": s}}
}

// With returns a copy of b that also has data for a MIME type.
func (b Bundle) With(mime string, data any) Bundle {
	d := make(map[string]any, len(b.Data)+1)
	for k, v := range b.Data {
		d[k] = v
	}
	d[mime] = data
	b.Data = d
	return b
}

// MIMETypes returns the types of the bundle, sorted.
func (b Bundle) MIMETypes() []string {
	out := make([]string, 0, len(b.Data))
	for k := range b.Data {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// Plain returns the text/plain representation.
func (b Bundle) Plain() string {
	s, _ := b.Data["text/plain"].(string)
	return s
}

// Bundler is anything that can show itself.
type Bundler interface {
	Bundle() Bundle
}
