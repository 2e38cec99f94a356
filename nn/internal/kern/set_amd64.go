//go:build !noasm

package kern

import "golang.org/x/sys/cpu"

// walk is in walk_amd64.s.
//
//go:noescape
func walk(calls []call)

// native gives the sets that this processor and its GODEBUG allow.
func native() (sets []*Set) {
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL {
		sets = append(sets, &Set{
			Name: "avx512", walk: walk, maps: &maps512, tools: &tools512,
			wide: tiles{Strip, tiles512x2[:]}, slim: tiles{Lanes, tiles512x1[:]}, thin: tiles{Lanes, tiles512x0[:]}, long: tiles{4 * Strip, tiles512x8[:]},
			deep: 512,
		})
	}
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		sets = append(sets, &Set{
			Name: "avx2", walk: walk, maps: &maps256, tools: &tools256,
			slim: tiles{Lanes, tiles256x2[:]}, thin: tiles{Lanes, tiles256x0[:]}, long: tiles{2 * Strip, tiles256x8[:]},
			deep: 256,
		})
	}
	return sets
}
