/* SPDX-License-Identifier: MIT */
/*
 * What the functions of the C library touch, measured, and held against explore's table of library
 * calls. Each input of each function is a process of its own, and then two more, in which all memory of
 * the inputs that the row does not name is something else: the same must come out.
 *
 * Prints the rows of docs/calls.md, those of the functions named or of all; on standard error what is
 * claimed too little, by name. Exit status 1: something is.
 */
#include <dlfcn.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench/calls/inputs.h"
#include "bench/calls/reach.h"
#include "bench/calls/stepper.h"

#include "bench/calls/compare.h"
#include "explore/runtime/calls/table.h"

enum { SECONDS = 60, ENOUGH = 3, INPUTS = 32, ROWS = 2048 };

/* --- which input --- */

static int wanted, number;
static bool going;
static char name[64];
static const char *input;
void (*const inputs_subject)(void) = stepper_enter;
int inputs_result;
bool inputs_stepped;

_Noreturn static void finish(void);

/* Of a list of names one after the other; once more when the wanted one was called. */
bool inputs_next(const char **names, const char *what) {
    if (going && number > wanted)
        finish();
    for (;;) {
        size_t length = strcspn(*names, " ");
        if (length == 0)
            return false;
        const char *word = *names;
        *names += length + strspn(*names + length, " ");
        if (number++ != wanted)
            continue;
        snprintf(name, sizeof name, "%.*s", (int)length, word);
        input = what;
        if (going)
            return true;
    }
}

static void inputs(void) {
    number = 0;
    inputs_strings();
    inputs_wide();
    inputs_stdlib();
    inputs_stdio();
    inputs_time();
    inputs_unix();
    inputs_system();
    inputs_math();
    inputs_modelled();
}

/* --- one process --- */

const char *file_with(const char *content) {
    static int files;
    char path[32];
    snprintf(path, sizeof path, "file%d", files++);
    int descriptor = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    if (write(descriptor, content, strlen(content)) < 0)
        err(2, "%s", path);
    close(descriptor);
    return text(path);
}

static void *wait_always(void *argument) {
    for (;;)
        pause();
    return argument;
}

static const struct stepper *first;

_Noreturn static void finish(void) {
    if (stepper->perturb)
        compare_perturbed(first);
    else
        compare_first();
    _exit(0);
}

static void make_place(void) {
    char path[64];
    snprintf(path, sizeof path, "/tmp/calls.%d", (int)getpid());
    if ((mkdir(path, 0700) != 0 && errno != EEXIST) || chdir(path) != 0)
        err(2, "%s", path);
    int output = open("output", O_RDWR | O_CREAT, 0600);
    dup2(output, 1);
    dup2(output, 2);
    dup2(open("/dev/null", O_RDONLY), 0);
    if (output > 2)
        close(output);
}

_Noreturn static void measure(void) {
    pthread_t thread;
    sigset_t all, before;
    alarm(SECONDS);
    make_place();
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    pthread_create(&thread, NULL, wait_always,
                   NULL); /* locks are taken only where it is not alone */
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    reach_start();
    stepper_arm(name, (void (*)(void))dlsym(RTLD_DEFAULT, name));
    going = true;
    errno = 0;
    inputs();
    finish();
}

/* Allocates nothing: in the next process all must lie at the same places. */
static void remove_place(pid_t process) {
    char path[64];
    snprintf(path, sizeof path, "/tmp/calls.%d/output", (int)process);
    unlink(path);
    for (int i = 0, there = 0; there == 0; i++) {
        snprintf(path, sizeof path, "/tmp/calls.%d/file%d", (int)process, i);
        there = unlink(path);
    }
    snprintf(path, sizeof path, "/tmp/calls.%d", (int)process);
    if (rmdir(path) != 0)
        err(2, "%s", path);
}

/* Runs it; false: it has crashed, or takes too long. */
static bool run(bool perturb, int with) {
    int how;
    fflush(NULL);
    stepper->perturb = perturb;
    stepper->with = (uint8_t)with;
    stepper->entered = stepper->returned = false;
    pid_t process = fork();
    if (process == 0)
        measure();
    waitpid(process, &how, 0);
    remove_place(process);
    if (WIFEXITED(how) && WEXITSTATUS(how) == 0)
        return true;
    size_t length = strlen(stepper->report.problems);
    snprintf(stepper->report.problems + length, sizeof stepper->report.problems - length,
             "%s ends with %#x; ", perturb ? "with other memory beside it" : "it", (unsigned)how);
    return false;
}

/* --- a row --- */

static struct row {
    const struct table_entry *entry;
    int count;
    bool vectored, wrong;
    const char *inputs[INPUTS];
    char *touched[INPUTS], *notes;
} rows[ROWS];
static int row_count;

static struct row *row_of(const struct table_entry *entry) {
    for (int i = row_count - 1; i >= 0; i--)
        if (rows[i].entry == entry)
            return &rows[i];
    if (row_count == ROWS)
        errx(2, "more than %d rows", ROWS);
    rows[row_count].entry = entry;
    return &rows[row_count++];
}

/* What the runtime answers by itself is not the library's. */
static bool is_answered(enum check check) {
    static const enum check answered[] = {
        CHECK_abort,      CHECK_assert,         CHECK_assert_fail, CHECK_assert_perror,
        CHECK_chk_fail,   CHECK_stack_chk_fail, CHECK_err,         CHECK_errx,
        CHECK_verr,       CHECK_verrx,          CHECK_error,       CHECK_error_at_line,
        CHECK_zero,       CHECK_getpid,         CHECK_getppid,     CHECK_gettid,
        CHECK_prctl,      CHECK_signal,         CHECK_sigaction,   CHECK_sigmask,
        CHECK_sigpending, CHECK_scheduling_set,
    };
    for (size_t i = 0; i < sizeof answered / sizeof *answered; i++)
        if (answered[i] == check)
            return true;
    return false;
}

/* Those that are followed, too: of them the page says what they touch. */
static bool is_measured(const struct table_entry *entry, struct spec *spec) {
    const char *wrong;
    if (!spec_parse(entry->touches, spec, &wrong))
        errx(2, "%s: '%s' is not of the language", entry->name, entry->touches);
    return !spec->refuse && !spec->world && !is_answered(spec->check);
}

static bool is_asked_for(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return argc < 2;
}

static void append(char **list, const char *words) {
    char *longer;
    if (asprintf(&longer, "%s%s", *list == NULL ? "" : *list, words) < 0)
        err(2, "asprintf");
    *list = longer;
}

/* --- state that two rows share --- */

enum { SHARES = 1 << 20 };
static struct share {
    uintptr_t address;
    short row;
    bool write, locked;
} shares[SHARES];
static int share_count;

static void note_shares(const struct row *row, const struct stepper *plain) {
    for (int i = 0; i < plain->hidden_count; i++) {
        const struct hidden_access *one = &plain->hidden[i];
        if (!reach_has(one->address) && share_count < SHARES)
            shares[share_count++] = (struct share){one->address & ~(uintptr_t)7,
                                                   (short)(row - rows), one->write, one->locked};
    }
}

static int by_address(const void *a, const void *b) {
    const struct share *one = a, *other = b;
    if (one->address != other->address)
        return one->address < other->address ? -1 : 1;
    if (one->row != other->row)
        return one->row - other->row;
    return one->write != other->write ? other->write - one->write : one->locked - other->locked;
}

/* What a row says of the library's state, as bits; all of them: whatever it likes. */
static uint64_t names_of(const struct row *row) {
    struct spec spec;
    uint64_t names = 0;
    const char *wrong;
    spec_parse(row->entry->touches, &spec, &wrong);
    for (int i = 0; i < spec.read_count; i++)
        names |= UINT64_C(1) << spec.reads[i];
    for (int i = 0; i < spec.write_count; i++)
        names |= UINT64_C(1) << spec.writes[i];
    if (spec.file != FILE_NONE)
        names |= UINT64_C(1) << HIDDEN_COUNT;
    return spec.all || spec.check == CHECK_setlocale ? UINT64_MAX : names;
}

/* Where one writes and another looks, and not both have a lock, both should name the same state.
 * A note only: some of it is a cache that all compute alike. */
static void report_shares(void) {
    qsort(shares, (size_t)share_count, sizeof *shares, by_address);
    for (int i = 0, end; i < share_count; i = end) {
        for (end = i; end < share_count && shares[end].address == shares[i].address; end++)
            ;
        for (int a = i; a < end; a++)
            for (int b = i; shares[a].write && b < end; b++) {
                const struct row *writer = &rows[shares[a].row], *other = &rows[shares[b].row];
                if (writer != other && !(shares[a].locked && shares[b].locked) &&
                    (names_of(writer) & names_of(other)) == 0 &&
                    (a == i || shares[a - 1].row != shares[a].row) &&
                    (b == i || shares[b - 1].row != shares[b].row))
                    fprintf(stderr, "note: %s writes %#zx, %s %s it\n", writer->entry->name,
                            shares[a].address, other->entry->name,
                            shares[b].write ? "writes" : "reads");
            }
    }
}

static void measure_input(struct row *row, const struct spec *spec) {
    static struct stepper plain;
    memset(stepper, 0, sizeof *stepper);
    stepper->refused_call = -1;
    stepper->claims.call = (struct call){.name = row->entry->name, .spec = *spec};
    bool well = run(false, 0);
    memcpy(&plain, stepper, sizeof plain);
    first = &plain;
    if (well && !spec->follow)
        well = run(true, 0x5a) && run(true, 0);
    if (row->count == INPUTS)
        errx(2, "%s: more than %d inputs", row->entry->name, INPUTS);
    row->inputs[row->count] = input;
    row->touched[row->count++] = strdup(plain.report.touched);
    row->vectored |= plain.vectored;
    note_shares(row, &plain);
    if (plain.report.notes[0] != '\0' && row->notes == NULL)
        append(&row->notes, plain.report.notes);
    if (stepper->report.problems[0] == '\0')
        return;
    row->wrong = true;
    fprintf(stderr, "%s (%s): '%s' is wrong: %s\n", row->entry->name, input, row->entry->touches,
            stepper->report.problems);
}

static void print_row(const struct row *row) {
    printf("| `%s` | %s%s%s |", row->entry->name, row->entry->touches[0] == '\0' ? "" : "`",
           row->entry->touches[0] == '\0' ? "nothing" : row->entry->touches,
           row->entry->touches[0] == '\0' ? "" : "`");
    for (int i = 0; i < row->count; i++)
        printf("%s%s", i > 0 ? ";" : "", row->touched[i][0] == '\0' ? " -" : row->touched[i]);
    printf(" |");
    for (int i = 0; i < row->count; i++)
        printf("%s %s", i > 0 ? ";" : "", row->inputs[i]);
    printf(" |%s |\n", row->notes == NULL ? "" : row->notes);
}

static int by_name(const void *a, const void *b) {
    return strcmp(((const struct row *)a)->entry->name, ((const struct row *)b)->entry->name);
}

static int report(void) {
    int wrong = 0;
    report_shares();
    qsort(rows, (size_t)row_count, sizeof *rows, by_name);
    for (int i = 0; i < row_count; i++) {
        print_row(&rows[i]);
        wrong += rows[i].wrong;
        if (rows[i].count < ENOUGH && strstr(rows[i].entry->touches, "follow") == NULL) {
            fprintf(stderr, "%s: only %d inputs\n", rows[i].entry->name, rows[i].count);
            wrong++;
        }
    }
    return wrong;
}

int main(int argc, char **argv) {
    if (!stepper_start())
        errx(2, "instructions cannot be decoded here");
    setenv("TZ", "UTC", 1);
    tzset(); /* as explore does before main */
    for (;; wanted++) {
        struct spec spec;
        name[0] = '\0';
        inputs();
        if (name[0] == '\0')
            return report() > 0;
        const struct table_entry *entry = table_find(name);
        if (entry == NULL)
            errx(2, "%s: no row of the table", name);
        if (!is_asked_for(argc, argv) || !is_measured(entry, &spec) ||
            dlsym(RTLD_DEFAULT, name) == NULL)
            continue;
        measure_input(row_of(entry), &spec);
    }
}
