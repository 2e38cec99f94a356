package table

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"math"
	"slices"

	"modernc.org/sqlite"
)

// sqlAggregates are the functions that SQLite lacks.
var sqlAggregates = []struct {
	name  string
	args  int32
	final func(v []float64, share float64) float64
}{
	{"std", 1, sampleStd},
	{"stddev", 1, sampleStd},
	{"variance", 1, func(v []float64, _ float64) float64 { return squares(v) / float64(len(v)-1) }},
	{"median", 1, func(v []float64, _ float64) float64 { return quantileOf(slices.Sorted(slices.Values(v)), 0.5) }},
	{"quantile", 2, func(v []float64, q float64) float64 { return quantileOf(slices.Sorted(slices.Values(v)), q) }},
}

func sampleStd(v []float64, _ float64) float64 { return math.Sqrt(squares(v) / float64(len(v)-1)) }

// sqlAggregate keeps the values of a group or window.
type sqlAggregate struct {
	v     []float64
	share float64
	final func(v []float64, share float64) float64
}

func sqlNumber(v driver.Value) (float64, bool) {
	if b, ok := v.(bool); ok {
		return float64(flag(b)), true
	}
	return toFloat(v)
}

// Step implements sqlite.AggregateFunction.
func (a *sqlAggregate) Step(_ *sqlite.FunctionContext, args []driver.Value) error {
	if len(args) > 1 {
		q, ok := sqlNumber(args[1])
		if !ok || q < 0 || q > 1 {
			return errors.New("quantile(x, share): the share is between 0 and 1")
		}
		a.share = q
	}
	x, ok := sqlNumber(args[0])
	if !ok && args[0] != nil {
		return fmt.Errorf("%v is not a number", args[0])
	}
	if ok {
		a.v = append(a.v, x)
	}
	return nil
}

// WindowInverse implements sqlite.AggregateFunction.
func (a *sqlAggregate) WindowInverse(_ *sqlite.FunctionContext, args []driver.Value) error {
	if _, ok := sqlNumber(args[0]); ok && len(a.v) > 0 {
		a.v = a.v[1:]
	}
	return nil
}

// WindowValue implements sqlite.AggregateFunction.
func (a *sqlAggregate) WindowValue(*sqlite.FunctionContext) (driver.Value, error) {
	if len(a.v) == 0 {
		return nil, nil
	}
	x := a.final(a.v, a.share)
	if x != x {
		return nil, nil
	}
	return x, nil
}

// Final implements sqlite.AggregateFunction.
func (a *sqlAggregate) Final(*sqlite.FunctionContext) {}

var _ sqlite.AggregateFunction = (*sqlAggregate)(nil)
