package headless

import "strings"

// The symbols of formulas, by name of their command.

var identifiers = map[string]string{
	"alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ", "eta": "η", "theta": "θ",
	"vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν", "xi": "ξ", "omicron": "ο", "pi": "π", "varpi": "ϖ",
	"rho": "ρ", "varrho": "ϱ", "sigma": "σ", "varsigma": "ς", "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ", "chi": "χ",
	"psi": "ψ", "omega": "ω", "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ",
	"Upsilon": "Υ", "Phi": "Φ", "Psi": "Ψ", "Omega": "Ω", "ell": "ℓ", "hbar": "ℏ", "imath": "ı", "jmath": "ȷ", "Re": "ℜ", "Im": "ℑ",
	"aleph": "ℵ", "partial": "∂", "nabla": "∇", "infty": "∞", "emptyset": "∅", "varnothing": "∅", "top": "⊤", "bot": "⊥", "angle": "∠",
	"ldots": "…", "dots": "…", "cdots": "⋯", "vdots": "⋮", "ddots": "⋱", "dotsc": "…", "dotsb": "⋯", "prime": "′", "degree": "°",
	"#": "#", "%": "%", "$": "$", "_": "_", "&": "&amp;",
}

var operators = map[string]string{
	"cdot": "⋅", "times": "×", "div": "÷", "pm": "±", "mp": "∓", "ast": "∗", "star": "⋆", "circ": "∘", "bullet": "∙", "odot": "⊙",
	"oplus": "⊕", "ominus": "⊖", "otimes": "⊗", "oslash": "⊘", "wedge": "∧", "land": "∧", "vee": "∨", "lor": "∨", "neg": "¬", "lnot": "¬", "setminus": "∖",
	"leq": "≤", "le": "≤", "geq": "≥", "ge": "≥", "neq": "≠", "ne": "≠", "ll": "≪", "gg": "≫", "approx": "≈", "sim": "∼", "simeq": "≃",
	"cong": "≅", "equiv": "≡", "propto": "∝", "doteq": "≐", "triangleq": "≜", "coloneqq": "≔", "prec": "≺", "succ": "≻",
	"in": "∈", "notin": "∉", "ni": "∋", "subset": "⊂", "subseteq": "⊆", "supset": "⊃", "supseteq": "⊇", "cup": "∪", "cap": "∩",
	"forall": "∀", "exists": "∃", "to": "→", "rightarrow": "→", "leftarrow": "←", "gets": "←", "leftrightarrow": "↔", "Rightarrow": "⇒",
	"Leftarrow": "⇐", "Leftrightarrow": "⇔", "implies": "⟹", "iff": "⟺", "mapsto": "↦", "longrightarrow": "⟶", "uparrow": "↑",
	"downarrow": "↓", "mid": "∣", "parallel": "∥", "perp": "⊥", "colon": ":", "bmod": "mod", "therefore": "∴", "because": "∵",
	"backslash": "\\", "dagger": "†",
}

// characters are those whose element is not the plain one.
var characters = map[string]string{
	"-": "<mo>−</mo>", "*": "<mo>∗</mo>", "/": `<mo lspace="0" rspace="0">/</mo>`, "~": `<mspace width="0.33em"></mspace>`,
	"(": `<mo stretchy="false">(</mo>`, ")": `<mo stretchy="false">)</mo>`, "[": `<mo stretchy="false">[</mo>`, "]": `<mo stretchy="false">]</mo>`,
	"|": `<mo stretchy="false" lspace="0.06em" rspace="0.06em">|</mo>`, "!": `<mo lspace="0" rspace="0">!</mo>`, ".": "<mo>.</mo>",
	"<": "<mo>&lt;</mo>", ">": "<mo>&gt;</mo>",
}

var delimiters = map[string]string{
	"(": "(", ")": ")", "[": "[", "]": "]", "|": "|", "/": "/", "<": "⟨", ">": "⟩", `\{`: "{", `\}`: "}", `\lbrace`: "{", `\rbrace`: "}",
	`\|`: "‖", `\vert`: "|", `\Vert`: "‖", `\lvert`: "|", `\rvert`: "|", `\lVert`: "‖", `\rVert`: "‖", `\langle`: "⟨", `\rangle`: "⟩",
	`\lfloor`: "⌊", `\rfloor`: "⌋", `\lceil`: "⌈", `\rceil`: "⌉",
}

var largeOperators = map[string]string{
	"sum": "∑", "prod": "∏", "coprod": "∐", "bigcup": "⋃", "bigcap": "⋂", "bigoplus": "⨁", "bigotimes": "⨂", "bigwedge": "⋀", "bigvee": "⋁",
	"int": "∫", "iint": "∬", "oint": "∮",
}

var accents = map[string]string{
	"hat": "^", "bar": "¯", "tilde": "~", "vec": "→", "dot": "˙", "ddot": "¨", "check": "ˇ", "acute": "´", "grave": "`", "breve": "˘", "mathring": "˚",
}

// functions are upright words; the value tells whether scripts go below.
var functions = map[string]bool{
	"exp": false, "log": false, "ln": false, "lg": false, "sin": false, "cos": false, "tan": false, "cot": false, "sec": false, "csc": false,
	"arcsin": false, "arccos": false, "arctan": false, "sinh": false, "cosh": false, "tanh": false, "coth": false, "deg": false, "dim": false, "ker": false,
	"hom": false, "arg": false, "det": true, "gcd": true, "inf": true, "sup": true, "lim": true, "max": true, "min": true, "Pr": true,
	"liminf": true, "limsup": true, "argmax": true, "argmin": true,
}

func functionName(name string) string {
	for _, p := range []string{"arg", "lim"} {
		if rest, ok := strings.CutPrefix(name, p); ok && len(rest) == 3 {
			return p + "\u2009" + rest
		}
	}
	return name
}

var spaces = map[string]string{
	",": space("0.17"), ":": space("0.22"), ">": space("0.22"), ";": space("0.28"), "!": space("-0.17"), " ": space("0.33"), "quad": space("1"), "qquad": space("2"),
	"enspace": space("0.5"), "thinspace": space("0.17"), "nonumber": "", "notag": "", "hline": "", "-": "", "limits": "", "nolimits": "",
}

func space(em string) string { return `<mspace width="` + em + `em"></mspace>` }

// alphabets tell where Unicode has the letters of an alphabet: capitals, small
// letters, digits and small Greek letters, each 0 where there are none.
var alphabets = map[string]struct{ capital, small, digit, greekCapital, greek rune }{
	"mathbf":     {0x1D400, 0x1D41A, 0x1D7CE, 0x1D6A8, 0x1D6C2},
	"boldsymbol": {0x1D468, 0x1D482, 0x1D7CE, 0x1D71C, 0x1D736},
	"bm":         {0x1D468, 0x1D482, 0x1D7CE, 0x1D71C, 0x1D736},
	"mathbb":     {0x1D538, 0x1D552, 0x1D7D8, 0, 0},
	"mathcal":    {0x1D49C, 0x1D4B6, 0, 0, 0},
	"mathscr":    {0x1D49C, 0x1D4B6, 0, 0, 0},
	"mathfrak":   {0x1D504, 0x1D51E, 0, 0, 0},
}

// early are letters that Unicode had before the alphabets.
var early = map[rune]rune{
	0x1D53A: 'ℂ', 0x1D53F: 'ℍ', 0x1D545: 'ℕ', 0x1D547: 'ℙ', 0x1D548: 'ℚ', 0x1D549: 'ℝ', 0x1D551: 'ℤ',
	0x1D49D: 'ℬ', 0x1D4A0: 'ℰ', 0x1D4A1: 'ℱ', 0x1D4A3: 'ℋ', 0x1D4A4: 'ℐ', 0x1D4A7: 'ℒ', 0x1D4A8: 'ℳ', 0x1D4AD: 'ℛ',
	0x1D4BA: 'ℯ', 0x1D4BC: 'ℊ', 0x1D4C4: 'ℴ', 0x1D506: 'ℭ', 0x1D50B: 'ℌ', 0x1D50C: 'ℑ', 0x1D515: 'ℜ', 0x1D51D: 'ℨ',
}

func inAlphabet(name string, r rune) rune {
	a := alphabets[name]
	for _, range_ := range []struct{ first, last, to rune }{
		{'A', 'Z', a.capital}, {'a', 'z', a.small}, {'0', '9', a.digit}, {'Α', 'Ω', a.greekCapital}, {'α', 'ω', a.greek},
	} {
		if r >= range_.first && r <= range_.last && range_.to != 0 {
			r += range_.to - range_.first
			break
		}
	}
	if e, ok := early[r]; ok {
		return e
	}
	return r
}
