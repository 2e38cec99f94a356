//go:build !amd64

package main

// peakLoop is only written for amd64.
func peakLoop() (loop func(rounds int), flops float64) { return nil, 0 }
