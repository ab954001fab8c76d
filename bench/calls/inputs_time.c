/* SPDX-License-Identifier: MIT */
#include "bench/calls/inputs.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

typedef const char *string;
typedef void *target;

static struct tm *broken_down(void) {
    return COPY(struct tm,
                {.tm_mday = 2, .tm_mon = 3, .tm_year = 104, .tm_wday = 5, .tm_yday = 92});
}

static struct tm *wrong(void) {
    return COPY(struct tm, {.tm_mday = 99, .tm_mon = 99, .tm_year = 2147483647, .tm_wday = 9});
}

#define TIME(value) COPY(time_t, {value})

static void to_parts(void) {
    static const char *const shared = "gmtime localtime";
    EACH(shared, "usual") AS(target, (target))(TIME(1700000000));
    EACH(shared, "before 1970") AS(target, (target))(TIME(-1));
    EACH(shared, "too large") AS(target, (target))(TIME(INT64_MAX));
    EACH(shared, "another zone")
    setenv("TZ", "Europe/Berlin", 1), AS(target, (target))(TIME(1700000000));
    static const char *const own = "gmtime_r __gmtime_r localtime_r";
    EACH(own, "usual") AS(target, (target, target))(TIME(1700000000), filled(56));
    EACH(own, "before 1970") AS(target, (target, target))(TIME(-1), filled(56));
    EACH(own, "too large") AS(target, (target, target))(TIME(INT64_MAX), filled(56));
    EACH(own, "another zone")
    setenv("TZ", "Europe/Berlin", 1), AS(target, (target, target))(TIME(1700000000), filled(56));
    static const char *const back = "mktime timelocal timegm";
    EACH(back, "usual") AS(long, (target))(broken_down());
    EACH(back, "too large") AS(long, (target))(wrong());
    EACH(back, "another zone") setenv("TZ", "Europe/Berlin", 1), AS(long, (target))(broken_down());
    EACH("tzset", "usual") AS(void, (void))();
    EACH("tzset", "another zone") setenv("TZ", "Europe/Berlin", 1), AS(void, (void))();
    EACH("tzset", "again") tzset(), AS(void, (void))();
    EACH("difftime", "usual") AS(double, (time_t, time_t))(3, 1);
    EACH("difftime", "negative") AS(double, (time_t, time_t))(1, 3);
    EACH("difftime", "0") AS(double, (time_t, time_t))(1, 1);
    EACH("dysize", "usual") AS(int, (int))(2023);
    EACH("dysize", "long") AS(int, (int))(2024);
    EACH("dysize", "1900") AS(int, (int))(1900);
}

static void to_text(void) {
    EACH("asctime", "usual") AS(target, (target))(broken_down());
    EACH("asctime", "too large") AS(target, (target))(wrong());
    EACH("asctime", "again") asctime(broken_down()), AS(target, (target))(broken_down());
    EACH("asctime_r", "usual") AS(target, (target, target))(broken_down(), filled(32));
    EACH("asctime_r", "too large") AS(target, (target, target))(wrong(), filled(32));
    EACH("asctime_r", "0") AS(target, (target, target))(space(56), filled(32));
    EACH("ctime", "usual") AS(target, (target))(TIME(1700000000));
    EACH("ctime", "before 1970") AS(target, (target))(TIME(-1));
    EACH("ctime", "another zone")
    setenv("TZ", "Europe/Berlin", 1), AS(target, (target))(TIME(1700000000));
    EACH("ctime", "too large") AS(target, (target))(TIME(INT64_MAX));
    EACH("ctime_r", "usual") AS(target, (target, target))(TIME(1700000000), filled(32));
    EACH("ctime_r", "before 1970") AS(target, (target, target))(TIME(-1), filled(32));
    EACH("ctime_r", "another zone")
    setenv("TZ", "Europe/Berlin", 1), AS(target, (target, target))(TIME(1700000000), filled(32));
    EACH("ctime_r", "too large") AS(target, (target, target))(TIME(INT64_MAX), filled(32));
    locale_t plain = newlocale(LC_ALL_MASK, "C", NULL);
    static const char *const parses = "strptime strptime_l";
    EACH(parses, "usual")
    AS(target, (string, string, target, locale_t))
    (text("2004-03-02x"), text("%Y-%m-%d"), filled(56), plain);
    EACH(parses, "does not match")
    AS(target, (string, string, target, locale_t))
    (text("2004-x"), text("%Y-%m-%d"), filled(56), plain);
    EACH(parses, "seconds")
    AS(target, (string, string, target, locale_t))
    (text("1700000000"), text("%s"), filled(56), plain);
    EACH(parses, "zone")
    AS(target, (string, string, target, locale_t))(text("+0100"), text("%z"), filled(56), plain);
    EACH(parses, "empty")
    AS(target, (string, string, target, locale_t))(text(""), text(""), filled(56), plain);
    EACH("getdate", "usual")
    setenv("DATEMSK", file_with("%H:%M\n"), 1), AS(target, (string))(text("10:00"));
    EACH("getdate", "does not match")
    setenv("DATEMSK", file_with("%H:%M\n"), 1), AS(target, (string))(text("x"));
    EACH("getdate", "no templates") AS(target, (string))(text("10:00"));
    EACH("getdate_r", "usual")
    setenv("DATEMSK", file_with("%H:%M\n"), 1),
        AS(int, (string, target))(text("10:00"), filled(56));
    EACH("getdate_r", "does not match")
    setenv("DATEMSK", file_with("%H:%M\n"), 1), AS(int, (string, target))(text("x"), filled(56));
    EACH("getdate_r", "no templates") AS(int, (string, target))(text("10:00"), filled(56));
}

void inputs_time(void) {
    to_parts();
    to_text();
}
