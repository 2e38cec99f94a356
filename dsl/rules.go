package dsl

import (
	"context"
	"fmt"
	"math"
	"strings"

	"go.starlark.net/starlark"
	"go.starlark.net/syntax"

	"mlpkernel/display"
	"mlpkernel/dsl/pyfmt"
	"mlpkernel/nn"
)

var (
	background = context.Background()
	notANumber = math.NaN()
)

// ruleValue is an initialiser, a loss, an optimiser or a schedule: plain data
// with a source text. T is its type in nn.
type ruleValue[T fmt.Stringer] struct {
	kind string
	rule T
}

type (
	initializerValue = ruleValue[nn.Initializer]
	lossValue        = ruleValue[nn.Loss]
	optimizerValue   = ruleValue[nn.Optimizer]
)

func (r *ruleValue[T]) String() string        { return r.rule.String() }
func (r *ruleValue[T]) Type() string          { return r.kind }
func (r *ruleValue[T]) Freeze()               {}
func (r *ruleValue[T]) Truth() starlark.Bool  { return true }
func (r *ruleValue[T]) Hash() (uint32, error) { return starlark.String(r.rule.String()).Hash() }

// scheduleValue is a rate that changes over a training. Schedules multiply.
type scheduleValue struct{ ruleValue[nn.Schedule] }

var _ starlark.HasBinary = (*scheduleValue)(nil)

func newSchedule(s nn.Schedule) *scheduleValue {
	return &scheduleValue{ruleValue[nn.Schedule]{"schedule", s}}
}

// Binary multiplies schedules with each other and with numbers.
func (s *scheduleValue) Binary(op syntax.Token, y starlark.Value, _ starlark.Side) (starlark.Value, error) {
	other, ok := asSchedule(y)
	if op != syntax.STAR || !ok {
		return nil, nil
	}
	return newSchedule(s.rule.Times(other)), nil
}

func asSchedule(v starlark.Value) (nn.Schedule, bool) {
	if s, ok := v.(*scheduleValue); ok {
		return s.rule, true
	}
	if _, isBool := v.(starlark.Bool); isBool {
		return nil, false
	}
	f, ok := starlark.AsFloat(v)
	return nn.Constant(f), ok
}

// Schedule returns an argument that is a rate: a number or a schedule.
func (c *Call) Schedule(name string) nn.Schedule {
	v := c.Value(name)
	if v == nil {
		return nil
	}
	s, ok := asSchedule(v)
	if !ok {
		c.wrong(name, "a number or a schedule such as cosine(0.01)")
	}
	return s
}

// signatureOf is the signature of an entry of nn's lists.
func signatureOf(d nn.Def) string {
	parts := make([]string, len(d.Params))
	for i, p := range d.Params {
		parts[i] = p.Name
		if !p.Required {
			parts[i] += "=" + defaultOf(p)
		}
	}
	return d.Name + "(" + strings.Join(parts, ", ") + ")"
}

func defaultOf(p nn.Param) string {
	if p.Kind == nn.Flag {
		if p.Default != 0 {
			return "True"
		}
		return "False"
	}
	if p.Default == math.Trunc(p.Default) && math.Abs(p.Default) < 1e6 {
		return fmt.Sprint(int(p.Default))
	}
	return pyfmt.Float(p.Default)
}

// entryDef makes a Def of an entry of nn's lists.
func entryDef(d nn.Def, example string, build func(args map[string]nn.Schedule) (starlark.Value, error)) Def {
	doc := d.Doc
	if d.Formula != "" {
		doc += "\n\n$" + d.Formula + "$"
	}
	if example != "" {
		doc += "\n\n```python\n" + example + "\n```"
	}
	out := Def{Sig: signatureOf(d), Doc: doc}
	for _, p := range d.Params {
		out.Args = append(out.Args, p.Name+": "+p.Doc)
	}
	out.Fn = func(c *Call) (starlark.Value, error) {
		args := map[string]nn.Schedule{}
		for _, p := range d.Params {
			if v := c.Value(p.Name); v != nil {
				s, ok := parameter(p, v)
				if !ok {
					c.wrong(p.Name, parameterText[p.Kind])
				}
				args[p.Name] = s
			}
		}
		if c.Err() != nil {
			return nil, nil
		}
		v, err := build(args)
		if err != nil {
			return nil, Errorf("ValueError", "%v", err)
		}
		return v, nil
	}
	return out
}

// parameterText says what values a kind of parameter takes.
var parameterText = map[nn.ParamKind]string{
	nn.Number: "a number", nn.Flag: "True or False", nn.Rate: "a number or a schedule",
}

func parameter(p nn.Param, v starlark.Value) (nn.Schedule, bool) {
	if b, ok := v.(starlark.Bool); ok {
		if b {
			return nn.Constant(1), p.Kind == nn.Flag
		}
		return nn.Constant(0), p.Kind == nn.Flag
	}
	s, ok := asSchedule(v)
	if _, plain := s.Number(); p.Kind != nn.Rate && !plain {
		return nil, false
	}
	return s, ok && p.Kind != nn.Flag
}

// plainNumbers are the arguments of an entry that takes no schedules.
func plainNumbers(args map[string]nn.Schedule) map[string]float64 {
	out := make(map[string]float64, len(args))
	for k, s := range args {
		out[k], _ = s.Number()
	}
	return out
}

func numbersOf(fn string, kwargs []starlark.Tuple) (map[string]float64, error) {
	out := map[string]float64{}
	for _, kw := range kwargs {
		f, ok := starlark.AsFloat(kw[1])
		if !ok {
			return nil, Errorf("TypeError", "%s: %s: want a number, got %s", fn, string(kw[0].(starlark.String)), describe(kw[1]))
		}
		out[string(kw[0].(starlark.String))] = f
	}
	return out, nil
}

func lossDefs() []Def {
	var out []Def
	for _, d := range nn.Losses() {
		out = append(out, entryDef(d.Def, "", func(args map[string]nn.Schedule) (starlark.Value, error) {
			l, err := nn.NewLoss(d.Name, plainNumbers(args))
			return &lossValue{"loss", l}, err
		}))
	}
	return out
}

func optimizerDefs() []Def {
	var out []Def
	for _, d := range nn.Optimizers() {
		out = append(out, entryDef(d.Def, "m = fit(net, train, \"species\", optimizer="+d.Name+"())", func(args map[string]nn.Schedule) (starlark.Value, error) {
			o, err := nn.NewOptimizer(d.Name, args)
			return &optimizerValue{"optimizer", o}, err
		}))
	}
	return out
}

func scheduleDefs() []Def {
	var out []Def
	for _, d := range nn.Schedules() {
		if d.Name == "constant" {
			continue // a plain number is one
		}
		out = append(out, entryDef(d.Def, "plot.schedule("+exampleOf(d.Def)+", steps=500)", func(args map[string]nn.Schedule) (starlark.Value, error) {
			s, err := nn.NewSchedule(d.Name, plainNumbers(args))
			return newSchedule(s), err
		}))
	}
	return out
}

// exampleOf calls an entry with its required parameters.
func exampleOf(d nn.Def) string {
	var args []string
	for _, p := range d.Params {
		if p.Required {
			args = append(args, "0.1")
		}
	}
	return d.Name + "(" + strings.Join(args, ", ") + ")"
}

// wrongEntry is an error about an argument that is to be an entry of a list:
// it tells the names that fit the given one, or all.
func (c *Call) wrongEntry(arg, want string, names []string) {
	given, _ := starlark.AsString(c.Value(arg))
	fits := begunBy(given, names)
	if near := nearest(given, names); near != "" {
		fits = []string{near}
	}
	switch len(fits) {
	case 0:
		c.wrong(arg, want+" ("+strings.Join(names, " ")+")")
	case 1:
		c.wrong(arg, want+", and there is one called "+fits[0])
	default:
		c.wrong(arg, want+", and there are "+strings.Join(fits, ", "))
	}
}

// namesOf are the names of a list of nn.
func namesOf[T any](list []T, name func(T) string) []string {
	var out []string
	for _, d := range list {
		out = append(out, name(d))
	}
	return out
}

// Loss returns an argument that is a loss, bare or called, or its name.
func (c *Call) Loss(name string) nn.Loss {
	var word string
	switch v := c.Value(name).(type) {
	case nil:
		return nn.Loss{}
	case *lossValue:
		return v.rule
	case *Function:
		word = v.name
	case starlark.String:
		word = string(v)
	}
	if word == "auto" {
		return nn.Loss{}
	}
	if l, err := nn.NewLoss(word, nil); err == nil && word != "" {
		return l
	}
	c.wrongEntry(name, "a loss such as cross_entropy(label_smoothing=0.1)", namesOf(nn.Losses(), func(d nn.LossDef) string { return d.Name }))
	return nn.Loss{}
}

// Optimizer returns an argument that is an optimiser, bare or called, or its name.
func (c *Call) Optimizer(name string) nn.Optimizer {
	var word string
	switch v := c.Value(name).(type) {
	case nil:
		return nn.Optimizer{}
	case *optimizerValue:
		return v.rule
	case *Function:
		word = v.name
	case starlark.String:
		word = string(v)
	}
	if o, err := nn.NewOptimizer(word, nil); err == nil && word != "" {
		return o
	}
	c.wrongEntry(name, "an optimiser such as adam(lr=0.01)", namesOf(nn.Optimizers(), func(d nn.OptimizerDef) string { return d.Name }))
	return nn.Optimizer{}
}

// Bundle shows the rule's source.
func (r *ruleValue[T]) Bundle() display.Bundle { return display.Text(r.String()) }
