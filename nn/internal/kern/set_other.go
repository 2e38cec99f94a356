//go:build !amd64 || noasm

package kern

func native() []*Set { return nil }
