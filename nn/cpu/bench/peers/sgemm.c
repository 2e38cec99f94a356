// A library's product of matrices: sgemm LIBRARY TRANSA TRANSB M N K.
// Prints "ready", then for each line of input the µs of a product by CPU time.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef void (*openblas)(int, int, int, int, int, int, float, const float *, int, const float *, int, float, float *, int);
typedef int (*onednn)(char, char, long, long, long, float, const float *, long, const float *, long, float, float *, long);

static openblas blas;
static onednn dnnl;
static int ta, tb, m, n, k;
static float *a, *b, *c;

static double now(void) {
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + 1e-9 * t.tv_nsec;
}

static void multiply(int times) {
	int lda = ta ? m : k, ldb = tb ? k : n;
	while (times--) {
		if (blas) blas(101, ta ? 112 : 111, tb ? 112 : 111, m, n, k, 1, a, lda, b, ldb, 0, c, n);
		else dnnl(ta ? 'T' : 'N', tb ? 'T' : 'N', m, n, k, 1, a, lda, b, ldb, 0, c, n);
	}
}

static float *numbers(size_t count) {
	float *v = aligned_alloc(64, (count * 4 + 63) / 64 * 64);
	for (size_t i = 0; i < count; i++) v[i] = i * 7 % 13 * .01f - .06f;
	return v;
}

int main(int count, char **arg) {
	dlopen("libgomp.so.1", RTLD_NOW | RTLD_GLOBAL);
	void *lib = dlopen(arg[1], RTLD_NOW);
	if (count != 7 || !lib) return 1;
	blas = (openblas)dlsym(lib, "cblas_sgemm");
	dnnl = (onednn)dlsym(lib, "dnnl_sgemm");
	if (!blas && !dnnl) return 1;
	ta = atoi(arg[2]), tb = atoi(arg[3]), m = atoi(arg[4]), n = atoi(arg[5]), k = atoi(arg[6]);
	a = numbers((size_t)m * k), b = numbers((size_t)k * n), c = numbers((size_t)m * n);
	int steps = 1;
	for (double start = now(); now() - start < .05; steps *= 2) multiply(steps);
	puts("ready");
	fflush(stdout);
	for (char line[64]; fgets(line, sizeof line, stdin);) {
		double start = now();
		multiply(steps);
		printf("%g\n", (now() - start) / steps * 1e6);
		fflush(stdout);
	}
}
