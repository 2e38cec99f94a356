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
func AppendJSON(dst []byte, v any) []byte { return appendAny(dst, v, 0) }

// maxDepth bounds the nesting of a value, so that one that contains itself
// does not end the process.
const maxDepth = 1000

// appendAny writes the types that a message is mostly made of without reflection.
func appendAny(dst []byte, v any, depth int) []byte {
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
	case json.Marshaler, encoding.TextMarshaler:
		return appendStandard(dst, v)
	}
	return appendValue(dst, reflect.ValueOf(v), depth)
}

func appendValue(dst []byte, v reflect.Value, depth int) []byte {
	if depth++; depth > maxDepth {
		return appendString(dst, "nested too deeply")
	}
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
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			return append(dst, "null"...)
		}
		return appendElem(dst, v.Elem(), depth)
	case reflect.Slice, reflect.Array:
		return appendSlice(dst, v, depth)
	case reflect.Map:
		return appendMap(dst, v, depth)
	case reflect.Struct:
		dst, _ = appendFields(append(dst, '{'), v, depth, false)
		return append(dst, '}')
	}
	return appendString(dst, "a "+v.Type().String()+" has no JSON")
}

// appendElem writes what stands in a slice, map, field or behind a pointer.
func appendElem(dst []byte, v reflect.Value, depth int) []byte {
	if v.CanInterface() && depth < maxDepth {
		switch v.Kind() {
		case reflect.Interface, reflect.Pointer:
			if !v.IsNil() {
				return appendAnyDeeper(dst, v, depth)
			}
		default:
			return appendAnyDeeper(dst, v, depth)
		}
	}
	return appendValue(dst, v, depth)
}

func appendAnyDeeper(dst []byte, v reflect.Value, depth int) []byte {
	return appendAny(dst, v.Interface(), depth+1)
}

func appendSlice(dst []byte, v reflect.Value, depth int) []byte {
	if v.Kind() == reflect.Slice && v.Type().Elem().Kind() == reflect.Uint8 {
		return appendBase64(dst, v.Bytes())
	}
	dst = append(dst, '[')
	for i := range v.Len() {
		if i > 0 {
			dst = append(dst, ',')
		}
		dst = appendElem(dst, v.Index(i), depth)
	}
	return append(dst, ']')
}

// appendMap writes a map with its keys in order.
func appendMap(dst []byte, v reflect.Value, depth int) []byte {
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
		dst = appendElem(dst, v.MapIndex(k), depth)
	}
	return append(dst, '}')
}

// appendFields writes the fields of a struct; those of an embedded one stand
// among them. more tells whether a field was written before.
func appendFields(dst []byte, v reflect.Value, depth int, more bool) ([]byte, bool) {
	for i := range v.NumField() {
		f, value := v.Type().Field(i), v.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		if f.Anonymous && name == "" {
			if value.Kind() == reflect.Pointer {
				value = value.Elem() // the zero Value if nil
			}
			if value.Kind() == reflect.Struct {
				dst, more = appendFields(dst, value, depth+1, more)
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
		dst = appendElem(dst, value, depth)
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

// appendRaw writes JSON text, {} for none.
func appendRaw(dst []byte, text json.RawMessage) []byte {
	if len(text) == 0 {
		return append(dst, "{}"...)
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
		n += v.Len() + v.Len()/16
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
