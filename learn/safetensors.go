package learn

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
)

// tensor is one array of a safetensors file.
type tensor struct {
	name  string
	shape []int
	data  []float64
}

// entry is a tensor in the header of the file.
type entry struct {
	Dtype   string `json:"dtype"`
	Shape   []int  `json:"shape"`
	Offsets [2]int `json:"data_offsets"`
}

// mostHeader bounds the header, as the format does.
const mostHeader = 100 << 20

// writeSafetensors writes tensors in float64, so that a model goes on bit for
// bit: the length of the header, the header in JSON, the numbers
// (github.com/huggingface/safetensors).
func writeSafetensors(w io.Writer, meta map[string]string, tensors []tensor) error {
	header := map[string]any{"__metadata__": meta}
	at := 0
	for _, t := range tensors {
		end := at + 8*len(t.data)
		header[t.name] = entry{"F64", t.shape, [2]int{at, end}}
		at = end
	}
	text, err := json.Marshal(header) // keys in order
	if err != nil {
		return err
	}
	for len(text)%8 != 0 { // numbers begin at a multiple of 8
		text = append(text, ' ')
	}
	out := binary.LittleEndian.AppendUint64(nil, uint64(len(text)))
	out = append(out, text...)
	for _, t := range tensors {
		for _, v := range t.data {
			out = binary.LittleEndian.AppendUint64(out, math.Float64bits(v))
			if len(out) > 1<<16 {
				if _, err := w.Write(out); err != nil {
					return err
				}
				out = out[:0]
			}
		}
	}
	_, err = w.Write(out)
	return err
}

// readSafetensors reads what writeSafetensors wrote, and F32 besides.
func readSafetensors(b []byte) (meta map[string]string, tensors map[string]tensor, err error) {
	if len(b) < 8 {
		return nil, nil, errors.New("the file is too short for a safetensors file")
	}
	n := binary.LittleEndian.Uint64(b)
	if n > mostHeader || n > uint64(len(b)-8) {
		return nil, nil, fmt.Errorf("the header is said to have %d bytes, the file has %d; this is no safetensors file, or it is cut", n, len(b))
	}
	var raw map[string]json.RawMessage
	if err := json.Unmarshal(b[8:8+n], &raw); err != nil {
		return nil, nil, fmt.Errorf("header: %w", err)
	}
	tensors = make(map[string]tensor)
	for name, text := range raw {
		if name == "__metadata__" {
			if err := json.Unmarshal(text, &meta); err != nil {
				return nil, nil, fmt.Errorf("header: metadata: %w", err)
			}
			continue
		}
		t, err := readTensor(name, text, b[8+n:])
		if err != nil {
			return nil, nil, fmt.Errorf("tensor %q: %w", name, err)
		}
		tensors[name] = t
	}
	return meta, tensors, nil
}

func readTensor(name string, text []byte, data []byte) (tensor, error) {
	var e entry
	if err := json.Unmarshal(text, &e); err != nil {
		return tensor{}, err
	}
	size := map[string]int{"F64": 8, "F32": 4}[e.Dtype]
	if size == 0 {
		return tensor{}, fmt.Errorf("type %q; F64 and F32 are read", e.Dtype)
	}
	from, to := e.Offsets[0], e.Offsets[1]
	if from < 0 || to < from || to > len(data) {
		return tensor{}, fmt.Errorf("lies from byte %d to %d of %d; the file is cut", from, to, len(data))
	}
	count := 1
	for _, d := range e.Shape {
		if d < 0 || d > 0 && count > len(data)/d {
			return tensor{}, fmt.Errorf("shape %v does not fit the file", e.Shape)
		}
		count *= d
	}
	if count*size != to-from {
		return tensor{}, fmt.Errorf("shape %v wants %d bytes, there are %d", e.Shape, count*size, to-from)
	}
	t := tensor{name, e.Shape, make([]float64, count)}
	for i := range t.data {
		if size == 8 {
			t.data[i] = math.Float64frombits(binary.LittleEndian.Uint64(data[from+8*i:]))
		} else {
			t.data[i] = float64(math.Float32frombits(binary.LittleEndian.Uint32(data[from+4*i:])))
		}
	}
	return t, nil
}
