/* SPDX-License-Identifier: MIT */
/* `make install`, moved elsewhere, `make uninstall`; `make deb`. What was built is taken, nothing is built. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/memory.h"
#include "tests/support/text.h"
#include "tests/support/workplace.h"

TestSuite(install, .init = workplace_open, .fini = workplace_close, .timeout = 600);

/* One at a time: there may be something to build after all. */
#define TREE "flock \"$ROOT/build\" make --no-print-directory -s -C \"$ROOT\" "

static void expect_output(const char *line, const char *wanted) {
    struct run_outcome outcome = in_folder(line);
    cr_assert(eq(int, outcome.status, 0), "%s: %s%s", line, outcome.output, outcome.errors);
    expect_text(outcome.output, wanted, "%s", line);
}

/* Names with spaces; a link in PATH leads there; nothing is left behind. */
Test(install, can_be_moved_and_taken_back) {
    expect_output(TREE "install DESTDIR=\"$PWD/a b\" PREFIX='/opt/c d'", "");
    expect_output(
        "mv 'a b' e; ln -s 'e/opt/c d/bin/hazard' link; ./link list --names | grep '^counter$'",
        "counter\n");
    expect_output("test \"$('e/opt/c d/bin/hazard' --include-dir)\" -ef 'e/opt/c "
                  "d/share/hazard/include/public'",
                  "");
    struct run_outcome found =
        in_folder("HOME=$PWD ./link check --with explore --runs 1 $PROGRAMS/racy.c");
    cr_expect(eq(int, found.status, 1), "%s", found.errors);
    cr_expect(strstr(found.output, "data race on `balance`") != NULL, "%s", found.output);
    expect_output("cmp 'e/opt/c d/share/hazard/docs/schemas/grade.schema.json' "
                  "$ROOT/docs/schemas/grade.schema.json",
                  "");
    expect_output("'e/opt/c d/bin/hazard' grade --adapter gradescope counter -o f | tail -n 1",
                  "5 files for Gradescope. What to do with them: f/HOWTO.md\n");
    expect_output(TREE "uninstall DESTDIR=\"$PWD/e\" PREFIX='/opt/c d'; find e -type f", "");
}

/* A copy of the binary alone says what is missing, and where it was looked for. */
Test(install, without_its_data_says_so) {
    struct run_outcome outcome =
        in_folder("mkdir -p bin; cp $ROOT/build/release/hazard-bin bin/; bin/hazard-bin list");
    cr_expect(eq(int, outcome.status, 2));
    cr_expect(strstr(outcome.errors, "nor in its ../share/hazard; set HAZARD_HOME") != NULL, "%s",
              outcome.errors);
}

Test(install, deb_has_what_install_has) {
    expect_output(TREE
                  "deb >made && dpkg-deb -x \"$ROOT/$(cat made)\" root && root/usr/bin/hazard list "
                  "--names | grep '^counter$'",
                  "counter\n");
    expect_output("dpkg-deb -f \"$ROOT/$(cat made)\" Depends | grep -c 'libtalloc2.*libzydis.*gcc'",
                  "1\n");
    expect_output(
        "cd root && dpkg-deb --ctrl-tarfile \"$ROOT/$(cat ../made)\" | tar -xO ./md5sums | md5sum "
        "--quiet -c && ls usr/lib/hazard/explore usr/share/doc/hazard",
        "usr/lib/hazard/explore:\nruntime.o\n\nusr/share/doc/hazard:\nchangelog.gz\ncopyright\n");
}
