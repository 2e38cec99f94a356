// Mlpkernel is a Jupyter kernel for multi-layer perceptrons: see README.md.
package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"

	"mlpkernel/cell"
	"mlpkernel/dsl"
	"mlpkernel/gpu"
	"mlpkernel/headless"
	"mlpkernel/install"
	"mlpkernel/kernel"
	"mlpkernel/nn"
	"mlpkernel/nn/cpu"
	"mlpkernel/protocol"
)

// version is set by the release build.
var version = "0.1.0"

// command is a sub-command: it returns the exit status.
type command struct {
	name, usage string
	run         func(args []string, stdout, stderr io.Writer) int
}

func commands() []command {
	return []command{
		{"run", "run FILE.ipynb|FILE.star|FILE.md [-o OUT.ipynb] [--html OUT.html] [-p name=value]... [--allow-errors]", func(a []string, out, err io.Writer) int {
			return headless.RunCommand(a, out, err, self())
		}},
		{"verify", "verify [--update] FILE.ipynb...", func(a []string, out, err io.Writer) int {
			return headless.VerifyCommand(a, out, err, self())
		}},
		{"install", "install [--user | --sys-prefix | --prefix DIR] [--name NAME] [--display-name TEXT]", func(a []string, out, err io.Writer) int {
			status := install.Command(a, out, err, install.Host())
			if status == 0 {
				fmt.Fprintln(out, "gpu:", graphics(context.Background()).Detail)
			}
			return status
		}},
		{"uninstall", "uninstall [--user | --sys-prefix | --prefix DIR] [--name NAME]", func(a []string, out, err io.Writer) int {
			return install.UninstallCommand(a, out, err, install.Host())
		}},
		{"doctor", "doctor", func(a []string, out, err io.Writer) int {
			return install.DoctorCommand(a, out, err, install.Host(), checks())
		}},
		{"doc", "doc [NAME]... | doc --html FILE", document},
		{"kernel", "kernel --connection-file FILE      (what Jupyter starts)", serve},
		{"version", "version", func(_ []string, out, _ io.Writer) int { fmt.Fprintln(out, "mlpkernel", version); return 0 }},
	}
}

func main() { os.Exit(run(os.Args[1:], os.Stdout, os.Stderr)) }

func run(args []string, stdout, stderr io.Writer) int {
	for _, c := range commands() {
		if len(args) > 0 && args[0] == c.name {
			return c.run(args[1:], stdout, stderr)
		}
	}
	if len(args) > 0 && slices.Contains([]string{"help", "-h", "-help", "--help"}, args[0]) {
		usage(stdout)
		return 0
	}
	if len(args) > 0 {
		fmt.Fprintf(stderr, "mlpkernel: error: there is no command %s\n", args[0])
	}
	usage(stderr)
	return 2
}

// usage lists the commands.
func usage(w io.Writer) {
	fmt.Fprintln(w, "mlpkernel is a Jupyter kernel for multi-layer perceptrons.")
	for _, c := range commands() {
		fmt.Fprintln(w, "  mlpkernel", c.usage)
	}
}

// self starts this program as a kernel.
func self() headless.Starter {
	path, err := os.Executable()
	if err != nil {
		return headless.InProcess(func(ctx context.Context, conn protocol.Connection) error {
			return kernel.Serve(ctx, conn, language, kernel.Options{Embedded: true})
		})
	}
	return headless.Executable(path)
}

func language() cell.Interpreter {
	processor := cpu.New()
	o := dsl.Options{Version: version, Backends: []nn.Backend{processor}}
	if g, err := gpu.Open(processor); err == nil {
		o.Backends = []nn.Backend{g, processor}
	} else {
		o.Missing = []dsl.Missing{{Name: "gpu", Why: err.Error()}}
	}
	return dsl.New(o)
}

// serve is what Jupyter starts.
func serve(args []string, _, stderr io.Writer) int {
	if len(args) != 2 || args[0] != "--connection-file" && args[0] != "-f" {
		fmt.Fprintln(stderr, "mlpkernel: error: kernel wants --connection-file FILE")
		return 2
	}
	conn, err := protocol.ReadConnection(args[1])
	if err == nil {
		history := ""
		if dir, e := os.UserCacheDir(); e == nil {
			history = filepath.Join(dir, "mlpkernel", "history.jsonl")
		}
		err = kernel.Serve(context.Background(), conn, language, kernel.Options{HistoryFile: history})
	}
	if err != nil {
		fmt.Fprintln(stderr, "mlpkernel: error:", err)
		return 1
	}
	return 0
}
