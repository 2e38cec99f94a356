package display

import "errors"

var errUndrawn = errors.New("not drawn")
