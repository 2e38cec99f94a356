package dsl

import (
	"regexp"
	"sync"
)

// pattern returns a regular expression that is compiled when it is first used:
// to compile all of them takes a notable part of the time in which a kernel
// should start.
func pattern(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
