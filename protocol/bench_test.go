package protocol_test

import (
	"strings"
	"testing"

	"mlpkernel/protocol"
)

func BenchmarkMarshalLargeText(b *testing.B) {
	for _, c := range []struct{ name, unit string }{{"ascii", "x"}, {"svg", "<path d=\"M 10 20\"/>\n"}, {"hangul", "한글"}} {
		b.Run(c.name, func(b *testing.B) {
			content := protocol.Display{Data: map[string]any{"text/plain": strings.Repeat(c.unit, 50<<20/len(c.unit))}}
			b.SetBytes(50 << 20)
			for b.Loop() {
				protocol.Marshal(content)
			}
		})
	}
}
