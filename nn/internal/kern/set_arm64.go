//go:build !noasm

package kern

// walk is in walk_arm64.s.
//
//go:noescape
func walk(calls []call)

// native gives NEON, which every arm64 processor that Go supports has.
func native() []*Set {
	return []*Set{{
		Name: "neon", walk: walk, maps: &mapsNeon, tools: &toolsNeon,
		slim: tiles{Lanes, tilesNeon[:]}, thin: tiles{Lanes, thinNeon[:]},
		deep: 512,
	}}
}
