/* SPDX-License-Identifier: MIT */
#include "explore/runtime/calls/takes.h"

/* clang-format off */
const char *const takes_names[TAKES_MOST + 1] = {
    /* 0 */
    " clearenv drand48 endgrent endpwent get_current_dir_name getchar getchar_unlocked"
    " getdtablesize getgrent getlogin getpwent getwchar getwchar_unlocked hdestroy localeconv"
    " lrand48 mrand48 rand random setgrent setpwent tzset ",
    /* 1 */
    " __sysconf __uflow asctime canonicalize_file_name clearerr clearerr_unlocked close"
    " closedir ctime cuserid erand48 fclose fdatasync feof feof_unlocked ferror ferror_unlocked"
    " fflush fflush_unlocked fgetc fgetc_unlocked fgetwc fgetwc_unlocked fileno fileno_unlocked"
    " fsync ftell ftello ftello64 getc getc_unlocked getdate getenv getgrgid getgrnam getmntent"
    " getpwnam getpwuid getw getwc getwc_unlocked gmtime hcreate isatty jrand48 l64a lcong48"
    " localtime mktime nl_langinfo nrand48 perror"
    " putchar putchar_unlocked putenv puts putwchar putwchar_unlocked rewind secure_getenv"
    " seed48 setlinebuf setlogmask srand srand48 srandom syncfs sysconf timelocal ttyname umask"
    " unsetenv ",
    /* 2 */
    " __overflow __sysv_signal ctime_r fgetpos fgetpos64 fopen fopen64 fpathconf fputc"
    " fputc_unlocked fputs fputs_unlocked fputwc fputwc_unlocked fputws fputws_unlocked fsetpos"
    " fsetpos64 fstat fstat64 fstatvfs fstatvfs64 fwide getdate_r getlogin_r getrlimit"
    " getrlimit64 hsearch localtime_r mblen open_memstream open_wmemstream psiginfo psignal putc putc_unlocked putw putwc"
    " putwc_unlocked realpath setbuf setrlimit setrlimit64 signal ssignal strtok sysv_signal"
    " ungetc ungetwc vprintf vscanf vwarn vwarnx vwprintf wctomb ",
    /* 3 */
    " fgets fgets_unlocked fgetws fgetws_unlocked fnmatch fseek fseeko fseeko64 getline getopt"
    " fmemopen mbtowc msync newlocale read readahead setbuffer setenv sigaction strptime ttyname_r"
    " vdprintf vfprintf vfscanf vfwprintf write writev ",
    /* 4 */
    " __getdelim faccessat fread fread_unlocked fstatat fstatat64 fwrite fwrite_unlocked"
    " getdelim getgrouplist posix_fadvise posix_fadvise64 pread pread64 readlinkat setvbuf"
    " strftime strptime_l wcsftime ",
    /* 5 */
    (" getgrgid_r getgrnam_r getopt_long getopt_long_only getpwnam_r getpwuid_r regexec statx"
     " strftime_l wcsftime_l "),
};
/* clang-format on */

static bool has(const char *names, const char *name) {
    while (*names != '\0') {
        const char *at = name;
        while (*at != '\0' && *names == *at)
            names++, at++;
        if (*at == '\0' && at > name && *names == ' ')
            return true;
        while (*names != '\0' && *names != ' ')
            names++;
        while (*names == ' ')
            names++;
    }
    return false;
}

int takes_how_many(const char *name) {
    for (int count = 0; count <= TAKES_MOST; count++)
        if (has(takes_names[count], name))
            return count;
    return TAKES_UNKNOWN;
}
