/* SPDX-License-Identifier: MIT */
/*
 * What bench/inject walks: `inject plain|child|pipe SIZE`. main formats SIZE numbers (some 500 instructions each); with
 * `child` it has a child meanwhile, which only ends; with `pipe` a pipe with a byte in it.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static volatile sig_atomic_t came;

static void on_signal(int signo) {
    (void)signo;
    came = 1;
}

static int format_numbers(int size) {
    char text[64] = "";
    for (int i = 0; i < size; i++)
        snprintf(text, sizeof text, "%d of %d", i, size);
    return text[0] != '\0';
}

int main(int argc, char **argv) {
    if (argc != 3)
        return EXIT_FAILURE;
    int size = (int)strtol(argv[2], NULL, 10), ends[2];
    struct sigaction action = {.sa_handler = on_signal, .sa_flags = SA_RESTART};
    if (strcmp(argv[1], "pipe") == 0 && (pipe(ends) != 0 || write(ends[1], "x", 1) != 1))
        return EXIT_FAILURE;
    sigaction(SIGUSR1, &action, NULL);
    sigaction(SIGCHLD, &action, NULL);
    pid_t child = strcmp(argv[1], "child") == 0 ? fork() : 0;
    if (child == 0 && strcmp(argv[1], "child") == 0)
        _exit(0);
    int right = format_numbers(size);
    if (child > 0)
        waitpid(child, NULL, 0);
    return right ? EXIT_SUCCESS : EXIT_FAILURE;
}
