package display

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// number writes a value for readers: three or four figures, no more.
func number(x float64) string {
	a := math.Abs(x)
	switch {
	case math.IsNaN(x):
		return "–"
	case math.IsInf(x, 1):
		return "∞"
	case math.IsInf(x, -1):
		return "−∞"
	case a == 0:
		return "0"
	case a == math.Trunc(a) && a < 1e6:
		return minus(grouped(int(x)))
	case a >= 1e6 || a < 1e-3:
		return exponent(strconv.FormatFloat(x, 'e', 2, 64))
	case a >= 1000:
		return minus(grouped(int(math.Round(x))))
	case a >= 100:
		return minus(strconv.FormatFloat(x, 'f', 1, 64))
	case a >= 10:
		return minus(strconv.FormatFloat(x, 'f', 2, 64))
	case a >= 0.1:
		return minus(strconv.FormatFloat(x, 'f', 3, 64))
	}
	return minus(strconv.FormatFloat(x, 'g', 3, 64))
}

// exponent shortens "1.50e-05" to "1.5e-5".
func exponent(s string) string {
	m, e, ok := strings.Cut(s, "e")
	if !ok {
		return minus(s)
	}
	if strings.Contains(m, ".") {
		m = strings.TrimRight(strings.TrimRight(m, "0"), ".")
	}
	sign := ""
	if strings.HasPrefix(e, "-") {
		sign = "−"
	}
	return minus(m) + "e" + sign + strings.TrimLeft(e, "+-0")
}

func minus(s string) string { return strings.Replace(s, "-", "−", 1) }

// percent writes a share as a percentage.
func percent(share float64) string {
	p := 100 * share
	switch {
	case math.IsNaN(p):
		return "–"
	case p != 0 && math.Abs(p) < 1:
		return fmt.Sprintf("%.1f %%", p)
	case p > 99 && p < 100:
		return fmt.Sprintf("%.1f %%", p)
	}
	return fmt.Sprintf("%.0f %%", p)
}

// count writes a number of things: count(1, "row") is "1 row", count(3, "class|classes")
// "3 classes"; without a bar the plural ends in s.
func count(n int, noun string) string {
	one, many, ok := strings.Cut(noun, "|")
	if !ok {
		many = one + "s"
	}
	if n == 1 {
		return "1 " + one
	}
	return grouped(n) + " " + many
}

// grouped writes a whole number with commas between thousands, from 10,000 on.
func grouped(n int) string {
	if n < 0 {
		return "-" + grouped(-n)
	}
	s := strconv.Itoa(n)
	if len(s) < 5 {
		return s
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

func finite(x float64) bool { return !math.IsNaN(x) && !math.IsInf(x, 0) }

// span is a closed range of numbers; an empty one has lo > hi.
type span struct{ lo, hi float64 }

func emptySpan() span { return span{math.Inf(1), math.Inf(-1)} }

func (s span) empty() bool { return s.lo > s.hi }

// add widens the range to the finite values among xs.
func (s span) add(xs ...float64) span {
	for _, x := range xs {
		if finite(x) {
			s.lo, s.hi = math.Min(s.lo, x), math.Max(s.hi, x)
		}
	}
	return s
}

// addPositive widens the range to the finite values above 0.
func (s span) addPositive(xs ...float64) span {
	for _, x := range xs {
		if x > 0 {
			s = s.add(x)
		}
	}
	return s
}

// wide returns a range that can be drawn: the same, or one around it when it is
// empty or as good as a single value.
func (s span) wide() span {
	if s.empty() {
		return span{0, 1}
	}
	s = span{clamp(s.lo, -largestDrawn, largestDrawn), clamp(s.hi, -largestDrawn, largestDrawn)}
	size := math.Max(math.Abs(s.lo), math.Abs(s.hi))
	if s.hi-s.lo <= 1e-12*size || s.hi-s.lo < smallestDrawn {
		d := math.Max(size*0.1, 0.5)
		return span{s.lo - d, s.hi + d}
	}
	return s
}

// Beyond these limits the arithmetic of axes would overflow or come to nothing:
// what is larger lies outside the picture, what differs by less is one value.
const (
	largestDrawn  = 1e300
	smallestDrawn = 1e-300
)

// rising says whether finite values grow from one to the next.
func rising(xs []float64) bool {
	for i, x := range xs {
		if !finite(x) || i > 0 && !(x > xs[i-1]) {
			return false
		}
	}
	return true
}

// stats are counts and moments of the finite values of a sample.
type stats struct {
	n, outside int
	mean, std  float64
	lo, hi     float64
	zeros      int
}

func summarise(xs []float64) stats {
	s := stats{lo: math.Inf(1), hi: math.Inf(-1)}
	var m2 float64
	for _, x := range xs {
		if !finite(x) {
			s.outside++
			continue
		}
		s.n++
		d := x - s.mean
		s.mean += d / float64(s.n)
		m2 += float64(d * (x - s.mean))
		s.lo, s.hi = math.Min(s.lo, x), math.Max(s.hi, x)
		if x == 0 {
			s.zeros++
		}
	}
	if s.n > 0 {
		s.std = math.Sqrt(m2 / float64(s.n))
	} else {
		s.mean, s.std, s.lo, s.hi = math.NaN(), math.NaN(), math.NaN(), math.NaN()
	}
	return s
}

// gaps is the note about values that are not finite, or nothing.
func gaps(n int) []string {
	if n == 0 {
		return nil
	}
	return []string{count(n, "value is|values are") + " not finite and left out."}
}

// capital returns a text with a capital first letter.
func capital(s string) string {
	r := []rune(s)
	if len(r) == 0 {
		return s
	}
	return strings.ToUpper(string(r[0])) + string(r[1:])
}
