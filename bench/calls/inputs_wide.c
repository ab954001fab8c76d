/* SPDX-License-Identifier: MIT */
#include "bench/calls/inputs.h"

#include <fcntl.h>
#include <locale.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <uchar.h>
#include <unistd.h>
#include <wctype.h>

#define LONG L"The quick brown fox jumps over the lazy dog, and over its own long tail."

typedef const wchar_t *string;
typedef void *target;

static locale_t plain(void) {
    return newlocale(LC_ALL_MASK, "C", NULL);
}

static FILE *reader(const char *content) {
    return fopen(file_with(content), "r");
}

static FILE *writer(void) {
    return fopen(file_with(""), "w+");
}

static FILE *unbuffered(void) {
    FILE *file = writer();
    setvbuf(file, NULL, _IONBF, 0);
    return file;
}

static void standard_input(const char *content) {
    int descriptor = open(file_with(content), O_RDONLY);
    dup2(descriptor, 0);
    close(descriptor);
}

static void *with(string words) { /* room for more behind them */
    return wcscpy(filled(400), words);
}

static void characters(void) {
    static const char *const classes =
        "btowc iswalnum iswalpha iswblank iswcntrl iswdigit iswgraph iswlower iswprint iswpunct "
        "iswspace iswupper iswxdigit towlower towupper wctob wcwidth iswalnum_l iswalpha_l "
        "iswblank_l iswcntrl_l iswdigit_l iswgraph_l iswlower_l iswprint_l iswpunct_l iswspace_l "
        "iswupper_l iswxdigit_l towlower_l towupper_l";
    EACH(classes, "a letter") AS(int, (wint_t, locale_t))('a', plain());
    EACH(classes, "a blank") AS(int, (wint_t, locale_t))(' ', plain());
    EACH(classes, "WEOF") AS(int, (wint_t, locale_t))(WEOF, plain());
    EACH(classes, "not ASCII") AS(int, (wint_t, locale_t))(0xe4, plain());
    static const char *const tests = "iswctype __iswctype iswctype_l";
    EACH(tests, "a letter") AS(int, (wint_t, wctype_t, locale_t))('a', wctype("alpha"), plain());
    EACH(tests, "a blank") AS(int, (wint_t, wctype_t, locale_t))(' ', wctype("alpha"), plain());
    EACH(tests, "no class") AS(int, (wint_t, wctype_t, locale_t))('a', 0, plain());
    static const char *const maps = "towctrans __towctrans towctrans_l";
    EACH(maps, "a letter") AS(int, (wint_t, wctrans_t, locale_t))('a', wctrans("toupper"), plain());
    EACH(maps, "a blank") AS(int, (wint_t, wctrans_t, locale_t))(' ', wctrans("toupper"), plain());
    EACH(maps, "no map") AS(int, (wint_t, wctrans_t, locale_t))('a', 0, plain());
    static const char *const names = "wctype wctype_l wctrans wctrans_l";
    EACH(names, "usual") AS(long, (const char *, locale_t))(text("alpha"), plain());
    EACH(names, "a map") AS(long, (const char *, locale_t))(text("toupper"), plain());
    EACH(names, "unknown") AS(long, (const char *, locale_t))(text("no"), plain());
    EACH(names, "empty") AS(long, (const char *, locale_t))(text(""), plain());
}

static void strings(void) {
    static const char *const whole = "wcslen wcsdup";
    EACH(whole, "usual") AS(target, (string))(wide(L"abc"));
    EACH(whole, "empty") AS(target, (string))(wide(L""));
    EACH(whole, "long") AS(target, (string))(wide(LONG));
    static const char *const places = "wcschr wcsrchr wcschrnul";
    EACH(places, "found") AS(target, (string, wchar_t))(wide(L"abcabc"), L'b');
    EACH(places, "not found") AS(target, (string, wchar_t))(wide(L"abcabc"), L'x');
    EACH(places, "empty") AS(target, (string, wchar_t))(wide(L""), L'x');
    EACH(places, "the end") AS(target, (string, wchar_t))(wide(LONG), 0);
    static const char *const orders = "wcscmp wcscoll wcscasecmp";
    EACH(orders, "equal") AS(int, (string, string))(wide(L"abc"), wide(L"abc"));
    EACH(orders, "differ") AS(int, (string, string))(wide(L"abc"), wide(L"xyz"));
    EACH(orders, "one is empty") AS(int, (string, string))(wide(L""), wide(L"xyz"));
    EACH(orders, "long") AS(int, (string, string))(wide(LONG), wide(LONG L"x"));
    static const char *const local = "wcscoll_l __wcscoll_l wcscasecmp_l";
    EACH(local, "equal") AS(int, (string, string, locale_t))(wide(L"abc"), wide(L"abc"), plain());
    EACH(local, "differ") AS(int, (string, string, locale_t))(wide(L"abc"), wide(L"xyz"), plain());
    EACH(local, "empty") AS(int, (string, string, locale_t))(wide(L""), wide(L"xyz"), plain());
    static const char *const bounded = "wcsncmp wcsncasecmp wcsncasecmp_l";
    EACH(bounded, "equal")
    AS(int, (string, string, size_t, locale_t))(wide(L"abcx"), wide(L"abcy"), 3, plain());
    EACH(bounded, "differ")
    AS(int, (string, string, size_t, locale_t))(wide(L"abc"), wide(L"xyz"), 8, plain());
    EACH(bounded, "no characters")
    AS(int, (string, string, size_t, locale_t))(wide(L"abc"), wide(L"xyz"), 0, plain());
    EACH(bounded, "the end comes first")
    AS(int, (string, string, size_t, locale_t))(wide(LONG), wide(LONG), 500, plain());
    static const char *const searches = "wcsstr wcswcs wcspbrk wcsspn wcscspn";
    EACH(searches, "found") AS(target, (string, string))(wide(L"abc1abc10ab"), wide(L"bc1"));
    EACH(searches, "not found") AS(target, (string, string))(wide(L"abc"), wide(L"xyz"));
    EACH(searches, "one is empty") AS(target, (string, string))(wide(L"abc"), wide(L""));
    EACH(searches, "the other is empty") AS(target, (string, string))(wide(L""), wide(L"abc"));
    EACH(searches, "long") AS(target, (string, string))(wide(LONG), wide(L"tail."));
    EACH("wcsnlen wcswidth", "usual") AS(size_t, (string, size_t))(wide(L"abc"), 8);
    EACH("wcsnlen wcswidth", "cut") AS(size_t, (string, size_t))(wide(LONG), 5);
    EACH("wcsnlen wcswidth", "no characters") AS(size_t, (string, size_t))(wide(L"abc"), 0);
    EACH("wcswidth", "not printable") AS(int, (string, size_t))(wide(L"a\1c"), 3);
}

static void copies(void) {
    static const char *const whole = "wcscpy wcpcpy __wcscpy_chk __wcpcpy_chk";
    EACH(whole, "usual") AS(target, (target, string, size_t))(filled(400), wide(L"abc"), 100);
    EACH(whole, "empty") AS(target, (target, string, size_t))(filled(400), wide(L""), 100);
    EACH(whole, "long") AS(target, (target, string, size_t))(filled(400), wide(LONG), 100);
    static const char *const bounded = "wcsncpy wcpncpy __wcsncpy_chk __wcpncpy_chk";
    EACH(bounded, "usual")
    AS(target, (target, string, size_t, size_t))(filled(400), wide(L"abc"), 8, 100);
    EACH(bounded, "cut")
    AS(target, (target, string, size_t, size_t))(filled(400), wide(LONG), 3, 100);
    EACH(bounded, "no characters")
    AS(target, (target, string, size_t, size_t))(filled(400), wide(L"abc"), 0, 100);
    static const char *const added = "wcscat __wcscat_chk";
    EACH(added, "usual") AS(target, (target, string, size_t))(with(L"abc"), wide(L"def"), 100);
    EACH(added, "empty") AS(target, (target, string, size_t))(with(L""), wide(L""), 100);
    EACH(added, "long") AS(target, (target, string, size_t))(with(L"abc"), wide(LONG), 100);
    static const char *const bounded_added = "wcsncat __wcsncat_chk";
    EACH(bounded_added, "usual")
    AS(target, (target, string, size_t, size_t))(with(L"abc"), wide(L"def"), 8, 100);
    EACH(bounded_added, "cut")
    AS(target, (target, string, size_t, size_t))(with(L"abc"), wide(LONG), 2, 100);
    EACH(bounded_added, "no characters")
    AS(target, (target, string, size_t, size_t))(with(L"abc"), wide(L"def"), 0, 100);
    static const char *const blocks =
        "wmemcpy wmemmove wmempcpy __wmemcpy_chk __wmemmove_chk __wmempcpy_chk";
    EACH(blocks, "usual")
    AS(target, (target, string, size_t, size_t))(filled(400), wide(LONG), 20, 100);
    EACH(blocks, "no characters")
    AS(target, (target, string, size_t, size_t))(filled(400), wide(LONG), 0, 100);
    EACH(blocks, "one")
    AS(target, (target, string, size_t, size_t))(filled(400), wide(LONG), 1, 100);
    EACH("wmemset __wmemset_chk", "usual")
    AS(target, (target, wchar_t, size_t, size_t))(filled(400), L'a', 20, 100);
    EACH("wmemset __wmemset_chk", "no characters")
    AS(target, (target, wchar_t, size_t, size_t))(filled(400), L'a', 0, 100);
    EACH("wmemset __wmemset_chk", "one")
    AS(target, (target, wchar_t, size_t, size_t))(filled(400), L'a', 1, 100);
    EACH("wmemchr", "found") AS(target, (string, wchar_t, size_t))(wide(LONG), L'q', 20);
    EACH("wmemchr", "not found") AS(target, (string, wchar_t, size_t))(wide(LONG), L'!', 20);
    EACH("wmemchr", "no characters") AS(target, (string, wchar_t, size_t))(wide(LONG), L'T', 0);
    EACH("wmemcmp", "equal") AS(int, (string, string, size_t))(wide(LONG), wide(LONG), 20);
    EACH("wmemcmp", "differ") AS(int, (string, string, size_t))(wide(L"abc"), wide(L"xyz"), 3);
    EACH("wmemcmp", "no characters")
    AS(int, (string, string, size_t))(wide(L"abc"), wide(L"xyz"), 0);
    static const char *const collated = "wcsxfrm wcsxfrm_l __wcsxfrm_l";
    EACH(collated, "usual")
    AS(size_t, (target, string, size_t, locale_t))(filled(40), wide(L"abc"), 8, plain());
    EACH(collated, "too short")
    AS(size_t, (target, string, size_t, locale_t))(filled(40), wide(L"abcdef"), 3, plain());
    EACH(collated, "no buffer")
    AS(size_t, (target, string, size_t, locale_t))(NULL, wide(L"abc"), 0, plain());
    EACH(collated, "just too short")
    AS(size_t, (target, string, size_t, locale_t))(filled(40), wide(L"abcd"), 4, plain());
}

#define NUMBER(result, names)                                                                      \
    EACH(names, "a number")                                                                        \
    AS(result, (string, wchar_t **, int, locale_t))(wide(L" 12x"), space(8), 10, plain());         \
    EACH(names, "no digit")                                                                        \
    AS(result, (string, wchar_t **, int, locale_t))(wide(L"x"), space(8), 10, plain());            \
    EACH(names, "empty")                                                                           \
    AS(result, (string, wchar_t **, int, locale_t))(wide(L""), space(8), 0, plain());              \
    EACH(names, "too large, no end wanted")                                                        \
    AS(result, (string, wchar_t **, int, locale_t))                                                \
    (wide(L"-99999999999999999999"), NULL, 10, plain());
#define REAL(result, names)                                                                        \
    EACH(names, "a number")                                                                        \
    AS(result, (string, wchar_t **, locale_t))(wide(L" 1.5e3x"), space(8), plain());               \
    EACH(names, "no digit")                                                                        \
    AS(result, (string, wchar_t **, locale_t))(wide(L"x"), space(8), plain());                     \
    EACH(names, "no end wanted")                                                                   \
    AS(result, (string, wchar_t **, locale_t))(wide(L"1e9999"), NULL, plain());                    \
    EACH(names, "nan")                                                                             \
    AS(result, (string, wchar_t **, locale_t))(wide(L"nan(12)"), space(8), plain());

static void numbers(void) {
    NUMBER(long, "wcstol wcstoll wcstoul wcstoull wcstoimax wcstoumax wcstoq wcstouq wcstol_l "
                 "wcstoll_l wcstoul_l wcstoull_l")
    NUMBER(long, "__wcstol_internal __wcstoll_internal __wcstoul_internal __wcstoull_internal")
    REAL(double, "wcstod wcstof32x wcstof64 wcstod_l")
    REAL(float, "wcstof wcstof32 wcstof_l")
    REAL(long double, "wcstold wcstof64x wcstold_l")
    REAL(_Float128, "wcstof128")
#define INTERNAL(result, name)                                                                     \
    EACH(name, "a number") AS(result, (string, wchar_t **, int))(wide(L"1.5x"), space(8), 0);      \
    EACH(name, "no digit") AS(result, (string, wchar_t **, int))(wide(L"x"), space(8), 0);         \
    EACH(name, "no end wanted") AS(result, (string, wchar_t **, int))(wide(L"1"), NULL, 1);
    INTERNAL(double, "__wcstod_internal")
    INTERNAL(float, "__wcstof_internal")
    INTERNAL(long double, "__wcstold_internal")
}

static void utf8(void) {
    setlocale(LC_ALL, "C.UTF-8");
}

static void conversions(void) {
    static const char *const lengths = "mbrlen __mbrlen";
    EACH(lengths, "usual")
    AS(size_t, (const char *, size_t, mbstate_t *))(text("abc"), 3, space(8));
    EACH(lengths, "two bytes")
    utf8(), AS(size_t, (const char *, size_t, mbstate_t *))(text("äb"), 3, space(8));
    EACH(lengths, "half of one")
    utf8(), AS(size_t, (const char *, size_t, mbstate_t *))(text("ä"), 1, space(8));
    EACH(lengths, "none")
    utf8(), AS(size_t, (const char *, size_t, mbstate_t *))(text("\xff"), 1, space(8));
    EACH(lengths, "the library's state")
    utf8(), AS(size_t, (const char *, size_t, mbstate_t *))(text("abc"), 3, NULL);
    EACH(lengths, "the end") AS(size_t, (const char *, size_t, mbstate_t *))(text(""), 1, space(8));
    static const char *const ones = "mbrtowc __mbrtowc mbrtoc16 mbrtoc32";
    EACH(ones, "usual")
    AS(size_t, (target, const char *, size_t, mbstate_t *))(space(4), text("abc"), 3, space(8));
    EACH(ones, "two bytes")
    utf8(),
        AS(size_t, (target, const char *, size_t, mbstate_t *))(space(4), text("äb"), 3, space(8));
    EACH(ones, "half of one")
    utf8(),
        AS(size_t, (target, const char *, size_t, mbstate_t *))(space(4), text("ä"), 1, space(8));
    EACH(ones, "none")
    utf8(), AS(size_t, (target, const char *, size_t, mbstate_t *))(space(4), text("\xff"), 1,
                                                                    space(8));
    EACH(ones, "the library's state")
    utf8(), AS(size_t, (target, const char *, size_t, mbstate_t *))(space(4), text("abc"), 3, NULL);
    EACH(ones, "the end")
    AS(size_t, (target, const char *, size_t, mbstate_t *))(space(4), text(""), 1, space(8));
    EACH(ones, "nothing")
    AS(size_t, (target, const char *, size_t, mbstate_t *))(NULL, NULL, 0, space(8));
    EACH(ones, "no bytes")
    AS(size_t, (target, const char *, size_t, mbstate_t *))(space(4), text("a"), 0, space(8));
}

static void conversions_to_bytes(void) {
    static const char *const back = "wcrtomb c16rtomb c32rtomb";
    EACH(back, "usual") AS(size_t, (target, wchar_t, mbstate_t *))(filled(8), L'a', space(8));
    EACH(back, "two bytes")
    utf8(), AS(size_t, (target, wchar_t, mbstate_t *))(filled(8), L'ä', space(8));
    EACH(back, "the library's state")
    utf8(), AS(size_t, (target, wchar_t, mbstate_t *))(filled(8), L'a', NULL);
    EACH(back, "nothing") AS(size_t, (target, wchar_t, mbstate_t *))(NULL, 0, space(8));
    EACH(back, "not possible")
    AS(size_t, (target, wchar_t, mbstate_t *))(filled(8), 0xd800, space(8));
    EACH("__wcrtomb_chk", "usual")
    AS(size_t, (target, wchar_t, mbstate_t *, size_t))(filled(8), L'a', space(8), 8);
    EACH("__wcrtomb_chk", "two bytes")
    utf8(), AS(size_t, (target, wchar_t, mbstate_t *, size_t))(filled(8), L'ä', space(8), 8);
    EACH("__wcrtomb_chk", "not possible")
    AS(size_t, (target, wchar_t, mbstate_t *, size_t))(filled(8), 0xd800, space(8), 8);
    EACH("mbsinit", "yes") AS(int, (mbstate_t *))(space(8));
    EACH("mbsinit", "no") AS(int, (mbstate_t *))(filled(8));
    EACH("mbsinit", "NULL") AS(int, (mbstate_t *))(NULL);
    EACH("mblen", "usual") AS(int, (const char *, size_t))(text("abc"), 3);
    EACH("mblen", "two bytes") utf8(), AS(int, (const char *, size_t))(text("äb"), 3);
    EACH("mblen", "none") utf8(), AS(int, (const char *, size_t))(text("\xff"), 1);
    EACH("mblen", "half of one") utf8(), AS(int, (const char *, size_t))(text("ä"), 1);
    EACH("mblen", "the end") AS(int, (const char *, size_t))(text(""), 1);
    EACH("mblen", "NULL") AS(int, (const char *, size_t))(NULL, 0);
    EACH("mbtowc", "usual") AS(int, (target, const char *, size_t))(space(4), text("abc"), 3);
    EACH("mbtowc", "two bytes")
    utf8(), AS(int, (target, const char *, size_t))(space(4), text("äb"), 3);
    EACH("mbtowc", "none")
    utf8(), AS(int, (target, const char *, size_t))(space(4), text("\xff"), 1);
    EACH("mbtowc", "half of one")
    utf8(), AS(int, (target, const char *, size_t))(space(4), text("ä"), 1);
    EACH("mbtowc", "the end") AS(int, (target, const char *, size_t))(space(4), text(""), 1);
    EACH("mbtowc", "NULL") AS(int, (target, const char *, size_t))(NULL, NULL, 0);
    EACH("wctomb", "usual") AS(int, (target, wchar_t))(filled(8), L'a');
    EACH("wctomb", "two bytes") utf8(), AS(int, (target, wchar_t))(filled(8), L'ä');
    EACH("wctomb", "not possible") AS(int, (target, wchar_t))(filled(8), 0xd800);
    EACH("wctomb", "NULL") AS(int, (target, wchar_t))(NULL, 0);
    EACH("__wctomb_chk", "usual") AS(int, (target, wchar_t, size_t))(filled(8), L'a', 8);
    EACH("__wctomb_chk", "two bytes")
    utf8(), AS(int, (target, wchar_t, size_t))(filled(8), L'ä', 8);
    EACH("__wctomb_chk", "not possible") AS(int, (target, wchar_t, size_t))(filled(8), 0xd800, 8);
}

#define POINTER(to) COPY(void *, {to})

static void conversions_of_strings(void) {
    static const char *const to_wide = "mbstowcs __mbstowcs_chk";
    EACH(to_wide, "usual")
    AS(size_t, (target, const char *, size_t, size_t))(filled(80), text("abc"), 8, 20);
    EACH(to_wide, "two bytes")
    utf8(), AS(size_t, (target, const char *, size_t, size_t))(filled(80), text("äöü"), 8, 20);
    EACH(to_wide, "too short")
    AS(size_t, (target, const char *, size_t, size_t))(filled(80), text("abcdef"), 3, 20);
    EACH(to_wide, "wrong")
    utf8(), AS(size_t, (target, const char *, size_t, size_t))(filled(80), text("ab\xff"), 8, 20);
    EACH(to_wide, "no buffer")
    AS(size_t, (target, const char *, size_t, size_t))(NULL, text("abc"), 0, 20);
    static const char *const to_bytes = "wcstombs __wcstombs_chk";
    EACH(to_bytes, "usual")
    AS(size_t, (target, string, size_t, size_t))(filled(80), wide(L"abc"), 8, 80);
    EACH(to_bytes, "two bytes")
    utf8(), AS(size_t, (target, string, size_t, size_t))(filled(80), wide(L"äöü"), 8, 80);
    EACH(to_bytes, "too short")
    AS(size_t, (target, string, size_t, size_t))(filled(80), wide(L"abcdef"), 3, 80);
    EACH(to_bytes, "wrong")
    AS(size_t, (target, string, size_t, size_t))(filled(80), wide(L"abä"), 8, 80);
    EACH(to_bytes, "no buffer")
    AS(size_t, (target, string, size_t, size_t))(NULL, wide(L"abc"), 0, 80);
}

static void restartable_conversions_of_strings(void) {
    static const char *const r_to_wide = "mbsrtowcs __mbsrtowcs_chk";
    EACH(r_to_wide, "usual")
    AS(size_t, (target, target, size_t, mbstate_t *, size_t))
    (filled(80), POINTER(text("abc")), 8, space(8), 20);
    EACH(r_to_wide, "two bytes")
    utf8(), AS(size_t, (target, target, size_t, mbstate_t *, size_t))(
                filled(80), POINTER(text("äöü")), 8, space(8), 20);
    EACH(r_to_wide, "too short")
    AS(size_t, (target, target, size_t, mbstate_t *, size_t))
    (filled(80), POINTER(text("abcdef")), 3, space(8), 20);
    EACH(r_to_wide, "wrong")
    utf8(), AS(size_t, (target, target, size_t, mbstate_t *, size_t))(
                filled(80), POINTER(text("ab\xff")), 8, space(8), 20);
    EACH(r_to_wide, "no buffer")
    AS(size_t, (target, target, size_t, mbstate_t *, size_t))
    (NULL, POINTER(text("abc")), 0, space(8), 20);
    EACH(r_to_wide, "the library's state")
    AS(size_t, (target, target, size_t, mbstate_t *, size_t))
    (filled(80), POINTER(text("abc")), 8, NULL, 20);
    static const char *const r_to_bytes = "wcsrtombs __wcsrtombs_chk";
    EACH(r_to_bytes, "usual")
    AS(size_t, (target, target, size_t, mbstate_t *, size_t))
    (filled(80), POINTER(wide(L"abc")), 8, space(8), 80);
    EACH(r_to_bytes, "two bytes")
    utf8(), AS(size_t, (target, target, size_t, mbstate_t *, size_t))(
                filled(80), POINTER(wide(L"äöü")), 8, space(8), 80);
    EACH(r_to_bytes, "too short")
    AS(size_t, (target, target, size_t, mbstate_t *, size_t))
    (filled(80), POINTER(wide(L"abcdef")), 3, space(8), 80);
    EACH(r_to_bytes, "wrong")
    AS(size_t, (target, target, size_t, mbstate_t *, size_t))
    (filled(80), POINTER(wide(L"abä")), 8, space(8), 80);
    EACH(r_to_bytes, "no buffer")
    AS(size_t, (target, target, size_t, mbstate_t *, size_t))
    (NULL, POINTER(wide(L"abc")), 0, space(8), 80);
}

static void counted_conversions_of_strings(void) {
    static const char *const n_to_wide = "mbsnrtowcs __mbsnrtowcs_chk";
    EACH(n_to_wide, "usual")
    AS(size_t, (target, target, size_t, size_t, mbstate_t *, size_t))
    (filled(80), POINTER(text("abc")), 4, 8, space(8), 20);
    EACH(n_to_wide, "cut")
    AS(size_t, (target, target, size_t, size_t, mbstate_t *, size_t))
    (filled(80), POINTER(text("abcdef")), 3, 8, space(8), 20);
    EACH(n_to_wide, "too short")
    AS(size_t, (target, target, size_t, size_t, mbstate_t *, size_t))
    (filled(80), POINTER(text("abcdef")), 7, 3, space(8), 20);
    EACH(n_to_wide, "wrong")
    utf8(), AS(size_t, (target, target, size_t, size_t, mbstate_t *, size_t))(
                filled(80), POINTER(text("ab\xff")), 4, 8, space(8), 20);
    EACH(n_to_wide, "no buffer")
    AS(size_t, (target, target, size_t, size_t, mbstate_t *, size_t))
    (NULL, POINTER(text("abc")), 4, 0, space(8), 20);
    static const char *const n_to_bytes = "wcsnrtombs __wcsnrtombs_chk";
    EACH(n_to_bytes, "usual")
    AS(size_t, (target, target, size_t, size_t, mbstate_t *, size_t))
    (filled(80), POINTER(wide(L"abc")), 4, 8, space(8), 80);
    EACH(n_to_bytes, "cut")
    AS(size_t, (target, target, size_t, size_t, mbstate_t *, size_t))
    (filled(80), POINTER(wide(L"abcdef")), 3, 8, space(8), 80);
    EACH(n_to_bytes, "too short")
    AS(size_t, (target, target, size_t, size_t, mbstate_t *, size_t))
    (filled(80), POINTER(wide(L"abcdef")), 7, 3, space(8), 80);
    EACH(n_to_bytes, "wrong")
    AS(size_t, (target, target, size_t, size_t, mbstate_t *, size_t))
    (filled(80), POINTER(wide(L"abä")), 4, 8, space(8), 80);
    EACH(n_to_bytes, "no buffer")
    AS(size_t, (target, target, size_t, size_t, mbstate_t *, size_t))
    (NULL, POINTER(wide(L"abc")), 4, 0, space(8), 80);
}

static void to_list(target first, int flag, const wchar_t *format, ...) {
    va_list list;
    va_start(list, format);
    if (first == NULL && flag < 0)
        AS(int, (string, va_list))(format, list);
    else if (first == NULL)
        AS(int, (int, string, va_list))(flag, format, list);
    else if (flag < 0)
        AS(int, (target, string, va_list))(first, format, list);
    else
        AS(int, (target, int, string, va_list))(first, flag, format, list);
    va_end(list);
}

#define LISTS(name, first, flag)                                                                   \
    EACH(name, "usual") to_list(first, flag, wide(L"%ls|%s|%d"), wide(L"wide"), text("word"), 3);  \
    EACH(name, "empty") to_list(first, flag, wide(L""));                                           \
    EACH(name, "cut") to_list(first, flag, wide(L"%.2ls|%.2s"), wide(L"wide"), text("word"));
#define FORMATS(names, parameters, ...)                                                            \
    EACH(names, "usual")                                                                           \
    AS(int, parameters)                                                                            \
    (__VA_ARGS__ __VA_OPT__(, ) wide(L"%ls|%s|%d"), wide(L"wide"), text("word"), 3);               \
    EACH(names, "empty") AS(int, parameters)(__VA_ARGS__ __VA_OPT__(, ) wide(L""));                \
    EACH(names, "cut")                                                                             \
    AS(int, parameters)                                                                            \
    (__VA_ARGS__ __VA_OPT__(, ) wide(L"%.2ls|%.2s"), wide(L"wide"), text("word"));

static void streams(void) {
    FORMATS("wprintf", (string, ...))
    FORMATS("__wprintf_chk", (int, string, ...), 1)
    FORMATS("fwprintf", (FILE *, string, ...), writer())
    FORMATS("__fwprintf_chk", (FILE *, int, string, ...), writer(), 1)
    LISTS("vwprintf", NULL, -1)
    LISTS("__vwprintf_chk", NULL, 1)
    LISTS("vfwprintf", writer(), -1)
    LISTS("__vfwprintf_chk", writer(), 1)
    static const char *const gets = "fgetwc getwc fgetwc_unlocked getwc_unlocked";
    EACH(gets, "usual") AS(wint_t, (FILE *))(reader("abc"));
    EACH(gets, "at the end") AS(wint_t, (FILE *))(reader(""));
    EACH(gets, "wrong") AS(wint_t, (FILE *))(reader("\xff"));
    static const char *const lines = "fgetws fgetws_unlocked";
    EACH(lines, "usual") AS(target, (target, int, FILE *))(filled(80), 20, reader("abc\ndef\n"));
    EACH(lines, "too short") AS(target, (target, int, FILE *))(filled(80), 3, reader("abcdef\n"));
    EACH(lines, "at the end") AS(target, (target, int, FILE *))(filled(80), 20, reader(""));
    EACH(lines, "wrong") AS(target, (target, int, FILE *))(filled(80), 20, reader("ab\xff"));
    EACH(lines, "one character") AS(target, (target, int, FILE *))(filled(80), 1, reader("abc"));
    static const char *const checked = "__fgetws_chk __fgetws_unlocked_chk";
    EACH(checked, "usual")
    AS(target, (target, size_t, int, FILE *))(filled(80), 20, 20, reader("abc\ndef\n"));
    EACH(checked, "at the end")
    AS(target, (target, size_t, int, FILE *))(filled(80), 20, 20, reader(""));
    EACH(checked, "wrong")
    AS(target, (target, size_t, int, FILE *))(filled(80), 20, 20, reader("ab\xff"));
    static const char *const puts_ = "fputwc putwc fputwc_unlocked putwc_unlocked ungetwc";
    EACH(puts_, "usual") AS(wint_t, (wint_t, FILE *))(L'a', writer());
    EACH(puts_, "without a buffer") AS(wint_t, (wint_t, FILE *))(L'a', unbuffered());
    EACH(puts_, "not possible") AS(wint_t, (wint_t, FILE *))(L'ä', writer());
    static const char *const prints = "fputws fputws_unlocked";
    EACH(prints, "usual") AS(int, (string, FILE *))(wide(L"abc"), writer());
    EACH(prints, "empty") AS(int, (string, FILE *))(wide(L""), writer());
    EACH(prints, "without a buffer") AS(int, (string, FILE *))(wide(LONG), unbuffered());
    EACH("fwide", "wide") AS(int, (FILE *, int))(writer(), 1);
    EACH("fwide", "bytes") AS(int, (FILE *, int))(writer(), -1);
    EACH("fwide", "which is it") AS(int, (FILE *, int))(writer(), 0);
    EACH("getwchar getwchar_unlocked", "usual") standard_input("abc"), AS(wint_t, (void))();
    EACH("getwchar getwchar_unlocked", "at the end") standard_input(""), AS(wint_t, (void))();
    EACH("getwchar getwchar_unlocked", "wrong") standard_input("\xff"), AS(wint_t, (void))();
    EACH("putwchar putwchar_unlocked", "usual") AS(wint_t, (wchar_t))(L'a');
    EACH("putwchar putwchar_unlocked", "end of a line") AS(wint_t, (wchar_t))(L'\n');
    EACH("putwchar putwchar_unlocked", "not possible") AS(wint_t, (wchar_t))(L'ä');
}

static struct tm *broken_down(void) {
    return COPY(struct tm,
                {.tm_mday = 2, .tm_mon = 3, .tm_year = 104, .tm_wday = 5, .tm_yday = 92});
}

static void times(void) {
    static const char *const names = "wcsftime wcsftime_l __wcsftime_l";
    EACH(names, "usual")
    AS(size_t, (target, size_t, string, target, locale_t))
    (filled(400), 100, wide(L"%c %x"), broken_down(), plain());
    EACH(names, "too short")
    AS(size_t, (target, size_t, string, target, locale_t))
    (filled(400), 3, wide(L"%c"), broken_down(), plain());
    EACH(names, "empty")
    AS(size_t, (target, size_t, string, target, locale_t))
    (filled(400), 100, wide(L""), broken_down(), plain());
    EACH(names, "zone")
    AS(size_t, (target, size_t, string, target, locale_t))
    (filled(400), 100, wide(L"%Z %z"), ({
         struct tm *tm = broken_down();
         tm->tm_zone = text("XYZ");
         tm;
     }),
     plain());
}

void inputs_wide(void) {
    characters();
    strings();
    copies();
    numbers();
    conversions();
    conversions_to_bytes();
    conversions_of_strings();
    restartable_conversions_of_strings();
    counted_conversions_of_strings();
    streams();
    times();
}
