//go:build !noasm

package kern

// native gives NEON, which every arm64 processor that Go supports has.
func native() []*Set {
	return []*Set{{
		Name: "neon", maps: &mapsNeon, slim: tiles{Lanes, tilesNeon}, thin: tiles{Lanes, thinNeon},
		transpose16: transposeNeon, gather: gatherNeon, maskBits: maskBitsNeon,
	}}
}
