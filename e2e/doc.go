// Package e2e tests the built binary from outside, as its users meet it: its
// commands by scripts (testdata/script), and the kernel by real Jupyter clients
// (testdata/*.py, run with Debian's Python). The tests skip with a sentence
// where those clients are not installed.
package e2e
