// Package cudadl lets a program that imports gorgonia.org/cu be built without a
// CUDA toolkit and start without a driver.
//
// Package cu links to libcuda and calls it when the program starts. Here are
// instead a small cuda.h of our own (include), a linker script that satisfies
// -lcuda (link), and forwarders for the entry points (shim.c), which answer that
// nothing is initialised until [Open] has found a driver. [LaunchCooperative]
// and the others beside it are what cu lacks.
package cudadl
