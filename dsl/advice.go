package dsl

import "regexp"

// What to write instead of what Python has and a cell does not. The tables
// are by keyword, by name, and by the character that starts a line.

var keywordAdvice = map[string]string{
	"import":   "there is nothing to import: math, json and all of the vocabulary are there; load(\"file.star\", \"name\") reads a file beside the notebook",
	"from":     "there is nothing to import: load(\"file.star\", \"name\") reads a file beside the notebook",
	"class":    "there are no classes; use functions and dictionaries",
	"try":      "there is no try; r = catch(lambda: …) gives r.ok, r.value and r.error",
	"except":   "there is no try; r = catch(lambda: …) gives r.ok, r.value and r.error",
	"finally":  "there is no try; r = catch(lambda: …) gives r.ok, r.value and r.error",
	"with":     "there is no with; call the function alone",
	"raise":    "there is no raise; fail(\"message\") ends the cell with an error",
	"global":   "there is no global; a function returns what it makes: x = f(x)",
	"nonlocal": "there is no nonlocal; a function returns what it makes: x = f(x)",
	"del":      "there is no del; d.pop(key) removes a key, reset(\"name\") a variable",
	"yield":    "there are no generators; return a list",
	"as":       "there is no as",
	"assert":   "write check(condition, \"message\")",
	"async":    "there is no async; cells run in order",
	"await":    "there is no await; cells run in order",
}

var nameAdvice = map[string]string{
	"np":         "there is no numpy; array, dot, exp, linspace and sum are builtins",
	"numpy":      "there is no numpy; array, dot, exp, linspace and sum are builtins",
	"pd":         "there is no pandas; read_csv, table and sql are builtins",
	"pandas":     "there is no pandas; read_csv, table and sql are builtins",
	"plt":        "there is no matplotlib; the pictures are in plot, e.g. plot.line(t, \"x\", \"y\")",
	"keras":      "networks are chains here: dense(64, relu) >> output()",
	"torch":      "networks are chains here: dense(64, relu) >> output()",
	"sklearn":    "split, fit and m.evaluate are builtins",
	"assert":     "write check(condition, \"message\")",
	"callable":   "compare types: type(x) == \"function\"",
	"hex":        "write format(x, \"x\")",
	"oct":        "write format(x, \"o\")",
	"next":       "there are no iterators; a list has [0]",
	"iter":       "there are no iterators; loop over the value itself",
	"super":      "there are no classes; use functions and dictionaries",
	"object":     "there are no classes; use functions and dictionaries",
	"eval":       "there is no eval; a cell is what runs",
	"exec":       "there is no exec; a cell is what runs",
	"ls":         "there is no shell here",
	"pip":        "there is nothing to install",
	"time":       "there is no clock: cells are deterministic; m.history has the seconds of each epoch",
	"random":     "what draws random numbers takes seed=: t.sample(10, seed=1), he_normal.sample([2, 3], seed=1)",
	"tf":         "networks are chains here: dense(64, relu) >> output()",
	"Exception":  "there are no exceptions; fail(\"message\") ends the cell, catch(f) keeps an error from ending it",
	"ValueError": "there are no exceptions; fail(\"message\") ends the cell, catch(f) keeps an error from ending it",
	"Dense":      "write dense(64, relu)",
	"Sequential": "layers are chained: dense(64, relu) >> output()",
	"DataFrame":  "write table({\"a\": [1, 2]})",
	"open":       "files are read by read_csv, read_parquet and load_model",
	"isinstance": "compare types: type(x) == \"int\"",
}

// argumentAdvice is by the name of an argument that a function does not have.
var argumentAdvice = map[string]string{
	"lr":                 "the rate belongs to the optimiser: optimizer=adam(lr=0.01)",
	"learning_rate":      "the rate is called lr, as in optimizer=adam(lr=0.01)",
	"random_state":       "what draws random numbers takes seed=",
	"test_size":          "write test=0.2",
	"callbacks":          "write early_stopping=10 or on_epoch=f",
	"verbose":            "write live=False to draw nothing",
	"input_shape":        "the input width comes from the data",
	"input_dim":          "the input width comes from the data",
	"kernel_regularizer": "penalties on the weights are l1= and l2=",
	"p":                  "the share of units to leave out is rate",
}

// modelAdvice is by the name of an attribute that models do not have.
var modelAdvice = map[string]string{
	"summary":       "m alone at the end of a cell shows it",
	"fit":           "fit(m, rows, epochs=10) goes on from m",
	"compile":       "fit takes optimizer=, loss= and metrics=",
	"score":         "m.evaluate(rows) gives the scores",
	"loss":          "m.history[\"loss\"] is by epoch, m.evaluate(rows).loss on rows",
	"accuracy":      "m.evaluate(rows).accuracy",
	"predict_proba": "m.predict(rows, probabilities=True)",
	"get_weights":   "m.weights(\"dense_1\").W and .b",
	"parameters":    "m.weights(\"dense_1\").W and .b",
	"confusion":     "plot.confusion(m, rows) draws it, m.evaluate(rows).confusion counts",
	"importance":    "plot.importance(m, rows) draws it",
	"plot":          "plot.loss(m), plot.weights(m), …: Tab after plot. lists the pictures",
}

// textAdvice is by what Starlark's parser found where it stopped.
var textAdvice = map[string]string{
	"...": "write pass",
	"@":   "there is no @: a product of matrices is dot(a, b), and there are no decorators",
	":=":  "there is no :=; assign on a line of its own",
	"->":  "there are no annotations; leave the type out",
}

var magicAdvice = map[byte]string{
	'%': "there are no % commands; pictures come by themselves from plot, times from m.history, variables() lists what is defined",
	'!': "there is no shell here",
}

const matrixAdvice = "a matrix is taken apart by rows: W[i] is a row, W.T[j] a column, W.T[j][0:2] a part of it"

// asciiOf is by a character that looks like one that a cell is written with.
var asciiOf = map[rune]string{
	'“': `"`, '”': `"`, '„': `"`, '«': `"`, '»': `"`, '‘': "'", '’': "'", '‚': "'", '−': "-", '–': "-", '—': "-", '×': "*", '·': "*", '÷': "/",
	'≤': "<=", '≥': ">=", '≠': "!=", '…': "...", '、': ",", '。': ".", '\u3000': "a space", '\u00a0': "a space", '\u200b': "nothing", '\ufeff': "nothing",
}

// typed is what to type instead of a character, empty if that is not known.
func typed(r rune) string {
	const first, last, shift = '！', '～', '！' - '!' // the full-width forms of ASCII
	if r >= first && r <= last {
		return string(r - shift)
	}
	return asciiOf[r]
}

// lineAdvice is by what a line that cannot be read looks like.
var lineAdvice = []struct {
	pattern func() *regexp.Regexp
	advice  string
}{
	{pattern(`^\s*print\s+[^(=\s]`), "print is a function: print(x)"},
	{pattern(`^\s*(pip|conda|cd|cat|mkdir|rm|apt)\s`), "there is no shell here"},
	{pattern(`^\s*match\b.*:\s*$`), "there is no match; write if and elif"},
	{pattern(`(\+\+|--)\s*$`), "there is no ++ and no --; write x += 1"},
	{pattern(`\[\s*:\s*,|,\s*:\s*\]`), matrixAdvice},
	{pattern(`<>`), "there is no <>; write !="},
	{pattern(`\blambda[^:]*:\s*return\b`), "a lambda is one expression, without return"},
}

// messageAdvice says Starlark's messages in other words.
var messageAdvice = []struct {
	pattern func() *regexp.Regexp
	advice  string
}{
	{pattern(`^got end of file, want primary expression$`), "the cell ends where a value is wanted"},
	{pattern(`^got end of file, want (.*)$`), "the cell ends where $1 is wanted"},
	{pattern(`^got ',', want ']'$`), matrixAdvice},
	{pattern(`^got ':', want ']'$`), "a dictionary is written {\"a\": 1}; " + matrixAdvice},
	{pattern(`^got for, want .*$`), "there are no generators; write a list: sum([x for x in xs])"},
	{pattern(`^got '\*\*', want primary expression$`), "dictionaries are joined by |: a | {\"b\": 2}"},
	{pattern(`^got '\*', want primary expression$`), "lists are joined by +: a + [3]"},
	{pattern(`^got indent, want primary expression$`), "this line is indented more than the lines that it belongs to"},
	{pattern(`^got .*, want indent$`), "the lines after a : are indented; indent this one"},
	{pattern(`^got newline, want primary expression$`), "the line ends where a value is wanted"},
	{pattern(`^got newline, want ':'$`), "a : is missing at the end of the line"},
	{pattern(`^got newline, want (.*)$`), "the line ends where $1 is wanted"},
	{pattern(`^got (.*), want primary expression$`), "a value is missing before $1"},
	{pattern(`^got '=', want newline$`), "one = in a line: write b = 3, then a = b"},
	{pattern(`^got '=', want .*$`), "= assigns; to compare write =="},
	{pattern(`^got '[,}]', want ':'$`), "a set is written set([1, 2]); {…} is a dictionary {key: value}"},
	{pattern(`^got string literal, want newline$`), "two texts side by side are not joined; write \"a\" + \"b\""},
	{pattern(`^unexpected EOF in string$`), "this text has no closing quote"},
	{pattern(`^unexpected newline in string$`), "this text has no closing quote"},
	{pattern(`^(invalid escape sequence .*)$`), `$1; write \\ for a backslash, or r"…"`},
	{pattern(`^can't assign to callexpr$`), "a call cannot be assigned to"},
	{pattern(`^can't assign to (binary|unary|cond|lambda)expr$`), "an expression cannot be assigned to; to compare write =="},
	{pattern(`^got ':', want .*$`), "a : is not expected here; there are no annotations and no :="},
}
