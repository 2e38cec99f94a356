package kerneltest_test

import (
	"testing"

	"mlpkernel/kernel"
	"mlpkernel/kernel/client"
	"mlpkernel/kernel/kerneltest"
)

func TestStart(t *testing.T) {
	for _, transport := range []string{"tcp", "ipc"} {
		k := kerneltest.Start(t, kerneltest.New(), transport, kernel.Options{})
		done, got := kerneltest.Transcript(t, k.Client, client.Cell{Code: "print a\nprint b\nvalue 3"})
		want := "status busy\nexecute_input 1 print a\nprint b\nvalue 3\nstream stdout a\nb\n\nexecute_result 1 map[text/plain:3]\nstatus idle"
		if done.Status != "ok" || got != want {
			t.Errorf("%s: got %s\n%s", transport, done.Status, got)
		}
	}
}
