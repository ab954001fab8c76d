/* SPDX-License-Identifier: MIT */
/*
 * The table of library calls (explore/runtime/calls): every row is of the language, names a
 * function that there is, and says what it must say; nothing that the suite calls is missing. What
 * the runtime makes of it is shown by the programs in tests/fixtures/explore/calls.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <dlfcn.h>
#include <string.h>

#include "base/memory.h"
#include "explore/runtime/calls/spec.h"
#include "explore/runtime/calls/takes.h"
#include "tests/support/command.h"
#include "tests/support/text.h"

#define EACH_ENTRY(group, entry)                                                                   \
    for (const struct table_group *const *group = table_groups; *group != NULL; group++)           \
        for (const struct table_entry *entry = (*group)->entries;                                  \
             entry < (*group)->entries + (*group)->count; entry++)

static struct spec parse(const char *text) {
    struct spec spec;
    const char *wrong = "";
    cr_assert(spec_parse(text, &spec, &wrong), "'%s' is wrong at '%s'", text, wrong);
    return spec;
}

static struct spec spec_named(const char *name) {
    const struct table_entry *entry = table_find(name);
    cr_assert(entry != NULL, "%s is not in the table", name);
    return parse(entry->touches);
}

Test(calls, every_row_can_be_read_and_found) {
    EACH_ENTRY(group, entry) {
        struct spec spec;
        const char *wrong = "";
        cr_expect(spec_parse(entry->touches, &spec, &wrong), "%s: '%s' is wrong at '%s'",
                  entry->name, entry->touches, wrong);
        cr_expect(table_find(entry->name) == entry, "%s: not found, or named twice", entry->name);
    }
}

Test(calls, rows_are_sorted) {
    EACH_ENTRY(group, entry) {
        if (entry > (*group)->entries)
            cr_expect(lt(int, strcmp(entry[-1].name, entry->name), 0), "%s stands before %s",
                      entry[-1].name, entry->name);
    }
}

Test(calls, what_is_not_there_is_not_found) {
    static const char *const names[] = {"", "a", "strle", "strlenn", "zzz", "no_such_function"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        cr_expect(table_find(names[i]) == NULL, "'%s' is found", names[i]);
}

/* A name that is misspelt protects nobody. */
Test(calls, every_name_is_one_of_the_c_library) {
    void *math = dlopen("libm.so.6", RTLD_NOW | RTLD_GLOBAL);
    cr_assert(math != NULL);
    EACH_ENTRY(group, entry) {
        if (strstr(entry->touches, "newer") == NULL)
            cr_expect(dlsym(RTLD_DEFAULT, entry->name) != NULL, "%s is no function of libc or libm",
                      entry->name);
    }
    dlclose(math);
}

Test(calls, every_check_and_every_hidden_state_is_used) {
    static const char *const checks[] = {
#define X(name) #name,
        CHECKS(X)
#undef X
    };
    bool check_used[CHECK_COUNT] = {[CHECK_none] = true}, hidden_used[HIDDEN_COUNT] = {false};
    hidden_used[HIDDEN_multibyte] = true; /* also by "~3": see mbrtowc */
    hidden_used[HIDDEN_locale] = true;    /* also by @setlocale */
    EACH_ENTRY(group, entry) {
        struct spec spec = parse(entry->touches);
        check_used[spec.check] = true;
        for (int i = 0; i < spec.read_count; i++)
            hidden_used[spec.reads[i]] = true;
        for (int i = 0; i < spec.write_count; i++)
            hidden_used[spec.writes[i]] = true;
    }
    for (int i = 1; i < CHECK_COUNT; i++)
        cr_expect(check_used[i], "no row says @%s", checks[i - 1]);
    for (int i = 0; i < HIDDEN_COUNT; i++)
        if (i != HIDDEN_descriptors)
            cr_expect(hidden_used[i], "no row says !%s or ?%s", table_hidden_name((enum hidden)i),
                      table_hidden_name((enum hidden)i));
}

/* ---- What rows must say -------------------------------------------------------------- */

Test(calls, what_explore_cannot_take_is_refused) {
    static const char *const names[] = {
        "fork",         "vfork",        "_Fork",        "clone",        "execv",
        "execl",        "execve",       "execvp",       "fexecve",      "posix_spawn",
        "posix_spawnp", "popen",        "system",       "wait",         "waitpid",
        "pipe",         "pipe2",        "socket",       "socketpair",   "accept",
        "connect",      "listen",       "poll",         "ppoll",        "select",
        "pselect",      "epoll_wait",   "eventfd",      "signalfd",     "timerfd_create",
        "ptrace",       "kill",         "raise",        "pthread_kill", "alarm",
        "setitimer",    "timer_create", "sigwait",      "sigsuspend",   "pause",
        "sigaltstack",  "shm_open",     "mq_open",      "mq_notify",    "makecontext",
        "swapcontext",  "getcontext",   "dlopen",       "dlsym",        "setmntent",
        "aio_read",     "getaddrinfo",  "getrandom",    "semop",        "shmat",
        "unlink",       "rename",       "mkstemp",      "chdir",        "dup2",
        "brk",          "sbrk",         "flock",        "lockf",        "fopencookie",
        "freopen",      "tmpfile",      "memfd_create",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct spec spec = spec_named(names[i]);
        cr_expect(spec.refuse && spec.reason != NULL, "%s is not refused with a reason", names[i]);
    }
}

static const struct state_row {
    const char *name;
    enum hidden hidden;
    bool writes;
} states[] = {
    {"asctime", HIDDEN_asctime, true},
    {"ctime", HIDDEN_asctime, true},
    {"ctime", HIDDEN_tm, true},
    {"localtime", HIDDEN_tm, true},
    {"gmtime", HIDDEN_tm, true},
    {"strtok", HIDDEN_strtok, true},
    {"rand", HIDDEN_random, true},
    {"srand", HIDDEN_random, true},
    {"random", HIDDEN_random, true},
    {"drand48", HIDDEN_drand48, true},
    {"setenv", HIDDEN_environment, true},
    {"putenv", HIDDEN_environment, true},
    {"getenv", HIDDEN_environment, false},
    {"getopt", HIDDEN_getopt, true},
    {"getpwnam", HIDDEN_passwd, true},
    {"getgrgid", HIDDEN_group, true},
    {"hsearch", HIDDEN_hsearch, true},
    {"lgamma", HIDDEN_signgam, true},
    {"tzset", HIDDEN_timezone, true},
    {"localeconv", HIDDEN_localeconv, true},
    {"ttyname", HIDDEN_tty, true},
    {"l64a", HIDDEN_a64, true},
    {"ecvt", HIDDEN_digits, true},
    {"mbtowc", HIDDEN_multibyte, true},
};

Test(calls, hidden_state_is_named) {
    for (size_t i = 0; i < sizeof states / sizeof *states; i++) {
        struct spec spec = spec_named(states[i].name);
        const uint8_t *list = states[i].writes ? spec.writes : spec.reads;
        int count = states[i].writes ? spec.write_count : spec.read_count;
        cr_expect(count > 0 && memchr(list, (int)states[i].hidden, (size_t)count) != NULL,
                  "%s does not %s %s", states[i].name, states[i].writes ? "write" : "read",
                  table_hidden_name(states[i].hidden));
    }
}

Test(calls, what_keeps_all_in_the_caller_has_no_hidden_state) {
    static const char *const names[] = {
        "asctime_r", "gmtime_r", "strtok_r", "rand_r",   "drand48_r", "strerror", "strlen",
        "qsort",     "strtol",   "memcpy",   "snprintf", "isalpha",   "abs",      "hsearch_r",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct spec spec = spec_named(names[i]);
        cr_expect(spec.read_count == 0 && spec.write_count == 0 && !spec.all && !spec.refuse,
                  "%s has hidden state", names[i]);
    }
}

/* ---- The language -------------------------------------------------------------------- */

Test(calls, an_effect_is_read) {
    struct spec spec = parse(">w*1[2*#4*i]+1<3W");
    cr_assert(eq(int, spec.effect_count, 1));
    const struct effect *effect = &spec.effects[0];
    cr_expect(effect->kind == EFFECT_WRITE && effect->after);
    cr_expect(effect->place.argument == 1 && effect->place.indirect);
    const struct size *size = &effect->size;
    cr_expect(size->kind == SIZE_PRODUCT && size->term_count == 3);
    cr_expect(size->terms[0].kind == TERM_ARGUMENT && size->terms[0].value == 2);
    cr_expect(size->terms[1].kind == TERM_NUMBER && size->terms[1].value == 4);
    cr_expect(size->terms[2].kind == TERM_INT_RESULT);
    cr_assert(eq(int, size->modifier_count, 3));
    cr_expect(size->modifiers[0].kind == MODIFIER_MORE);
    cr_expect(size->modifiers[1].kind == MODIFIER_LIMIT && size->modifiers[1].argument == 3);
    cr_expect(size->modifiers[2].kind == MODIFIER_WIDE);
}

static const struct effect_row {
    const char *text;
    enum effect_kind kind;
    enum size_kind size;
    int place, of;
    bool after;
} effects[] = {
    {"r0s", EFFECT_READ, SIZE_STRING, 0, 0, false},
    {"w0s1", EFFECT_WRITE, SIZE_STRING, 0, 1, false},
    {"a0l1", EFFECT_APPEND, SIZE_LENGTH, 0, 1, false},
    {"A0L1", EFFECT_WIDE_APPEND, SIZE_WIDE_LENGTH, 0, 1, false},
    {"r2S", EFFECT_READ, SIZE_WIDE_STRING, 2, 2, false},
    {"k1[2]", EFFECT_KERNEL, SIZE_PRODUCT, 1, 1, false},
    {"w1[=]", EFFECT_WRITE, SIZE_PRODUCT, 1, 1, true},
    {"w0[1*=]", EFFECT_WRITE, SIZE_PRODUCT, 0, 0, true},
    {"w0[i]", EFFECT_WRITE, SIZE_PRODUCT, 0, 0, true},
    {"w=s", EFFECT_WRITE, SIZE_STRING, -1, -1, true},
    {"e0s", EFFECT_IF_SAME, SIZE_STRING, 0, 0, true},
    {"r0t<2", EFFECT_READ, SIZE_TILL, 0, 0, true},
    {"r1x0", EFFECT_READ, SIZE_BEFORE, 1, 0, true},
    {">w0s", EFFECT_WRITE, SIZE_STRING, 0, 0, true},
    {"~3", EFFECT_STATE, SIZE_PRODUCT, 3, 0, false},
};

Test(calls, effects_that_hang_on_the_result_come_after_the_call) {
    for (size_t i = 0; i < sizeof effects / sizeof *effects; i++) {
        const struct effect_row *row = &effects[i];
        struct spec spec = parse(row->text);
        cr_assert(eq(int, spec.effect_count, 1), "%s", row->text);
        const struct effect *effect = &spec.effects[0];
        cr_expect(eq(int, effect->kind, (int)row->kind), "%s", row->text);
        cr_expect(eq(int, effect->size.kind, (int)row->size), "%s", row->text);
        cr_expect(eq(int, effect->place.argument, row->place), "%s", row->text);
        cr_expect(eq(int, effect->size.place.argument, row->of), "%s", row->text);
        cr_expect(eq(int, effect->after, row->after), "%s", row->text);
    }
}

Test(calls, words_are_read) {
    struct spec spec = parse("?timezone !tm F2 p1 @open all touched rewind cancel unlocked");
    cr_expect(spec.read_count == 1 && spec.reads[0] == HIDDEN_timezone);
    cr_expect(spec.write_count == 1 && spec.writes[0] == HIDDEN_tm);
    cr_expect(spec.file == 2 && spec.format == FORMAT_PRINTF && spec.format_argument == 1);
    cr_expect(spec.all && spec.touched && spec.check == CHECK_open && !spec.format_list);
    cr_expect(spec.rewind && spec.cancel && spec.unlocked && !spec.refuse && !spec.world);
    cr_expect(parse("Fo Q0").file == FILE_STDOUT && parse("S1").format_list);
    expect_text(parse("refuse:a reason, with blanks").reason, "a reason, with blanks");
    cr_expect(parse("world").world && parse("").file == FILE_NONE);
}

Test(calls, only_a_row_without_words_is_harmless) {
    static const char *const words[] = {"r0s",    "!tm",   "?tm",      "@open",  "p0",
                                        "Fo",     "all",   "touched",  "rewind", "cancel",
                                        "refuse", "world", "maycancel"};
    struct spec nothing = parse(""), newer = parse("newer");
    cr_expect(spec_is_harmless(&nothing) && spec_is_harmless(&newer));
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        struct spec spec = parse(words[i]);
        cr_expect(spec_is_harmless(&spec) == false, "'%s' counts as harmless", words[i]);
    }
}

Test(calls, what_is_not_of_the_language_is_an_error) {
    static const char *const texts[] = {
        "x",
        "r",
        "r0",
        "r6s",
        "r0[",
        "r0[]",
        "r0[2",
        "r0[#]",
        "r0[#0]",
        "r0[2*]",
        "r0s+",
        "r0s+2",
        "r0s<",
        "r0s<9",
        "r0sq",
        "r0sr1s",
        "!",
        "!no",
        "!tmm",
        "?",
        "@",
        "@no",
        "@open @open",
        "F",
        "F9",
        "Fo Fe",
        "p",
        "p9",
        "p1 s1",
        "~",
        "allx",
        "r0[0*1*2*3]",
        "!tm !asctime !digits ?timezone ?locale",
        "r0s r0s r0s r0s r0s r0s r0s",
    };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct spec spec;
        const char *wrong = NULL;
        cr_expect(spec_parse(texts[i], &spec, &wrong) == false, "'%s' is taken", texts[i]);
        cr_expect(wrong >= texts[i] && wrong <= texts[i] + strlen(texts[i]),
                  "'%s': no place of the error", texts[i]);
    }
}

/* ---- The suite ----------------------------------------------------------------------- */

/* Families of names that the runtime defines, and what is no function. */
static bool is_modelled(const char *name) {
    static const char *const families[] = {"pthread_", "sem_",   "__tsan_", "_GLOBAL_OFFSET_TABLE_",
                                           "stdin",    "stdout", "stderr"};
    for (size_t i = 0; i < sizeof families / sizeof *families; i++)
        if (strncmp(name, families[i], strlen(families[i])) == 0)
            return true;
    return false;
}

Test(calls, all_that_the_suite_calls_is_known, .timeout = 300) {
    void *owner = talloc_new(NULL);
    const char *folder = scratch_new(owner);
    const char *line = talloc_asprintf(
        owner,
        "for half in buggy fixed; do mkdir %s/$half && (top=$PWD && cd %s/$half && gcc -w -O1 -c "
        "$top/$half/*.c) || exit 1; done; nm -u %s/*/*.o | sed -n 's/^ *U //p' | sort -u",
        folder, folder, folder);
    struct run_outcome outcome = command(owner, line);
    char *names = talloc_strdup(owner, outcome.output);
    int count = 0;
    for (char *name; (name = strsep(&names, "\n")) != NULL;) {
        if (*name == '\0')
            continue;
        count++;
        cr_expect(is_modelled(name) || dlsym(RTLD_DEFAULT, name) == NULL ||
                      table_find(name) != NULL,
                  "the suite calls %s, of which the table knows nothing", name);
    }
    cr_expect(ge(int, count, 80), "only %d names", count);
    scratch_remove(folder);
    talloc_free(owner);
}

/* --- cancellation points --- */

enum { ROW = 256 };

struct measured {
    char function[64];
    bool acts, does_not; /* in some of its rows */
};

/* The next row of docs/cancellation.md: false at the end. Blank cells are blank. */
static bool read_row(FILE *page, char *function, bool *acts) {
    char line[ROW];
    while (fgets(line, sizeof line, page) != NULL)
        if (sscanf(line, "| `%63[^`]", function) == 1) {
            *acts = strstr(line, "| acts |") != NULL;
            return true;
        }
    return false;
}

static void check_measured(const struct measured *measured) {
    const struct table_entry *entry = table_find(measured->function);
    if (entry == NULL)
        return; /* a function of the world's */
    struct spec spec = parse(entry->touches);
    if (spec.refuse || spec.world)
        return;
    bool waits_for_locks = strncmp(measured->function, "fcntl", 5) == 0; /* refused in the call */
    cr_expect(spec.cancel || spec.may_cancel || !measured->acts || waits_for_locks,
              "%s is no cancellation point", measured->function);
    cr_expect(measured->does_not == false || spec.cancel == false, "%s is not surely one",
              measured->function);
    cr_expect(measured->acts || (spec.cancel || spec.may_cancel) == false, "%s is none",
              measured->function);
}

Test(calls, cancellation_points_are_those_that_were_measured) {
    struct measured now = {0};
    char function[64];
    bool acts, more = true;
    int rows = 0;
    FILE *page = fopen("docs/cancellation.md", "re");
    cr_assert(page != NULL);
    for (; more; rows++) {
        more = read_row(page, function, &acts);
        if (!more || strcmp(function, now.function) != 0) {
            check_measured(&now);
            now = (struct measured){0};
            strcpy(now.function, more ? function : "");
        }
        now.acts |= acts;
        now.does_not |= !acts;
    }
    fclose(page);
    cr_expect(gt(int, rows, 300));
}

/* A sample is measured anew. */
Test(calls, cancellation_points_can_be_measured) {
    char line[ROW];
    int rows = 0;
    char *page = read_file(NULL, "docs/cancellation.md");
    FILE *sample = popen("bench/cancellation write fsync fprintf fcntl pthread_mutex_lock", "re");
    cr_assert(sample != NULL);
    for (; fgets(line, sizeof line, sample) != NULL; rows++)
        cr_expect(strstr(page, line) != NULL, "not in docs/cancellation.md: %s", line);
    cr_expect(eq(int, pclose(sample), 0));
    cr_expect(eq(int, rows, 14));
    talloc_free(page);
}

/* --- what was measured --- */

/* What the runtime answers in the function's place. */
static bool is_answered(enum check check) {
    static const enum check checks[] = {
        CHECK_abort,          CHECK_assert,        CHECK_assert_fail,
        CHECK_assert_perror,  CHECK_chk_fail,      CHECK_err,
        CHECK_errx,           CHECK_verr,          CHECK_verrx,
        CHECK_error,          CHECK_error_at_line, CHECK_zero,
        CHECK_getpid,         CHECK_getppid,       CHECK_gettid,
        CHECK_prctl,          CHECK_signal,        CHECK_sigaction,
        CHECK_sigmask,        CHECK_sigpending,    CHECK_stack_chk_fail,
        CHECK_scheduling_set,
    };
    for (size_t i = 0; i < sizeof checks / sizeof *checks; i++)
        if (checks[i] == check)
            return true;
    return false;
}

/* What is no call of the program's: the compiler's own, and what leaves or comes back in another way. */
static bool is_flow(const char *name) {
    static const char *const names[] = {
        "__cxa_finalize", "__fentry__", "__libc_init_first", "__libc_start_main", "__longjmp_chk",
        "__sigsetjmp",    "_longjmp",   "_mcount",           "_setjmp",           "longjmp",
        "mcount",         "setjmp",     "siglongjmp",        "__tls_get_addr",
    };
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (strcmp(names[i], name) == 0)
            return true;
    return false;
}

static bool is_measured(const struct spec *spec, const char *name) {
    return !spec->follow && !spec->refuse && !spec->world && !is_answered(spec->check) &&
           !is_flow(name);
}

/* The inputs of a row of docs/calls.md: they are in its fourth cell. */
static int count_inputs(const char *line) {
    int cells = 0, inputs = 1;
    for (; *line != '\0' && cells < 5; line++) {
        cells += *line == '|';
        inputs += cells == 4 && *line == ';';
    }
    return cells == 5 ? inputs : 0;
}

/* Only what was measured, as it stands there, is believed; all else is followed. */
Test(calls, every_row_that_is_not_followed_was_measured) {
    char *page = read_file(NULL, "docs/calls.md");
    EACH_ENTRY(group, entry) {
        struct spec spec = parse(entry->touches);
        if (!is_measured(&spec, entry->name))
            continue;
        const char *quote = entry->touches[0] == '\0' ? "" : "`";
        char *row = talloc_asprintf(page, "| `%s` | %s%s%s |", entry->name, quote,
                                    quote[0] == '\0' ? "nothing" : entry->touches, quote);
        const char *line = strstr(page, row);
        cr_expect(line != NULL, "%s: '%s' was not measured; `make audit-calls` does, or `follow`",
                  entry->name, entry->touches);
        cr_expect(line == NULL || count_inputs(line) >= 3, "%s: %d inputs", entry->name,
                  count_inputs(line));
    }
    talloc_free(page);
}

/* A sample is measured anew. */
Test(calls, library_calls_can_be_measured) {
    char line[16 * ROW];
    int rows = 0;
    char *page = read_file(NULL, "docs/calls.md");
    FILE *sample = popen("bench/audit-calls strlen memcpy strtol snprintf fwrite sscanf gmtime_r "
                         "read mbsrtowcs frexp srand48_r",
                         "re");
    cr_assert(sample != NULL);
    for (; fgets(line, sizeof line, sample) != NULL; rows++)
        cr_expect(strstr(page, line) != NULL, "not in docs/calls.md: %s", line);
    cr_expect(eq(int, pclose(sample), 0));
    cr_expect(eq(int, rows, 11));
    talloc_free(page);
}

/* --- how many arguments a function takes -------------------------------------------------------- */

/* "int (const char *, int)": how many between the brackets; -1: not only integers and pointers. */
static int parameters_of(const char *type) {
    const char *at = strchr(type, '(');
    int count = 0;
    if (at == NULL || strchr(at + 1, '(') != NULL || strstr(at, "...") != NULL ||
        strcasestr(at, "double") != NULL || strcasestr(at, "float") != NULL)
        return TAKES_UNKNOWN;
    if (strncmp(at, "(void)", 6) == 0)
        return 0;
    for (; *at != '\0'; at++)
        count += *at == '(' || *at == ',';
    return count;
}

static const char headers[] =
    "#define _GNU_SOURCE\n#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n"
    "#include <wchar.h>\n#include <time.h>\n#include <unistd.h>\n#include <fcntl.h>\n"
    "#include <dirent.h>\n#include <pwd.h>\n#include <grp.h>\n#include <locale.h>\n"
    "#include <search.h>\n#include <signal.h>\n#include <sys/stat.h>\n#include <sys/uio.h>\n"
    "#include <sys/mman.h>\n#include <sys/resource.h>\n#include <sys/statvfs.h>\n"
    "#include <fnmatch.h>\n#include <langinfo.h>\n#include <mntent.h>\n#include <err.h>\n"
    "#include <getopt.h>\n#include <regex.h>\n#include <syslog.h>\n";

/* Of a function that the compiler's dump declares there. NULL: it does not. */
static const char *type_of(void *owner, const char *dump, const char *name) {
    const char *sign = talloc_asprintf(owner, " %s '", name), *at = dump;
    while ((at = strstr(at, sign)) != NULL) {
        const char *line = at;
        while (line > dump && line[-1] != '\n')
            line--;
        const char *function = strstr(line, "FunctionDecl ");
        if (function != NULL && function < at)
            return talloc_strndup(owner, at + strlen(sign), strcspn(at + strlen(sign), "'"));
        at++;
    }
    return NULL;
}

/* What the table of arguments says is what the headers declare, as the compiler reads them: else a state would leave
 * out what a call hangs on. */
Test(calls, as_many_arguments_as_declared) {
    void *owner = talloc_new(NULL);
    const char *folder = scratch_new(owner);
    const char *file = write_file(owner, folder, "headers.c", headers);
    struct run_outcome is = command(
        owner, talloc_asprintf(
                   owner, "clang -fsyntax-only -Xclang -ast-dump -fno-color-diagnostics %s", file));
    for (int takes = 0; takes <= TAKES_MOST; takes++) {
        char *rest = talloc_strdup(owner, takes_names[takes]), *name;
        while ((name = strsep(&rest, " ")) != NULL) {
            const char *type = *name != '\0' ? type_of(owner, is.output, name) : NULL;
            if (*name == '\0')
                continue;
            cr_expect(type != NULL, "%s is in no header", name);
            cr_expect(eq(int, takes_how_many(name), takes), "%s", name);
            if (type != NULL)
                cr_expect(eq(int, parameters_of(type), takes), "%s: %s", name, type);
        }
    }
    scratch_remove(folder);
    talloc_free(owner);
}
