package table

import (
	"math"
	"strconv"
	"time"
	"unsafe"
)

// pow10 are the powers of ten that a float64 holds exactly.
var pow10 = [...]float64{1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22}

// parseNumber reads a decimal number; spaces around it are allowed. It
// refuses what would not come back as it was: leading zeros (postal codes) and
// whole numbers above 2^53 (long identifiers).
func parseNumber(s []byte, decimal byte) (float64, bool) {
	s = trimSpace(s)
	neg, i := false, 0
	if len(s) > 0 && (s[0] == '-' || s[0] == '+') {
		neg = s[0] == '-'
		i++
	}
	start := i
	var m uint64
	for ; i < len(s) && s[i]-'0' < 10; i++ {
		if i-start < 19 {
			m = m*10 + uint64(s[i]-'0')
		}
	}
	whole := i - start
	if whole > 1 && s[start] == '0' {
		return 0, false
	}
	if i == len(s) { // a whole number
		if whole == 0 || whole > 16 || m > 1<<53 {
			return 0, false
		}
		return signed(float64(m), neg), true
	}
	if whole > 15 {
		return slowNumber(s, decimal)
	}
	fraction := 0
	if s[i] == decimal {
		for i++; i < len(s) && s[i]-'0' < 10; i++ {
			if whole+fraction >= 15 {
				return slowNumber(s, decimal)
			}
			m = m*10 + uint64(s[i]-'0')
			fraction++
		}
	}
	if i < len(s) || whole+fraction == 0 {
		return slowNumber(s, decimal)
	}
	// Below 2^53 and 10^22 both sides are exact, so the quotient is correctly rounded.
	return signed(float64(m)/pow10[fraction], neg), true
}

func signed(x float64, neg bool) float64 {
	if neg {
		return -x
	}
	return x
}

func trimSpace(s []byte) []byte {
	for len(s) > 0 && (s[0] == ' ' || s[0] == '\t') {
		s = s[1:]
	}
	for len(s) > 0 && (s[len(s)-1] == ' ' || s[len(s)-1] == '\t') {
		s = s[:len(s)-1]
	}
	return s
}

// slowNumber reads exponents, many digits and infinity.
func slowNumber(s []byte, decimal byte) (float64, bool) {
	switch string(s) {
	case "inf", "Inf", "+inf", "Infinity":
		return math.Inf(1), true
	case "-inf", "-Inf", "-Infinity":
		return math.Inf(-1), true
	}
	var buf [64]byte
	if len(s) > len(buf) {
		return 0, false
	}
	digits := false
	for i, c := range s {
		switch {
		case c == decimal:
			c = '.'
		case c >= '0' && c <= '9':
			digits = true
		case c == 'e' || c == 'E' || c == '-' || c == '+':
		default:
			return 0, false
		}
		buf[i] = c
	}
	if !digits {
		return 0, false
	}
	x, err := strconv.ParseFloat(unsafe.String(&buf[0], len(s)), 64)
	return x, err == nil
}

// parseBool reads true and false in lower, upper and title case.
func parseBool(s []byte) (int8, bool) {
	switch string(trimSpace(s)) {
	case "true", "True", "TRUE":
		return 1, true
	case "false", "False", "FALSE":
		return 0, true
	}
	return 0, false
}

// parseISO reads 2006-01-02, with or without a clock (a space or T before
// it), a fraction of seconds and an offset from UTC, as microseconds since 1970.
func parseISO(s []byte) (int64, bool) {
	s = trimSpace(s)
	if len(s) < 10 || s[4] != '-' || s[7] != '-' {
		return 0, false
	}
	y, okY := digits(s[0:4])
	m, okM := digits(s[5:7])
	d, okD := digits(s[8:10])
	if !okY || !okM || !okD || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return 0, false
	}
	day := daysSince1970(y, m, d)
	const perDay = int64(24 * time.Hour / time.Microsecond)
	if len(s) == 10 {
		return day * perDay, true
	}
	clock, ok := parseClock(s[10:])
	return day*perDay + clock, ok
}

// parseClock reads " 15:04", "T15:04:05.999999+09:00" and the like.
func parseClock(s []byte) (int64, bool) {
	if s[0] != ' ' && s[0] != 'T' || len(s) < 6 || s[3] != ':' {
		return 0, false
	}
	h, okH := digits(s[1:3])
	m, okM := digits(s[4:6])
	if !okH || !okM || h > 23 || m > 59 {
		return 0, false
	}
	us := int64(h*60+m) * 60e6
	s = s[6:]
	if len(s) >= 3 && s[0] == ':' {
		sec, ok := digits(s[1:3])
		if !ok || sec > 59 {
			return 0, false
		}
		us += int64(sec) * 1e6
		s = s[3:]
		if len(s) > 1 && s[0] == '.' {
			unit := int64(1e5)
			for s = s[1:]; len(s) > 0 && s[0]-'0' < 10; s = s[1:] {
				us += int64(s[0]-'0') * unit
				unit /= 10
			}
		}
	}
	switch {
	case len(s) == 0 || len(s) == 1 && s[0] == 'Z':
		return us, true
	case len(s) == 6 && s[3] == ':' && (s[0] == '+' || s[0] == '-'):
		oh, okH := digits(s[1:3])
		om, okM := digits(s[4:6])
		offset := int64(oh*60+om) * 60e6
		if s[0] == '-' {
			offset = -offset
		}
		return us - offset, okH && okM
	}
	return 0, false
}

func digits(s []byte) (int, bool) {
	n := 0
	for _, c := range s {
		if c-'0' > 9 {
			return 0, false
		}
		n = n*10 + int(c-'0')
	}
	return n, true
}

func daysIn(y, m int) int {
	if m == 2 {
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	}
	return 30 + (m+m/8)%2
}

// daysSince1970 counts days of the Gregorian calendar (Hinnant's
// days_from_civil).
func daysSince1970(y, m, d int) int64 {
	if m <= 2 {
		y--
		m += 12
	}
	era := y / 400
	yoe := y - era*400
	doy := (153*(m-3)+2)/5 + d - 1
	doe := yoe*365 + yoe/4 - yoe/100 + doy
	return int64(era*146097 + doe - 719468)
}
