// Package dsl is the language of a cell: Starlark with the vocabulary for
// multi-layer perceptrons, as a cell.Interpreter.
//
// Start at New and Session.Execute. A cell goes through four rooms:
//
//	prepass.go     text: what Starlark's scanner would refuse (f"…", **, a line that begins with >>) becomes what it reads, every token at its column
//	desugar.go     syntax tree: operators and indexing that mean more here than in Starlark become calls of the functions in operators.go
//	globals.go     syntax tree: uses of globals become attributes of the session's namespace, so that functions see what later cells define
//	session.go     runs it; errors.go tells what went wrong, advice.go what to write instead of a Python habit
//
// A builtin is a Def: signature, documentation and Go function in one entry of
// a table. The same entry parses the arguments and feeds help, Shift-Tab,
// completion and the written reference. To add one, write the entry in the
// table of its domain (core.go, …) and list a new table in vocabulary.go.
//
// A new type of value implements starlark.Value; with HasAttrs its attributes
// complete, with Bundle it shows itself, with Compare it compares element by
// element, with Documented it answers help. Methods are Defs too, see Methods.
//
// One lock, Session.mu, is held while Starlark runs. Long builtins give it up
// through Call.Release, and a running loop yields it, so that completion and
// inspection see live values without a race.
package dsl
