package dsl

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
	"is":       "there is no is; write == or !=",
	"as":       "there is no as",
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
	"open":       "files are read by read_csv, read_parquet and load_model",
	"isinstance": "compare types: type(x) == \"int\"",
}

// textAdvice is by what Starlark's parser found where it stopped.
var textAdvice = map[string]string{
	"@":  "there is no @: a product of matrices is dot(a, b), and there are no decorators",
	":=": "there is no :=; assign on a line of its own",
	"->": "there are no annotations; leave the type out",
}

var magicAdvice = map[byte]string{
	'%': "there are no % commands; pictures come by themselves from plot, times from m.history, variables() lists what is defined",
	'!': "there is no shell here",
}
