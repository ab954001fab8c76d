/* SPDX-License-Identifier: MIT */
/* What <time.h>, <sys/time.h> touch. Clocks and sleeps are the runtime's own: table_modelled.c. */
#include "explore/runtime/calls/table_rows.h"

/* clang-format off */
static const struct table_entry entries[] = {
    {"__adjtimex", "refuse:it would change the clock of the machine"},
    {"__gmtime_r", "follow"},
    {"__strftime_l", "!timezone ?environment follow"},
    {"adjtime", "refuse:it would change the clock of the machine"},
    {"adjtimex", "refuse:it would change the clock of the machine"},
    {"asctime", "!asctime w=s follow"},
    {"asctime_r", "follow"},
    {"clock_adjtime", "refuse:it would change the clock of the machine"},
    {"clock_getcpuclockid", "refuse:time of the processor cannot be explored"},
    {"clock_settime", "refuse:it would change the clock of the machine"},
    {"ctime", "!asctime !tm !timezone w=s follow"},
    {"ctime_r", "!timezone ?environment follow"},
    {"difftime", ""},
    {"dysize", ""},
    {"getdate", "!getdate w=[#56] touched follow"},
    {"getdate_r", "touched follow"},
    {"getitimer", "refuse:timers are not explored"},
    {"getrusage", "refuse:time of the processor cannot be explored"},
    {"gmtime", "!tm ?timezone w=[#56] follow"},
    {"gmtime_r", "follow"},
    {"localtime", "!tm !timezone ?environment w=[#56] follow"},
    {"localtime_r", "!timezone ?environment follow"},
    {"mktime", "!timezone ?environment follow"},
    {"ntp_adjtime", "refuse:it would change the clock of the machine"},
    {"setitimer", "refuse:timers are not explored"},
    {"settimeofday", "refuse:it would change the clock of the machine"},
    {"strftime", "!timezone ?environment follow"},
    {"strftime_l", "!timezone ?environment follow"},
    {"strptime", "follow"},
    {"strptime_l", "follow"},
    {"timegm", "follow"},
    {"timelocal", "!timezone ?environment follow"},
    {"timer_create", "refuse:timers are not explored"},
    {"timer_delete", "refuse:timers are not explored"},
    {"timer_getoverrun", "refuse:timers are not explored"},
    {"timer_gettime", "refuse:timers are not explored"},
    {"timer_settime", "refuse:timers are not explored"},
    {"timerfd_create", "refuse:descriptors that may block are not explored"},
    {"timerfd_gettime", "refuse:descriptors that may block are not explored"},
    {"timerfd_settime", "refuse:descriptors that may block are not explored"},
    {"times", "refuse:time of the processor cannot be explored"},
    {"tzset", "!timezone ?environment"},
};
/* clang-format on */

const struct table_group table_time = {entries, sizeof entries / sizeof *entries};
