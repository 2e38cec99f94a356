package table

import (
	"slices"
	"strconv"
	"strings"
)

// numberStyle is how the numbers of a column are written for people: $1,234.50,
// 1.234,50 €, 45%.
type numberStyle struct {
	unit    string // before or behind every number, or ""
	group   string // between groups of three digits, or ""
	decimal byte
}

// units are signs of currency and share that do not change which number is
// meant; "45%" is 45.
var units = []string{"$", "€", "£", "¥", "₩", "₹", "₽", "₺", "₫", "₴", "฿", "원", "%", "‰", "US$", "USD", "EUR", "GBP", "JPY", "CNY", "KRW", "CHF", "INR", "kr", "zł"}

// groups are what stands between groups of three digits: also the space, the
// no-break space and the narrow one.
var groups = []string{",", ".", " ", "'", "’", "\u00a0", "\u202f"}

// styleOf finds the one style in which all the texts are numbers. Which of
// point and comma is the decimal mark is that of the file, unless both occur in
// one number.
func (f *csvFile) styleOf(values []string) (numberStyle, bool) {
	first := slices.IndexFunc(values, func(v string) bool { return v != missingText })
	if first < 0 {
		return numberStyle{}, false
	}
	_, unit := splitUnit(values[first])
	fits := func(s numberStyle, both bool) bool {
		for _, v := range values {
			if v == missingText {
				continue
			}
			if _, ok := s.parse(v); !ok {
				return false
			}
			both = both || strings.Contains(v, s.group) && strings.IndexByte(v, s.decimal) >= 0
		}
		return both
	}
	among := groups
	if f.o.Thousands != 0 {
		among = []string{string(f.o.Thousands)}
	}
	for _, group := range append([]string{""}, among...) {
		if s := (numberStyle{unit, group, f.decimal}); group != string(f.decimal) && fits(s, true) {
			return s, true
		}
	}
	if f.o.Decimal != 0 || f.o.Thousands != 0 {
		return numberStyle{}, false
	}
	other := ".,"[flag(f.decimal == '.')]
	for _, group := range among {
		if s := (numberStyle{unit, group, other}); group != string(other) && fits(s, false) {
			return s, true
		}
	}
	return numberStyle{}, false
}

// splitUnit parts a number from the unit beside it.
func splitUnit(s string) (number, unit string) {
	s = strings.TrimSpace(s)
	sign := ""
	if strings.HasPrefix(s, "-") || strings.HasPrefix(s, "+") {
		sign, s = s[:1], s[1:]
	}
	for _, u := range units {
		switch {
		case !strings.Contains(s, u):
		case strings.HasPrefix(s, u) && len(u) > len(unit):
			number, unit = strings.TrimSpace(s[len(u):]), u
		case strings.HasSuffix(s, u) && len(u) > len(unit):
			number, unit = strings.TrimSpace(s[:len(s)-len(u)]), u
		}
	}
	if unit == "" {
		number = s
	}
	return sign + number, unit
}

// parse reads a number of the style; parentheses mean less than zero, as
// accountants have it.
func (s numberStyle) parse(text string) (float64, bool) {
	text = strings.TrimSpace(text)
	negative := len(text) > 2 && text[0] == '(' && text[len(text)-1] == ')'
	if negative {
		text = text[1 : len(text)-1]
	}
	number, unit := splitUnit(text)
	if unit != s.unit {
		return 0, false
	}
	if s.group != "" {
		var ok bool
		if number, ok = ungroup(number, s.group, s.decimal); !ok {
			return 0, false
		}
	}
	x, ok := parseNumber([]byte(number), s.decimal)
	return signed(x, negative), ok
}

// ungroup joins groups of three digits before the decimal mark.
func ungroup(number, group string, decimal byte) (string, bool) {
	whole, fraction := number, ""
	if i := strings.IndexByte(number, decimal); i >= 0 {
		whole, fraction = number[:i], number[i:]
	}
	parts := strings.Split(whole, group)
	for i, p := range parts {
		if i > 0 && len(p) != 3 || len(parts) > 1 && i == 0 && len(strings.TrimLeft(p, "+-")) > 3 {
			return "", false
		}
	}
	return strings.Join(parts, "") + fraction, true
}

// looseNumber reads what is stated to be a number: also with leading zeros and
// many digits.
func looseNumber(s string, decimal byte) (float64, bool) {
	text := strings.TrimSpace(s)
	if decimal != '.' {
		text = strings.Replace(text, string(decimal), ".", 1)
	}
	x, err := strconv.ParseFloat(text, 64)
	return x, err == nil && !strings.ContainsAny(text, "xX_pP")
}

// forcedNumber reads a value of a column that is stated to be numbers, in any
// style that goes with the decimal mark.
func (f *csvFile) forcedNumber(field []byte) (float64, bool) {
	if x, ok := looseNumber(string(field), f.decimal); ok {
		return x, true
	}
	style, ok := f.styleOf([]string{string(field)})
	if !ok {
		return 0, false
	}
	return style.parse(string(field))
}
