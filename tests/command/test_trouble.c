/* SPDX-License-Identifier: MIT */
/*
 * Bad input and bad surroundings: one clear line, the documented exit code, nothing half-written,
 * nothing left behind.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/memory.h"
#include "run/proc.h"
#include "tests/support/command.h"
#include "tests/support/text.h"

#define PROGRAMS "tests/fixtures/programs/"

static const struct row {
    char line[160];
    char words[96]; /* on stderr */
} rows[] = {
    {"hazard", "Usage: hazard COMMAND"},
    {"hazard chekc", "there is no command 'chekc', did you mean 'check'?\n"},
    {"hazard replya x", "there is no command 'replya', did you mean 'replay'?\n"},
    {"hazard zzzzzzzz", "there is no command 'zzzzzzzz'; `hazard --help` names them\n"},
    {"hazard matrix countr", "there is no hazard 'countr', did you mean 'counter'?"},
    {"hazard check zzzzzzzzzzzz", "there is no hazard 'zzzzzzzzzzzz'; `hazard list` names them"},
    {"hazard show countr", "there is no hazard 'countr', did you mean 'counter'?"},
    {"hazard check no/such/file.c", "cannot read no/such/file.c: No such file or directory"},
    {"hazard check counter --with tsan,valgrind",
     "there is no detector 'valgrind'; there are tsan, tsan-gcc, helgrind"},
    {"hazard check counter --runs 0", "--runs takes a number from 1 to 1000, not '0'"},
    {"hazard check counter --jobs x", "--jobs takes a number from 1 to 256, not 'x'"},
    {"hazard check --nonsense", "unrecognized option '--nonsense'"},
    {"hazard matrix " PROGRAMS "racy.c",
     "racy.c is not of the suite: `hazard check` takes your own programs"},
    {"hazard check " PROGRAMS "racy.c counter",
     "counter is no C file: name the C files of one program, or hazards"},
    {"hazard matrix counter -- 5", "the suite's programs have their arguments from the catalogue"},
    {"hazard matrix --with probe counter", "nothing to do: probe is for programs that listen"},
    {"HAZARD_HOME=/nowhere hazard list", "HAZARD_HOME is /nowhere, but there is no catalog/ in it"},
    {"hazard explore", "which program?"},
    {"hazard explore --strategy=best " PROGRAMS "clean.c",
     "--strategy takes auto, dpor, states, dfs, bound, random, pct or pos, not 'best'"},
    {"hazard explore --races=maybe " PROGRAMS "clean.c", "--races takes stop, report or ignore"},
    {"hazard explore --optimise=9 " PROGRAMS "clean.c", "-O takes 0, 1, 2, 3, g or s, not '9'"},
    {"hazard explore -O 9 " PROGRAMS "clean.c", "-O takes 0, 1, 2, 3, g or s, not '9'"},
    {"hazard explore main.cc", "explore takes C: main.cc is C++"},
    {"hazard check " PROGRAMS "racy.c main.cpp", "check takes C: main.cpp is C++"},
    {"hazard explore -x c++ " PROGRAMS "racy.c", "-x c++: hazard takes C"},
    {"hazard explore -static " PROGRAMS "racy.c", "-static: detectors take over functions of"},
    {"hazard check -fsanitize=thread " PROGRAMS "racy.c", "hazard brings its own hooks: leave"},
    {"hazard check -c " PROGRAMS "racy.c", "-c: hazard builds a whole program"},
    {"hazard inject -s USR1 -o out " PROGRAMS "racy.c", "-o: hazard builds a whole program"},
    {"hazard probe -shared " PROGRAMS "racy.c", "-shared: hazard takes programs, and no shared"},
    {"hazard check -m32 " PROGRAMS "racy.c", "-m32: hazard takes programs for x86-64"},
    {"hazard check @words " PROGRAMS "racy.c", "@words: words in a file are not looked at"},
    {"hazard check -lm helper.o", "-lm is for the compiler, and there is no C file beside it"},
    {"hazard check -O2 counter", "-O2: the suite's programs are built as the catalogue was"},
    {"hazard explore -O2 /bin/true", "a compiler's option is for C files, and /bin/true is built"},
    {"hazard explore -json " PROGRAMS "clean.c", "hazard's long options have two dashes: --json"},
    {"hazard explore --compiler=tcc " PROGRAMS "clean.c", "--compiler takes gcc or clang"},
    {"hazard explore /bin/true", "/bin/true was not built for explore: compile and link it with"},
    {"hazard explore countr", "there is no hazard 'countr', did you mean 'counter'?"},
    {"hazard explore --schedule x counter", "--schedule is for one program, and counter are"},
    {"ulimit -f 400000; hazard explore --schedule /dev/null " PROGRAMS "clean.c",
     "raise the limit on file sizes (ulimit -f unlimited)"},
    {"hazard matrix --with explore eintr", "nothing to do: of these programs, explore takes none"},
    {"hazard list >/dev/full", "cannot write the result: No space left on device"},
    {"hazard check --json --with drd --runs 1 " PROGRAMS "clean.c >/dev/full",
     "cannot write the result"},
    {"hazard check --with drd --runs 1 --junit /no/such/folder/x.xml " PROGRAMS "clean.c",
     "/no/such/folder/x.xml"},
    {"hazard check --with drd --runs 1 --sarif /no/such/folder/x.sarif " PROGRAMS "clean.c",
     "/no/such/folder/x.sarif"},
    {"TMPDIR=/no/such hazard check --with drd " PROGRAMS "clean.c",
     "cannot make a folder in /no/such"},
};

Test(trouble, is_said_in_one_line_with_exit_2, .timeout = 600) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        void *owner = talloc_new(NULL);
        struct run_outcome outcome = command(owner, rows[i].line);
        cr_expect(eq(int, outcome.status, 2), "%s", rows[i].line);
        cr_expect(strstr(outcome.errors, rows[i].words) != NULL, "%s: %s", rows[i].line,
                  outcome.errors);
        talloc_free(owner);
    }
}

/* A reader that is gone, as in `hazard show counter | head`: no word, and the status of who is killed by SIGPIPE. */
Test(trouble, a_reader_that_is_gone_is_no_trouble, .timeout = 300) {
    static const char *const lines[] = {"hazard show counter", "hazard show --no-diff counter",
                                        "hazard list --json", "trap '' PIPE; hazard list",
                                        "hazard --help"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        void *owner = talloc_new(NULL);
        const char *folder = scratch_new(owner);
        struct run_outcome outcome = command(
            owner, talloc_asprintf(owner,
                                   "mkfifo %s/pipe; exec 5<>%s/pipe; exec 6>%s/pipe 5>&-; { %s; } "
                                   ">&6; echo $?",
                                   folder, folder, folder, lines[i]));
        expect_text(outcome.output, "141\n", "%s", lines[i]);
        expect_text(outcome.errors, "", "%s", lines[i]);
        scratch_remove(folder);
        talloc_free(owner);
    }
}

static const char *const helps[] = {
    "hazard --help",        "hazard list --help",    "hazard show --help",  "hazard check --help",
    "hazard probe --help",  "hazard explore --help", "hazard cc --help",    "hazard matrix --help",
    "hazard make --help",   "hazard cache --help",   "hazard copy --help",  "hazard inject --help",
    "hazard replay --help", "hazard merge --help",   "hazard grade --help", "hazard --version"};

Test(trouble, help_is_no_trouble) {
    for (size_t i = 0; i < sizeof helps / sizeof *helps; i++) {
        void *owner = talloc_new(NULL);
        struct run_outcome outcome = command(owner, helps[i]);
        cr_expect(eq(int, outcome.status, 0), "%s", helps[i]);
        cr_expect(strlen(outcome.output) > 0 && strlen(outcome.errors) == 0,
                  "%s: help goes to stdout", helps[i]);
        talloc_free(owner);
    }
}

/* A folder with links to some tools, and a valgrind of our own making, as the whole PATH. */
static struct run_outcome with_path(void *owner, const char *tools, const char *fake_valgrind,
                                    const char *with) {
    const char *folder = scratch_new(owner);
    const char *line =
        talloc_asprintf(owner,
                        "d=%s; for t in %s; do ln -s \"$(command -v $t)\" $d/$t; done; "
                        "if [ -n '%s' ]; then printf '#!/bin/sh\\necho %s\\n' >$d/valgrind; chmod "
                        "+x $d/valgrind; fi; "
                        "PATH=$d hazard check --with %s " PROGRAMS "clean.c",
                        folder, tools, fake_valgrind, fake_valgrind, with);
    struct run_outcome outcome = command(owner, line);
    scratch_remove(folder);
    return outcome;
}

static const struct tool_row {
    char tools[24];
    char valgrind[24];
    char with[12];
    char words[96];
} tool_rows[] = {
    {"sh gcc", "", "tsan", "tsan: clang is missing: apt-get install clang"},
    {"sh clang", "", "tsan", "tsan: llvm-symbolizer is missing: apt-get install llvm"},
    {"sh clang", "", "tsan-gcc", "tsan-gcc: gcc is missing: apt-get install gcc"},
    {"sh gcc", "", "helgrind", "helgrind: valgrind is missing: apt-get install valgrind"},
};

Test(trouble, a_missing_tool_is_never_silence, .timeout = 600) {
    for (size_t i = 0; i < sizeof tool_rows / sizeof *tool_rows; i++) {
        void *owner = talloc_new(NULL);
        const struct tool_row *row = &tool_rows[i];
        struct run_outcome outcome = with_path(owner, row->tools, row->valgrind, row->with);
        cr_expect(eq(int, outcome.status, 2), "%s", row->words);
        cr_expect(strstr(outcome.errors, row->words) != NULL, "%s: %s", row->words, outcome.errors);
        talloc_free(owner);
    }
}

static const struct version_row {
    char valgrind[24];
    char with[12];
    int exit_code;
    char words[64];
} version_rows[] = {
    {"valgrind-3.12.0", "drd", 3, "drd       unsupported  valgrind is 3.12, too old"},
    {"valgrind-4.1.0", "helgrind", 3, "helgrind  unsupported  valgrind is 4.1, too new"},
    {"valgrind-4.1.0", "drd,explore", 0, "drd       unsupported  valgrind is 4.1, too new"},
    {"valgrind-4.1.0", "drd,explore", 0, "explore   proved"},
};

/* It costs its own cell: what the others say is not lost. */
Test(trouble, a_tool_of_an_unknown_version_is_not_asked, .timeout = 600) {
    for (size_t i = 0; i < sizeof version_rows / sizeof *version_rows; i++) {
        void *owner = talloc_new(NULL);
        const struct version_row *row = &version_rows[i];
        struct run_outcome outcome =
            with_path(owner, "sh gcc as ld objdump", row->valgrind, row->with);
        cr_expect(eq(int, outcome.status, row->exit_code), "%s: %s", row->words, outcome.errors);
        cr_expect(strstr(outcome.output, row->words) != NULL, "%s: %s", row->words, outcome.output);
        talloc_free(owner);
    }
}

/* Valgrind of a known version that writes nothing: its silence is not the program's. */
Test(trouble, a_tool_that_leaves_no_report_is_never_silence, .timeout = 600) {
    void *owner = talloc_new(NULL);
    struct run_outcome outcome = with_path(owner, "sh gcc as ld", "valgrind-3.19.0", "drd");
    cr_expect(eq(int, outcome.status, 2));
    cr_expect(strstr(outcome.errors, "valgrind left no report") != NULL, "%s", outcome.errors);
    talloc_free(owner);
}

/* Versions differ in whether they do. */
Test(trouble, a_tool_that_fails_its_own_check_costs_its_own_cell, .timeout = 300) {
    void *owner = talloc_new(NULL);
    static const char own[] = "unsupported  the tool failed its own check";
    struct run_outcome outcome =
        command(owner, "hazard check --runs 1 --with tsan,tsan-gcc " PROGRAMS "joins-itself.c");
    bool failed = strstr(outcome.output, own) != NULL;
    bool other = strstr(outcome.output, "silent       exit 0") != NULL;
    cr_expect(failed || other, "%s", outcome.output);
    cr_expect(eq(int, outcome.status, other ? 0 : 3), "%s", outcome.output);
    expect_text(outcome.errors, "");
    talloc_free(owner);
}

/* Nor does it cost what another detector has to say: the exit status is that of what was found. */
Test(trouble, a_tool_that_fails_leaves_the_others_their_say, .timeout = 600) {
    void *owner = talloc_new(NULL);
    struct run_outcome outcome =
        with_path(owner, "sh gcc as ld objdump", "valgrind-3.19.0", "drd,explore");
    cr_expect(eq(int, outcome.status, 2));
    cr_expect(strstr(outcome.errors, "valgrind left no report") != NULL, "%s", outcome.errors);
    cr_expect(strstr(outcome.output, "explore   proved") != NULL, "%s", outcome.output);
    cr_expect(strstr(outcome.output, "drd       unsupported  valgrind left no report") != NULL,
              "%s", outcome.output);
    talloc_free(owner);
}

/* The build folder is a file: as good as read-only, and root cannot write there either. */
Test(trouble, a_build_folder_that_cannot_be_written) {
    void *owner = talloc_new(NULL);
    const char *folder = scratch_new(owner);
    const char *line =
        talloc_asprintf(owner,
                        "cp -r buggy fixed catalog include Makefile %s; touch %s/build; "
                        "HAZARD_HOME=%s hazard matrix --with drd counter",
                        folder, folder, folder);
    struct run_outcome outcome = command(owner, line);
    cr_expect(eq(int, outcome.status, 2));
    cr_expect(strstr(outcome.errors, "cannot make the folder") != NULL, "%s", outcome.errors);
    scratch_remove(folder);
    talloc_free(owner);
}

/* Not to be read as a silent server: its own words say why it does not listen. */
Test(trouble, a_port_in_use_is_named, .timeout = 300) {
    void *owner = talloc_new(NULL);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    cr_assert(bind(fd, (struct sockaddr *)&address, length) == 0 && listen(fd, 1) == 0 &&
              getsockname(fd, (struct sockaddr *)&address, &length) == 0);
    struct run_outcome outcome = command(
        owner, talloc_asprintf(owner, "hazard probe --only lunch fixed/iterative-server.c -- %d",
                               ntohs(address.sin_port)));
    cr_expect(eq(int, outcome.status, 3));
    cr_expect(strstr(outcome.output, "Address already in use") != NULL, "%s", outcome.output);
    close(fd);
    talloc_free(owner);
}

/* Is a program under test running that was compiled into a scratch folder below `folder`? */
static bool program_runs(void *owner, pid_t root, const char *folder) {
    struct proc_tree tree = proc_tree_read(owner, root);
    for (size_t i = 0; i < tree.count; i++) {
        char link[64], path[512];
        snprintf(link, sizeof link, "/proc/%d/exe", (int)tree.items[i].pid);
        ssize_t length = readlink(link, path, sizeof path - 1);
        path[length > 0 ? length : 0] = '\0';
        if (strncmp(path, folder, strlen(folder)) == 0)
            return true;
    }
    return false;
}

/* SIGINT to hazard and its workers, as a terminal sends it, while a program under test spins. */
Test(trouble, an_interrupt_leaves_nothing_behind, .timeout = 600) {
    void *owner = talloc_new(NULL);
    const char *folder = scratch_new(owner);
    size_t before = proc_tree_read(owner, getpid()).count;
    const char *argv[] = {
        hazard_path(owner), "check",   "--time-limit",        "100", "--with", "tsan",
        "--junit",          "out.xml", PROGRAMS "for-ever.c", NULL};
    argv[7] = talloc_asprintf(owner, "%s/out.xml", folder);
    const char *environment[] = {talloc_asprintf(owner, "TMPDIR=%s", folder), NULL};
    struct run_spec spec = {
        .argv = argv, .environment = environment, .limits = run_default_limits, .may_idle = true};
    spec.limits.seconds = 60;
    struct error error;
    struct run *run = run_start(owner, &spec, &error);
    cr_assert(run != NULL, "%s", error.text);
    while (!program_runs(owner, run_pid(run), folder) && run_step(run, 20))
        ;
    kill(-run_pid(run), SIGINT);
    while (run_step(run, 1000))
        ;
    struct run_outcome outcome;
    run_finish(run, &outcome);
    cr_expect(eq(int, (int)outcome.end, RUN_EXITED));
    cr_expect(eq(int, outcome.status, 3), "%s", outcome.errors);
    cr_expect(strstr(outcome.errors, "interrupted: nothing was written") != NULL, "%s",
              outcome.errors);
    cr_expect(rmdir(folder) == 0, "the folder must be empty");
    cr_expect(eq(sz, proc_tree_read(owner, getpid()).count, before), "no process is left");
    talloc_free(owner);
}

/* Valgrind's gdb server keeps pipes in /tmp, and a run that we end cannot remove them. */
Test(trouble, a_killed_valgrind_leaves_no_pipes, .timeout = 300) {
    void *owner = talloc_new(NULL);
    const char *folder = scratch_new(owner);
    struct run_outcome outcome =
        command(owner, talloc_asprintf(owner,
                                       "TMPDIR=%s hazard check --with drd --time-limit 2 " PROGRAMS
                                       "for-ever.c >/dev/null; echo $?; ls -A %s",
                                       folder, folder));
    expect_text(outcome.output, "3\n", "the exit status of what hung, and nothing left behind");
    scratch_remove(folder);
    talloc_free(owner);
}
