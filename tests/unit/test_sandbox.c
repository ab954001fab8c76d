/* SPDX-License-Identifier: MIT */
/*
 * The sandbox in each tier that can be had: as root A and B, and as another user, whom root can become, A and C.
 * Criterion runs each test in a process of its own, so a test may become whom it likes.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <criterion/parameterized.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/folder.h"
#include "base/memory.h"
#include "run/proc.h"
#include "run/run_describe.h"
#include "run/usage.h"
#include "sandbox/sandbox.h"
#include "tests/support/command.h"
#include "tests/support/jail.h"

/* Whose tier: an index into these is the parameter of every test. */
static const struct seat {
    enum sandbox_tier tier;
    bool other; /* as another user than root */
} seats[] = {{SANDBOX_A, false}, {SANDBOX_B, false}, {SANDBOX_A, true}, {SANDBOX_C, true}};

#define SEATS (sizeof seats / sizeof *seats)

static struct fixture {
    void *owner;
    char *folder, *scratch, *given, *secret;
    struct sandbox sandbox;
} here;

static void open_seat(const struct seat *seat) {
    struct error error = {""};
    if (seat->other && geteuid() == 0)
        cr_assert(jail_become_other());
    if (!seat->other && geteuid() != 0)
        cr_skip_test("for root");
    here.owner = new_owner();
    here.folder = folder_new(here.owner, "/tmp", &error);
    cr_assert(here.folder != NULL, "%s", error.text);
    chmod(here.folder, 0755);
    here.scratch = talloc_asprintf(here.owner, "%s/scratch", here.folder);
    here.given = (char *)write_file(here.owner, here.folder, "given", "given\n");
    here.secret = (char *)write_file(here.owner, here.folder, "secret", "secret\n");
    cr_assert(mkdir(here.scratch, 0755) == 0);
    cr_assert(sandbox_probe(here.owner, seat->tier, &here.sandbox, &error) == 0, "%s", error.text);
    cr_assert(eq(int, (int)here.sandbox.tier, (int)seat->tier));
}

static void close_seat(void) {
    folder_remove(here.folder);
    talloc_free(here.owner);
}

/* A line for the shell, with $given and $secret; small limits. */
static struct sandbox_spec spec_of(const char *line) {
    const char **argv = new_array(here.owner, const char *, 4);
    const char **environment = new_array(here.owner, const char *, 3);
    const char **reads = new_array(here.owner, const char *, 2);
    argv[0] = "sh", argv[1] = "-c", argv[2] = line;
    environment[0] = talloc_asprintf(here.owner, "given=%s", here.given);
    environment[1] = talloc_asprintf(here.owner, "secret=%s", here.secret);
    reads[0] = here.given;
    return (struct sandbox_spec){.argv = argv,
                                 .environment = environment,
                                 .reads = reads,
                                 .scratch = here.scratch,
                                 .limits = {.seconds = 60,
                                            .memory_bytes = (size_t)128 << 20,
                                            .output_bytes = 64 << 10,
                                            .disk_bytes = (size_t)16 << 20,
                                            .processes = 16,
                                            .open_files = 64}};
}

static struct run_outcome run_spec(const struct sandbox_spec *spec) {
    struct run_outcome outcome = {0};
    struct error error;
    cr_assert(sandbox_run(here.owner, &here.sandbox, spec, &outcome, &error) == 0, "%s",
              error.text);
    return outcome;
}

static struct run_outcome shell(const char *line) {
    struct sandbox_spec spec = spec_of(line);
    return run_spec(&spec);
}

ParameterizedTestParameters(sandbox, each_limit_ends_it) {
    return cr_make_param_array(const struct seat, (struct seat *)seats, SEATS);
}

static const struct row {
    char line[120];
    double seconds;
    enum run_end end;
    int status;
} rows[] = {
    {"exit 3", 60, RUN_EXITED, 3},
    {"kill -SEGV $$", 60, RUN_SIGNALED, SIGSEGV},
    {"kill -KILL $$", 60, RUN_SIGNALED, SIGKILL},
    {"while :; do :; done", 1, RUN_TIME_LIMIT, 0},
    {"exec sleep 1000", 1, RUN_TIME_LIMIT, 0},
    {"yes", 60, RUN_OUTPUT_LIMIT, 0},
    {"yes >&2", 60, RUN_OUTPUT_LIMIT, 0},
    {"x=0123456789abcdef; while :; do x=$x$x; done", 60, RUN_MEMORY_LIMIT, 0},
    {"i=0; while :; do head -c 1000000 /dev/zero >f$i; i=$((i+1)); done", 60, RUN_DISK_LIMIT, 0},
    {"i=0; while :; do mkdir d$i; i=$((i+1)); done", 60, RUN_DISK_LIMIT, 0},
    {"exec 3>f; rm f; exec 4>g; rm g; head -c 15000000 /dev/zero >&3; "
     "head -c 15000000 /dev/zero >&4; exec sleep 60",
     60, RUN_DISK_LIMIT, 0},
    {"head -c 20000000 /dev/zero >f", 60, RUN_EXITED, 128 + SIGXFSZ},
    {"i=0; while [ $i -lt 40 ]; do sleep 60 & i=$((i+1)); done; exit 0", 60, RUN_EXITED, 2},
    {"test $(ulimit -n) = 64 && ! ulimit -n 65", 60, RUN_EXITED, 0},
    {"setsid sleep 60 & setsid setsid sleep 60 & exit 0", 60, RUN_EXITED, 0},
};

ParameterizedTest(const struct seat *seat, sandbox, each_limit_ends_it, .timeout = 120) {
    open_seat(seat);
    size_t before = proc_children(here.owner).count;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct sandbox_spec spec = spec_of(rows[i].line);
        spec.limits.seconds = rows[i].seconds;
        struct run_outcome outcome = run_spec(&spec);
        cr_expect(outcome.end == rows[i].end && outcome.status == rows[i].status, "tier %s: %s: %s",
                  sandbox_tier_name(seat->tier), rows[i].line, run_explain(here.owner, &outcome));
        cr_expect(eq(sz, proc_children(here.owner).count, before), "%s", rows[i].line);
        folder_remove(here.scratch);
        cr_assert(mkdir(here.scratch, 0755) == 0);
    }
    close_seat();
}

ParameterizedTestParameters(sandbox, it_reaches_what_is_named_and_no_more) {
    return cr_make_param_array(const struct seat, (struct seat *)seats, SEATS);
}

ParameterizedTest(const struct seat *seat, sandbox, it_reaches_what_is_named_and_no_more) {
    open_seat(seat);
    struct run_outcome outcome =
        shell("cat $given; cat $secret; echo x >>$given; echo mine >file; cat file; pwd");
    const char *expected = talloc_asprintf(here.owner, "given\nmine\n%s\n", here.scratch);
    cr_expect(strcmp(outcome.output, expected) == 0, "%s%s", outcome.output, outcome.errors);
    cr_expect(strcmp(read_file(here.owner, here.given), "given\n") == 0);
    struct stat status;
    cr_assert(stat(talloc_asprintf(here.owner, "%s/file", here.scratch), &status) == 0);
    cr_expect(eq(int, (int)status.st_uid, (int)geteuid()), "its files are ours afterwards");
    outcome = shell("env | grep -v ^PWD= | sort");
    expected = talloc_asprintf(here.owner,
                               "HOME=%s\nLC_ALL=C\nPATH=/usr/local/bin:/usr/bin:/bin\n"
                               "TMPDIR=%s\ngiven=%s\nsecret=%s\n",
                               here.scratch, here.scratch, here.given, here.secret);
    cr_expect(strcmp(outcome.output, expected) == 0, "%s", outcome.output);
    close_seat();
}

ParameterizedTestParameters(sandbox, older_kernels_hold) {
    return cr_make_param_array(const struct seat, (struct seat *)seats, SEATS);
}

/* Each version of Landlock that came before this kernel's. Signals to us are held by other means then. */
ParameterizedTest(const struct seat *seat, sandbox, older_kernels_hold, .timeout = 60) {
    open_seat(seat);
    pid_t bystander = fork();
    if (bystander == 0) {
        pause();
        _exit(0);
    }
    int newest = here.sandbox.landlock_abi, oldest = seat->tier == SANDBOX_A ? 0 : 1;
    for (int abi = oldest; abi <= newest; abi++) {
        here.sandbox.landlock_abi = abi;
        struct run_outcome outcome = shell(talloc_asprintf(
            here.owner,
            "kill -9 %d; cat $secret /proc/%d/environ; (: >$given); chmod 600 $given; mkfifo fifo; "
            "echo done",
            (int)bystander, (int)bystander));
        cr_expect(strcmp(outcome.output, "done\n") == 0, "ABI %d: %s", abi, outcome.output);
        cr_expect(eq(int, waitpid(bystander, NULL, WNOHANG), 0), "ABI %d", abi);
        cr_expect(strcmp(read_file(here.owner, here.given), "given\n") == 0, "ABI %d", abi);
    }
    kill(bystander, SIGKILL);
    waitpid(bystander, NULL, 0);
    close_seat();
}

ParameterizedTestParameters(sandbox, the_detectors_work_in_it) {
    return cr_make_param_array(const struct seat, (struct seat *)seats, SEATS);
}

static const char racy[] =
    "#include <pthread.h>\n"
    "int x; static void *f(void *a) { x++; return a; }\n"
    "int main(void) { pthread_t a, b; pthread_create(&a, 0, f, 0); pthread_create(&b, 0, f, 0);\n"
    "pthread_join(a, 0); pthread_join(b, 0); return 0; }\n";

/* TSan maps terabytes, and Valgrind much of what there is to be had of /proc. */
ParameterizedTest(const struct seat *seat, sandbox, the_detectors_work_in_it, .timeout = 120) {
    static const char *const names[] = {"plain", "tsan"};
    open_seat(seat);
    struct error error;
    write_file(here.owner, here.scratch, "racy.c", racy);
    struct run_outcome outcome = shell("gcc -g -pthread racy.c -o plain && "
                                       "gcc -g -pthread -fsanitize=thread racy.c -o tsan");
    cr_assert(eq(int, outcome.status, 0), "%s", outcome.errors);
    for (size_t i = 0; i < 2; i++)
        cr_assert(sandbox_make_executable(
                      talloc_asprintf(here.owner, "%s/%s", here.scratch, names[i]), &error) == 0,
                  "%s", error.text);
    struct sandbox_spec spec = spec_of("./plain && ./tsan; echo $?; valgrind -q --vgdb=no "
                                       "--tool=helgrind --error-exitcode=9 ./plain; echo $?");
    spec.limits.memory_bytes = (size_t)512 << 20;
    outcome = run_spec(&spec);
    cr_expect(strcmp(outcome.output, "66\n9\n") == 0, "%s%s", outcome.output, outcome.errors);
    close_seat();
}

ParameterizedTestParameters(sandbox, what_cannot_be_is_one_line) {
    return cr_make_param_array(const struct seat, (struct seat *)seats, SEATS);
}

static void expect_error(const struct sandbox_spec *spec, const char *words) {
    struct run_outcome outcome;
    struct error error = {""};
    cr_expect(sandbox_run(here.owner, &here.sandbox, spec, &outcome, &error) == -1);
    cr_expect(strstr(error.text, words) != NULL && strchr(error.text, '\n') == NULL, "%s: %s",
              words, error.text);
}

ParameterizedTest(const struct seat *seat, sandbox, what_cannot_be_is_one_line) {
    open_seat(seat);
    struct sandbox_spec spec = spec_of("exit 0");
    spec.scratch = "scratch";
    expect_error(&spec, "scratch is no absolute path");
    spec = spec_of("exit 0");
    spec.reads = (const char *const[]){"/no/such/file", NULL};
    expect_error(&spec, "/no/such/file");
    spec.reads = NULL;
    spec.argv = (const char *const[]){"no-such-command", NULL};
    expect_error(&spec, "cannot start no-such-command: No such file or directory");
    if (seat->tier != SANDBOX_A) {
        spec = spec_of("exit 0");
        spec.loopback = true;
        expect_error(&spec, "no network of its own");
    }
    close_seat();
}

/* Each has a user of its own: what one runs counts for no other's limit. */
Test(sandbox, two_at_once_are_two_users) {
    if (geteuid() != 0)
        cr_skip_test("for root");
    open_seat(&seats[1]);
    const char *first = here.scratch, *fifo = talloc_asprintf(here.owner, "%s/wait", here.folder);
    cr_assert(mkfifo(fifo, 0666) == 0 && chmod(fifo, 0666) == 0);
    const char *reads[] = {fifo, NULL};
    pid_t other = fork();
    if (other == 0) {
        struct sandbox_spec spec = spec_of("read line <$fifo; id -u >uid");
        spec.reads = reads;
        spec.may_idle = true;
        spec.environment =
            (const char *const[]){talloc_asprintf(here.owner, "fifo=%s", fifo), NULL};
        run_spec(&spec);
        _exit(0);
    }
    FILE *writer = fopen(fifo, "w"); /* returns when the other is running */
    here.scratch = talloc_asprintf(here.owner, "%s/second", here.folder);
    cr_assert(mkdir(here.scratch, 0755) == 0);
    struct run_outcome mine = shell("id -u");
    fputs("go\n", writer);
    fclose(writer);
    waitpid(other, NULL, 0);
    const char *its = read_file(here.owner, talloc_asprintf(here.owner, "%s/uid", first));
    cr_expect(strlen(its) > 1 && strcmp(its, mine.output) != 0, "%s", its);
    close_seat();
}

static int probe_in_jail(bool landlock, bool other, struct sandbox *sandbox, struct error *error) {
    bool ready = !other || geteuid() != 0 || jail_become_other();
    cr_assert(ready && jail_enter(landlock));
    void *owner = new_owner();
    int result = sandbox_probe(owner, SANDBOX_NONE, sandbox, error);
    talloc_free(owner);
    return result;
}

Test(sandbox, a_container_has_tier_b) {
    if (geteuid() != 0)
        cr_skip_test("for root");
    struct sandbox sandbox;
    struct error error = {""};
    cr_assert(probe_in_jail(true, false, &sandbox, &error) == 0, "%s", error.text);
    cr_expect(eq(int, (int)sandbox.tier, SANDBOX_B));
    cr_expect(not(sandbox.fixed_addresses));
}

Test(sandbox, a_user_without_namespaces_has_tier_c) {
    struct sandbox sandbox;
    struct error error = {""};
    cr_assert(probe_in_jail(true, true, &sandbox, &error) == 0, "%s", error.text);
    cr_expect(eq(int, (int)sandbox.tier, SANDBOX_C));
}

Test(sandbox, where_nothing_can_be_had_it_is_refused) {
    struct sandbox sandbox;
    struct error error = {""};
    cr_assert(eq(int, probe_in_jail(false, true, &sandbox, &error), -1));
    cr_expect(strstr(error.text, "no sandbox can be had here: ") == error.text, "%s", error.text);
    cr_expect(strstr(error.text, "cannot make namespaces: ") != NULL, "%s", error.text);
    cr_expect(strstr(error.text, "the kernel has no Landlock") != NULL, "%s", error.text);
    cr_expect(strchr(error.text, '\n') == NULL);
}

/* A link would make executable what it leads to. */
Test(sandbox, only_a_regular_file_is_made_executable) {
    void *owner = new_owner();
    const char *folder = scratch_new(owner), *file = write_file(owner, folder, "file", "x");
    char *soft = talloc_asprintf(owner, "%s/soft", folder);
    char *fifo = talloc_asprintf(owner, "%s/fifo", folder);
    struct error error;
    struct stat status;
    cr_assert(symlink(file, soft) == 0 && mkfifo(fifo, 0600) == 0);
    cr_expect(eq(int, sandbox_make_executable(soft, &error), -1));
    cr_expect(eq(int, sandbox_make_executable(fifo, &error), -1));
    cr_expect(stat(file, &status) == 0 && (status.st_mode & 0111) == 0);
    cr_expect(eq(int, sandbox_make_executable(file, &error), 0));
    cr_expect(stat(file, &status) == 0 && (status.st_mode & 07777) == 0755);
    scratch_remove(folder);
    talloc_free(owner);
}
