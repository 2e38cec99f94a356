package dsl

// Results and Resolve are for tests.
var (
	Results = results
	Resolve = (*Session).resolve
)
