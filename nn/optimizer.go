package nn

import (
	"fmt"
	"strings"
)

// Optimizer is a rule that turns gradients into updates, with its numbers.
// Fields that the rule does not use are zero. Make one by [SGD], [Adam] or
// [NewOptimizer] and set fields to taste. See [Optimizers].
type Optimizer struct {
	Name        string
	LR          Schedule
	Momentum    float64  // sgd
	Nesterov    bool     // sgd
	Beta1       float64  // adam, adamw
	Beta2       float64  // adam, adamw
	Rho         float64  // rmsprop
	Eps         float64  // adam, adamw, rmsprop, adagrad
	WeightDecay Schedule // adamw: decoupled, times the rate, on blocks with Decay
	History     int      // lbfgs: pairs remembered
}

// SGD is plain gradient descent.
func SGD(lr float64) Optimizer { return mustOptimizer("sgd", lr) }

// Adam is Adam with the usual betas.
func Adam(lr float64) Optimizer { return mustOptimizer("adam", lr) }

func mustOptimizer(name string, lr float64) Optimizer {
	o, err := NewOptimizer(name, map[string]Schedule{"lr": Constant(lr)})
	if err != nil {
		panic(err)
	}
	return o
}

// NewOptimizer gives the optimiser with a name and parameters; plain numbers
// are constant schedules, flags are 0 or 1.
func NewOptimizer(name string, args map[string]Schedule) (Optimizer, error) {
	i, err := find(Optimizers(), func(d OptimizerDef) Def { return d.Def }, "optimiser", name)
	if err != nil {
		return Optimizer{}, err
	}
	d := Optimizers()[i]
	numbers := make(map[string]float64)
	for k, s := range args {
		v, constant := s.Number()
		if !constant {
			p, known := d.param(k)
			if known && p.Kind != Rate {
				return Optimizer{}, fmt.Errorf("%s: %s must be a number, not a schedule", name, k)
			}
			var least float64
			if least, v = s.Span(); known && p.check(name, least) != nil {
				v = least // Fill says so
			}
		}
		numbers[k] = v
	}
	values, err := d.Fill(numbers)
	if err != nil {
		return Optimizer{}, err
	}
	o := Optimizer{Name: name}
	for i, p := range d.Params {
		s := Constant(values[i])
		if given, ok := args[p.Name]; ok {
			s = given
		}
		optimizerFields[p.Name].set(&o, s)
	}
	return o, nil
}

func (d Def) param(name string) (Param, bool) {
	for _, p := range d.Params {
		if p.Name == name {
			return p, true
		}
	}
	return Param{}, false
}

// Def gives the entry of [Optimizers].
func (o Optimizer) Def() OptimizerDef {
	for _, d := range optimizerTable {
		if d.Name == o.Name {
			return d
		}
	}
	panic("nn: unknown optimiser " + o.Name)
}

// Slots is the number of vectors, each as long as the parameters, that the
// optimiser keeps. For lbfgs it is 0: see [LBFGS].
func (o Optimizer) Slots() int { return o.Def().Slots(o) }

// String is the source text: "adam", "sgd(0.1, momentum=0.9)".
func (o Optimizer) String() string {
	if o.Name == "" {
		return "sgd"
	}
	var args []string
	for _, p := range o.Def().Params {
		s := optimizerFields[p.Name].get(o)
		if v, constant := s.Number(); constant && v == p.Default {
			continue
		} else if constant {
			args = append(args, p.Name+"="+p.print(v))
		} else {
			args = append(args, p.Name+"="+s.String())
		}
	}
	if len(args) == 0 {
		return o.Name
	}
	return o.Name + "(" + strings.Join(args, ", ") + ")"
}

// optimizerField reads and sets one field of an Optimizer as a schedule.
type optimizerField struct {
	get func(Optimizer) Schedule
	set func(*Optimizer, Schedule)
}

func numberField(at func(*Optimizer) *float64) optimizerField {
	return optimizerField{
		get: func(o Optimizer) Schedule { return Constant(*at(&o)) },
		set: func(o *Optimizer, s Schedule) { *at(o), _ = s.Number() },
	}
}

func rateField(at func(*Optimizer) *Schedule) optimizerField {
	return optimizerField{
		get: func(o Optimizer) Schedule { return *at(&o) },
		set: func(o *Optimizer, s Schedule) { *at(o) = s },
	}
}

// optimizerFields says where the parameters of Optimizers live.
var optimizerFields = map[string]optimizerField{
	"lr":           rateField(func(o *Optimizer) *Schedule { return &o.LR }),
	"weight_decay": rateField(func(o *Optimizer) *Schedule { return &o.WeightDecay }),
	"momentum":     numberField(func(o *Optimizer) *float64 { return &o.Momentum }),
	"beta1":        numberField(func(o *Optimizer) *float64 { return &o.Beta1 }),
	"beta2":        numberField(func(o *Optimizer) *float64 { return &o.Beta2 }),
	"rho":          numberField(func(o *Optimizer) *float64 { return &o.Rho }),
	"eps":          numberField(func(o *Optimizer) *float64 { return &o.Eps }),
	"nesterov": {
		get: func(o Optimizer) Schedule {
			if o.Nesterov {
				return Constant(1)
			}
			return Constant(0)
		},
		set: func(o *Optimizer, s Schedule) { v, _ := s.Number(); o.Nesterov = v != 0 },
	},
	"history": {
		get: func(o Optimizer) Schedule { return Constant(float64(o.History)) },
		set: func(o *Optimizer, s Schedule) { v, _ := s.Number(); o.History = int(v) },
	},
}
