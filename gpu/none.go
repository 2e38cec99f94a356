//go:build !(cuda && linux && cgo)

package gpu

import (
	"errors"

	"mlpkernel/nn"
)

var errNone = errors.New("built without CUDA; make gpu builds with it (on Linux, with Go and gcc)")

func open(Settings, nn.Backend) (nn.Accelerator, error) { return nil, errNone }

func describe() ([]string, error) { return nil, errNone }
