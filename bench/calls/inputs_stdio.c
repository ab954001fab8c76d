/* SPDX-License-Identifier: MIT */
#include "bench/calls/inputs.h"

#include <fcntl.h>
#include <mntent.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LONG "The quick brown fox jumps over the lazy dog, and over its own long tail."

typedef const char *string;
typedef void *target;

static FILE *reader(string content) {
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

static FILE *ended(void) {
    FILE *file = reader("");
    fgetc(file);
    return file;
}

static void standard_input(string content) {
    int descriptor = open(file_with(content), O_RDONLY);
    dup2(descriptor, 0);
    close(descriptor);
}

/* Formats, behind whatever comes first. */
#define FORMATS(names, parameters, ...)                                                            \
    EACH(names, "strings and numbers")                                                             \
    AS(int, parameters)                                                                            \
    (__VA_ARGS__ __VA_OPT__(, ) text("%s|%5d|%.2s|%ls|%f"), text("word"), 3, text("cut"),          \
     wide(L"wide"), 1.5);                                                                          \
    EACH(names, "empty") AS(int, parameters)(__VA_ARGS__ __VA_OPT__(, ) text(""));                 \
    EACH(names, "a long string")                                                                   \
    AS(int, parameters)                                                                            \
    (__VA_ARGS__ __VA_OPT__(, ) text("%s %d|%c"), text(LONG), 4, 'x');                             \
    EACH(names, "more arguments than registers")                                                   \
    AS(int, parameters)                                                                            \
    (__VA_ARGS__ __VA_OPT__(, ) text("%d%d%d%d%d%Lf%s%*d%%"), 1, 2, 3, 4, 5, 1.5L, text("last"),   \
     5, 1);

/* The same as a va_list; `AS` stands in the function. */
#define LISTED(name, type, ...)                                                                    \
    static void name(type first, size_t a, size_t b, size_t c, const char *format, ...) {          \
        va_list list;                                                                              \
        va_start(list, format);                                                                    \
        (void)first, (void)a, (void)b, (void)c;                                                    \
        __VA_ARGS__;                                                                               \
        va_end(list);                                                                              \
    }
LISTED(list_only, int, AS(int, (string, va_list))(format, list))
LISTED(list_flag, int, AS(int, (int, string, va_list))(first, format, list))
LISTED(list_two, int, AS(int, (int, int, string, va_list))(first, (int)a, format, list))
LISTED(list_to, target, AS(int, (target, string, va_list))(first, format, list))
LISTED(list_to_1, target, AS(int, (target, size_t, string, va_list))(first, a, format, list))
LISTED(list_to_2, target,
       AS(int, (target, size_t, size_t, string, va_list))(first, a, b, format, list))
LISTED(list_to_3, target,
       AS(int, (target, size_t, size_t, size_t, string, va_list))(first, a, b, c, format, list))

#define LISTS(names, function, first, a, b, c)                                                     \
    EACH(names, "strings and numbers")                                                             \
    function(first, a, b, c, text("%s|%5d|%.2s|%ls|%f"), text("word"), 3, text("cut"),             \
             wide(L"wide"), 1.5);                                                                  \
    EACH(names, "empty") function(first, a, b, c, text(""));                                       \
    EACH(names, "more arguments than registers")                                                   \
    function(first, a, b, c, text("%d%d%d%d%d%Lf%s%*d%%"), 1, 2, 3, 4, 5, 1.5L, text("last"), 5, 1);

static void printing(void) {
    FORMATS("printf", (string, ...))
    FORMATS("__printf_chk", (int, string, ...), 1)
    FORMATS("fprintf", (FILE *, string, ...), writer())
    FORMATS("__fprintf_chk", (FILE *, int, string, ...), writer(), 1)
    FORMATS("dprintf", (int, string, ...), 1)
    FORMATS("__dprintf_chk", (int, int, string, ...), 1, 1)
    FORMATS("sprintf", (target, string, ...), filled(128))
    FORMATS("__sprintf_chk", (target, int, size_t, string, ...), filled(128), 1, 128)
    FORMATS("snprintf", (target, size_t, string, ...), filled(128), 128)
    FORMATS("__snprintf_chk", (target, size_t, int, size_t, string, ...), filled(128), 128, 1, 128)
    FORMATS("asprintf __asprintf", (target, string, ...), space(8))
    FORMATS("__asprintf_chk", (target, int, string, ...), space(8), 1)
    EACH("printf", "%n") AS(int, (string, ...))(text("ab%n|%hhn%ln"), space(4), space(1), space(8));
    EACH("sprintf", "%n")
    AS(int, (target, string, ...))(filled(16), text("ab%n|%hhn%ln"), space(4), space(1), space(8));
    EACH("fprintf", "without a buffer")
    AS(int, (FILE *, string, ...))(unbuffered(), text("%s"), text("word"));
    EACH("snprintf", "too short")
    AS(int, (target, size_t, string, ...))(filled(16), 4, text("%s%d"), text("word"), 3);
    EACH("snprintf", "one byte")
    AS(int, (target, size_t, string, ...))(filled(16), 1, text("%s%d"), text("word"), 3);
    EACH("snprintf", "no buffer")
    AS(int, (target, size_t, string, ...))(NULL, 0, text("%s%d"), text("word"), 3);
    EACH("snprintf", "no bytes")
    AS(int, (target, size_t, string, ...))(filled(16), 0, text("%s%d"), text("word"), 3);
}

static void printing_into_bounds(void) {
    EACH("snprintf", "a string without an end")
    AS(int, (target, size_t, string, ...))(filled(16), 16, text("%.3s"), filled(3));
    EACH("__snprintf_chk", "too short")
    AS(int, (target, size_t, int, size_t, string, ...))
    (filled(16), 4, 1, 16, text("%s%d"), text("word"), 3);
    EACH("__snprintf_chk", "no bytes")
    AS(int, (target, size_t, int, size_t, string, ...))
    (filled(16), 0, 1, 16, text("%s%d"), text("word"), 3);
    EACH("sprintf", "a string without an end")
    AS(int, (target, string, ...))(filled(16), text("%.3s"), filled(3));
    EACH("sprintf", "wrong wide character")
    AS(int, (target, string, ...))(filled(16), text("ab%lc"), 0x7fffffff);
    EACH("snprintf", "wrong wide character")
    AS(int, (target, size_t, string, ...))(filled(16), 16, text("ab%lc"), 0x7fffffff);
    EACH("asprintf", "wrong wide character")
    AS(int, (target, string, ...))(space(8), text("ab%lc"), 0x7fffffff);
    LISTS("vprintf", list_only, 0, 0, 0, 0)
    LISTS("__vprintf_chk", list_flag, 1, 0, 0, 0)
    LISTS("vfprintf", list_to, writer(), 0, 0, 0)
    LISTS("__vfprintf_chk", list_to_1, writer(), 1, 0, 0)
    LISTS("vdprintf", list_flag, 1, 0, 0, 0)
    LISTS("__vdprintf_chk", list_two, 1, 1, 0, 0)
    LISTS("vsprintf", list_to, filled(128), 0, 0, 0)
    LISTS("__vsprintf_chk", list_to_2, filled(128), 1, 128, 0)
    LISTS("vsnprintf __vsnprintf", list_to_1, filled(128), 128, 0, 0)
    LISTS("__vsnprintf_chk", list_to_3, filled(128), 128, 1, 128)
    LISTS("vasprintf", list_to, space(8), 0, 0, 0)
    LISTS("__vasprintf_chk", list_to_1, space(8), 1, 0, 0)
    EACH("vsnprintf __vsnprintf", "too short")
    list_to_1(filled(128), 4, 0, 0, text("%s"), text(LONG));
    EACH("vsnprintf __vsnprintf", "one byte")
    list_to_1(filled(128), 1, 0, 0, text("%s"), text(LONG));
    EACH("vsnprintf __vsnprintf", "no bytes")
    list_to_1(filled(128), 0, 0, 0, text("%s"), text(LONG));
}

static void scanned_list(target first, const char *format, ...) {
    va_list list;
    va_start(list, format);
    if (first == NULL)
        AS(int, (string, va_list))(format, list);
    else
        AS(int, (target, string, va_list))(first, format, list);
    va_end(list);
}

#define SCANNED(names, parameters, first)                                                          \
    EACH(names, "all")                                                                             \
    AS(int, parameters)                                                                            \
    (first("word 12 x 1.5 7"), text("%s %d %c %lf %*d"), space(8), space(4), space(1), space(8));  \
    EACH(names, "some") AS(int, parameters)(first("12 x"), text("%d %d"), space(4), space(4));     \
    EACH(names, "none") AS(int, parameters)(first(""), text("%d"), space(4));                      \
    EACH(names, "sets and counts")                                                                 \
    AS(int, parameters)(first("abcdef-"), text("%2[a-c]%3c%n"), space(3), space(3), space(4));     \
    EACH(names, "memory of its own")                                                               \
    AS(int, parameters)(first("word 7"), text("%ms %hhi"), space(8), space(1));

#define SCANNED_LIST(names, first)                                                                 \
    EACH(names, "all")                                                                             \
    scanned_list(first("word 12 x 1.5 7"), text("%s %d %c %lf %*d"), space(8), space(4), space(1), \
                 space(8));                                                                        \
    EACH(names, "some") scanned_list(first("12 x"), text("%d %d"), space(4), space(4));            \
    EACH(names, "none") scanned_list(first(""), text("%d"), space(4));

static void *from_input(string content) {
    standard_input(content);
    return NULL;
}

static void scanning(void) {
    static const char *const sources = "sscanf __isoc99_sscanf";
    SCANNED(sources, (target, string, ...), text)
    static const char *const streams = "fscanf __isoc99_fscanf";
    SCANNED(streams, (FILE *, string, ...), reader)
    static const char *const input = "scanf __isoc99_scanf";
    EACH(input, "all")
    standard_input("word 12"), AS(int, (string, ...))(text("%s %d"), space(8), space(4));
    EACH(input, "some")
    standard_input("12 x"), AS(int, (string, ...))(text("%d %d"), space(4), space(4));
    EACH(input, "none") standard_input(""), AS(int, (string, ...))(text("%d"), space(4));
    SCANNED_LIST("vsscanf __vsscanf __isoc99_vsscanf", text)
    SCANNED_LIST("vfscanf __vfscanf __isoc99_vfscanf", reader)
    SCANNED_LIST("vscanf __isoc99_vscanf", from_input)
}

static void characters(void) {
    static const char *const gets =
        "fgetc getc fgetc_unlocked getc_unlocked getw __uflow __underflow __wuflow __wunderflow";
    EACH(gets, "usual") AS(int, (FILE *))(reader("abcdefgh"));
    EACH(gets, "at the end") AS(int, (FILE *))(ended());
    EACH(gets, "not open for that") AS(int, (FILE *))(fopen(file_with(""), "w"));
    EACH(gets, "from a buffer") {
        FILE *file = reader("abcdefgh");
        fgetc(file);
        AS(int, (FILE *))(file);
    }
    EACH("getchar getchar_unlocked", "usual") standard_input("abc"), AS(int, (void))();
    EACH("getchar getchar_unlocked", "at the end") standard_input(""), AS(int, (void))();
    EACH("getchar getchar_unlocked", "from a buffer")
    standard_input("abc"), getchar(), AS(int, (void))();
    static const char *const puts_ = "fputc putc fputc_unlocked putc_unlocked putw ungetc";
    EACH(puts_, "usual") AS(int, (int, FILE *))('x', writer());
    EACH(puts_, "without a buffer") AS(int, (int, FILE *))('x', unbuffered());
    EACH(puts_, "not open for that") AS(int, (int, FILE *))('x', reader("abc"));
    EACH("__overflow __woverflow", "usual") AS(int, (FILE *, int))(writer(), 'x');
    EACH("__overflow __woverflow", "without a buffer") AS(int, (FILE *, int))(unbuffered(), 'x');
    EACH("__overflow __woverflow", "nothing") AS(int, (FILE *, int))(writer(), -1);
    EACH("putchar putchar_unlocked", "usual") AS(int, (int))('x');
    EACH("putchar putchar_unlocked", "end of a line") AS(int, (int))('\n');
    EACH("putchar putchar_unlocked", "again") putchar('x'), AS(int, (int))('y');
}

static void lines(void) {
    static const char *const prints = "fputs fputs_unlocked";
    EACH(prints, "usual") AS(int, (string, FILE *))(text("abc"), writer());
    EACH(prints, "empty") AS(int, (string, FILE *))(text(""), writer());
    EACH(prints, "without a buffer") AS(int, (string, FILE *))(text(LONG), unbuffered());
    EACH("puts", "usual") AS(int, (string))(text("abc"));
    EACH("puts", "empty") AS(int, (string))(text(""));
    EACH("puts", "long") AS(int, (string))(text(LONG));
    static const char *const writes = "fwrite fwrite_unlocked";
    EACH(writes, "usual") AS(size_t, (target, size_t, size_t, FILE *))(text(LONG), 8, 9, writer());
    EACH(writes, "no bytes")
    AS(size_t, (target, size_t, size_t, FILE *))(text(LONG), 0, 9, writer());
    EACH(writes, "without a buffer")
    AS(size_t, (target, size_t, size_t, FILE *))(text(LONG), 1, 30, unbuffered());
    EACH(writes, "not open for that")
    AS(size_t, (target, size_t, size_t, FILE *))(text(LONG), 1, 30, reader(""));
    EACH("gets", "usual") standard_input("abc\ndef"), AS(target, (target))(filled(16));
    EACH("gets", "at the end") standard_input(""), AS(target, (target))(filled(16));
    EACH("gets", "no end of the line") standard_input("abc"), AS(target, (target))(filled(16));
    EACH("gets", "a zero byte") standard_input("abc"), AS(target, (target))(filled(16));
    EACH("__gets_chk", "usual")
    standard_input("abc\ndef"), AS(target, (target, size_t))(filled(16), 16);
    EACH("__gets_chk", "at the end")
    standard_input(""), AS(target, (target, size_t))(filled(16), 16);
    EACH("__gets_chk", "no end of the line")
    standard_input("abc"), AS(target, (target, size_t))(filled(16), 16);
    EACH("getline", "usual")
    AS(ssize_t, (target, target, FILE *))(space(8), space(8), reader("abc\ndef"));
    EACH("getline", "at the end")
    AS(ssize_t, (target, target, FILE *))(space(8), space(8), reader(""));
    EACH("getline", "into a buffer")
    AS(ssize_t, (target, target, FILE *))
    (COPY(void *, {malloc(4)}), COPY(size_t, {4}), reader(LONG));
    EACH("getline", "into a buffer, at the end")
    AS(ssize_t, (target, target, FILE *))(COPY(void *, {malloc(4)}), COPY(size_t, {4}), reader(""));
    static const char *const until = "getdelim __getdelim";
    EACH(until, "usual")
    AS(ssize_t, (target, target, int, FILE *))(space(8), space(8), ':', reader("abc:def"));
    EACH(until, "at the end")
    AS(ssize_t, (target, target, int, FILE *))(space(8), space(8), ':', reader(""));
    EACH(until, "into a buffer")
    AS(ssize_t, (target, target, int, FILE *))
    (COPY(void *, {malloc(4)}), COPY(size_t, {4}), ':', reader(LONG));
}

static void places(void) {
    static const char *const asks =
        "feof ferror fileno fileno_unlocked feof_unlocked ferror_unlocked clearerr "
        "clearerr_unlocked ftell ftello ftello64 rewind setlinebuf __fbufsize __flbf __fpending "
        "__fpurge __freadable __freading __fwritable __fwriting fflush fflush_unlocked";
    EACH(asks, "a reader") {
        FILE *file = reader("abc");
        fgetc(file);
        AS(int, (FILE *))(file);
    }
    EACH(asks, "at the end") AS(int, (FILE *))(ended());
    EACH(asks, "a writer") {
        FILE *file = writer();
        fputs("abc", file);
        AS(int, (FILE *))(file);
    }
    EACH(asks, "without a buffer") AS(int, (FILE *))(unbuffered());
    EACH("fflush fflush_unlocked", "all") AS(int, (FILE *))(NULL);
    EACH("_flushlbf", "usual") AS(void, (void))();
    EACH("_flushlbf", "something is there") putchar('x'), AS(void, (void))();
    EACH("_flushlbf", "a line") setvbuf(stdout, NULL, _IOLBF, 0), putchar('x'), AS(void, (void))();
    static const char *const locks = "flockfile ftrylockfile";
    EACH(locks, "a reader") AS(int, (FILE *))(reader("abc"));
    EACH(locks, "a writer") AS(int, (FILE *))(writer());
    EACH(locks, "again") {
        FILE *file = reader("abc");
        flockfile(file);
        AS(int, (FILE *))(file);
    }
    EACH("funlockfile", "once") {
        FILE *file = reader("abc");
        flockfile(file);
        AS(void, (FILE *))(file);
    }
    EACH("funlockfile", "twice") {
        FILE *file = reader("abc");
        flockfile(file);
        flockfile(file);
        AS(void, (FILE *))(file);
    }
    EACH("funlockfile", "a writer") {
        FILE *file = writer();
        flockfile(file);
        AS(void, (FILE *))(file);
    }
    static const char *const seeks = "fseek fseeko fseeko64";
    EACH(seeks, "a reader") AS(int, (FILE *, long, int))(reader("abc"), 1, SEEK_SET);
    EACH(seeks, "the end") AS(int, (FILE *, long, int))(reader("abc"), 0, SEEK_END);
    EACH(seeks, "wrong") AS(int, (FILE *, long, int))(reader("abc"), -9, SEEK_CUR);
    EACH(seeks, "a writer") {
        FILE *file = writer();
        fputs("abc", file);
        AS(int, (FILE *, long, int))(file, 1, SEEK_SET);
    }
    static const char *const tells = "fgetpos fgetpos64";
    EACH(tells, "a reader") AS(int, (FILE *, target))(reader("abc"), space(16));
    EACH(tells, "at the end") AS(int, (FILE *, target))(ended(), space(16));
    EACH(tells, "closed") {
        FILE *file = reader("abc");
        close(fileno(file));
        AS(int, (FILE *, target))(file, space(16));
    }
    static const char *const sets = "fsetpos fsetpos64";
    EACH(sets, "a reader") AS(int, (FILE *, target))(reader("abc"), COPY(fpos_t, {.__pos = 1}));
    EACH(sets, "a writer") AS(int, (FILE *, target))(writer(), COPY(fpos_t, {.__pos = 1}));
    EACH(sets, "wrong") AS(int, (FILE *, target))(reader("abc"), COPY(fpos_t, {.__pos = -1}));
    EACH("setbuf", "none") AS(void, (FILE *, target))(writer(), NULL);
    EACH("setbuf", "of a reader") AS(void, (FILE *, target))(reader("abc"), NULL);
    EACH("setbuf", "it was used") AS(void, (FILE *, target))(ended(), NULL);
    EACH("setbuffer", "none") AS(void, (FILE *, target, size_t))(writer(), NULL, 0);
    EACH("setbuffer", "of a reader") AS(void, (FILE *, target, size_t))(reader("abc"), NULL, 0);
    EACH("setbuffer", "it was used") AS(void, (FILE *, target, size_t))(ended(), NULL, 0);
    EACH("setvbuf", "none") AS(int, (FILE *, target, int, size_t))(writer(), NULL, _IONBF, 0);
    EACH("setvbuf", "of lines") AS(int, (FILE *, target, int, size_t))(writer(), NULL, _IOLBF, 100);
    EACH("setvbuf", "full")
    AS(int, (FILE *, target, int, size_t))(reader("abc"), NULL, _IOFBF, 100);
    EACH("setvbuf", "wrong") AS(int, (FILE *, target, int, size_t))(writer(), NULL, 99, 0);
}

static void opening(void) {
    static const char *const opens = "fopen fopen64";
    EACH(opens, "usual") AS(target, (string, string))(file_with("abc"), text("r"));
    EACH(opens, "not there") AS(target, (string, string))(text("no"), text("r"));
    EACH(opens, "wrong") AS(target, (string, string))(file_with("abc"), text("z"));
    EACH("fdopen", "usual") AS(target, (int, string))(open(file_with("abc"), O_RDONLY), text("r"));
    EACH("fdopen", "not open") AS(target, (int, string))(99, text("r"));
    EACH("fdopen", "wrong") AS(target, (int, string))(1, text("z"));
    EACH("fclose", "a reader") AS(int, (FILE *))(reader("abc"));
    EACH("fclose", "a writer") {
        FILE *file = writer();
        fputs("abc", file);
        AS(int, (FILE *))(file);
    }
    EACH("fclose", "closed") {
        FILE *file = writer();
        fputs("abc", file);
        close(fileno(file));
        AS(int, (FILE *))(file);
    }
    EACH("getmntent", "usual") AS(target, (FILE *))(reader("a /b c d 0 0\n"));
    EACH("getmntent", "at the end") AS(target, (FILE *))(reader(""));
    EACH("getmntent", "a comment") AS(target, (FILE *))(reader("# a\nb /c d\n"));
    EACH("ctermid cuserid", "no buffer") AS(target, (target))(NULL);
    EACH("ctermid cuserid", "a buffer") AS(target, (target))(filled(64));
    EACH("ctermid cuserid", "again") ctermid(NULL), AS(target, (target))(NULL);
}

static void messages(void) {
    EACH("perror", "usual") AS(void, (string))(text("word"));
    EACH("perror", "empty") AS(void, (string))(text(""));
    EACH("perror", "NULL") AS(void, (string))(NULL);
    EACH("psignal", "usual") AS(void, (int, string))(SIGINT, text("word"));
    EACH("psignal", "unknown") AS(void, (int, string))(1000, text("word"));
    EACH("psignal", "NULL") AS(void, (int, string))(SIGINT, NULL);
    EACH("psiginfo", "usual")
    AS(void, (target, string))(COPY(siginfo_t, {.si_signo = SIGINT}), text("word"));
    EACH("psiginfo", "unknown")
    AS(void, (target, string))(COPY(siginfo_t, {.si_signo = 1000}), text("word"));
    EACH("psiginfo", "a fault")
    AS(void, (target, string))(COPY(siginfo_t, {.si_signo = SIGSEGV, .si_code = 1}), NULL);
}

void inputs_stdio(void) {
    printing();
    printing_into_bounds();
    scanning();
    characters();
    lines();
    places();
    opening();
    messages();
}
