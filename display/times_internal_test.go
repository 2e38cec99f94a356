package display

import (
	"strings"
	"testing"
	"time"
)

// TestTimeTicks looks at ticks over ranges from a minute to centuries.
func TestTimeTicks(t *testing.T) {
	for _, c := range []struct{ from, to, want string }{
		{"1990-01-05 00:00:00", "2002-11-30 00:00:00", "1992 1994 1996 1998 2000 2002"},
		{"2023-12-20 00:00:00", "2024-05-02 00:00:00", "2024-01 2024-02 2024-03 2024-04 2024-05"},
		{"2024-02-27 12:00:00", "2024-03-02 12:00:00", "2024-02-28 2024-02-29 2024-03-01 2024-03-02"},
		{"2024-03-01 22:10:00", "2024-03-02 04:00:00", "03-01 23:00 03-02 00:00 03-02 01:00 03-02 02:00 03-02 03:00 03-02 04:00"},
		{"2024-03-01 10:00:00", "2024-03-01 10:01:00", "10:00:00 10:00:15 10:00:30 10:00:45 10:01:00"},
		{"1650-06-01 00:00:00", "2010-06-01 00:00:00", "1700 1800 1900 2000"},
	} {
		var got []string
		for _, tick := range timeTicks(secondsOf(t, c.from), secondsOf(t, c.to), 7) {
			got = append(got, tick.Label)
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s to %s: %v, want %s", c.from, c.to, got, c.want)
		}
	}
}

// TestFirstTimeHasRoom: a long label at the very left of an axis is left out.
func TestFirstTimeHasRoom(t *testing.T) {
	lo := secondsOf(t, "2024-01-04 00:00:00")
	for _, c := range []struct {
		to    string
		named bool
	}{{"2024-03-05 00:00:00", false}, {"2044-03-05 00:00:00", true}} {
		a := axis{r: span{lo - day, secondsOf(t, c.to)}, times: true}
		if ticks := a.marks(600, 72); (ticks[0].Label != "") != c.named {
			t.Errorf("to %s: %v", c.to, ticks)
		}
	}
}

func secondsOf(t *testing.T, s string) float64 {
	at, err := time.Parse(time.DateTime, s)
	if err != nil {
		t.Fatal(err)
	}
	return float64(at.Unix())
}
