// Package reference is nn's backend in float64 that defines what a plan means.
//
// Each operation stands in one function: it computes its output and returns a
// closure that pushes the gradient back. It is for gradient checks, lectures
// ([Run.Trace]), activations of a user's own, and as the measure of the fast
// backends. All sums run in index order.
package reference
