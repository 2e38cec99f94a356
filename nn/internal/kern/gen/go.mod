module mlpkernel/nn/internal/kern/gen

go 1.26.0
