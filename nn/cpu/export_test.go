package cpu

import "mlpkernel/nn/internal/kern"

// Each gives a backend for each set of kernels of this machine.
func Each() (bs []Backend) {
	for _, s := range kern.Sets() {
		bs = append(bs, Backend{s})
	}
	return bs
}
