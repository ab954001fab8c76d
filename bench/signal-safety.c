/* SPDX-License-Identifier: MIT */
/* main calls one library function twice, and the handler of SIGUSR1 calls the same. Exit 0 if what came out is right. */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <syslog.h>
#include <time.h>
#include <unistd.h>

#define BLOCK 2000 /* beyond malloc's cache of small blocks */

static volatile sig_atomic_t in_handler;
static bool right = true;
static char *blocks[8];
static volatile sig_atomic_t block_count;

static void call_printf(void) {
    printf("%s %d\n", in_handler ? "handler" : "main", 42);
}

static void call_puts(void) {
    puts(in_handler ? "handler" : "main");
}

static void call_malloc(void) {
    char *block = malloc(BLOCK);
    blocks[block_count++] = block;
}

static void call_fprintf(void) {
    fprintf(stderr, "%s %d\n", in_handler ? "handler" : "main", 42);
}

static void call_snprintf(void) {
    char text[32];
    snprintf(text, sizeof text, "%s %d", "main", 42);
    right &= strcmp(text, "main 42") == 0;
}

static void call_write(void) {
    if (in_handler)
        right &= write(STDOUT_FILENO, "handler\n", 8) == 8;
    else
        right &= write(STDOUT_FILENO, "main\n", 5) == 5;
}

/* Numbers that no error has: the text is made up. */
static void call_strerror(void) {
    if (in_handler)
        right &= strcmp(strerror(10002), "Unknown error 10002") == 0;
    else
        right &= strcmp(strerror(10001), "Unknown error 10001") == 0;
}

static void call_localtime_r(void) {
    time_t day = 86400;
    struct tm date;
    right &= localtime_r(&day, &date) == &date && date.tm_year == 70;
}

static void call_syslog(void) {
    syslog(LOG_DEBUG, "%s %d", "signal-safety", 42);
}

static void call_exit(void) {
    exit(EXIT_SUCCESS);
}

static const struct {
    const char *name;
    void (*call)(void);
} functions[] = {
    {"printf", call_printf},     {"puts", call_puts},
    {"malloc", call_malloc},     {"fprintf-stderr", call_fprintf},
    {"snprintf", call_snprintf}, {"write", call_write},
    {"strerror", call_strerror}, {"localtime_r", call_localtime_r},
    {"syslog", call_syslog},     {"exit", call_exit},
};
static void (*call)(void);

static void handler(int number) {
    (void)number;
    int saved = errno;
    in_handler = 1;
    call();
    in_handler = 0;
    errno = saved;
}

/* The walk goes from one's entry to its return. */
__attribute__((noinline)) void first(void) {
    call();
}

__attribute__((noinline)) void later(void) {
    call();
}

/* No block may lie in another, and the heap must still be good for more. */
static void check_blocks(void) {
    for (int i = 0; i < block_count; i++)
        memset(blocks[i], i + 1, BLOCK);
    for (int i = 0; i < block_count; i++)
        for (int at = 0; at < BLOCK; at++)
            right &= blocks[i][at] == i + 1;
    for (int i = 0; i < block_count; i++)
        free(blocks[i]);
    for (size_t size = 16; size < 100000; size *= 3)
        free(malloc(size));
}

int main(int argc, char **argv) {
    for (size_t i = 0; i < sizeof functions / sizeof *functions; i++)
        if (argc == 2 && strcmp(argv[1], functions[i].name) == 0)
            call = functions[i].call;
    if (call == NULL)
        return EXIT_FAILURE;
    struct sigaction action = {.sa_handler = handler, .sa_flags = SA_RESTART};
    sigaction(SIGUSR1, &action, NULL);
    first();
    later();
    check_blocks();
    return right ? EXIT_SUCCESS : EXIT_FAILURE;
}
