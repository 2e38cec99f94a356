package learn

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"time"

	"mlpkernel/nn"
	"mlpkernel/nn/reference"
	"mlpkernel/table"
)

// formatVersion is that of the metadata; newer files are refused.
const formatVersion = 1

// metaKey is where the metadata lies in the safetensors header.
const metaKey = "mlpkernel"

// modelJSON is all of a model but its numbers.
type modelJSON struct {
	Version     int           `json:"version"`
	Network     []layerJSON   `json:"network"`
	Settings    Settings      `json:"settings"`
	Target      *table.Target `json:"target"`
	Prep        *table.Fitted `json:"prep"`
	ClassWeight []float64     `json:"class_weights,omitempty"`
	Seed        uint64        `json:"seed"`
	Step        int           `json:"step"`
	Epoch       int           `json:"epoch"`
	Batch       int           `json:"batch"`
	Slots       int           `json:"slots"`
	Notes       []string      `json:"notes"`
	Stopped     string        `json:"stopped"`
	Best        int           `json:"best"`
	Fingerprint Fingerprint   `json:"fingerprint"`
	Rows        RowCounts     `json:"rows"`
	Wall        float64       `json:"wall_seconds"`
	Device      string        `json:"device"`
	History     []epochJSON   `json:"history"`
	Recordings  []Recording   `json:"recordings"`
	Stage       stage         `json:"stage"`
	Before      []stage       `json:"before,omitempty"`
	Horizon     int           `json:"horizon"`
	End         *clockJSON    `json:"end,omitempty"`
}

// clockJSON is where a training stood; the numbers are tensors.
type clockJSON struct {
	Step  int `json:"step"`
	Epoch int `json:"epoch"`
	Batch int `json:"batch"`
	Slots int `json:"slots"`
}

// epochJSON is an Epoch whose NaNs are null.
type epochJSON struct {
	Epoch   int        `json:"epoch"`
	Loss    *float64   `json:"loss"`
	ValLoss *float64   `json:"val_loss"`
	Metrics []*float64 `json:"metrics,omitempty"`
	Val     []*float64 `json:"val_metrics,omitempty"`
	Rate    *float64   `json:"lr"`
	Seconds *float64   `json:"seconds"`
}

func nullable(v float64) *float64 {
	if !finite(v) {
		return nil
	}
	return &v
}

func nullables(v []float64) []*float64 {
	var out []*float64
	for _, x := range v {
		out = append(out, nullable(x))
	}
	return out
}

func values(v []*float64) []float64 {
	var out []float64
	for _, p := range v {
		out = append(out, or(p, math.NaN()))
	}
	return out
}

// Save writes the model to a safetensors file: parameters by the names of the
// plan ("dense_1.W", units × inputs) and the optimiser's memory in float64,
// all else in the metadata. An existing file is replaced only when the new one
// is whole.
func (m *Model) Save(path string) error {
	f, err := os.CreateTemp(filepath.Dir(path), ".model-*")
	if err != nil {
		return fmt.Errorf("%s: %w", path, reason(err))
	}
	defer os.Remove(f.Name()) // does nothing once it is renamed
	err = m.Encode(f)
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	if err := os.Chmod(f.Name(), 0o644); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// reason is an error about a file without the name of the file.
func reason(err error) error {
	if p := (*fs.PathError)(nil); errors.As(err, &p) {
		return p.Err
	}
	return err
}

// Encode writes what Save writes.
func (m *Model) Encode(w io.Writer) error {
	layers, err := encodeLayers(m.net.Layers())
	if err != nil {
		return err
	}
	j := modelJSON{
		Version: formatVersion, Network: layers, Settings: m.settings, Target: m.coder.target, Prep: m.coder.prep,
		ClassWeight: m.coder.classWeight, Seed: m.state.Seed, Step: m.state.Step, Epoch: m.state.Epoch, Batch: m.state.Batch,
		Slots: m.state.Slots.Len(), Notes: m.notes, Stopped: m.stopped, Best: m.best, Fingerprint: m.print, Rows: m.rows,
		Wall: m.volatile.Wall.Seconds(), Device: m.volatile.Device, Recordings: m.record,
		Stage: m.stage, Before: m.before, Horizon: m.horizon,
	}
	if s := m.end; s.Params != nil {
		j.End = &clockJSON{s.Step, s.Epoch, s.Batch, s.Slots.Len()}
	}
	for e := range m.history.All() {
		j.History = append(j.History, epochJSON{e.Epoch, nullable(e.Loss), nullable(e.ValLoss), nullables(e.Metrics), nullables(e.ValMetrics), nullable(e.Rate), nullable(e.Seconds)})
	}
	text, err := json.Marshal(j)
	if err != nil {
		return err
	}
	var tensors []tensor
	for _, b := range m.plan.Blocks {
		shape := []int{b.Rows}
		if b.Role == nn.Weights || b.Role == nn.Table {
			shape = append(shape, b.Cols)
		}
		tensors = append(tensors, tensor{b.Name, shape, b.Of(m.state.Params)})
	}
	tensors = append(tensors, slotTensors("", m.state.Slots)...)
	if m.end.Params != nil {
		tensors = append(tensors, tensor{endPrefix + "params", []int{len(m.end.Params)}, m.end.Params})
		tensors = append(tensors, slotTensors(endPrefix, m.end.Slots)...)
	}
	return writeSafetensors(w, map[string]string{"format": "mlpkernel", metaKey: string(text)}, tensors)
}

// endPrefix is before the names of what belongs to Model.end.
const endPrefix = "end."

func slotName(prefix string, i int) string { return fmt.Sprintf("%soptimizer.%d", prefix, i) }

func slotTensors(prefix string, slots nn.Slots) []tensor {
	var out []tensor
	for i, s := range slots.Vectors() {
		out = append(out, tensor{slotName(prefix, i), []int{len(s)}, s})
	}
	return out
}

// Load reads a model that Save wrote. It runs on the reference backend; see
// Model.With.
func Load(path string) (*Model, error) {
	b, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	m, err := Decode(b)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return m, nil
}

// Decode reads what Encode wrote.
func Decode(b []byte) (*Model, error) {
	meta, tensors, err := readSafetensors(b)
	if err != nil {
		return nil, err
	}
	text, ok := meta[metaKey]
	if !ok {
		return nil, fmt.Errorf("a safetensors file, but not of a model saved here: its metadata have no %q", metaKey)
	}
	var j modelJSON
	d := json.NewDecoder(bytes.NewReader([]byte(text)))
	if err := d.Decode(&j); err != nil {
		return nil, fmt.Errorf("metadata: %w", err)
	}
	if j.Version > formatVersion {
		return nil, fmt.Errorf("the model was saved by a newer version (format %d, this one reads up to %d)", j.Version, formatVersion)
	}
	return j.model(tensors)
}

// model builds the model and checks that its parts fit.
func (j *modelJSON) model(tensors map[string]tensor) (*Model, error) {
	if j.Target == nil || j.Prep == nil || len(j.Target.Names) == 0 {
		return nil, fmt.Errorf("metadata: target or preparation is missing")
	}
	if err := j.checkTarget(); err != nil {
		return nil, err
	}
	net, err := decodeLayers(j.Network, 0)
	if err != nil {
		return nil, fmt.Errorf("network: %w", err)
	}
	if err := settingsExist(j.Settings); err != nil {
		return nil, fmt.Errorf("settings: %w", err)
	}
	m := &Model{
		net: net, settings: j.Settings, notes: j.Notes, stopped: j.Stopped, best: j.Best, print: j.Fingerprint, rows: j.Rows,
		record: j.Recordings, backend: reference.New(), stage: j.Stage, before: j.Before, horizon: j.Horizon,
		volatile: Volatile{Wall: time.Duration(j.Wall * float64(time.Second)), Device: j.Device},
		coder:    coder{prep: j.Prep, target: j.Target, classWeight: j.ClassWeight, sampleWeight: j.Settings.SampleWeight},
	}
	if m.plan, err = nn.Lower(net, m.coder.spec(j.Settings)); err != nil {
		return nil, err
	}
	m.coder.head = m.plan.Head
	if m.stage.Data == "" { // saved before there were stages
		m.stage, m.horizon = stage{Settings: j.Settings, Data: j.Fingerprint.Data}, j.Settings.Epochs
	}
	for i, e := range j.History {
		if e.Epoch != i+1 {
			return nil, fmt.Errorf("metadata: the history is damaged: line %d is of epoch %d", i+1, e.Epoch)
		}
		nan := math.NaN()
		m.history.add(Epoch{e.Epoch, or(e.Loss, nan), or(e.ValLoss, nan), values(e.Metrics), values(e.Val), or(e.Rate, nan), or(e.Seconds, nan)})
	}
	return m, j.state(m, tensors)
}

// checkTarget makes sure that later code can rely on the target.
func (j *modelJSON) checkTarget() error {
	t := j.Target
	_, known := targetKinds[t.Kind]
	bad := !known || t.Kind == table.TargetBinary && len(t.Classes) != 2 || t.Kind == table.TargetClasses && len(t.Classes) < 3 ||
		t.Kind == table.TargetLabels && len(t.Classes) != len(t.Names)
	if t.Kind == table.TargetNumbers {
		width := 0
		for _, w := range t.Widths {
			if w < 1 || w > 1<<20 {
				return fmt.Errorf("metadata: the target is damaged")
			}
			width += w
		}
		bad = len(t.Widths) != len(t.Names) || len(t.Mean) != width || len(t.Std) != width
	}
	if bad || j.ClassWeight != nil && len(j.ClassWeight) != len(t.Classes) {
		return fmt.Errorf("metadata: the target is damaged")
	}
	return nil
}

// state takes the numbers.
func (j *modelJSON) state(m *Model, tensors map[string]tensor) error {
	e := or(j.End, clockJSON{})
	if min(j.Step, j.Epoch, j.Batch, e.Step, e.Epoch, e.Batch) < 0 {
		return fmt.Errorf("metadata: steps, epochs and batches are counts from 0 on")
	}
	m.state = nn.State{Seed: j.Seed, Step: j.Step, Epoch: j.Epoch, Batch: j.Batch}
	for _, b := range m.plan.Blocks {
		t, ok := tensors[b.Name]
		if !ok || len(t.data) != b.Len() {
			return fmt.Errorf("the network wants %d numbers %q, the file has %d", b.Len(), b.Name, len(t.data))
		}
		m.state.Params = append(m.state.Params, t.data...)
	}
	if len(m.state.Params) != m.plan.Size {
		return fmt.Errorf("the file has %d parameters, the network %d", len(m.state.Params), m.plan.Size)
	}
	var err error
	if m.state.Slots, err = slotsOf(tensors, "", j.Slots); err != nil || j.End == nil {
		return err
	}
	params := tensors[endPrefix+"params"].data
	if len(params) != m.plan.Size {
		return fmt.Errorf("the file has %d parameters of the last epoch, the network %d", len(params), m.plan.Size)
	}
	m.end = nn.State{Seed: j.Seed, Step: e.Step, Epoch: e.Epoch, Batch: e.Batch, Params: params}
	m.end.Slots, err = slotsOf(tensors, endPrefix, e.Slots)
	return err
}

// slotsOf are the optimiser's memory.
func slotsOf(tensors map[string]tensor, prefix string, n int) (nn.Slots, error) {
	var out [][]float64
	for i := range max(0, n) {
		t, ok := tensors[slotName(prefix, i)]
		if !ok {
			return nn.Slots{}, fmt.Errorf("the optimiser's memory %q is missing", slotName(prefix, i))
		}
		out = append(out, t.data)
	}
	return nn.NewSlots(out), nil
}
