/* SPDX-License-Identifier: MIT */
/* What <time.h>, <sys/time.h> touch. Clocks and sleeps are the runtime's own: table_modelled.c. */
#include "explore/runtime/calls/table_rows.h"

/* clang-format off */
static const struct table_entry entries[] = {
    {"__adjtimex", "refuse:it would change the clock of the machine"},
    {"__gmtime_r", "r0[#8] w1[#56]"},
    {"__strftime_l", "!timezone ?environment follow"},
    {"adjtime", "refuse:it would change the clock of the machine"},
    {"adjtimex", "refuse:it would change the clock of the machine"},
    {"asctime", "!asctime r0[#56] w=s"},
    {"asctime_r", "r0[#56] e1s"},
    {"clock_adjtime", "refuse:it would change the clock of the machine"},
    {"clock_getcpuclockid", "refuse:time of the processor cannot be explored"},
    {"clock_settime", "refuse:it would change the clock of the machine"},
    {"ctime", "!asctime !tm !timezone ?environment r0[#8] w=s"},
    {"ctime_r", "!timezone ?environment r0[#8] e1s"},
    {"difftime", ""},
    {"dysize", ""},
    {"getdate", "!getdate !timezone ?environment r0s w=[#56] touched"},
    {"getdate_r", "!timezone ?environment r0s w1[#56] touched"},
    {"getitimer", "refuse:timers are not explored"},
    {"getrusage", "world"},
    {"gmtime", "!tm ?timezone r0[#8] w=[#56]"},
    {"gmtime_r", "r0[#8] w1[#56]"},
    {"localtime", "!tm !timezone ?environment r0[#8] w=[#56]"},
    {"localtime_r", "!timezone ?environment r0[#8] w1[#56]"},
    {"mktime", "!timezone ?environment w0[#56]"},
    {"ntp_adjtime", "refuse:it would change the clock of the machine"},
    {"setitimer", "refuse:timers are not explored"},
    {"settimeofday", "refuse:it would change the clock of the machine"},
    {"strftime", "!timezone ?environment follow"},
    {"strftime_l", "!timezone ?environment follow"},
    {"strptime", "!timezone ?environment r0s r1s w2[#56]"},
    {"strptime_l", "!timezone ?environment r0s r1s w2[#56]"},
    {"timegm", "w0[#56]"},
    {"timelocal", "!timezone ?environment w0[#56]"},
    {"timer_create", "refuse:timers are not explored"},
    {"timer_delete", "refuse:timers are not explored"},
    {"timer_getoverrun", "refuse:timers are not explored"},
    {"timer_gettime", "refuse:timers are not explored"},
    {"timer_settime", "refuse:timers are not explored"},
    {"timerfd_create", "refuse:descriptors that may block are not explored"},
    {"timerfd_gettime", "refuse:descriptors that may block are not explored"},
    {"timerfd_settime", "refuse:descriptors that may block are not explored"},
    {"times", "world"},
    {"tzset", "!timezone ?environment"},
};
/* clang-format on */

const struct table_group table_time = {entries, sizeof entries / sizeof *entries};
