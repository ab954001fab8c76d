/* SPDX-License-Identifier: MIT */
#include "bench/calls/inputs.h"

#include <ctype.h>
#include <errno.h>
#include <fnmatch.h>
#include <locale.h>
#include <regex.h>
#include <signal.h>
#include <string.h>

#define LONG "The quick brown fox jumps over the lazy dog, and over its own long tail."

typedef const char *string;
typedef void *target;

static locale_t plain(void) {
    return newlocale(LC_ALL_MASK, "C", NULL);
}

static void bytes(void) {
    static const char *const copies = "memcpy memmove mempcpy __mempcpy";
    EACH(copies, "usual") AS(target, (target, string, size_t))(space(8), text("abcdefg"), 8);
    EACH(copies, "no bytes") AS(target, (target, string, size_t))(space(8), text("abc"), 0);
    EACH(copies, "part") AS(target, (target, string, size_t))(space(8), text("abcdefg"), 3);
    EACH(copies, "300 bytes") AS(target, (target, string, size_t))(space(300), filled(300), 300);
    EACH("memmove", "overlap") {
        char *both = text("abcdefgh");
        AS(target, (target, string, size_t))(both + 2, both, 5);
    }
    static const char *const checked = "__memcpy_chk __memmove_chk __mempcpy_chk";
    EACH(checked, "usual")
    AS(target, (target, string, size_t, size_t))(space(8), text("abcdefg"), 8, 8);
    EACH(checked, "no bytes")
    AS(target, (target, string, size_t, size_t))(space(8), text(""), 0, 0);
    EACH(checked, "part") AS(target, (target, string, size_t, size_t))(space(8), text("abc"), 3, 8);
    EACH("memset", "usual") AS(target, (target, int, size_t))(space(8), 'x', 8);
    EACH("memset", "no bytes") AS(target, (target, int, size_t))(space(8), 'x', 0);
    EACH("memset", "part") AS(target, (target, int, size_t))(space(80), 'x', 37);
    EACH("__memset_chk", "usual") AS(target, (target, int, size_t, size_t))(space(8), 'x', 8, 8);
    EACH("__memset_chk", "no bytes") AS(target, (target, int, size_t, size_t))(space(8), 'x', 0, 8);
    EACH("__memset_chk", "part") AS(target, (target, int, size_t, size_t))(space(80), 'x', 37, 80);
    static const char *const zeroes = "bzero __bzero explicit_bzero memfrob";
    EACH(zeroes, "usual") AS(void, (target, size_t))(filled(8), 8);
    EACH(zeroes, "no bytes") AS(void, (target, size_t))(filled(8), 0);
    EACH(zeroes, "part") AS(void, (target, size_t))(filled(80), 37);
    EACH("__explicit_bzero_chk", "usual") AS(void, (target, size_t, size_t))(filled(8), 8, 8);
    EACH("__explicit_bzero_chk", "no bytes") AS(void, (target, size_t, size_t))(filled(8), 0, 8);
    EACH("__explicit_bzero_chk", "part") AS(void, (target, size_t, size_t))(filled(80), 37, 80);
}

static void comparisons_of_bytes(void) {
    static const char *const compares = "memcmp bcmp __memcmpeq";
    EACH(compares, "equal") AS(int, (string, string, size_t))(text("abcdefg"), text("abcdefg"), 8);
    EACH(compares, "the first differs")
    AS(int, (string, string, size_t))(text("abc"), text("xbc"), 3);
    EACH(compares, "the last differs")
    AS(int, (string, string, size_t))(text(LONG "a"), text(LONG "b"), sizeof LONG);
    EACH(compares, "no bytes") AS(int, (string, string, size_t))(text("abc"), text("xbc"), 0);
    EACH("bcopy swab", "usual") AS(void, (string, target, size_t))(text("abcdefgh"), space(8), 8);
    EACH("bcopy swab", "no bytes") AS(void, (string, target, size_t))(text("abc"), space(8), 0);
    EACH("bcopy swab", "odd") AS(void, (string, target, size_t))(text("abcdefgh"), space(8), 7);
    EACH("swab", "one byte") AS(void, (string, target, size_t))(text("abcdefgh"), space(8), 1);
    EACH("memchr memrchr", "found") AS(target, (string, int, size_t))(text("abcabc"), 'b', 6);
    EACH("memchr memrchr", "not found") AS(target, (string, int, size_t))(text("abcabc"), 'x', 5);
    EACH("memchr memrchr", "no bytes") AS(target, (string, int, size_t))(text("abc"), 'a', 0);
    EACH("memchr memrchr", "the last") AS(target, (string, int, size_t))(text(LONG), '.', 72);
    EACH("memchr", "without a bound") AS(target, (string, int, size_t))(text(LONG), 'z', SIZE_MAX);
    EACH("rawmemchr __rawmemchr", "found") AS(target, (string, int))(text("abcabc"), 'b');
    EACH("rawmemchr __rawmemchr", "the end") AS(target, (string, int))(text("abc"), 0);
    EACH("rawmemchr __rawmemchr", "the last") AS(target, (string, int))(text(LONG), '.');
    EACH("memccpy", "found")
    AS(target, (target, string, int, size_t))(space(8), text("ab:cd"), ':', 6);
    EACH("memccpy", "not found")
    AS(target, (target, string, int, size_t))(space(8), text("abcd"), ':', 4);
    EACH("memccpy", "no bytes")
    AS(target, (target, string, int, size_t))(space(8), text("a:"), ':', 0);
    EACH("memccpy", "the first")
    AS(target, (target, string, int, size_t))(space(8), text(":b"), ':', 2);
    EACH("memmem", "found")
    AS(target, (string, size_t, string, size_t))(text("abcdef"), 6, text("cd"), 2);
    EACH("memmem", "not found")
    AS(target, (string, size_t, string, size_t))(text("abcdef"), 6, text("cx"), 2);
    EACH("memmem", "an empty needle")
    AS(target, (string, size_t, string, size_t))(text("abcdef"), 6, text("cd"), 0);
    EACH("memmem", "an empty haystack")
    AS(target, (string, size_t, string, size_t))(text("abcdef"), 0, text("cd"), 2);
    EACH("memmem", "long")
    AS(target, (string, size_t, string, size_t))(text(LONG), sizeof LONG, text(LONG), 50);
}

static void lengths_and_places(void) {
    static const char *const whole = "strlen strdup __strdup";
    EACH(whole, "usual") AS(target, (string))(text("abc"));
    EACH(whole, "empty") AS(target, (string))(text(""));
    EACH(whole, "long") AS(target, (string))(text(LONG));
    static const char *const places = "strchr strrchr strchrnul index rindex";
    EACH(places, "found") AS(target, (string, int))(text("abcabc"), 'b');
    EACH(places, "not found") AS(target, (string, int))(text("abcabc"), 'x');
    EACH(places, "empty") AS(target, (string, int))(text(""), 'x');
    EACH(places, "the end") AS(target, (string, int))(text(LONG), 0);
    static const char *const bounded = "strnlen strndup __strndup";
    EACH(bounded, "usual") AS(target, (string, size_t))(text("abc"), 8);
    EACH(bounded, "cut") AS(target, (string, size_t))(text(LONG), 5);
    EACH(bounded, "no bytes") AS(target, (string, size_t))(text("abc"), 0);
    EACH(bounded, "without a bound") AS(target, (string, size_t))(text(LONG), SIZE_MAX);
    static const char *const names = "basename __xpg_basename dirname";
    EACH(names, "usual") AS(target, (string))(text("/usr/lib"));
    EACH(names, "no slash") AS(target, (string))(text("lib"));
    EACH(names, "empty") AS(target, (string))(text(""));
    EACH(names, "slashes at the end") AS(target, (string))(text("/usr/lib///"));
    EACH(names, "the root") AS(target, (string))(text("//"));
    EACH("dirname", "two slashes") AS(target, (string))(text("usr//lib"));
    EACH("dirname", "NULL") AS(target, (string))(NULL);
    EACH("strfry", "usual") AS(target, (target))(text("abcdef"));
    EACH("strfry", "empty") AS(target, (target))(text(""));
    EACH("strfry", "one letter") AS(target, (target))(text("a"));
}

static void copies(void) {
    static const char *const whole = "strcpy stpcpy __stpcpy";
    EACH(whole, "usual") AS(target, (target, string))(filled(8), text("abc"));
    EACH(whole, "empty") AS(target, (target, string))(filled(8), text(""));
    EACH(whole, "long") AS(target, (target, string))(filled(100), text(LONG));
    EACH("__strcpy_chk __stpcpy_chk", "usual")
    AS(target, (target, string, size_t))(filled(8), text("abc"), 8);
    EACH("__strcpy_chk __stpcpy_chk", "empty")
    AS(target, (target, string, size_t))(filled(8), text(""), 8);
    EACH("__strcpy_chk __stpcpy_chk", "just enough")
    AS(target, (target, string, size_t))(filled(8), text("abcdefg"), 8);
    static const char *const bounded = "strncpy stpncpy __stpncpy";
    EACH(bounded, "usual") AS(target, (target, string, size_t))(filled(8), text("abc"), 8);
    EACH(bounded, "cut") AS(target, (target, string, size_t))(filled(8), text("abcdef"), 3);
    EACH(bounded, "no bytes") AS(target, (target, string, size_t))(filled(8), text("abc"), 0);
    EACH(bounded, "long") AS(target, (target, string, size_t))(filled(100), text(LONG), 90);
    static const char *const checked = "__strncpy_chk __stpncpy_chk";
    EACH(checked, "usual")
    AS(target, (target, string, size_t, size_t))(filled(8), text("abc"), 8, 8);
    EACH(checked, "cut")
    AS(target, (target, string, size_t, size_t))(filled(8), text("abcdef"), 3, 8);
    EACH(checked, "no bytes")
    AS(target, (target, string, size_t, size_t))(filled(8), text("a"), 0, 8);
    EACH("strcat", "usual") AS(target, (target, string))(strcpy(filled(16), "abc"), text("def"));
    EACH("strcat", "empty") AS(target, (target, string))(strcpy(filled(16), ""), text(""));
    EACH("strcat", "nothing to add")
    AS(target, (target, string))(strcpy(filled(16), "abc"), text(""));
    EACH("strcat", "long") AS(target, (target, string))(strcpy(filled(100), "abc"), text(LONG));
    EACH("__strcat_chk", "usual")
    AS(target, (target, string, size_t))(strcpy(filled(16), "abc"), text("def"), 16);
    EACH("__strcat_chk", "nothing to add")
    AS(target, (target, string, size_t))(strcpy(filled(16), "abc"), text(""), 16);
    EACH("__strcat_chk", "empty")
    AS(target, (target, string, size_t))(strcpy(filled(16), ""), text("abc"), 16);
    EACH("strncat", "usual")
    AS(target, (target, string, size_t))(strcpy(filled(16), "abc"), text("def"), 8);
    EACH("strncat", "cut")
    AS(target, (target, string, size_t))(strcpy(filled(16), "abc"), text("def"), 2);
    EACH("strncat", "no bytes")
    AS(target, (target, string, size_t))(strcpy(filled(16), "abc"), text("def"), 0);
    EACH("strncat", "without a bound")
    AS(target, (target, string, size_t))(strcpy(filled(100), "abc"), text(LONG), SIZE_MAX);
    EACH("__strncat_chk", "usual")
    AS(target, (target, string, size_t, size_t))(strcpy(filled(16), "abc"), text("def"), 8, 16);
    EACH("__strncat_chk", "cut")
    AS(target, (target, string, size_t, size_t))(strcpy(filled(16), "abc"), text("def"), 2, 16);
    EACH("__strncat_chk", "no bytes")
    AS(target, (target, string, size_t, size_t))(strcpy(filled(16), "abc"), text("def"), 0, 16);
    static const char *const collated = "strxfrm strxfrm_l __strxfrm_l";
    EACH(collated, "usual")
    AS(size_t, (target, string, size_t, locale_t))(filled(8), text("abc"), 8, plain());
    EACH(collated, "too short")
    AS(size_t, (target, string, size_t, locale_t))(filled(8), text("abcdef"), 3, plain());
    EACH(collated, "no buffer")
    AS(size_t, (target, string, size_t, locale_t))(NULL, text("abc"), 0, plain());
    EACH(collated, "empty")
    AS(size_t, (target, string, size_t, locale_t))(filled(8), text(""), 8, plain());
    EACH(collated, "just too short")
    AS(size_t, (target, string, size_t, locale_t))(filled(8), text("abcd"), 4, plain());
}

static void comparisons(void) {
    static const char *const orders =
        "strcmp strcoll strverscmp __strverscmp strcasecmp __strcasecmp";
    EACH(orders, "equal") AS(int, (string, string))(text("abc"), text("abc"));
    EACH(orders, "differ") AS(int, (string, string))(text("abc"), text("xyz"));
    EACH(orders, "one is empty") AS(int, (string, string))(text("abc"), text(""));
    EACH(orders, "long") AS(int, (string, string))(text(LONG), text(LONG "x"));
    EACH(orders, "numbers") AS(int, (string, string))(text("a01"), text("a1"));
    static const char *const compares = "strstr strcasestr __strcasestr strpbrk strspn strcspn";
    EACH(compares, "equal") AS(target, (string, string))(text("abc"), text("abc"));
    EACH(compares, "differ") AS(target, (string, string))(text("abc"), text("xyz"));
    EACH(compares, "one is empty") AS(target, (string, string))(text("abc"), text(""));
    EACH(compares, "the other is empty") AS(target, (string, string))(text(""), text("abc"));
    EACH(compares, "part") AS(target, (string, string))(text("abc1abc10ab"), text("bc1"));
    EACH(compares, "long") AS(target, (string, string))(text(LONG), text(LONG "x"));
    EACH(compares, "long, the end") AS(target, (string, string))(text(LONG), text("tail."));
    static const char *const local = "strcoll_l __strcoll_l strcasecmp_l __strcasecmp_l";
    EACH(local, "equal") AS(int, (string, string, locale_t))(text("abc"), text("abc"), plain());
    EACH(local, "differ") AS(int, (string, string, locale_t))(text("abc"), text("xyz"), plain());
    EACH(local, "empty") AS(int, (string, string, locale_t))(text(""), text("abc"), plain());
    static const char *const bounded = "strncmp strncasecmp strncasecmp_l __strncasecmp_l";
    EACH(bounded, "equal")
    AS(int, (string, string, size_t, locale_t))(text("abcx"), text("abcy"), 3, plain());
    EACH(bounded, "differ")
    AS(int, (string, string, size_t, locale_t))(text("abc"), text("xyz"), 8, plain());
    EACH(bounded, "no bytes")
    AS(int, (string, string, size_t, locale_t))(text("abc"), text("xyz"), 0, plain());
    EACH(bounded, "the end comes first")
    AS(int, (string, string, size_t, locale_t))(text(LONG), text(LONG), 500, plain());
    EACH("fnmatch", "matches") AS(int, (string, string, int))(text("a*[bc]?"), text("axxcd"), 0);
    EACH("fnmatch", "does not") AS(int, (string, string, int))(text("a*b"), text("axxc"), 0);
    EACH("fnmatch", "empty") AS(int, (string, string, int))(text(""), text(""), 0);
    EACH("fnmatch", "class")
    AS(int, (string, string, int))(text("[[:alpha:]]\\*/*"), text("a*/b"), FNM_PATHNAME);
}

static void characters(void) {
    static const char *const classes =
        "isalnum isalpha isascii isblank iscntrl isdigit isgraph islower isprint ispunct isspace "
        "isupper isxdigit toascii tolower toupper _tolower _toupper ffs __ffs ffsl ffsll";
    EACH(classes, "a letter") AS(int, (long))('a');
    EACH(classes, "a blank") AS(int, (long))(' ');
    EACH(classes, "none") AS(int, (long))(0);
    EACH(classes, "not ASCII") AS(int, (long))(0xe4);
    EACH("isctype __isctype", "a letter") AS(int, (int, int))('a', 1024);
    EACH("isctype __isctype", "a blank") AS(int, (int, int))(' ', 1024);
    EACH("isctype __isctype", "none") AS(int, (int, int))(0, 1024);
    static const char *const local =
        "isalnum_l isalpha_l isblank_l iscntrl_l isdigit_l isgraph_l islower_l isprint_l ispunct_l "
        "isspace_l isupper_l isxdigit_l tolower_l toupper_l __isalnum_l __isalpha_l __isblank_l "
        "__iscntrl_l __isdigit_l __isgraph_l __islower_l __isprint_l __ispunct_l __isspace_l "
        "__isupper_l __isxdigit_l __tolower_l __toupper_l __isascii_l __toascii_l";
    EACH(local, "a letter") AS(int, (int, locale_t))('a', plain());
    EACH(local, "a blank") AS(int, (int, locale_t))(' ', plain());
    EACH(local, "none") AS(int, (int, locale_t))(0, plain());
    static const char *const tables =
        "__ctype_b_loc __ctype_tolower_loc __ctype_toupper_loc __ctype_get_mb_cur_max";
    EACH(tables, "the first time") AS(target, (void))();
    EACH(tables, "again") isalpha('a'), AS(target, (void))();
    EACH(tables, "with a locale of one's own") uselocale(plain()), AS(target, (void))();
}

static void messages(void) {
    static const char *const errors = "strerror strerrorname_np strerrordesc_np";
    EACH(errors, "ENOENT") AS(target, (int))(ENOENT);
    EACH(errors, "no error") AS(target, (int))(0);
    EACH(errors, "unknown") AS(target, (int))(1000);
    EACH(errors, "negative") AS(target, (int))(-1);
    EACH("strerror_l", "ENOENT") AS(target, (int, locale_t))(ENOENT, plain());
    EACH("strerror_l", "unknown") AS(target, (int, locale_t))(1000, plain());
    EACH("strerror_l", "unknown again") strerror(1000), AS(target, (int, locale_t))(1000, plain());
    static const char *const signals = "strsignal sigabbrev_np sigdescr_np";
    EACH(signals, "SIGINT") AS(target, (int))(SIGINT);
    EACH(signals, "0") AS(target, (int))(0);
    EACH(signals, "unknown") AS(target, (int))(1000);
    EACH(signals, "of real time") AS(target, (int))(40);
    static const char *const into = "strerror_r __strerror_r";
    EACH(into, "ENOENT") AS(target, (int, target, size_t))(ENOENT, filled(64), 64);
    EACH(into, "unknown") AS(target, (int, target, size_t))(1000, filled(64), 64);
    EACH(into, "too short") AS(target, (int, target, size_t))(1000, filled(64), 8);
    EACH(into, "too short for a known one")
    AS(target, (int, target, size_t))(ENOENT, filled(64), 8);
    EACH(into, "no bytes") AS(target, (int, target, size_t))(1000, filled(64), 0);
}

static regex_t *compiled(string pattern) {
    regex_t *made = space(sizeof *made);
    regcomp(made, pattern, REG_EXTENDED);
    return made;
}

static void expressions(void) {
    EACH("regcomp", "usual")
    AS(int, (regex_t *, string, int))(space(64), text("a(b|c)*d"), REG_EXTENDED);
    EACH("regcomp", "wrong") AS(int, (regex_t *, string, int))(space(64), text("a("), REG_EXTENDED);
    EACH("regcomp", "empty") AS(int, (regex_t *, string, int))(space(64), text(""), 0);
    EACH("regexec", "matches")
    AS(int, (regex_t *, string, size_t, regmatch_t *, int))
    (compiled("a(b|c)*d"), text("xacbdx"), 2, space(16), 0);
    EACH("regexec", "does not")
    AS(int, (regex_t *, string, size_t, regmatch_t *, int))
    (compiled("a(b|c)*d"), text("xacb"), 2, space(16), 0);
    EACH("regexec", "no places")
    AS(int, (regex_t *, string, size_t, regmatch_t *, int))(compiled("ad"), text("ad"), 0, NULL, 0);
    EACH("regexec", "from here to there") {
        regmatch_t *part = space(16);
        *part = (regmatch_t){1, 3};
        AS(int, (regex_t *, string, size_t, regmatch_t *, int))
        (compiled("b+"), text("abbb"), 1, part, REG_STARTEND);
    }
    EACH("regexec", "without places, and a number of them")
    AS(int, (regex_t *, string, size_t, regmatch_t *, int))
    (({
         regex_t *made = space(64);
         regcomp(made, "b", REG_NOSUB);
         made;
     }),
     text("abbb"), 2, space(16), 0);
    EACH("regerror", "usual")
    AS(size_t, (int, regex_t *, target, size_t))(REG_NOMATCH, compiled("a"), filled(64), 64);
    EACH("regerror", "too short")
    AS(size_t, (int, regex_t *, target, size_t))(REG_NOMATCH, compiled("a"), filled(64), 5);
    EACH("regerror", "no buffer")
    AS(size_t, (int, regex_t *, target, size_t))(REG_NOMATCH, NULL, NULL, 0);
    EACH("regfree", "usual") AS(void, (regex_t *))(compiled("a(b|c)*d"));
    EACH("regfree", "empty") AS(void, (regex_t *))(compiled(""));
    EACH("regfree", "it was used") {
        regex_t *made = compiled("a(b|c)*d");
        regexec(made, "xacbdx", 0, NULL, 0);
        AS(void, (regex_t *))(made);
    }
    EACH("re_comp", "usual") AS(target, (string))(text("ab*c"));
    EACH("re_comp", "wrong") AS(target, (string))(text("\\("));
    EACH("re_comp", "NULL") AS(target, (string))(NULL);
    extern char *re_comp(const char *);
    EACH("re_exec", "matches") re_comp("ab*c"), AS(int, (string))(text("xabbc"));
    EACH("re_exec", "does not") re_comp("ab*c"), AS(int, (string))(text("xabb"));
    EACH("re_exec", "empty") re_comp("ab*c"), AS(int, (string))(text(""));
}

void inputs_strings(void) {
    bytes();
    comparisons_of_bytes();
    lengths_and_places();
    copies();
    comparisons();
    characters();
    messages();
    expressions();
}
