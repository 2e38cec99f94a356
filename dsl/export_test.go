package dsl

import "mlpkernel/learn"

// Results and Resolve are for tests.
var (
	Results = results
	Resolve = (*Session).resolve
)

// Trial is the training that a variable stands for.
func (s *Session) Trial(name string) learn.Options { return s.ns.variable(name).(*trialValue).o }
