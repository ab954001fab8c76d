/* SPDX-License-Identifier: MIT */
/*
 * What was built is kept: with it and without comes out the same, and whatever changes that a
 * program was made of, it is built again. Each test has a cache of its own, and a compiler that
 * writes a line into the file `built` for each source that it compiles.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/memory.h"
#include "tests/support/command.h"
#include "tests/support/text.h"
#include "tests/support/workplace.h"

/* Two threads that count, under a lock if `how.h` says so. */
static const char program_text[] =
    "#include <pthread.h>\n"
    "#include \"how.h\"\n"
    "static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;\n"
    "static int count;\n"
    "static void *add(void *unused) {\n"
    "    if (LOCKED) pthread_mutex_lock(&lock);\n"
    "    count++;\n"
    "    if (LOCKED) pthread_mutex_unlock(&lock);\n"
    "    return unused;\n"
    "}\n"
    "int main(void) {\n"
    "    pthread_t threads[2];\n"
    "    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, add, NULL);\n"
    "    for (int i = 0; i < 2; i++) pthread_join(threads[i], NULL);\n"
    "    return count != 2;\n"
    "}\n";

static const char compiler_text[] = "#!/bin/sh\n"
                                    "case \" $* \" in *' -c '*) echo \"$*\" >>\"$BUILT\" ;; esac\n"
                                    "exec \"$GCC\" \"$@\"\n";

/* Where each line of a test begins. */
#define HERE                                                                                       \
    "export GCC=$(command -v gcc) BUILT=$PWD/built XDG_CACHE_HOME=$PWD/cache; "                    \
    "PATH=$PWD/tools:$PATH; built() { grep -c . built; }; entry=cache/hazard/built/*; "

static void open_kept(void) {
    workplace_open();
    in_folder("mkdir tools headers headers/more");
    write_file(workplace.owner, workplace.folder, "program.c", program_text);
    write_file(workplace.owner, workplace.folder, "headers/how.h", "#define LOCKED 1\n");
    write_file(workplace.owner, workplace.folder, "tools/gcc", compiler_text);
    in_folder("chmod +x tools/gcc; touch built");
}

TestSuite(kept, .init = open_kept, .fini = workplace_close, .timeout = 300);

static struct run_outcome here(const char *line) {
    return in_folder(
        talloc_asprintf(workplace.owner, HERE "export CPATH=$PWD/headers; { %s; }", line));
}

#define EXPLORE "hazard explore --schedule=found.schedule program.c"

static void expect_printed(const char *line, const char *words) {
    struct run_outcome outcome = here(line);
    cr_expect(eq(str, outcome.output, (char *)words), "%s: %s", line, outcome.errors);
}

/* So many times a source was compiled; `about`: in what case. */
static void expect_built(const char *times, const char *about) {
    cr_expect(eq(str, here("built").output, (char *)times), "%s", about);
}

Test(kept, a_program_is_built_once_and_comes_out_the_same) {
    struct run_outcome first = here(EXPLORE), second = here(EXPLORE),
                       without = here("HAZARD_CACHE_SIZE=0 " EXPLORE);
    cr_expect(eq(int, first.status, 0), "%s%s", first.output, first.errors);
    cr_expect(eq(str, first.output, second.output));
    cr_expect(eq(str, first.output, without.output));
    expect_built("2\n", ""); /* the first time, and the time without */
}

Test(kept, a_finding_is_the_same_and_so_is_its_schedule) {
    here("echo '#define LOCKED 0' >headers/how.h");
    struct run_outcome first = here(EXPLORE "; cp found.schedule first"), second = here(EXPLORE);
    cr_expect(strstr(second.output, "data race on `count`") != NULL, "%s", second.output);
    cr_expect(eq(str, first.output, second.output));
    cr_expect(eq(int, here("cmp first found.schedule && hazard replay first").status, 1));
    expect_built("1\n", "");
}

/* Whoever builds a program takes what another command has built in the same way. */
Test(kept, detectors_share_what_is_built_alike) {
    here("hazard check --with drd --runs 1 program.c");
    here("hazard check --with helgrind,drd --runs 1 program.c");
    expect_built("1\n", "");
}

/* What happens between two runs, and the second one's verdict; it must not be the first one's. */
static const struct change_row {
    char change[128], again[96];
    char words[32];
} change_rows[] = {
    {"echo >>program.c", EXPLORE, "proved"},
    {"sed -i s/count++/count+=2/ program.c", EXPLORE, "found"},
    {"echo '#define LOCKED 0' >headers/how.h", EXPLORE, "found"},
    {"echo '#define LOCKED 0' >other.h; mv other.h headers/how.h", EXPLORE, "found"},
    /* a header that the compiler finds earlier than the one that it found before */
    {"echo '#define LOCKED 0' >how.h", EXPLORE, "found"},
    {"echo '#define LOCKED 0' >headers/more/how.h", "CPATH=$PWD/headers/more " EXPLORE, "found"},
    {":", "hazard explore -O1 program.c", "proved"},
    {":", "mkdir there && cd there && hazard explore ../program.c", "proved"},
    {"echo '#' >>tools/gcc", EXPLORE, "proved"},
    {"printf '#!/bin/sh\\nexec as \"$@\"\\n' >tools/as; sed -i \"s|exec as|exec $(command -v "
     "as)|\" "
     "tools/as; chmod +x tools/as",
     EXPLORE, "proved"},
};

Test(kept, what_changes_is_built_again) {
    for (size_t i = 0; i < sizeof change_rows / sizeof *change_rows; i++) {
        const struct change_row *row = &change_rows[i];
        struct run_outcome first = here("rm -f built; " EXPLORE);
        struct run_outcome second =
            here(talloc_asprintf(workplace.owner, "rm -f built; %s; %s", row->change, row->again));
        cr_expect(strstr(first.output, "proved") != NULL, "%s%s", first.output, first.errors);
        cr_expect(strstr(second.output, row->words) != NULL, "%s: %s%s", row->change, second.output,
                  second.errors);
        expect_built("1\n", row->change);
        workplace_close();
        open_kept();
    }
}

/* The compiler's words, what happens between two runs, and the words of the second. */
static const struct words_row {
    char first[40], change[96], again[40];
    char times[4]; /* that the source is compiled again */
} words_rows[] = {
    {"-O1 -lm", ":", "-O1 -lm", "0\n"},
    {"-DX=1", ":", "-DX=2", "1\n"},
    {"-O1", ":", "-O2", "1\n"},
    {"-lm", ":", "-latomic", "1\n"},
    {"-Wall", ":", "", "1\n"},
    /* a header that is found earlier, in a folder of which there was nothing */
    {"-Ifirst -Iheaders", "echo '#define LOCKED 1 ' >first/how.h", "-Ifirst -Iheaders", "1\n"},
    {"-iquote first", "echo '#define LOCKED 1 ' >first/how.h", "-iquote first", "1\n"},
    {"-include first/more.h", "echo >>first/more.h", "-include first/more.h", "1\n"},
    /* a library likewise, and one that is another */
    {"-Lfirst -Llibrary -lh", "cp library/libh.a first", "-Lfirst -Llibrary -lh", "1\n"},
    {"-Llibrary -lh", "cp library/libh.a x; mv x library/libh.a", "-Llibrary -lh", "1\n"},
    {"library/h.o", "cp library/h.o x; mv x library/h.o", "library/h.o", "1\n"},
    {"-Llibrary -lh", "touch other; touch library/other", "-Llibrary -lh", "0\n"},
    /* what reads files that it does not tell of */
    {"-Bfirst/", ":", "-Bfirst/", "1\n"},
};

Test(kept, the_compilers_words_count) {
    for (size_t i = 0; i < sizeof words_rows / sizeof *words_rows; i++) {
        const struct words_row *row = &words_rows[i];
        here("mkdir first library; touch first/more.h; echo 'int h;' >h.c; "
             "hazard cc -c h.c -o library/h.o && ar rc library/libh.a library/h.o");
        struct run_outcome outcome = here(talloc_asprintf(
            workplace.owner, EXPLORE " %s && rm -f built && touch built; %s; " EXPLORE " %s",
            row->first, row->change, row->again));
        cr_expect(eq(int, outcome.status, 0), "%s: %s%s", row->first, outcome.output,
                  outcome.errors);
        expect_built(row->times, talloc_asprintf(workplace.owner, "%s, then %s and %s", row->first,
                                                 row->change, row->again));
        workplace_close();
        open_kept();
    }
}

/* Two sources, of which the second says whether there is a lock. */
Test(kept, each_of_several_sources_counts) {
    write_file(workplace.owner, workplace.folder, "headers/how.h",
               "int locked(void);\n#define LOCKED locked()\n");
    write_file(workplace.owner, workplace.folder, "how.c", "int locked(void) { return 1; }\n");
    here(EXPLORE " how.c");
    struct run_outcome proved = here(EXPLORE " how.c");
    cr_expect(eq(int, proved.status, 0), "%s%s", proved.output, proved.errors);
    expect_built("2\n", "");
    struct run_outcome found = here("sed -i s/1/0/ how.c; " EXPLORE " how.c");
    cr_expect(eq(int, found.status, 1), "%s%s", found.output, found.errors);
    expect_built("4\n", "");
}

/* The runtime lies beside the command. */
Test(kept, another_runtime_is_another_program) {
    const char *copy =
        talloc_asprintf(workplace.owner,
                        "mkdir -p other/asan other/explore; cp %s other/asan/hazard; "
                        "cp $ROOT/build/explore/runtime.o other/explore; "
                        "other() { other/asan/hazard explore program.c; }; other; other; built; "
                        "cp $ROOT/build/explore/runtime.o other/explore; other; built; "
                        "hazard explore program.c; built",
                        hazard_path(workplace.owner));
    struct run_outcome outcome = here(copy);
    cr_expect(strstr(outcome.output, "\n1\n") != NULL, "%s", outcome.output);
    cr_expect(strstr(outcome.output, "\n2\n") != NULL, "%s", outcome.output);
    cr_expect(strstr(outcome.output, "\n3\n") != NULL, "%s", outcome.output);
}

/* Such a linker does not know the option by which others say what they have read. */
Test(kept, what_an_old_linker_makes_is_not_kept) {
    here("sed -i '2i case \"$*\" in *dependency-file*) exit 1 ;; esac' tools/gcc");
    struct run_outcome outcome = here(EXPLORE " && " EXPLORE);
    cr_expect(eq(int, outcome.status, 0), "%s%s", outcome.output, outcome.errors);
    expect_built("2\n", "");
}

/* A source that asks for the time, or for files that no compiler names, is built each time. */
Test(kept, what_asks_for_more_than_its_bytes_is_not_kept) {
    static const char *const lines[] = {"const char *today = __DATE__;",
                                        "#if __has_include(\"no.h\")\\n#endif",
                                        "__asm__(\".incbin \\\"program.c\\\"\");"};
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        struct run_outcome outcome = here(talloc_asprintf(
            workplace.owner,
            "rm -f built; printf '%%b\\n' '%s' >>headers/how.h; " EXPLORE "; " EXPLORE, lines[i]));
        cr_expect(eq(int, outcome.status, 0), "%s: %s", lines[i], outcome.errors);
        expect_built("2\n", lines[i]);
        here("echo '#define LOCKED 1' >headers/how.h");
    }
}

/* How an entry may be damaged; whether a good one stands in its place afterwards. */
static const struct damage_row {
    char line[128];
    bool mended;
} damage_rows[] = {
    {"truncate -s -1 $entry", true},
    {"truncate -s 100 $entry", true},
    {"truncate -s 0 $entry", true},
    {"echo more >>$(echo $entry)", true},
    {"printf '\\125' | dd of=$(echo $entry) bs=1 seek=100 conv=notrunc status=none", true},
    {"printf '\\125' | dd of=$(echo $entry) bs=1 seek=20000 conv=notrunc status=none", true},
    {"printf '\\377' | dd of=$(echo $entry) bs=1 seek=20 conv=notrunc status=none", true},
    {"n=$(echo $entry); rm $n; mkdir $n", false},
    {"n=$(echo $entry); rm $n; ln -s /etc/passwd $n", true},
    {"n=$(echo $entry); rm $n; mkfifo $n", true},
};

Test(kept, what_is_damaged_is_not_trusted) {
    for (size_t i = 0; i < sizeof damage_rows / sizeof *damage_rows; i++) {
        const struct damage_row *row = &damage_rows[i];
        here("rm -rf cache built; " EXPLORE);
        struct run_outcome outcome =
            here(talloc_asprintf(workplace.owner, "%s; " EXPLORE " && " EXPLORE, row->line));
        cr_expect(eq(int, outcome.status, 0), "%s: %s", row->line, outcome.errors);
        expect_built(row->mended ? "2\n" : "3\n", row->line);
    }
}

Test(kept, several_at_once_leave_one_entry) {
    struct run_outcome outcome =
        here("for i in 1 2 3 4 5 6; do (" EXPLORE " >out$i 2>&1; echo $? >status$i) & done; wait; "
             "cat status*; ls cache/hazard/built | wc -l; cat out*");
    cr_expect(strncmp(outcome.output, "0\n0\n0\n0\n0\n0\n1\n", 14) == 0, "%s%s", outcome.output,
              outcome.errors);
    cr_expect(eq(int, here("rm built; touch built; " EXPLORE).status, 0));
    expect_built("0\n", "");
}

/* Room for two programs of 8 MB. */
Test(kept, who_was_used_longest_ago_goes_first) {
    struct run_outcome outcome = here(
        "export HAZARD_CACHE_SIZE=25; for i in 1 2 3; do sed \"s/static int count/const char "
        "big[8 << 20] = {$i};&/\" program.c >p$i.c; done; "
        "for i in 1 2 1 3; do hazard explore p$i.c || exit 9; done; "
        "for i in 1 3 2; do rm built; hazard explore p$i.c; test -e built; echo again $?; done");
    cr_expect(eq(int, outcome.status, 0), "%s", outcome.errors);
    size_t at = 0; /* only 2 was built again */
    static const char *const wanted[] = {"again 1\n", "again 1\n", "again 0\n"};
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        const char *found = strstr(outcome.output + at, "again ");
        cr_assert(found != NULL && strncmp(found, wanted[i], 8) == 0, "%s", outcome.output);
        at = (size_t)(found + 8 - outcome.output);
    }
}

/* What is larger than the whole cache is not kept, and nothing goes for its sake. */
Test(kept, what_is_too_large_is_not_kept) {
    here(EXPLORE "; sed 's/static int count/const char big[8 << 20] = {1};&/' program.c >big.c; "
                 "HAZARD_CACHE_SIZE=5 hazard explore big.c");
    here("HAZARD_CACHE_SIZE=5 " EXPLORE);
    expect_printed("built; ls cache/hazard/built | wc -l", "2\n1\n");
}

/* Places in which nothing can be kept, or must not. */
static const char *const nowhere[] = {
    "unset HOME XDG_CACHE_HOME",
    "unset HOME; XDG_CACHE_HOME=relative",
    "export XDG_CACHE_HOME=/dev/null",
    "export XDG_CACHE_HOME=/proc/self",
    "export HAZARD_CACHE_SIZE=0",
    "mkdir -p cache/hazard/built; chmod 777 cache/hazard/built",
    "mkdir -p cache/hazard; touch cache/hazard/built",
};

Test(kept, where_nothing_can_be_kept_all_is_built) {
    for (size_t i = 0; i < sizeof nowhere / sizeof *nowhere; i++) {
        struct run_outcome outcome = here(talloc_asprintf(
            workplace.owner, "rm -rf cache built; %s; " EXPLORE " && " EXPLORE, nowhere[i]));
        cr_expect(eq(int, outcome.status, 0), "%s: %s", nowhere[i], outcome.errors);
        cr_expect(eq(str, outcome.errors, (char *)""), "%s", nowhere[i]);
        expect_built("2\n", nowhere[i]);
    }
}

Test(kept, the_cache_can_be_looked_at_and_cleared) {
    here(EXPLORE);
    struct run_outcome full = here("hazard cache"), cleared = here("hazard cache --clear");
    cr_expect(strstr(full.output, "/cache/hazard/built: 1 program, ") != NULL, "%s", full.output);
    cr_expect(strstr(full.output, " of at most 256 MB\n") != NULL, "%s", full.output);
    cr_expect(strstr(cleared.output, ": 0 programs, 0 of at most 256 MB\n") != NULL, "%s",
              cleared.output);
    here(EXPLORE);
    expect_built("2\n", "");
    expect_printed("unset HOME XDG_CACHE_HOME; hazard cache",
                   "nothing is kept: neither XDG_CACHE_HOME nor HOME names a folder\n");
}

Test(kept, a_bound_that_is_no_number_is_misuse) {
    struct run_outcome outcome = here("HAZARD_CACHE_SIZE=much " EXPLORE);
    cr_expect(eq(int, outcome.status, 2));
    cr_expect(strstr(outcome.errors, "HAZARD_CACHE_SIZE takes a number of megabytes") != NULL, "%s",
              outcome.errors);
}
