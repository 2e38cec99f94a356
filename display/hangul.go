package display

import "strings"

// The letters of the Revised Romanization of Korean, in the order in which
// Unicode composes syllables (The Unicode Standard, section 3.12).
var (
	hangulInitial = strings.Split("g kk n d tt r m b pp s ss  j jj ch k t p h", " ")
	hangulMedial  = strings.Split("a ae ya yae eo e yeo ye o wa wae oe yo u wo we wi yu eu ui i", " ")
	hangulFinal   = strings.Split(" k k k n n n t l k m l l l p l m p p t t ng t t k t p t", " ")
)

// romanise spells one Hangul syllable in Latin letters.
func romanise(r rune) (string, bool) {
	const first, last = '가', '힣'
	if r < first || r > last {
		return "", false
	}
	i := int(r - first)
	return hangulInitial[i/588] + hangulMedial[i%588/28] + hangulFinal[i%28], true
}
