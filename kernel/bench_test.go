package kernel_test

import (
	"encoding/json"
	"testing"
	"time"

	"mlpkernel/kernel/client"
	. "mlpkernel/kernel/kerneltest"
	"mlpkernel/protocol"
)

// BenchmarkCell runs cells of a kernel process, from the request to both the
// reply and idle.
func BenchmarkCell(b *testing.B) {
	for _, c := range []struct{ name, code string }{
		{"noop", ""},
		{"value", "value 1"},
		{"lines10000", "lines 10000"},
		{"display1MB", "megabytes 1"},
		{"display50MB", "text 52428800"},
	} {
		b.Run(c.name, func(b *testing.B) {
			k := startProcess(b, "tcp")
			for b.Loop() {
				if _, err := k.Execute(Context(b), client.Cell{Code: c.code}); err != nil {
					b.Fatal(err)
				}
			}
			reportMemory(b, k.Client)
		})
	}
}

// reportMemory reports the resident memory of a kernel right away and when it
// has had a second to give some back.
func reportMemory(b *testing.B, k *client.Client) {
	measure := func() float64 {
		reply, err := k.Request(Context(b), client.Control, "usage_request", nil)
		if err != nil {
			b.Fatal(err)
		}
		var u protocol.Usage
		if err := json.Unmarshal(reply.Content, &u); err != nil || u.KernelMemory == nil {
			return 0
		}
		return float64(*u.KernelMemory) / (1 << 20)
	}
	b.ReportMetric(measure(), "MiB-busy")
	time.Sleep(time.Second)
	b.ReportMetric(measure(), "MiB-idle")
}

// BenchmarkTwoHundredCells queues cells at once.
func BenchmarkTwoHundredCells(b *testing.B) {
	k := startProcess(b, "tcp")
	for b.Loop() {
		var cells []*client.Pending
		for range 200 {
			p, err := k.Submit(client.Cell{Code: "value 1"})
			if err != nil {
				b.Fatal(err)
			}
			cells = append(cells, p)
		}
		for _, p := range cells {
			if _, err := p.Wait(Context(b)); err != nil {
				b.Fatal(err)
			}
		}
	}
}

// BenchmarkRequest is a request beside the cells and its reply.
func BenchmarkRequest(b *testing.B) {
	k := startProcess(b, "tcp")
	b.Run("kernel_info", func(b *testing.B) {
		for b.Loop() {
			if _, err := k.KernelInfo(Context(b)); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("complete", func(b *testing.B) {
		for b.Loop() {
			if _, err := k.Complete(Context(b), "p", 1); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkInterrupt is from the interrupt to the end of a cell.
func BenchmarkInterrupt(b *testing.B) {
	k := startProcess(b, "tcp")
	for b.Loop() {
		b.StopTimer()
		p := running(b, k.Client, "wait for ever")
		b.StartTimer()
		if err := k.Interrupt(Context(b)); err != nil {
			b.Fatal(err)
		}
		if _, err := p.Wait(Context(b)); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkStart is from the start of the process to the first answer.
func BenchmarkStart(b *testing.B) {
	for b.Loop() {
		k, err := client.Start(Context(b), kernelCommand("tcp"))
		if err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if err := k.Close(); err != nil {
			b.Fatal(err)
		}
		b.StartTimer()
	}
}
