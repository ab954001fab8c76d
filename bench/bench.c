/* SPDX-License-Identifier: MIT */
/*
 * The speed of `hazard explore`, on a fixed set of programs.
 *
 *   bench [--repeat=N] [--smallest] [--output=FOLDER] HAZARD
 *
 * Run from the project's folder (bench/run does); the programs are compiled into FOLDER first.
 *
 * Theory of operation. Everything runs on one core. A program is explored N times, and so is
 * only its first execution; of each the best time counts, and the difference of the two is what
 * the executions after the first took: so the start of hazard and of the program (some 10 ms) is
 * not in the rates. They come by two clocks: the seconds that hazard measured, and the processor
 * time of hazard and the program together, which others who use the machine disturb less. On a
 * quiet machine they agree.
 *
 * The second table tells how many executions a strategy needs to the first bug: for the
 * strategies that draw lots the median of five seeds.
 */
#include <errno.h>
#include <getopt.h>
#include <jansson.h>
#include <sched.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <sys/wait.h>
#include <unistd.h>

#define COUNTS "tests/fixtures/explore/counts/"

enum { SEEDS = 5, LIMIT = 2000, WORDS = 32 };

#define DPOR "--strategy=dpor" /* its executions are what is counted */

static const struct speed_row {
    const char *name, *source, *arguments, *options;
    bool smallest; /* one of the smallest set */
} speeds[] = {
    {"two threads add to one atomic 7 times", "bench/atomics.c", "7", DPOR, true},
    {"two threads take one mutex 7 times", COUNTS "mutex.c", "2 7", DPOR, false},
    {"two threads take one mutex 9 times", COUNTS "mutex.c", "2 9", DPOR, false},
    {"seven philosophers behind a gate", COUNTS "philosophers.c", "7", DPOR, false},
    {"one writer, 13 readers", COUNTS "readers.c", "13", DPOR, false},
    {"lastzero 12", COUNTS "lastzero.c", "12", DPOR, false},
    {"bounded buffer, 2 pairs", COUNTS "buffer.c", "2 1", "", false},
    {"4 independent threads, at random", COUNTS "independent.c", "4", "--strategy=random", false},
};

static const struct bug_row {
    const char *name, *source, *arguments, *options;
    bool smallest;
} bugs[] = {
    {"AB-BA", "bench/abba.c", "", "", true},
    {"lost update, 2 threads", "bench/lost-update.c", "2", "", true},
    {"lost update, 8 threads", "bench/lost-update.c", "8", "", false},
    {"reorder 10", COUNTS "reorder.c", "10", "--races=ignore", false},
    {"reorder 10, checker first", COUNTS "reorder.c", "10 first", "--races=ignore", false},
    {"reorder 100", COUNTS "reorder.c", "100", "--races=ignore", false},
};

static const char *const strategies[] = {"dpor", "random", "pct", "pos"};

static struct {
    const char *hazard, *folder;
    int repeat;
    bool smallest;
} settings = {.folder = "build/bench/programs", .repeat = 5};

__attribute__((format(printf, 1, 2))) _Noreturn static void die(const char *format, ...) {
    va_list list;
    va_start(list, format);
    fputs("bench: ", stderr);
    vfprintf(stderr, format, list);
    fputc('\n', stderr);
    exit(2);
}

__attribute__((format(printf, 1, 2))) static char *text(const char *format, ...) {
    va_list list;
    char *made;
    va_start(list, format);
    if (vasprintf(&made, format, list) < 0)
        die("no memory");
    va_end(list);
    return made;
}

/* ---- Running a command --------------------------------------------------------------- */

/* What one exploration said and took. */
struct run {
    long executions, steps;
    long found; /* the execution that showed the first bug; 0: none did */
    double seconds, processor;
};

static double seconds_of(const struct rusage *usage) {
    return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec) +
           (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
}

static pid_t start(char *line, int output) {
    char *words[WORDS + 1], *rest;
    int count = 0;
    for (char *word = strtok_r(line, " ", &rest); word != NULL && count < WORDS;
         word = strtok_r(NULL, " ", &rest))
        words[count++] = word;
    words[count] = NULL;
    fflush(stdout);
    pid_t pid = fork();
    if (pid != 0)
        return pid;
    dup2(output, STDOUT_FILENO);
    execvp(words[0], words);
    _exit(127);
}

/* Runs the words of the line; the JSON that it printed, and its processor time. */
static json_t *run(char *line, double *processor) {
    FILE *output = tmpfile();
    char *shown = text("%s", line);
    if (output == NULL)
        die("no temporary file");
    pid_t pid = start(line, fileno(output));
    int status;
    struct rusage usage;
    if (pid < 0 || wait4(pid, &status, 0, &usage) != pid)
        die("cannot run %s", shown);
    rewind(output);
    json_error_t error;
    json_t *answer = json_loadf(output, 0, &error);
    if (!WIFEXITED(status) || WEXITSTATUS(status) == 2 || answer == NULL)
        die("%s: it failed", shown);
    *processor = seconds_of(&usage);
    fclose(output);
    free(shown);
    return answer;
}

static const char *name_of(const char *source) {
    return strrchr(source, '/') + 1;
}

static void compile(const char *source) {
    const char *name = name_of(source);
    char *line = text("%s cc -g -O0 %s -o %s/%.*s", settings.hazard, source, settings.folder,
                      (int)strcspn(name, "."), name);
    int status = system(line);
    if (status != 0)
        die("%s: it failed", line);
    free(line);
}

static struct run explore(const char *source, const char *arguments, const char *options) {
    const char *name = name_of(source);
    char *line =
        text("%s explore --json --no-minimise --schedule=/dev/null %s %s/%.*s -- %s",
             settings.hazard, options, settings.folder, (int)strcspn(name, "."), name, arguments);
    struct run outcome;
    json_t *answer = run(line, &outcome.processor);
    json_int_t executions, steps, found = 0;
    if (json_unpack(answer, "{s[{sI sI sF}]}", "programs", "executions", &executions, "steps",
                    &steps, "seconds", &outcome.seconds) != 0)
        die("%s: unknown JSON", source);
    json_unpack(answer, "{s[{s[{sI}]}]}", "programs", "findings", "execution", &found);
    outcome.executions = (long)executions;
    outcome.steps = (long)steps;
    outcome.found = (long)found;
    json_decref(answer);
    free(line);
    return outcome;
}

/* The best times of several runs, by each clock. */
static struct run explore_often(const struct speed_row *row, const char *limit) {
    char *options = text("%s %s", row->options, limit);
    struct run best = explore(row->source, row->arguments, options);
    for (int i = 1; i < settings.repeat; i++) {
        struct run next = explore(row->source, row->arguments, options);
        best.seconds = next.seconds < best.seconds ? next.seconds : best.seconds;
        best.processor = next.processor < best.processor ? next.processor : best.processor;
    }
    free(options);
    return best;
}

/* ---- The machine --------------------------------------------------------------------- */

static void print_first_line(const char *label, const char *command) {
    char line[256] = "";
    FILE *pipe = popen(command, "re");
    if (pipe == NULL || fgets(line, sizeof line, pipe) == NULL)
        strcpy(line, "unknown\n");
    if (pipe != NULL)
        pclose(pipe);
    printf("%-10s %s", label, line);
}

static void print_machine(void) {
    struct utsname kernel;
    double load = 0;
    uname(&kernel);
    getloadavg(&load, 1);
    print_first_line("processor", "sed -n 's/^model name[^:]*: //p' /proc/cpuinfo");
    printf("%-10s %ld, of which one is used\n", "cores", sysconf(_SC_NPROCESSORS_ONLN));
    printf("%-10s %s %s, %s\n", "kernel", kernel.sysname, kernel.release, kernel.machine);
    print_first_line("gcc", "gcc --version");
    print_first_line("clang", "clang --version");
    printf("%-10s %.2f (others who use the machine: 0 is best)\n\n", "load", load);
}

static void stay_on_one_core(void) {
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET((size_t)sysconf(_SC_NPROCESSORS_ONLN) - 1, &here);
    if (sched_setaffinity(0, sizeof here, &here) != 0)
        die("cannot stay on one core");
}

/* ---- The tables ---------------------------------------------------------------------- */

/* A difference below what the clock can tell is no rate. */
static void print_rate(double count, double seconds) {
    if (seconds < 0.002)
        printf(" %10s", "-");
    else
        printf(" %10.0f", count / seconds);
}

static void measure_speed(const struct speed_row *row) {
    compile(row->source);
    struct run first = explore_often(row, "--executions=1");
    bool samples = row->options[0] != '\0';
    struct run all = explore_often(row, samples ? "--executions=10000" : "--executions=0");
    double executions = (double)(all.executions - first.executions);
    double steps = (double)(all.steps - first.steps);
    printf("%-38s %10ld %6.1f %8.3f", row->name, all.executions,
           (double)all.steps / (double)all.executions, all.seconds);
    print_rate(executions, all.seconds - first.seconds);
    print_rate(executions, all.processor - first.processor);
    print_rate(steps, all.processor - first.processor);
    putchar('\n');
    fflush(stdout);
}

static int by_value(const void *a, const void *b) {
    const long *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* Executions to the first bug, LIMIT + 1 if there were not so many: the median over the seeds. */
static long first_bug(const struct bug_row *row, const char *strategy) {
    long found[SEEDS];
    bool draws = strcmp(strategy, "dpor") != 0;
    int seeds = draws ? SEEDS : 1;
    for (int seed = 0; seed < seeds; seed++) {
        char *lot = draws ? text("--seed=%d", seed) : text("%s", "");
        char *options =
            text("%s --strategy=%s %s --executions=%d", row->options, strategy, lot, LIMIT);
        long at = explore(row->source, row->arguments, options).found;
        found[seed] = at > 0 ? at : LIMIT + 1;
        free(options);
        free(lot);
    }
    qsort(found, (size_t)seeds, sizeof *found, by_value);
    return found[seeds / 2];
}

static void measure_bug(const struct bug_row *row) {
    compile(row->source);
    printf("%-38s", row->name);
    for (size_t i = 0; i < sizeof strategies / sizeof *strategies; i++) {
        long found = first_bug(row, strategies[i]);
        if (found > LIMIT)
            printf(" >%9d", LIMIT);
        else
            printf(" %10ld", found);
        fflush(stdout);
    }
    putchar('\n');
}

static void take_arguments(int argc, char **argv) {
    static const struct option options[] = {{"repeat", required_argument, NULL, 'r'},
                                            {"smallest", no_argument, NULL, 's'},
                                            {"output", required_argument, NULL, 'o'},
                                            {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        if (option == 'r' && atoi(optarg) > 0)
            settings.repeat = atoi(optarg);
        else if (option == 's')
            settings.smallest = true;
        else if (option == 'o')
            settings.folder = optarg;
        else
            die("usage: bench [--repeat=N] [--smallest] [--output=FOLDER] HAZARD");
    }
    if (optind != argc - 1)
        die("usage: bench [--repeat=N] [--smallest] [--output=FOLDER] HAZARD");
    settings.hazard = argv[optind];
}

int main(int argc, char **argv) {
    take_arguments(argc, argv);
    if (mkdir(settings.folder, 0777) != 0 && errno != EEXIST)
        die("%s: %s", settings.folder, strerror(errno));
    stay_on_one_core();
    print_machine();
    printf("%-38s %10s %6s %8s %10s %10s %10s\n", "speed", "executions", "steps", "seconds",
           "exec/s", "exec/cpu-s", "step/cpu-s");
    for (size_t i = 0; i < sizeof speeds / sizeof *speeds; i++)
        if (speeds[i].smallest || !settings.smallest)
            measure_speed(&speeds[i]);
    printf("\n%-38s", "executions to the first bug");
    for (size_t i = 0; i < sizeof strategies / sizeof *strategies; i++)
        printf(" %10s", strategies[i]);
    putchar('\n');
    for (size_t i = 0; i < sizeof bugs / sizeof *bugs; i++)
        if (bugs[i].smallest || !settings.smallest)
            measure_bug(&bugs[i]);
    return 0;
}
