//go:build !noasm

package kern

import "golang.org/x/sys/cpu"

// native gives the sets that this processor and its GODEBUG allow.
func native() (sets []*Set) {
	if cpu.X86.HasAVX512F && cpu.X86.HasAVX512DQ && cpu.X86.HasAVX512BW && cpu.X86.HasAVX512VL {
		sets = append(sets, &Set{
			Name: "avx512", maps: &maps512, wide: tiles{Strip, tiles512x2}, slim: tiles{Lanes, tiles512x1}, thin: tiles{Lanes, tiles512x0}, long: tiles{4 * Strip, tiles512x8},
			transpose16: transpose512, gather: gather512, maskBits: maskBits512,
		})
	}
	if cpu.X86.HasAVX2 && cpu.X86.HasFMA {
		sets = append(sets, &Set{
			Name: "avx2", maps: &maps256, slim: tiles{Lanes, tiles256x2}, thin: tiles{Lanes, tiles256x0},
			transpose16: transpose256, gather: gather256, maskBits: maskBits256,
		})
	}
	return sets
}
