/* SPDX-License-Identifier: MIT */
/*
 * Counts the instructions of an execution, function by function, on the real runtime.
 *
 *   count-instructions BINARY FUNCTION SKIP COUNT COMMAND...
 *
 * COMMAND is run (hazard explore ... BINARY), and the first process that a process of BINARY
 * forks, which is the first worker, is counted: from the SKIP-th call of FUNCTION over COUNT
 * more of them. FUNCTION should be called once in an execution (dpor_end), or in a step
 * (look_around).
 *
 * A worker is replaced when its program has more threads than it can run (7): so at most seven.
 *
 * Theory of operation. Valgrind cannot run the runtime: it does not grant the memory that hazard
 * shares with it. And virtual machines have no counters. So the worker is single-stepped (ptrace),
 * and each stop counts for the function that the program counter lies in. The same program under
 * the same schedule makes the same instructions: the figures do not depend on the machine's mood.
 *
 * A repeated string instruction traps after each iteration. It is counted once, and a breakpoint
 * behind it saves the other stops; how much it moved is counted apart, from its counter.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/stat.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <unistd.h>

enum { FUNCTIONS = 8192, SHOWN = 60, BREAKPOINT = 0xcc };

struct function {
    uintptr_t start;
    long instructions, calls, moved; /* iterations of repeated string instructions */
    char name[64], file[64];         /* where it was compiled from, if that is known */
};

/* [count]: whatever lies outside the binary. */
static struct function functions[FUNCTIONS + 1];
static size_t function_count;
static uintptr_t base, text_end;

__attribute__((format(printf, 1, 2))) _Noreturn static void die(const char *format, ...) {
    va_list list;
    va_start(list, format);
    fputs("count-instructions: ", stderr);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    exit(2);
}

/* ---- The binary ---------------------------------------------------------------------- */

static int by_start(const void *a, const void *b) {
    const struct function *left = a, *right = b;
    return (left->start > right->start) - (left->start < right->start);
}

/* "... NAME\tFOLDER/FILE:LINE": the file. */
static void read_file(const char *line, char *file, size_t size) {
    const char *tab = strchr(line, '\t'), *slash = tab != NULL ? strrchr(tab, '/') : NULL;
    if (slash != NULL)
        snprintf(file, size, "%.*s", (int)strcspn(slash + 1, ":\n"), slash + 1);
    else
        strcpy(file, "(other)");
}

static void read_functions(const char *binary) {
    char line[PATH_MAX], *command;
    if (asprintf(&command, "nm --line-numbers --defined-only '%s'", binary) < 0)
        die("no memory");
    FILE *pipe = popen(command, "re");
    while (pipe != NULL && fgets(line, sizeof line, pipe) != NULL && function_count < FUNCTIONS) {
        struct function *function = &functions[function_count];
        char type;
        if (sscanf(line, "%lx %c %63s", &function->start, &type, function->name) == 3 &&
            strchr("tTwWi", type) != NULL) {
            read_file(line, function->file, sizeof function->file);
            function_count++;
        }
    }
    free(command);
    if (pipe == NULL || pclose(pipe) != 0 || function_count == 0)
        die("no functions in %s", binary);
    qsort(functions, function_count, sizeof *functions, by_start);
    strcpy(functions[function_count].name, "(libraries)");
    strcpy(functions[function_count].file, "(libraries)");
}

static struct function *function_at(uintptr_t pc) {
    if (pc < base || pc >= text_end)
        return &functions[function_count];
    size_t low = 0, high = function_count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (functions[middle].start <= pc - base)
            low = middle;
        else
            high = middle;
    }
    return &functions[low];
}

static uintptr_t address_of(const char *name) {
    for (size_t i = 0; i < function_count; i++)
        if (strcmp(functions[i].name, name) == 0)
            return base + functions[i].start;
    die("no function %s", name);
}

/* Where the binary lies in that process: its first map and the end of its last executable one. */
static void find_binary(pid_t pid, const char *binary) {
    char path[64], line[PATH_MAX + 128];
    snprintf(path, sizeof path, "/proc/%d/maps", (int)pid);
    FILE *maps = fopen(path, "re");
    while (maps != NULL && fgets(line, sizeof line, maps) != NULL) {
        uintptr_t start, end;
        char access[8];
        if (strstr(line, binary) == NULL || sscanf(line, "%lx-%lx %7s", &start, &end, access) != 3)
            continue;
        if (base == 0)
            base = start;
        if (access[2] == 'x')
            text_end = end;
    }
    if (maps == NULL || fclose(maps) != 0 || text_end == 0)
        die("%s is not mapped in the process that runs it", binary);
}

static bool runs(pid_t pid, const char *binary) {
    char path[64], target[PATH_MAX];
    snprintf(path, sizeof path, "/proc/%d/exe", (int)pid);
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length < 0)
        return false;
    target[length] = '\0';
    return strcmp(target, binary) == 0;
}

/* ---- Following the command to the worker --------------------------------------------- */

static void trace(enum __ptrace_request request, pid_t pid, uintptr_t address, uintptr_t data) {
    if (ptrace(request, pid, address, data) != 0)
        die("ptrace request %d: %s", (int)request, strerror(errno));
}

/* Tracer and traced take turns: on one core that costs the least. */
static void stay(void) {
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET((size_t)sched_getcpu(), &here);
    sched_setaffinity(0, sizeof here, &here);
}

static pid_t start(char **command) {
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    int nowhere = open("/dev/null", O_WRONLY | O_CLOEXEC);
    dup2(nowhere, STDOUT_FILENO);
    raise(SIGSTOP);
    execvp(command[0], command);
    _exit(127);
}

/* The signal that a stop would deliver; 0: it is one of ptrace's own stops. */
static int signal_of(int status) {
    return status >> 16 != 0 || WSTOPSIG(status) == SIGTRAP ? 0 : WSTOPSIG(status);
}

/* Waits until a process of the binary forks; returns its child, stopped, and lets all others go. */
static pid_t follow(pid_t root, const char *binary) {
    const uintptr_t options = PTRACE_O_TRACEFORK | PTRACE_O_TRACEVFORK | PTRACE_O_EXITKILL;
    int status;
    waitpid(root, &status, WUNTRACED);
    trace(PTRACE_SEIZE, root, 0, options);
    kill(root, SIGCONT);
    for (;;) {
        pid_t pid = waitpid(-1, &status, __WALL);
        if (pid < 0 || (pid == root && !WIFSTOPPED(status)))
            die("the command ended before it had a worker");
        if (!WIFSTOPPED(status))
            continue;
        if (status >> 16 == PTRACE_EVENT_FORK && runs(pid, binary)) {
            unsigned long child;
            trace(PTRACE_GETEVENTMSG, pid, 0, (uintptr_t)&child);
            waitpid((pid_t)child, &status, __WALL);
            trace(PTRACE_DETACH, pid, 0, 0);
            return (pid_t)child;
        }
        trace(PTRACE_CONT, pid, 0, (uintptr_t)signal_of(status));
    }
}

/* ---- Counting ------------------------------------------------------------------------ */

/* One instruction. */
static void advance(pid_t pid) {
    int status, signal = 0;
    do {
        trace(PTRACE_SINGLESTEP, pid, 0, (uintptr_t)signal);
        if (waitpid(pid, &status, __WALL) < 0 || !WIFSTOPPED(status))
            die("the search was over before so many calls");
        signal = signal_of(status);
    } while (WSTOPSIG(status) != SIGTRAP);
}

/* On until the breakpoint at `address`. Other traps are the program's own: it steps through calls that it follows. */
static void reach(pid_t pid, uintptr_t address, struct user_regs_struct *registers) {
    for (int signal = 0;;) {
        int status;
        trace(PTRACE_CONT, pid, 0, (uintptr_t)signal);
        if (waitpid(pid, &status, __WALL) < 0 || !WIFSTOPPED(status))
            die("the search was over before so many calls");
        trace(PTRACE_GETREGS, pid, 0, (uintptr_t)registers);
        if (WSTOPSIG(status) == SIGTRAP && registers->rip == address + 1)
            return;
        signal = status >> 16 != 0 ? 0 : WSTOPSIG(status);
    }
}

static void run_to(pid_t pid, uintptr_t address) {
    errno = 0;
    long word = ptrace(PTRACE_PEEKTEXT, pid, address, 0);
    if (errno != 0)
        die("cannot read the program at %#lx", address);
    trace(PTRACE_POKETEXT, pid, address, ((uintptr_t)word & ~0xffUL) | BREAKPOINT);
    struct user_regs_struct registers;
    reach(pid, address, &registers);
    registers.rip = address;
    trace(PTRACE_SETREGS, pid, 0, (uintptr_t)&registers);
    trace(PTRACE_POKETEXT, pid, address, (uintptr_t)word);
}

/* The worker stands within a repeated string instruction: on to the one after it. */
static void finish_string(pid_t pid, const struct user_regs_struct *registers) {
    uintptr_t word = (uintptr_t)ptrace(PTRACE_PEEKTEXT, pid, registers->rip, 0);
    bool wide = (word >> 8 & 0xf0) == 0x40; /* a REX prefix stands behind the repetition */
    function_at(registers->rip)->moved += (long)registers->rcx;
    run_to(pid, registers->rip + (wide ? 3 : 2));
}

/* From `address` until it was reached `count` times more; the instructions in between. */
static long count_calls(pid_t pid, uintptr_t address, long count) {
    struct user_regs_struct registers;
    struct function *last = NULL;
    uintptr_t last_pc = 0;
    for (long total = 0, seen = 0;; total++) {
        trace(PTRACE_GETREGS, pid, 0, (uintptr_t)&registers);
        if (registers.rip == last_pc) {
            finish_string(pid, &registers);
            trace(PTRACE_GETREGS, pid, 0, (uintptr_t)&registers);
        }
        if (registers.rip == address && seen++ == count)
            return total;
        struct function *function = function_at(registers.rip);
        function->instructions++;
        function->calls += function != last && registers.rip == base + function->start;
        last = function;
        last_pc = registers.rip;
        advance(pid);
    }
}

/* ---- The table ----------------------------------------------------------------------- */

static int by_instructions(const void *a, const void *b) {
    const struct function *left = a, *right = b;
    return (left->instructions < right->instructions) - (left->instructions > right->instructions);
}

/* Adds the functions of one file up in the first of them, the others come to 0. */
static void merge_files(void) {
    for (size_t i = 0; i <= function_count; i++)
        for (size_t j = 0; j < i && functions[i].instructions > 0; j++)
            if (functions[j].instructions > 0 &&
                strcmp(functions[i].file, functions[j].file) == 0) {
                functions[j].instructions += functions[i].instructions;
                functions[j].moved += functions[i].moved;
                functions[i].instructions = 0;
            }
}

static void print_rows(bool files, long total, double n) {
    qsort(functions, function_count + 1, sizeof *functions, by_instructions);
    for (size_t i = 0; i < SHOWN && i <= function_count && functions[i].instructions > 0; i++) {
        const struct function *row = &functions[i];
        printf("%12.1f %6.1f%% %8.1f ", (double)row->instructions / n,
               100.0 * (double)row->instructions / (double)total, (double)row->moved / n);
        if (files)
            printf("%s\n", row->file);
        else
            printf("%8.1f  %s\n", (double)row->calls / n, row->name);
    }
}

static void print(const char *name, long total, long count) {
    double n = (double)count;
    long moved = 0;
    for (size_t i = 0; i <= function_count; i++)
        moved += functions[i].moved;
    printf("%.1f instructions, %.1f moved by string instructions, for each call of %s\n",
           (double)total / n, (double)moved / n, name);
    printf("%12s %7s %8s %8s  %s\n", "instructions", "share", "moved", "calls", "function");
    print_rows(false, total, n);
    merge_files();
    printf("%12s %7s %8s file\n", "instructions", "share", "moved");
    print_rows(true, total, n);
}

int main(int argc, char **argv) {
    char binary[PATH_MAX];
    if (argc < 6)
        die("usage: count-instructions BINARY FUNCTION SKIP COUNT COMMAND...");
    if (realpath(argv[1], binary) == NULL)
        die("%s: %s", argv[1], strerror(errno));
    long skip = strtol(argv[3], NULL, 10), count = strtol(argv[4], NULL, 10);
    if (skip < 1 || count < 1)
        die("SKIP and COUNT are at least 1");
    read_functions(binary);
    stay();
    pid_t worker = follow(start(argv + 5), binary);
    find_binary(worker, binary);
    uintptr_t boundary = address_of(argv[2]);
    for (long i = 0; i < skip; i++) {
        run_to(worker, boundary);
        if (i + 1 < skip)
            advance(worker);
    }
    long total = count_calls(worker, boundary, count);
    kill(worker, SIGKILL);
    print(argv[2], total, count);
    return 0;
}
