package protocol

import (
	"bytes"
	"encoding"
	"encoding/base64"
	"encoding/json"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"unsafe"
)

// Marshal returns v as JSON that every client can parse: valid UTF-8, no NaN
// and no infinity (they become strings), no null for an empty slice or map,
// []byte as base64. Strings are written straight into the text, so a picture
// of many megabytes is copied once. Struct tags mean what they mean in
// encoding/json. What has no JSON becomes a string that says so.
func Marshal(v any) json.RawMessage {
	return AppendJSON(make([]byte, 0, sizeHint(reflect.ValueOf(v), 0)), v)
}

// AppendJSON appends v as Marshal writes it.
func AppendJSON(dst []byte, v any) []byte { return appendAny(dst, v, nil) }

// place is where in a value the writer is: in what, and in what that is.
type place struct {
	in    unsafe.Pointer // the slice, map or pointer
	size  int
	outer *place
	depth int
}

// maxDepth bounds the nesting of a value.
const maxDepth = 1000

// enter goes into v. It returns why not, if v contains itself or is nested too deeply.
func enter(v reflect.Value, outer *place) (p place, refused string) {
	p = place{outer: outer, depth: 1}
	if outer != nil {
		p.depth += outer.depth
	}
	if p.depth > maxDepth {
		return p, "nested too deeply"
	}
	switch v.Kind() {
	case reflect.Slice:
		p.size = v.Len()
		fallthrough
	case reflect.Map, reflect.Pointer:
		p.in = v.UnsafePointer()
	}
	for o := outer; o != nil && p.in != nil; o = o.outer {
		if o.in == p.in && o.size == p.size {
			return p, "contains itself"
		}
	}
	return p, ""
}

// appendAny writes the types that a message is mostly made of without reflection.
func appendAny(dst []byte, v any, outer *place) []byte {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...)
	case string:
		return appendString(dst, v)
	case bool:
		return strconv.AppendBool(dst, v)
	case int:
		return strconv.AppendInt(dst, int64(v), 10)
	case float64:
		return appendFloat(dst, v, 64)
	case []byte:
		return appendBase64(dst, v)
	case json.RawMessage:
		return appendRaw(dst, v)
	case json.Marshaler, encoding.TextMarshaler, json.Number:
		return appendStandard(dst, v)
	}
	return appendValue(dst, reflect.ValueOf(v), outer)
}

func appendValue(dst []byte, v reflect.Value, outer *place) []byte {
	switch v.Kind() {
	case reflect.Bool:
		return strconv.AppendBool(dst, v.Bool())
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return strconv.AppendInt(dst, v.Int(), 10)
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return strconv.AppendUint(dst, v.Uint(), 10)
	case reflect.Float32, reflect.Float64:
		return appendFloat(dst, v.Float(), v.Type().Bits())
	case reflect.String:
		return appendString(dst, v.String())
	}
	at, refused := enter(v, outer)
	if refused != "" {
		return appendString(dst, refused)
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return append(dst, "null"...)
		}
		return appendElem(dst, v.Elem(), &at)
	case reflect.Slice, reflect.Array:
		return appendSlice(dst, v, &at)
	case reflect.Map:
		return appendMap(dst, v, &at)
	case reflect.Struct:
		dst, _ = appendFields(append(dst, '{'), v, &at, false)
		return append(dst, '}')
	}
	return appendString(dst, "a "+v.Type().String()+" has no JSON")
}

// appendElem writes what stands in a slice, map, field or behind a pointer.
func appendElem(dst []byte, v reflect.Value, at *place) []byte {
	if v.CanInterface() && !(v.Kind() == reflect.Interface && v.IsNil()) {
		return appendAny(dst, v.Interface(), at)
	}
	return appendValue(dst, v, at)
}

func appendSlice(dst []byte, v reflect.Value, at *place) []byte {
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
		return appendBase64(dst, v.Bytes())
	}
	dst = append(dst, '[')
	for i := range v.Len() {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendElem(dst, v.Index(i), at)
	}
	return append(dst, ']')
}

// appendMap writes a map with its keys in order.
func appendMap(dst []byte, v reflect.Value, at *place) []byte {
	if v.Type().Key().Kind() != reflect.String {
		return appendStandard(dst, v.Interface())
	}
	keys := v.MapKeys()
	slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
	dst = append(dst, '{')
	for i, k := range keys {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = append(appendString(dst, k.String()), ':')
		dst = appendElem(dst, v.MapIndex(k), at)
	}
	return append(dst, '}')
}

// appendFields writes the fields of a struct; those of an embedded one stand
// among them. more tells whether a field was written before.
func appendFields(dst []byte, v reflect.Value, at *place, more bool) ([]byte, bool) {
	for i := range v.NumField() {
		f, value := v.Type().Field(i), v.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			if value.Kind() == reflect.Pointer {
				value = value.Elem() // the zero Value if nil
			}
			if value.Kind() == reflect.Struct {
				dst, more = appendFields(dst, value, at, more)
			}
			continue
		}
		if !f.IsExported() || name == "-" ||
			strings.Contains(options, "omitempty") && empty(value) ||
			strings.Contains(options, "omitzero") && value.IsZero() {
			continue
		}
		if more {
			dst = append(dst, ',')
		}
		if more = true; name == "" {
			name = f.Name
		}
		dst = append(appendString(dst, name), ':')
		dst = appendElem(dst, value, at)
	}
	return dst, more
}

// empty is what omitempty leaves out.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

// appendStandard writes what encoding/json knows better.
func appendStandard(dst []byte, v any) []byte {
	var buf bytes.Buffer
	e := json.NewEncoder(&buf)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return appendString(dst, "has no JSON: "+err.Error())
	}
	return append(dst, bytes.TrimRight(buf.Bytes(), "\n")...)
}

// appendRaw writes JSON text, {} for none, and what is no JSON as a string.
func appendRaw(dst []byte, text json.RawMessage) []byte {
	switch {
	case len(text) == 0:
		return append(dst, "{}"...)
	case !json.Valid(text):
		return appendString(dst, string(text))
	}
	return append(dst, text...)
}

func appendBase64(dst, b []byte) []byte {
	dst = base64.StdEncoding.AppendEncode(append(dst, '"'), b)
	return append(dst, '"')
}

func appendFloat(dst []byte, f float64, bits int) []byte {
	switch {
	case math.IsNaN(f):
		return append(dst, `"NaN"`...)
	case math.IsInf(f, 1):
		return append(dst, `"Infinity"`...)
	case math.IsInf(f, -1):
		return append(dst, `"-Infinity"`...)
	}
	return strconv.AppendFloat(dst, f, 'g', -1, bits)
}

// sizeHint is about the length of v as JSON, exact enough to avoid most growth.
func sizeHint(v reflect.Value, depth int) int {
	const small = 24
	if depth++; depth > 8 {
		return small
	}
	n := small
	switch v.Kind() {
	case reflect.String:
		n += v.Len() + escapes(v.String())
	case reflect.Pointer, reflect.Interface:
		n += sizeHint(v.Elem(), depth)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			return n + base64.StdEncoding.EncodedLen(v.Len())
		}
		n += small * v.Len()
	case reflect.Map:
		for e := v.MapRange(); e.Next(); {
			n += small + sizeHint(e.Value(), depth)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			n += small + sizeHint(v.Field(i), depth)
		}
	}
	return n
}
