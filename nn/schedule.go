package nn

import (
	"math"
	"slices"
	"strings"
)

// Schedule is a rate that changes over a training: a learning rate, a dropout
// rate, a weight decay. It is a product of factors; a plain number is the
// constant factor. The zero value (nil) means that none was given.
type Schedule []Factor

// Factor is one entry of [Schedules] with its parameters, in the order of the
// entry's Params.
type Factor struct {
	Name string
	P    [4]float64
}

// Clock says how far a training has come.
type Clock struct {
	Step     int // updates made so far; the first is 0
	Steps    int // updates of the whole training
	PerEpoch int // updates of an epoch
}

// Progress is the share of the training done, from 0 to 1.
func (c Clock) Progress() float64 {
	if c.Steps <= 0 || c.Step >= c.Steps {
		return 1
	}
	return float64(c.Step) / float64(c.Steps)
}

func (c Clock) epochs() float64 { return float64(c.Step) / float64(max(c.PerEpoch, 1)) }

// Constant is the schedule of a plain number.
func Constant(v float64) Schedule { return Schedule{{Name: "constant", P: [4]float64{v}}} }

// NewSchedule gives the schedule with a name and parameters.
func NewSchedule(name string, args map[string]float64) (Schedule, error) {
	i, err := find(Schedules(), func(d ScheduleDef) Def { return d.Def }, "schedule", name)
	if err != nil {
		return nil, err
	}
	p, err := Schedules()[i].Fill(args)
	if err != nil {
		return nil, err
	}
	f := Factor{Name: name}
	copy(f.P[:], p)
	return Schedule{f}, nil
}

// Times multiplies two schedules.
func (s Schedule) Times(t Schedule) Schedule {
	out := make(Schedule, 0, len(s)+len(t))
	return append(append(out, s...), t...)
}

// At evaluates the schedule. An empty one is 0.
func (s Schedule) At(c Clock) float64 {
	if len(s) == 0 {
		return 0
	}
	v := 1.0
	for _, f := range s {
		v = float64(v * f.def().At(c, f.P))
	}
	return v
}

// Whole tells whether the length of the training changes the schedule.
func (s Schedule) Whole() bool {
	return slices.ContainsFunc(s, func(f Factor) bool { return f.def().Whole })
}

// Span is the least and the greatest value at 101 places of a training of less
// than an epoch.
func (s Schedule) Span() (lo, hi float64) {
	const places = 100
	lo, hi = math.Inf(1), math.Inf(-1)
	for i := range places + 1 {
		v := s.At(Clock{Step: i, Steps: places, PerEpoch: 1 << 30})
		lo, hi = min(lo, v), max(hi, v)
	}
	return lo, hi
}

// Number gives the value if the schedule is constant (0 for an empty one).
func (s Schedule) Number() (v float64, constant bool) {
	for _, f := range s {
		if f.Name != "constant" {
			return 0, false
		}
	}
	return s.At(Clock{}), true
}

// String is the source text: "0.001", "one_cycle(0.01) * warmup()".
func (s Schedule) String() string {
	parts := make([]string, len(s))
	for i, f := range s {
		if f.Name == "constant" {
			parts[i] = num(f.P[0])
		} else {
			parts[i] = f.Name + "(" + f.def().args(f.P[:]) + ")"
		}
	}
	return strings.Join(parts, " * ")
}

func (f Factor) def() ScheduleDef {
	for _, d := range scheduleTable {
		if d.Name == f.Name {
			return d
		}
	}
	panic("nn: unknown schedule " + f.Name)
}
