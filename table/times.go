package table

import (
	"errors"
	"slices"
	"strings"
	"time"
)

// DateOrder says which of day and month comes first in 01/02/2024.
type DateOrder uint8

// The orders.
const (
	DatesAuto  DateOrder = iota // what fits all values; the day first if both do
	DayFirst                    // 31/12/2024
	MonthFirst                  // 12/31/2024
)

// timeLayout is a style of times.
type timeLayout struct {
	layout string
	order  DateOrder // DatesAuto where the month is plain to see
}

// timeLayouts are the styles that are understood: every date with every clock.
var timeLayouts = makeTimeLayouts()

func makeTimeLayouts() []timeLayout {
	dates := []timeLayout{
		{"2006-01-02", DatesAuto}, {"2006-1-2", DatesAuto}, {"2006/1/2", DatesAuto}, {"2006.1.2", DatesAuto}, {"2006. 1. 2.", DatesAuto}, {"2006년 1월 2일", DatesAuto},
		{"2/1/2006", DayFirst}, {"2.1.2006", DayFirst}, {"2-1-2006", DayFirst}, {"2/1/06", DayFirst}, {"2.1.06", DayFirst},
		{"1/2/2006", MonthFirst}, {"1-2-2006", MonthFirst}, {"1/2/06", MonthFirst},
		{"2-Jan-2006", DatesAuto}, {"2-Jan-06", DatesAuto}, {"2 Jan 2006", DatesAuto}, {"2 January 2006", DatesAuto}, {"Jan 2, 2006", DatesAuto}, {"January 2, 2006", DatesAuto},
	}
	clocks := []string{"", " 15:04", " 15:04:05", " 3:04 PM", " 3:04:05 PM"}
	var out []timeLayout
	for _, d := range dates {
		for _, c := range clocks {
			out = append(out, timeLayout{d.layout + c, d.order})
		}
	}
	// Other abbreviations of zones are not read: time.Parse would take them for UTC.
	for _, l := range []string{"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 UTC", "Mon, 02 Jan 2006 15:04:05 GMT", time.RFC1123Z} {
		out = append(out, timeLayout{l, DatesAuto})
	}
	return out
}

// mayBeTime is a quick look: a time has a digit and one of its marks.
func mayBeTime(s string) bool {
	return len(s) >= 6 && len(s) <= 40 && strings.ContainsAny(s, "0123456789") && strings.ContainsAny(s, "-/. 년")
}

// ParseTime reads a time in one of the usual styles; a day before a month
// where both are possible.
func ParseTime(s string) (time.Time, error) {
	if x, ok := parseISO([]byte(s)); ok {
		return unixTime(x), nil
	}
	if mayBeTime(s) {
		for _, l := range timeLayouts {
			if t, err := time.Parse(l.layout, s); err == nil {
				return t.UTC(), nil
			}
		}
	}
	return time.Time{}, errors.New("not a time such as 2024-12-31 or 2024-12-31 23:59:59")
}

// layoutOf finds the style that all values have, "" for ISO or none.
func (f *csvFile) layoutOf(values []string, na *naSet) string {
	all := func(reads func(v string) bool) bool {
		return !slices.ContainsFunc(values, func(v string) bool { return !na.has(v) && !reads(strings.TrimSpace(v)) })
	}
	if all(func(v string) bool { _, ok := parseISO([]byte(v)); return ok }) {
		return ""
	}
	for _, l := range timeLayouts {
		if l.order != DatesAuto && f.o.Dates != DatesAuto && l.order != f.o.Dates {
			continue
		}
		if all(func(v string) bool { _, err := time.Parse(l.layout, v); return err == nil }) {
			return l.layout
		}
	}
	return ""
}

func parseLayout(s []byte, layout string) (int64, bool) {
	t, err := time.Parse(layout, string(trimSpace(s)))
	if err != nil {
		return 0, false
	}
	return t.UnixMicro(), true
}

// noteDates says which of day and month was taken to be first.
func (f *csvFile) noteDates(c *Column, layout string) {
	order := DatesAuto
	for _, l := range timeLayouts {
		if l.layout == layout {
			order = l.order
		}
	}
	if order == DatesAuto || c.n == c.Missing() || f.o.Dates != DatesAuto {
		return
	}
	say := map[DateOrder]string{DayFirst: "day/month/year", MonthFirst: "month/day/year"}[order]
	for _, m := range c.micros {
		if m != noTime && unixTime(m).Day() > 12 {
			f.note("%s: times are read as %s", c.name, say)
			return
		}
	}
	f.note("%s: times are read as %s, though the other order fits too; day_first=False reads them so", c.name, say)
}
