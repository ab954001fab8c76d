/* SPDX-License-Identifier: MIT */
#include "bench/calls/inputs.h"

#include <errno.h>
#include <execinfo.h>
#include <getopt.h>
#include <glob.h>
#include <inttypes.h>
#include <langinfo.h>
#include <libintl.h>
#include <locale.h>
#include <malloc.h>
#include <search.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/auxv.h>

typedef const char *string;
typedef void *target;

static locale_t plain(void) {
    return newlocale(LC_ALL_MASK, "C", NULL);
}

static void whole_numbers(void) {
    static const char *const based =
        "strtol strtoll strtoul strtoull strtoimax strtoumax strtoq strtouq strtol_l strtoll_l "
        "strtoul_l strtoull_l __strtol_l __strtoll_l __strtoul_l __strtoull_l";
    EACH(based, "a number")
    AS(long, (string, char **, int, locale_t))(text("  12x"), space(8), 10, plain());
    EACH(based, "no digit")
    AS(long, (string, char **, int, locale_t))(text("x"), space(8), 10, plain());
    EACH(based, "empty") AS(long, (string, char **, int, locale_t))(text(""), space(8), 0, plain());
    EACH(based, "too large, no end wanted")
    AS(long, (string, char **, int, locale_t))(text("-99999999999999999999"), NULL, 10, plain());
    EACH(based, "hexadecimal")
    AS(long, (string, char **, int, locale_t))(text("0x"), space(8), 0, plain());
    EACH(based, "no such base")
    AS(long, (string, char **, int, locale_t))(text("12"), space(8), 99, plain());
    static const char *const grouped =
        "__strtol_internal __strtoll_internal __strtoul_internal __strtoull_internal";
    EACH(grouped, "a number") AS(long, (string, char **, int, int))(text("12x"), space(8), 10, 0);
    EACH(grouped, "no digit") AS(long, (string, char **, int, int))(text("x"), space(8), 10, 1);
    EACH(grouped, "no end wanted") AS(long, (string, char **, int, int))(text("12"), NULL, 10, 1);
    EACH("atoi atol atoll", "a number") AS(int, (string))(text(" 12x"));
    EACH("atoi atol atoll", "no digit") AS(int, (string))(text("x"));
    EACH("atoi atol atoll", "empty") AS(int, (string))(text(""));
    EACH("rpmatch", "yes") AS(int, (string))(text("yes"));
    EACH("rpmatch", "no") AS(int, (string))(text("no"));
    EACH("rpmatch", "neither") AS(int, (string))(text(""));
    EACH("abs labs llabs imaxabs", "usual") AS(int, (long))(-3);
    EACH("abs labs llabs imaxabs", "0") AS(int, (long))(0);
    EACH("abs labs llabs imaxabs", "the least") AS(int, (long))(INT64_MIN);
    EACH("div ldiv lldiv imaxdiv", "usual") AS(long, (long, long))(7, 2);
    EACH("div ldiv lldiv imaxdiv", "negative") AS(long, (long, long))(-7, 2);
    EACH("div ldiv lldiv imaxdiv", "0") AS(long, (long, long))(0, 2);
}

#define REAL(type, names)                                                                          \
    EACH(names, "a number")                                                                        \
    AS(type, (string, char **, locale_t, locale_t))(text(" 1.5e3x"), space(8), plain(), plain());  \
    EACH(names, "no digit")                                                                        \
    AS(type, (string, char **, locale_t, locale_t))(text("x"), space(8), plain(), plain());        \
    EACH(names, "empty")                                                                           \
    AS(type, (string, char **, locale_t, locale_t))(text(""), space(8), plain(), plain());         \
    EACH(names, "no end wanted")                                                                   \
    AS(type, (string, char **, locale_t, locale_t))(text("-0x1.8p3"), NULL, plain(), plain());     \
    EACH(names, "too large")                                                                       \
    AS(type, (string, char **, locale_t, locale_t))(text("1e99999"), space(8), plain(), plain());  \
    EACH(names, "nan")                                                                             \
    AS(type, (string, char **, locale_t, locale_t))(text("nan(12)"), space(8), plain(), plain());

static void real_numbers(void) {
    REAL(double, "strtod strtof32x strtof64 strtod_l __strtod_l strtof32x_l strtof64_l")
    REAL(float, "strtof strtof32 strtof_l __strtof_l strtof32_l")
    REAL(long double, "strtold strtof64x strtold_l __strtold_l strtof64x_l")
    REAL(_Float128, "strtof128 strtof128_l")
#define INTERNAL(type, name)                                                                       \
    EACH(name, "a number") AS(type, (string, char **, int))(text("1.5x"), space(8), 0);            \
    EACH(name, "no digit") AS(type, (string, char **, int))(text("x"), space(8), 0);               \
    EACH(name, "no end wanted") AS(type, (string, char **, int))(text("1"), NULL, 1);
    INTERNAL(double, "__strtod_internal")
    INTERNAL(float, "__strtof_internal")
    INTERNAL(long double, "__strtold_internal")
    EACH("atof", "a number") AS(double, (string))(text(" 1.5e3x"));
    EACH("atof", "no digit") AS(double, (string))(text("x"));
    EACH("atof", "empty") AS(double, (string))(text(""));
#define FROM(type, names)                                                                          \
    EACH(names, "usual") AS(int, (target, size_t, string, type))(filled(16), 16, text("%g"), 1.5); \
    EACH(names, "too short")                                                                       \
    AS(int, (target, size_t, string, type))(filled(16), 3, text("%.9f"), 1.5);                     \
    EACH(names, "no buffer") AS(int, (target, size_t, string, type))(NULL, 0, text("%e"), 1.5);    \
    EACH(names, "one byte") AS(int, (target, size_t, string, type))(filled(16), 1, text("%a"), 1.5);
    FROM(double, "strfromd strfromf32x strfromf64")
    FROM(float, "strfromf strfromf32")
    FROM(long double, "strfroml strfromf64x")
    FROM(_Float128, "strfromf128")
#define DIGITS(type, names, names_r)                                                               \
    EACH(names, "usual") AS(target, (type, int, int *, int *))(-12.5, 4, space(4), space(4));      \
    EACH(names, "no digits") AS(target, (type, int, int *, int *))(12.5, 0, space(4), space(4));   \
    EACH(names, "0") AS(target, (type, int, int *, int *))(0, 3, space(4), space(4));              \
    EACH(names_r, "usual")                                                                         \
    AS(int, (type, int, int *, int *, target, size_t))                                             \
    (-12.5, 4, space(4), space(4), filled(32), 32);                                                \
    EACH(names_r, "too short")                                                                     \
    AS(int, (type, int, int *, int *, target, size_t))                                             \
    (-12.5, 9, space(4), space(4), filled(32), 4);                                                 \
    EACH(names_r, "0")                                                                             \
    AS(int, (type, int, int *, int *, target, size_t))(0, 3, space(4), space(4), filled(32), 32);  \
    EACH(names_r, "not a number")                                                                  \
    AS(int, (type, int, int *, int *, target, size_t))                                             \
    (__builtin_nan(""), 3, space(4), space(4), filled(32), 32);
    DIGITS(double, "ecvt fcvt", "ecvt_r fcvt_r")
    DIGITS(long double, "qecvt qfcvt", "qecvt_r qfcvt_r")
    EACH("gcvt", "usual") AS(target, (double, int, target))(1.5, 4, filled(32));
    EACH("gcvt", "0") AS(target, (double, int, target))(0, 4, filled(32));
    EACH("gcvt", "large") AS(target, (double, int, target))(1e300, 40, filled(64));
    EACH("qgcvt", "usual") AS(target, (long double, int, target))(1.5, 4, filled(32));
    EACH("qgcvt", "0") AS(target, (long double, int, target))(0, 4, filled(32));
    EACH("qgcvt", "large") AS(target, (long double, int, target))(1e300L, 40, filled(64));
}

static void chance(void) {
    EACH("rand random", "the first") AS(int, (void))();
    EACH("rand random", "the second") rand(), AS(int, (void))();
    EACH("rand random", "seeded") srand(3), AS(int, (void))();
    EACH("srand srandom srand48", "usual") AS(void, (long))(3);
    EACH("srand srandom srand48", "0") AS(void, (long))(0);
    EACH("srand srandom srand48", "again") srand(1), AS(void, (long))(1);
    EACH("drand48", "the first") AS(double, (void))();
    EACH("drand48", "the second") drand48(), AS(double, (void))();
    EACH("drand48", "seeded") srand48(3), AS(double, (void))();
    EACH("lrand48 mrand48", "the first") AS(long, (void))();
    EACH("lrand48 mrand48", "the second") drand48(), AS(long, (void))();
    EACH("lrand48 mrand48", "seeded") srand48(3), AS(long, (void))();
    EACH("rand_r", "usual") AS(int, (unsigned *))(COPY(unsigned, {7}));
    EACH("rand_r", "0") AS(int, (unsigned *))(COPY(unsigned, {0}));
    EACH("rand_r", "the most") AS(int, (unsigned *))(COPY(unsigned, {UINT32_MAX}));
    typedef unsigned short state;
    EACH("erand48", "usual") AS(double, (state *))(copy((state[3]){1, 2, 3}, 6));
    EACH("erand48", "0") AS(double, (state *))(space(6));
    EACH("erand48", "seeded") srand48(3), AS(double, (state *))(copy((state[3]){1, 2, 3}, 6));
    EACH("jrand48 nrand48", "usual") AS(long, (state *))(copy((state[3]){1, 2, 3}, 6));
    EACH("jrand48 nrand48", "0") AS(long, (state *))(space(6));
    EACH("jrand48 nrand48", "seeded") srand48(3), AS(long, (state *))(copy((state[3]){1, 2, 3}, 6));
    EACH("seed48", "usual") AS(target, (state *))(copy((state[3]){1, 2, 3}, 6));
    EACH("seed48", "0") AS(target, (state *))(space(6));
    EACH("seed48", "again") srand48(3), AS(target, (state *))(copy((state[3]){1, 2, 3}, 6));
    EACH("lcong48", "usual") AS(void, (state *))(copy((state[7]){1, 2, 3, 4, 5, 6, 7}, 14));
    EACH("lcong48", "0") AS(void, (state *))(space(14));
    EACH("lcong48", "again") srand48(3), AS(void, (state *))(space(14));
    struct drand48_data *buffer;
#define SEEDED(seed) (srand48_r(seed, buffer = space(sizeof *buffer)), buffer)
    EACH("drand48_r", "usual") AS(int, (target, double *))(SEEDED(3), space(8));
    EACH("drand48_r", "0") AS(int, (target, double *))(SEEDED(0), space(8));
    EACH("drand48_r", "never seeded") AS(int, (target, double *))(space(24), space(8));
    EACH("lrand48_r mrand48_r", "usual") AS(int, (target, long *))(SEEDED(3), space(8));
    EACH("lrand48_r mrand48_r", "0") AS(int, (target, long *))(SEEDED(0), space(8));
    EACH("lrand48_r mrand48_r", "never seeded") AS(int, (target, long *))(space(24), space(8));
    static const char *const given = "erand48_r jrand48_r nrand48_r";
    EACH(given, "usual")
    AS(int, (state *, target, target))(copy((state[3]){1, 2, 3}, 6), SEEDED(3), space(8));
    EACH(given, "0") AS(int, (state *, target, target))(space(6), SEEDED(0), space(8));
    EACH(given, "never seeded") AS(int, (state *, target, target))(space(6), space(24), space(8));
    EACH("srand48_r", "usual") AS(int, (long, target))(3, filled(24));
    EACH("srand48_r", "0") AS(int, (long, target))(0, filled(24));
    EACH("srand48_r", "negative") AS(int, (long, target))(-1, filled(24));
    EACH("seed48_r", "usual") AS(int, (state *, target))(copy((state[3]){1, 2, 3}, 6), filled(24));
    EACH("seed48_r", "0") AS(int, (state *, target))(space(6), filled(24));
    EACH("seed48_r", "again") AS(int, (state *, target))(space(6), SEEDED(3));
    EACH("lcong48_r", "usual")
    AS(int, (state *, target))(copy((state[7]){1, 2, 3, 4, 5, 6, 7}, 14), filled(24));
    EACH("lcong48_r", "0") AS(int, (state *, target))(space(14), filled(24));
    EACH("lcong48_r", "again") AS(int, (state *, target))(space(14), SEEDED(3));
    EACH("l64a", "usual") AS(target, (long))(12345);
    EACH("l64a", "0") AS(target, (long))(0);
    EACH("l64a", "negative") AS(target, (long))(-1);
}

static void environment(void) {
    static const char *const asks = "getenv secure_getenv";
    EACH(asks, "there") setenv("NAME", "x", 1), AS(target, (string))(text("NAME"));
    EACH(asks, "not there") AS(target, (string))(text("NO_SUCH_NAME"));
    EACH(asks, "empty") AS(target, (string))(text(""));
    EACH(asks, "one letter") AS(target, (string))(text("N"));
    EACH("setenv", "new") AS(int, (string, string, int))(text("NAME"), text("x"), 1);
    EACH("setenv", "there")
    setenv("NAME", "y", 1), AS(int, (string, string, int))(text("NAME"), text("xyz"), 1);
    EACH("setenv", "there, and stays")
    setenv("NAME", "y", 1), AS(int, (string, string, int))(text("NAME"), text("x"), 0);
    EACH("setenv", "wrong") AS(int, (string, string, int))(text("A=B"), text("x"), 1);
    EACH("setenv", "empty") AS(int, (string, string, int))(text("NAME"), text(""), 1);
    EACH("unsetenv", "there") setenv("NAME", "y", 1), AS(int, (string))(text("NAME"));
    EACH("unsetenv", "not there") AS(int, (string))(text("NO_SUCH_NAME"));
    EACH("unsetenv", "wrong") AS(int, (string))(text("A=B"));
    EACH("putenv", "new") AS(int, (string))(text("NAME=x"));
    EACH("putenv", "there") setenv("NAME", "y", 1), AS(int, (string))(text("NAME=x"));
    EACH("putenv", "without a value") AS(int, (string))(text("NAME"));
    EACH("clearenv", "usual") AS(int, (void))();
    EACH("clearenv", "after setenv") setenv("NAME", "y", 1), AS(int, (void))();
    EACH("clearenv", "twice") clearenv(), AS(int, (void))();
    EACH("getauxval __getauxval", "there") AS(long, (long))(AT_PAGESZ);
    EACH("getauxval __getauxval", "not there") AS(long, (long))(12345);
    EACH("getauxval __getauxval", "0") AS(long, (long))(0);
}

static char **words(int count, ...) {
    char **list = space((size_t)(count + 1) * sizeof *list);
    va_list from;
    va_start(from, count);
    for (int i = 0; i < count; i++)
        list[i] = text(va_arg(from, const char *));
    va_end(from);
    return list;
}

static void options(void) {
    static const char *const short_ones = "getopt __posix_getopt";
    EACH(short_ones, "an option")
    AS(int, (int, char **, string))(3, words(3, "a", "-b", "c"), text("b"));
    EACH(short_ones, "none") AS(int, (int, char **, string))(1, words(1, "a"), text("b"));
    EACH(short_ones, "an option behind a word")
    AS(int, (int, char **, string))(4, words(4, "a", "w", "-b", "c"), text("b:"));
    EACH(short_ones, "an unknown one")
    AS(int, (int, char **, string))(2, words(2, "a", "-x"), text("b"));
    EACH(short_ones, "without its argument")
    AS(int, (int, char **, string))(2, words(2, "a", "-b"), text(":b:"));
    static const char *const long_ones = "getopt_long getopt_long_only";
    const struct option table[] = {{"long", required_argument, NULL, 'l'}, {NULL, 0, NULL, 0}};
#define LONG(count, list)                                                                          \
    ({                                                                                             \
        struct option *known = copy(table, sizeof table);                                          \
        known->name = text("long");                                                                \
        known->flag = space(4);                                                                    \
        AS(int, (int, char **, string, struct option *, int *))                                    \
        (count, list, text("b"), known, space(4));                                                 \
    })
    EACH(long_ones, "an option") LONG(3, words(3, "a", "--long=x", "c"));
    EACH(long_ones, "none") LONG(1, words(1, "a"));
    EACH(long_ones, "an unknown one") LONG(2, words(2, "a", "--no"));
    EACH(long_ones, "behind a word") LONG(4, words(4, "a", "w", "--long", "c"));
}

static int no_error(const char *path, int error) {
    (void)path, (void)error;
    return 0;
}

static void files(void) {
    static const char *const paths = "realpath canonicalize_file_name";
    EACH(paths, "usual") AS(target, (string, target))(text("/usr//lib/../lib"), filled(4096));
    EACH(paths, "not there") AS(target, (string, target))(text("/usr/no/such"), filled(4096));
    EACH(paths, "a link") AS(target, (string, target))(text("/proc/self"), NULL);
    EACH(paths, "empty") AS(target, (string, target))(text(""), filled(4096));
    EACH("__realpath_chk", "usual")
    AS(target, (string, target, size_t))(text("/usr/lib"), filled(4096), 4096);
    EACH("__realpath_chk", "not there")
    AS(target, (string, target, size_t))(text("/usr/no"), filled(4096), 4096);
    EACH("__realpath_chk", "no buffer")
    AS(target, (string, target, size_t))(text("/usr"), NULL, 4096);
    EACH("glob glob64", "usual")
    AS(int, (string, int, target, target))(text("/us*/li*"), 0, no_error, space(72));
    EACH("glob glob64", "none")
    AS(int, (string, int, target, target))(text("/no*"), 0, no_error, space(72));
    EACH("glob glob64", "no pattern")
    AS(int, (string, int, target, target))(text("/usr"), GLOB_MARK, NULL, space(72));
    EACH("glob glob64", "more") {
        glob_t *found = space(sizeof *found);
        glob("/us*", 0, NULL, found);
        AS(int, (string, int, target, target))(text("/li*"), GLOB_APPEND, NULL, found);
    }
    EACH("globfree globfree64", "usual") {
        glob_t *found = space(sizeof *found);
        glob("/us*", 0, NULL, found);
        AS(void, (target))(found);
    }
    EACH("globfree globfree64", "none") AS(void, (target))(space(72));
    EACH("globfree globfree64", "twice") {
        glob_t *found = space(sizeof *found);
        glob("/us*", 0, NULL, found);
        globfree(found);
        AS(void, (target))(found);
    }
    EACH("wordfree", "none") AS(void, (target))(space(24));
    EACH("wordfree", "one")
    AS(void, (target))(copy((uint64_t[]){1, (uint64_t)words(1, "a"), 0}, 24));
    EACH("wordfree", "two")
    AS(void, (target))(copy((uint64_t[]){2, (uint64_t)words(2, "a", "b"), 0}, 24));
}

static void locales(void) {
    static const char *const made = "newlocale __newlocale";
    EACH(made, "C") AS(target, (int, string, target))(LC_ALL_MASK, text("C"), NULL);
    EACH(made, "C.UTF-8") AS(target, (int, string, target))(LC_ALL_MASK, text("C.UTF-8"), NULL);
    EACH(made, "no such one") AS(target, (int, string, target))(LC_ALL_MASK, text("xx_XX"), NULL);
    static const char *const copied = "duplocale __duplocale";
    EACH(copied, "C") AS(target, (target))(plain());
    EACH(copied, "C.UTF-8") AS(target, (target))(newlocale(LC_ALL_MASK, "C.UTF-8", NULL));
    EACH(copied, "the global one") AS(target, (target))(LC_GLOBAL_LOCALE);
    static const char *const freed = "freelocale __freelocale";
    EACH(freed, "C") AS(void, (target))(plain());
    EACH(freed, "C.UTF-8") AS(void, (target))(newlocale(LC_ALL_MASK, "C.UTF-8", NULL));
    EACH(freed, "a copy") AS(void, (target))(duplocale(plain()));
    static const char *const used = "uselocale __uselocale";
    EACH(used, "C") AS(target, (target))(plain());
    EACH(used, "which is it") AS(target, (target))(NULL);
    EACH(used, "the global one") AS(target, (target))(LC_GLOBAL_LOCALE);
    EACH("setlocale", "which is it") AS(target, (int, string))(LC_ALL, NULL);
    EACH("setlocale", "C.UTF-8") AS(target, (int, string))(LC_ALL, text("C.UTF-8"));
    EACH("setlocale", "no such one") AS(target, (int, string))(LC_CTYPE, text("xx_XX"));
    EACH("localeconv", "C") AS(target, (void))();
    EACH("localeconv", "C.UTF-8") setlocale(LC_ALL, "C.UTF-8"), AS(target, (void))();
    EACH("localeconv", "again") localeconv(), AS(target, (void))();
    static const char *const asked = "nl_langinfo nl_langinfo_l __nl_langinfo_l";
    EACH(asked, "CODESET") AS(target, (int, target))(CODESET, plain());
    EACH(asked, "DAY_1") AS(target, (int, target))(DAY_1, plain());
    EACH(asked, "unknown") AS(target, (int, target))(-1, plain());
}

static void translations(void) {
    static const char *const by_domain = "dgettext __dgettext dcgettext __dcgettext";
    EACH(by_domain, "no translation")
    AS(target, (string, string, int))(text("domain"), text("word"), LC_MESSAGES);
    EACH(by_domain, "the current domain")
    AS(target, (string, string, int))(NULL, text("word"), LC_MESSAGES);
    EACH(by_domain, "C.UTF-8")
    setlocale(LC_ALL, "C.UTF-8"),
        AS(target, (string, string, int))(text("domain"), text("word"), LC_MESSAGES);
    EACH("gettext", "no translation") AS(target, (string))(text("word"));
    EACH("gettext", "empty") AS(target, (string))(text(""));
    EACH("gettext", "a domain of one's own")
    textdomain("domain"), AS(target, (string))(text("word"));
    EACH("ngettext", "one") AS(target, (string, string, long))(text("word"), text("words"), 1);
    EACH("ngettext", "two") AS(target, (string, string, long))(text("word"), text("words"), 2);
    EACH("ngettext", "none") AS(target, (string, string, long))(text("word"), text("words"), 0);
    static const char *const both = "dngettext dcngettext";
    EACH(both, "one")
    AS(target, (string, string, string, long, int))
    (text("domain"), text("word"), text("words"), 1, LC_MESSAGES);
    EACH(both, "two")
    AS(target, (string, string, string, long, int))
    (text("domain"), text("word"), text("words"), 2, LC_MESSAGES);
    EACH(both, "the current domain")
    AS(target, (string, string, string, long, int))
    (NULL, text("word"), text("words"), 0, LC_MESSAGES);
    static const char *const bound = "bindtextdomain bind_textdomain_codeset";
    EACH(bound, "usual") AS(target, (string, string))(text("domain"), text("/usr/share/locale"));
    EACH(bound, "which is it") AS(target, (string, string))(text("domain"), NULL);
    EACH(bound, "another")
    bindtextdomain("domain", "/usr"), AS(target, (string, string))(text("domain"), text("/x"));
    EACH("textdomain", "usual") AS(target, (string))(text("domain"));
    EACH("textdomain", "which is it") AS(target, (string))(NULL);
    EACH("textdomain", "another") textdomain("domain"), AS(target, (string))(text("other"));
}

static void tables(void) {
    EACH("hcreate", "usual") AS(int, (size_t))(10);
    EACH("hcreate", "0") AS(int, (size_t))(0);
    EACH("hcreate", "again") hcreate(10), AS(int, (size_t))(10);
    EACH("hdestroy", "usual") hcreate(10), AS(void, (void))();
    EACH("hdestroy", "there is none") AS(void, (void))();
    EACH("hdestroy", "twice") hcreate(10), hdestroy(), AS(void, (void))();
#define ENTRY_OF(key, value) ((ENTRY){text(key), value})
    EACH("hsearch", "enter") hcreate(10), AS(target, (ENTRY, ACTION))(ENTRY_OF("key", NULL), ENTER);
    EACH("hsearch", "find")
    hcreate(10), hsearch(ENTRY_OF("key", NULL), ENTER),
        AS(target, (ENTRY, ACTION))(ENTRY_OF("key", NULL), FIND);
    EACH("hsearch", "not there")
    hcreate(10), AS(target, (ENTRY, ACTION))(ENTRY_OF("none", NULL), FIND);
}

static void itself(void) {
    EACH("__errno_location __h_errno_location", "usual") AS(target, (void))();
    EACH("__errno_location __h_errno_location", "set") errno = 3, AS(target, (void))();
    EACH("__errno_location __h_errno_location", "again")(void) errno, AS(target, (void))();
    static const char *const numbers =
        "__libc_current_sigrtmin __libc_current_sigrtmax gnu_get_libc_version gnu_get_libc_release";
    EACH(numbers, "usual") AS(int, (void))();
    EACH(numbers, "again") AS(int, (void))();
    EACH(numbers, "once more") AS(int, (void))();
    EACH("__fdelt_chk __fdelt_warn", "0") AS(long, (long))(0);
    EACH("__fdelt_chk __fdelt_warn", "usual") AS(long, (long))(100);
    EACH("__fdelt_chk __fdelt_warn", "the last") AS(long, (long))(1023);
    EACH("mallinfo mallinfo2", "usual") AS(void, (target))(space(128));
    EACH("malloc_stats", "usual") AS(void, (void))();
    EACH("malloc_trim", "0") AS(int, (size_t))(0);
    EACH("malloc_trim", "some") AS(int, (size_t))(100000);
    EACH("malloc_trim", "all") AS(int, (size_t))(SIZE_MAX);
    EACH("mallopt", "M_ARENA_MAX") AS(int, (int, int))(M_ARENA_MAX, 2);
    EACH("mallopt", "M_MMAP_MAX") AS(int, (int, int))(M_MMAP_MAX, 2);
    EACH("mallopt", "unknown") AS(int, (int, int))(12345, 2);
    EACH("malloc_info", "usual") AS(int, (int, FILE *))(0, fopen(file_with(""), "w"));
    EACH("malloc_info", "wrong") AS(int, (int, FILE *))(1, fopen(file_with(""), "w"));
    EACH("malloc_info", "without a buffer") {
        FILE *file = fopen(file_with(""), "w");
        setvbuf(file, NULL, _IONBF, 0);
        AS(int, (int, FILE *))(0, file);
    }
    static const char *const stack = "backtrace __backtrace";
    EACH(stack, "usual") inputs_stepped = true, AS(int, (void **, int))(space(80), 3);
    EACH(stack, "one") inputs_stepped = true, AS(int, (void **, int))(space(80), 1);
    EACH(stack, "none") inputs_stepped = true, AS(int, (void **, int))(space(80), 0);
    static const char *const named = "backtrace_symbols __backtrace_symbols";
#define PLACES copy((void *[2]){(void *)strlen, (void *)inputs_stdlib}, 16)
    EACH(named, "two") AS(target, (void **, int))(PLACES, 2);
    EACH(named, "one") AS(target, (void **, int))(PLACES, 1);
    EACH(named, "none") AS(target, (void **, int))(PLACES, 0);
    static const char *const printed = "backtrace_symbols_fd __backtrace_symbols_fd";
    EACH(printed, "two") AS(void, (void **, int, int))(PLACES, 2, 1);
    EACH(printed, "one") AS(void, (void **, int, int))(PLACES, 1, 1);
    EACH(printed, "none") AS(void, (void **, int, int))(PLACES, 0, 1);
}

static void by_list(const char *format, ...) {
    va_list list;
    va_start(list, format);
    AS(void, (const char *, va_list))(format, list);
    va_end(list);
}

static void warnings(void) {
    EACH("warn warnx", "usual") AS(void, (string, ...))(text("%s %d"), text("word"), 3);
    EACH("warn warnx", "NULL") AS(void, (string, ...))(NULL);
    EACH("warn warnx", "empty") AS(void, (string, ...))(text(""));
    EACH("vwarn vwarnx", "usual") by_list(text("%s %d"), text("word"), 3);
    EACH("vwarn vwarnx", "NULL") by_list(NULL);
    EACH("vwarn vwarnx", "empty") by_list(text(""));
}

void inputs_stdlib(void) {
    whole_numbers();
    real_numbers();
    chance();
    environment();
    options();
    files();
    locales();
    translations();
    tables();
    itself();
    warnings();
}
