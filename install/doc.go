// Package install makes Jupyter's front ends find the kernel, and finds out
// why they do not.
//
// A kernelspec is a folder that front ends look for in a list of places: a
// kernel.json that says how to start the kernel, and logos. [Command] and
// [UninstallCommand] are the sub-commands that write and remove it; [Doctor]
// checks what is there, together with checks that its caller adds.
//
// Where the places are is the rule of Python's jupyter_core (paths.py), for
// Linux, macOS and Windows: see [System.UserDir] and [System.SearchPath].
// All that the rule depends on is in a [System], so that each can be tested on
// any other.
//
// The command line in kernel.json begins with an absolute path, since front
// ends started from a desktop have another PATH than a shell. A binary that
// lies where it will not stay, such as the one `go run` builds, is copied
// beside kernel.json.
package install
