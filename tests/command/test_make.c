/* SPDX-License-Identifier: MIT */
/*
 * Projects: the compiler's words beside C files, `hazard make`, and what it has built under every
 * detector. Lines are not typed: the programs carry markers.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/memory.h"
#include "hazard/suite/marks.h"
#include "tests/support/answer.h"
#include "tests/support/command.h"
#include "tests/support/text.h"
#include "tests/support/workplace.h"

TestSuite(make, .init = workplace_open, .fini = workplace_close, .timeout = 300);

static void copy_project(const char *name) {
    in_folder(talloc_asprintf(workplace.owner, "cp -r $ROOT/tests/fixtures/projects/%s/. .", name));
}

/* A line, its exit status, and what stands on stdout or stderr. */
struct make_row {
    char line[160];
    int status;
    char words[112];
};

static void expect_rows(const struct make_row *rows, size_t count) {
    for (size_t i = 0; i < count; i++) {
        struct run_outcome outcome = in_folder(rows[i].line);
        cr_expect(eq(int, outcome.status, rows[i].status), "%s: %s%s", rows[i].line, outcome.output,
                  outcome.errors);
        cr_expect(strstr(outcome.output, rows[i].words) != NULL ||
                      strstr(outcome.errors, rows[i].words) != NULL,
                  "%s says no '%s': %s%s", rows[i].line, rows[i].words, outcome.output,
                  outcome.errors);
    }
}

#define EXPECT_ROWS(rows) expect_rows(rows, sizeof(rows) / sizeof *(rows))

/* ---- What detectors say of a project --------------------------------------------------------- */

static json_t *result_of(const json_t *answer, const char *detector) {
    size_t i;
    json_t *result;
    json_array_foreach(json_object_get(answer, "results"), i,
                       result) if (strcmp(answer_word(result, "detector"), detector) ==
                                   0) return result;
    cr_assert(false, "%s says nothing", detector);
    return NULL;
}

static void expect_verdict(const json_t *answer, const char *detector, const char *verdict) {
    const json_t *result = result_of(answer, detector);
    cr_expect(eq(str, (char *)answer_word(result, "verdict"), (char *)verdict), "%s: %s", detector,
              answer_word(result, "detail"));
}

/* Does it find something at the marked line of that file? */
static bool points_at_mark(const json_t *result, const char *file) {
    struct marks marks = {0};
    struct error error;
    cr_assert(marks_read(workplace.owner, workplace_path(file), &marks, &error) == 0 &&
                  marks.count == 1,
              "%s: %s", file, error.text);
    bool points = false;
    size_t i, j;
    json_t *finding, *location;
    json_array_foreach(json_object_get(result, "findings"), i, finding)
        json_array_foreach(json_object_get(finding, "locations"), j, location) points |=
        strcmp(answer_word(location, "file"), file) == 0 &&
        answer_number(location, "line") == marks.items[0].line;
    return points;
}

static const char *const all[] = {"tsan", "tsan-gcc", "helgrind", "drd", "explore"};

Test(make, a_makefile_of_four_directories_goes_through_all_detectors) {
    copy_project("bank");
    struct run_outcome made = in_folder("hazard make");
    cr_assert(eq(int, made.status, 0), "%s%s", made.output, made.errors);
    cr_expect(strstr(made.errors, "the last is ./bin/bank: hazard check ./bin/bank") != NULL, "%s",
              made.errors);
    json_t *answer = answer_in_folder("hazard check --json --runs 1 ./bin/bank", 1);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        expect_verdict(answer, all[i], "found");
        cr_expect(points_at_mark(result_of(answer, all[i]), "lib/account.c"), "%s", all[i]);
    }
    json_decref(answer);
    answer = answer_in_folder("hazard explore --json ./bin/bank", 1);
    cr_expect(points_at_mark(answer, "lib/account.c"));
    json_decref(answer);
}

Test(make, and_its_fix_is_proved) {
    copy_project("bank");
    in_folder("hazard make LOCKED=-DLOCKED");
    json_t *answer = answer_in_folder("hazard check --json --runs 1 ./bin/bank -- 7", 0);
    for (size_t i = 0; i < 4; i++)
        expect_verdict(answer, all[i], "silent");
    expect_verdict(answer, "explore", "proved");
    json_decref(answer);
    struct run_outcome outcome = in_folder("hazard explore ./bin/bank -- 7; bin/bank 7");
    cr_expect(strstr(outcome.output, "proved: 2 executions") != NULL, "%s", outcome.output);
    cr_expect(strstr(outcome.output, "compiled with -O1") != NULL, "%s", outcome.output);
    cr_expect(strstr(outcome.output, "12, whose root is 3.4641") != NULL, "it runs as ever: %s",
              outcome.output);
}

/* A deadlock of a program with a static library, and the order that mends it. */
static void check_transfer(const char *build, const char *ordered) {
    copy_project("transfer");
    struct run_outcome made = in_folder(build);
    cr_assert(eq(int, made.status, 0), "%s: %s%s", build, made.output, made.errors);
    json_t *answer = answer_in_folder("hazard check --json --runs 1 build/transfer", 1);
    expect_verdict(answer, "helgrind", "found");
    expect_verdict(answer, "explore", "found");
    cr_expect(points_at_mark(result_of(answer, "helgrind"), "lib/bank.c"), "%s", build);
    cr_expect(points_at_mark(result_of(answer, "explore"), "lib/bank.c"), "%s", build);
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        cr_expect(strcmp(answer_word(result_of(answer, all[i]), "verdict"), "unsupported") != 0);
    json_decref(answer);
    in_folder("rm -rf build");
    made = in_folder(ordered);
    cr_assert(eq(int, made.status, 0), "%s: %s%s", ordered, made.output, made.errors);
    answer = answer_in_folder("hazard check --json --runs 1 build/transfer", 0);
    expect_verdict(answer, "explore", "proved");
    json_decref(answer);
}

Test(make, takes_any_tool_that_finds_its_compiler_by_name) {
    check_transfer("hazard make -- sh build.sh", "hazard make -- sh build.sh -DORDERED");
}

static bool is_there(const char *tool) {
    return in_folder(talloc_asprintf(workplace.owner, "command -v %s", tool)).status == 0;
}

Test(make, takes_cmake) {
    if (is_there("cmake"))
        check_transfer("hazard make cmake -B build && hazard make cmake --build build",
                       "hazard make cmake -B build -DCMAKE_C_FLAGS=-DORDERED && "
                       "hazard make cmake --build build");
}

Test(make, takes_ninja) {
    if (is_there("cmake") && is_there("ninja"))
        check_transfer("hazard make cmake -G Ninja -B build && hazard make ninja -C build",
                       "hazard make cmake -G Ninja -B build -DCMAKE_C_FLAGS=-DORDERED && "
                       "hazard make ninja -C build");
}

/* ---- What it says of itself ------------------------------------------------------------------ */

Test(make, says_what_it_came_to) {
    static const struct make_row rows[] = {
        {"hazard make LOCKED=-DLOCKED", 0, "built 2 programs, the last is ./bin/bank"},
        {"hazard make LOCKED=-DLOCKED", 0, "no C file was compiled: all is up to date"},
        {"hazard make clean; hazard make clean 2>&1 | grep -c compiled", 1, "0"},
        {"make >/dev/null 2>&1; rm bin/bank; hazard make", 2,
         "objects of an earlier build are in the way: `hazard make clean'"},
        {"hazard make nothing", 2, "No rule to make target 'nothing'"},
        {"hazard make -- no-such-tool", 2, "cannot run no-such-tool"},
        {"echo 'int main() {}' >main.cc; hazard make -- c++ main.cc -o main", 0,
         "a C++ compiler was called and left alone"},
        {"HOME= XDG_CACHE_HOME=/dev/null hazard make", 2, "set XDG_CACHE_HOME"},
    };
    copy_project("bank");
    EXPECT_ROWS(rows);
}

/* The record of how it was made is in the program. */
Test(make, what_it_built_is_known_by_any_name_until_a_source_changes) {
    static const struct make_row rows[] = {
        {"mkdir there && mv bin/bank there/other "
         "&& cd there && hazard check --with drd,tsan ./other",
         1, "1 program: 2 found"},
        {"strip -o stripped there/other && hazard check --with drd ./stripped", 1, "found"},
        {"hazard inject -s USR1 ./there/other", 3, "starts a thread"},
        {"touch lib/account.c; hazard check --with drd ./there/other", 1, "1 program: 1 found"},
        {"echo >>lib/account.c; hazard check --with drd,explore ./there/other", 1,
         "lib/account.c has changed since it was built: build"},
        {"hazard check --with drd ./there/other", 2, "lib/account.c has changed since it was"},
        {"hazard make -B LOCKED=-DLOCKED && hazard explore bin/bank", 0, "proved"},
        {"echo >>lib/account.c; hazard explore bin/bank", 0, "lib/account.c has changed"},
        {"rm lib/account.c; hazard check --with drd,explore ./there/other", 1,
         "of which it was built, is not there any"},
        {"objcopy -R .hazard.made there/other bare && hazard check --with drd ./bare", 3,
         "it was built for explore, and does not say how"},
    };
    copy_project("bank");
    in_folder("hazard make");
    EXPECT_ROWS(rows);
}

/* A shared library becomes a part of the program, with the libraries that it needs. */
Test(make, shared_libraries_are_seen_into) {
    static const struct make_row rows[] = {
        {"hazard make", 0, "shared libraries are parts of the programs"},
        {"hazard check --with drd,tsan-gcc,explore --runs 1 ./use", 1, "1 program: 3 found"},
        {"hazard explore ./use", 1, "count.c:5"},
        {"gcc -c -fPIC count.c && hazard cc -shared count.o -o libcount.so", 2,
         "count.o was not compiled by `hazard cc`"},
    };
    write_file(workplace.owner, workplace.folder, "count.c",
               "#include <math.h>\n"
               "double count = 2;\n"
               "void *add(void *unused) {\n"
               "    double old = count;\n"
               "    count = sqrt(old) + 1;\n"
               "    return unused;\n"
               "}\n");
    write_file(workplace.owner, workplace.folder, "use.c",
               "#include <pthread.h>\n"
               "void *add(void *);\n"
               "int main(void) {\n"
               "    pthread_t a;\n"
               "    pthread_create(&a, 0, add, 0);\n"
               "    add(0);\n"
               "    return pthread_join(a, 0);\n"
               "}\n");
    write_file(workplace.owner, workplace.folder, "Makefile",
               "use: use.c lib/libcount.so.1\n"
               "\tln -sf libcount.so.1 lib/libcount.so\n"
               "\tgcc use.c -o $@ -Llib -lcount -Wl,-rpath,lib\n"
               "lib/libcount.so.1: count.c\n"
               "\tmkdir -p lib\n"
               "\tgcc -shared -fPIC -Wl,-soname,libcount.so.1 count.c -o $@ -lm\n");
    EXPECT_ROWS(rows);
}

/* ---- Programs that are built already --------------------------------------------------------- */

/* Each detector that has no use for it says why; none costs the others' findings. */
Test(make, a_binary_is_taken_by_whom_it_suits) {
    static const struct make_row rows[] = {
        {"gcc -g $PROGRAMS/racy.c -o plain && hazard check --runs 1 ./plain", 1,
         "2 found, 3 unsupported"},
        {"hazard check --with tsan ./plain", 3, "not built with -fsanitize=thread"},
        {"hazard check --with explore ./plain", 3, "./plain was not built for explore"},
        {"gcc -g -fsanitize=thread $PROGRAMS/racy.c -o gcc && hazard check --runs 1 ./gcc", 1,
         "1 found, 4 unsupported"},
        {"hazard check --with tsan ./gcc", 3, "the ThreadSanitizer in it is gcc's"},
        {"hazard check --with drd ./gcc", 3, "a sanitizer does not run under"},
        {"clang -g -fsanitize=thread $PROGRAMS/racy.c -o clang && hazard check --with tsan ./clang",
         1, "found"},
        {"hazard check --with tsan-gcc ./clang", 3, "the ThreadSanitizer in it is clang's"},
        {"gcc -g -static $PROGRAMS/racy.c -o static && hazard check ./static", 3,
         "the program is static: Valgrind sees none"},
        {"hazard cc -g $PROGRAMS/racy.c -o made && hazard check --runs 1 ./made", 1,
         "1 program: 5 found"},
    };
    EXPECT_ROWS(rows);
}

/* ---- The compiler's words -------------------------------------------------------------------- */

static void write_sources(void) {
    in_folder("mkdir include other");
    write_file(workplace.owner, workplace.folder, "include/add.h",
               "#include <pthread.h>\nvoid *add(void *);\n");
    write_file(workplace.owner, workplace.folder, "a.c",
               "#include <add.h>\n"
               "#include <math.h>\n"
               "#include <stdio.h>\n"
               "#include <stdlib.h>\n"
               "#ifndef TIMES\n#error TIMES\n#endif\n"
               "int main(int argc, char **argv) {\n"
               "    pthread_t a, b;\n"
               "    pthread_create(&a, 0, add, 0);\n"
               "    pthread_create(&b, 0, add, 0);\n"
               "    pthread_join(a, 0);\n"
               "    pthread_join(b, 0);\n"
               "    printf(\"%g\\n\", sqrt(argc > 1 ? atof(argv[1]) : 2.0));\n"
               "    return 0;\n"
               "}\n");
    write_file(workplace.owner, workplace.folder, "b.c",
               "#include <add.h>\n"
               "static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;\n"
               "static int count;\n"
               "void *add(void *unused) {\n"
               "    if (LOCKED) pthread_mutex_lock(&lock);\n"
               "    count += TIMES;\n"
               "    if (LOCKED) pthread_mutex_unlock(&lock);\n"
               "    return unused;\n"
               "}\n");
    write_file(workplace.owner, workplace.folder, "other/set.h", "#define TIMES 3\n");
    write_file(workplace.owner, workplace.folder, "helper.c", "int helper;\n");
}

#define USUAL "-Wall -Wextra -Werror -O2 -std=c11 -Iinclude -DTIMES=2 a.c b.c -lm "

Test(make, the_compilers_words_stand_beside_c_files) {
    static const struct make_row rows[] = {
        {"hazard explore " USUAL "-DLOCKED=1 -- 4", 0, "proved: 2 executions"},
        {"hazard explore " USUAL "-DLOCKED=1 -- 4", 0, "compiled with -O2"},
        {"hazard explore " USUAL "-DLOCKED=0", 1, "data race on `count`"},
        {"hazard explore -I include -D TIMES -D LOCKED -U OTHER a.c b.c -l m", 0, "proved"},
        {"hazard explore -isystem include -include other/set.h -D LOCKED a.c b.c -lm", 0, "proved"},
        {"hazard explore -O -g -fno-strict-aliasing -mtune=generic -pthread -w -DTIMES -DLOCKED "
         "-Iinclude a.c b.c -lm",
         0, "compiled with -O:"},
        {"hazard explore -O 2 --compiler=clang " USUAL "-DLOCKED", 0, "proved"},
        {"cp a.c a.txt; cp b.c b.txt; hazard explore -x c -Iinclude -DTIMES -DLOCKED a.txt b.txt "
         "-lm",
         0, "proved"},
        {"hazard explore -MMD -MF x.d -MP " USUAL "-DLOCKED; ls", 0, "a.c"},
        {"hazard explore -Inowhere -DTIMES -DLOCKED a.c b.c -lm", 2, "a.c does not compile with"},
        {"hazard explore -Iinclude -DTIMES -DLOCKED a.c b.c -lnowhere", 2, "does not link with"},
        {"hazard check -w tsan,drd -n1 " USUAL "-DLOCKED=0", 1, "1 program: 2 found"},
        {"hazard check -w -w tsan -j 1 -n 1 " USUAL "-DLOCKED=1", 0, "1 program: 1 silent"},
        {"hazard check --with explore " USUAL "-DLOCKED=0", 1,
         "hazard explore -Wall -Wextra -Werror -O2 -std=c11 -Iinclude -DTIMES=2 -lm -DLOCKED=0 a.c "
         "b.c"},
        {"hazard probe " USUAL "-DLOCKED=1", 3, "it never listens on a TCP port"},
        {"hazard inject -s USR1 -s -fPIE " USUAL "-DLOCKED=1", 3, "starts a thread"},
    };
    write_sources();
    EXPECT_ROWS(rows);
}

/* The words are in the schedule, but for those that make a compiler run other programs. */
Test(make, a_schedule_has_the_words) {
    static const struct make_row rows[] = {
        {"hazard explore -I include -DLOCKED=0 --param ggc-min-expand=50 -DTIMES -Wl,-O1 a.c b.c "
         "-lm --schedule s",
         1, "data race"},
        {"grep ^flag s | tr '\\n' ' '", 0,
         "flag: -Iinclude flag: -DLOCKED=0 flag: --param=ggc-min-expand=50 flag: -DTIMES flag: "
         "-lm"},
        {"hazard replay s", 1, "races with the other"},
        {"cd other && hazard replay ../s", 1, "races with the other"},
    };
    write_sources();
    EXPECT_ROWS(rows);
}

/* Objects and libraries: explore sees through none that has no hooks, and the others may. */
Test(make, objects_stand_beside_c_files) {
    static const struct make_row rows[] = {
        {"gcc -c helper.c && hazard explore " USUAL "helper.o -DLOCKED", 2,
         "helper.o was not compiled by `hazard cc`"},
        {"hazard check --runs 1 " USUAL "helper.o -DLOCKED", 3, "4 silent, 1 unsupported"},
        {"ar rcT libthin.a helper.o; hazard explore " USUAL "-L. -lthin -DLOCKED", 2,
         "libthin.a(./helper.o) was not compiled by"},
        {"gcc -shared -fPIC helper.c -o libh.so && hazard explore " USUAL "./libh.so -DLOCKED", 0,
         "proved"},
        {"hazard cc -c helper.c && hazard explore " USUAL "helper.o -DLOCKED -latomic", 0,
         "proved"},
        {"hazard check --runs 1 " USUAL "helper.o -DLOCKED", 0,
         "does not link with gcc (exit 1): undefined"},
    };
    write_sources();
    EXPECT_ROWS(rows);
}

/* What one compiler does not take is no reason to say nothing of the others. */
Test(make, a_detector_that_cannot_build_it_leaves_it_to_the_others) {
    static const struct make_row rows[] = {
        {"hazard check --runs 1 -ftree-loop-if-convert -fipa-icf-variables -mno-such "
         "$PROGRAMS/racy.c",
         2, "does not compile with clang"},
        {"hazard check --runs 1 nested.c", 0, "nested.c does not compile with clang"},
        {"hazard check --runs 1 nested.c", 0, "3 silent, 1 proved, 1 unsupported"},
    };
    write_file(workplace.owner, workplace.folder, "nested.c",
               "int main(void) {\n"
               "    int one(void) { return 1; }\n"
               "    return one() - 1;\n"
               "}\n");
    EXPECT_ROWS(rows);
}
