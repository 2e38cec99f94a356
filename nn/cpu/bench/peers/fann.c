// FANN's plain gradient descent over a batch: fann BATCH SIZE...
// Prints "ready", then for each line of input the µs of a step by CPU time.
#include <fann.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static double now(void) {
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return t.tv_sec + 1e-9 * t.tv_nsec;
}

int main(int count, char **arg) {
	int batch = atoi(arg[1]), layers = count - 2, steps = 100;
	unsigned int size[16];
	for (int i = 0; i < layers; i++) size[i] = atoi(arg[2 + i]);
	struct fann *net = fann_create_standard_array(layers, size);
	fann_set_activation_function_hidden(net, layers > 3 ? FANN_LINEAR_PIECE : FANN_SIGMOID_SYMMETRIC);
	fann_set_activation_function_output(net, FANN_SIGMOID);
	fann_set_training_algorithm(net, FANN_TRAIN_BATCH);
	fann_set_learning_rate(net, .1f);
	struct fann_train_data *data = fann_create_train(batch, size[0], size[layers - 1]);
	for (int i = 0; i < batch; i++) {
		for (int j = 0; j < size[0]; j++) data->input[i][j] = (i * 7 + j * 3) % 5 * .2f;
		for (int j = 0; j < size[layers - 1]; j++) data->output[i][j] = (i + j) % 2;
	}
	for (double start = now(); now() - start < .1; steps *= 2)
		for (int i = 0; i < steps; i++) fann_train_epoch(net, data);
	puts("ready");
	fflush(stdout);
	for (char line[64]; fgets(line, sizeof line, stdin);) {
		double start = now();
		for (int i = 0; i < steps; i++) fann_train_epoch(net, data);
		printf("%g\n", (now() - start) / steps * 1e6);
		fflush(stdout);
	}
}
