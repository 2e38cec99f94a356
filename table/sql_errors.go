package table

import (
	"database/sql/driver"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"
)

// sqlFaults are SQLite's messages that name what is wrong.
var sqlFaults = []struct {
	pattern *regexp.Regexp
	say     func(name string, tables map[string]*Table) string
}{
	{regexp.MustCompile(`near "(.*)": syntax error`), func(name string, _ map[string]*Table) string { return fmt.Sprintf("near %q: syntax error", name) }},
	{regexp.MustCompile(`no such table: (\S+)`), noSQLTable},
	{regexp.MustCompile(`no such column: (\S+)`), noSQLColumn},
	{regexp.MustCompile(`no such function: (\S+)`), func(name string, _ map[string]*Table) string {
		return fmt.Sprintf("no such function: %s; besides SQLite's there are std, variance, median and quantile(x, share)", name)
	}},
	{regexp.MustCompile(`ambiguous column name: (\S+)`), func(name string, _ map[string]*Table) string {
		return fmt.Sprintf("more than one table has a column %q; write which, as in t.%s", name, name)
	}},
}

// sqlError says what is wrong with a query and points to the place.
func sqlError(conn driver.Conn, err error, query string, tables map[string]*Table) error {
	text := strings.TrimPrefix(err.Error(), "SQL logic error: ")
	if i := strings.LastIndex(text, " ("); i >= 0 && strings.HasSuffix(text, ")") {
		text = text[:i] // the number of the error
	}
	if strings.Contains(text, "incomplete input") {
		return fmt.Errorf("sql: the query ends too early%s", pointer(query, len(strings.TrimRight(query, " \n\t;"))))
	}
	for _, f := range sqlFaults {
		m := f.pattern.FindStringSubmatch(text)
		if m == nil {
			continue
		}
		at := -1
		if strings.HasSuffix(text, "syntax error") {
			at = syntaxErrorAt(conn, query, m[1])
		} else if places := wordsAt(query, m[1][strings.LastIndex(m[1], ".")+1:]); len(places) == 1 {
			at = places[0]
		}
		return fmt.Errorf("sql: %s%s", f.say(m[1], tables), pointer(query, at))
	}
	return fmt.Errorf("sql: %s", text)
}

func noSQLTable(name string, tables map[string]*Table) string {
	if near := Nearest(name, sortedKeys(tables)); near != "" {
		return fmt.Sprintf("no table %q; did you mean %q?", name, near)
	}
	return fmt.Sprintf("no table %q; give it to the query by name, as in sql(\"...\", %s=...)", name, name)
}

func noSQLColumn(name string, tables map[string]*Table) string {
	bare := name[strings.LastIndex(name, ".")+1:]
	var names []string
	for _, t := range sortedKeys(tables) {
		names = append(names, tables[t].Columns()...)
	}
	switch near := Nearest(bare, names); {
	case near != "":
		return fmt.Sprintf("no column %q; did you mean %q?", name, near)
	case len(names) > 0 && len(names) <= 12:
		return fmt.Sprintf("no column %q; there are %s", name, strings.Join(names, ", "))
	}
	return fmt.Sprintf("no column %q", name)
}

// syntaxErrorAt finds which of the places of a token is the one that SQLite
// stumbles over: up to it the query could go on.
func syntaxErrorAt(conn driver.Conn, query, token string) int {
	for at := 0; token != ""; at++ {
		i := strings.Index(query[at:], token)
		if i < 0 {
			return -1
		}
		at += i
		st, err := conn.Prepare(query[:at+len(token)])
		if err == nil {
			st.Close()
		} else if strings.Contains(err.Error(), "syntax error") {
			return at
		}
	}
	return -1
}

// wordsAt returns where a word stands in a query.
func wordsAt(query, word string) []int {
	var out []int
	if word == "" {
		return nil
	}
	for _, m := range regexp.MustCompile(`[\pL_][\pL\pN_]*`).FindAllStringIndex(query, -1) {
		if strings.EqualFold(query[m[0]:m[1]], word) {
			out = append(out, m[0])
		}
	}
	if i := strings.Index(query, word); len(out) == 0 && i >= 0 {
		return []int{i}
	}
	return slices.Compact(out)
}

// pointer shows the line of a query with a mark below the place; "" where the
// place is not known.
func pointer(query string, at int) string {
	if at < 0 || at > len(query) {
		return ""
	}
	begin := strings.LastIndexByte(query[:at], '\n') + 1
	line, _, _ := strings.Cut(query[begin:], "\n")
	indent := strings.Map(func(r rune) rune {
		if r == '\t' {
			return r
		}
		return ' '
	}, query[begin:at])
	return fmt.Sprintf("\n    %s\n    %s^", line, wide(query[begin:at], indent))
}

// wide adds a space for each character that takes two places.
func wide(text, indent string) string {
	extra := 0
	for _, r := range text {
		if r >= 0x1100 && utf8.RuneLen(r) >= 3 {
			extra++
		}
	}
	return indent + strings.Repeat(" ", extra)
}
