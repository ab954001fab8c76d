/* SPDX-License-Identifier: MIT */
/*
 * Does a pending request to end (pthread_cancel) act within a function of the C library? Each case is a
 * process of its own: a thread has the request pending, allows it, makes the one call, and forbids it
 * again. If it is joined as cancelled, the call is a cancellation point for that input. The kernel ends
 * (alarm) a process whose call waits for ever.
 *
 * Prints the rows of docs/cancellation.md; with names as arguments, those of these functions only.
 */
#include <aio.h>
#include <dirent.h>
#include <err.h>
#include <error.h>
#include <execinfo.h>
#include <fcntl.h>
#include <ftw.h>
#include <glob.h>
#include <gnu/libc-version.h>
#include <grp.h>
#include <locale.h>
#include <malloc.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <pwd.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/random.h>
#include <sys/select.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <syslog.h>
#include <termios.h>
#include <threads.h>
#include <time.h>
#include <unistd.h>
#include <utime.h>
#include <wchar.h>
#include <wordexp.h>

enum { BOUND = 5 /* seconds */, LARGE = 1 << 16 };
enum { ACTS = 10, DOES_NOT }; /* exit status */

/* --- what POSIX says: XSH 2.9.5.2 --------------------------------------------------------------- */

static const char shall[] =
    " accept aio_suspend clock_nanosleep close connect creat fdatasync fsync lockf mq_receive "
    "mq_send "
    "mq_timedreceive mq_timedsend msgrcv msgsnd msync nanosleep open openat pause poll pread "
    "pselect "
    "pthread_cond_timedwait pthread_cond_wait pthread_join pthread_testcancel pwrite read readv "
    "recv "
    "recvfrom recvmsg select sem_timedwait sem_wait send sendmsg sendto sigsuspend sigtimedwait "
    "sigwait "
    "sigwaitinfo sleep tcdrain wait waitid waitpid write writev cnd_wait cnd_timedwait thrd_join "
    "thrd_sleep ";
static const char may[] = " access asctime asctime_r chmod chown closedir closelog ctermid ctime "
                          "ctime_r dlclose dlopen dprintf "
                          "endgrent endpwent faccessat fchmod fchown fclose fcntl fflush fgetc "
                          "fgetpos fgets fgetwc fgetws "
                          "fmtmsg fopen fpathconf fprintf fputc fputs fputwc fputws fread freopen "
                          "fscanf fseek fseeko fsetpos "
                          "fstat fstatat ftell ftello ftw futimens fwprintf fwrite fwscanf "
                          "getaddrinfo getc getc_unlocked "
                          "getchar getchar_unlocked getcwd getdate getdelim getgrent getgrgid "
                          "getgrgid_r getgrnam getgrnam_r "
                          "gethostid gethostname getline getlogin getlogin_r getopt getpwent "
                          "getpwnam getpwnam_r getpwuid "
                          "getpwuid_r getwc getwchar glob ioctl link localtime localtime_r lseek "
                          "lstat mkdir mkdtemp mkfifo "
                          "mkstemp mktime nftw opendir openlog pathconf pclose perror popen "
                          "posix_fadvise posix_fallocate "
                          "posix_madvise posix_openpt posix_spawn posix_spawnp printf psiginfo "
                          "psignal pthread_rwlock_rdlock "
                          "pthread_rwlock_timedrdlock pthread_rwlock_timedwrlock "
                          "pthread_rwlock_wrlock putc putc_unlocked "
                          "putchar putchar_unlocked puts putwc putwchar readdir readlink remove "
                          "rename rewind rewinddir scandir "
                          "scanf seekdir semop setgrent setpwent sigpause stat strerror strerror_r "
                          "strftime symlink sync syslog "
                          "system tmpfile ttyname ttyname_r tzset ungetc ungetwc unlink usleep "
                          "utime utimensat utimes vdprintf "
                          "vfprintf vfwprintf vprintf vwprintf wcsftime wordexp wprintf wscanf ";

static bool lists(const char *list, const char *name) {
    char word[64];
    snprintf(word, sizeof word, " %s ", name);
    return strstr(list, word) != NULL;
}

/* --- what the calls work on, made anew for each process ---------------------------------------- */

static int in, out, queue[2], pair[2], listener, messages;
static FILE *reader, *writer, *unbuffered, *full;
static DIR *folder;
static pthread_t ended, waits; /* a thread that has ended; one that never does */
static sem_t free_one, taken;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t condition = PTHREAD_COND_INITIALIZER;
static pthread_rwlock_t rwlock = PTHREAD_RWLOCK_INITIALIZER;
static pthread_barrier_t barrier;
static mtx_t c11_mutex;
static cnd_t c11_condition;
static char buffer[LARGE], *line;
static void *page;
static size_t line_size;
static struct iovec part = {buffer, 1};
static const struct timespec soon = {.tv_nsec = 1}, past = {.tv_sec = 1};
static struct stat status;
static pid_t child;
static time_t now = 1700000000;
static struct tm broken;
static sigset_t usr1;

static void *end_at_once(void *argument) {
    return argument;
}

static void *wait_always(void *argument) {
    for (;;)
        pause();
    return argument;
}

static int visit(const char *path, const struct stat *at, int flag, struct FTW *where) {
    (void)path, (void)at, (void)flag, (void)where;
    return 0;
}

static int visit_plainly(const char *path, const struct stat *at, int flag) {
    (void)path, (void)at, (void)flag;
    return 0;
}

static void make_files(void) {
    char path[64];
    snprintf(path, sizeof path, "/tmp/cancellation.%d", (int)getpid());
    if (mkdir(path, 0700) != 0 || chdir(path) != 0)
        err(2, "%s", path);
    out = open("data", O_RDWR | O_CREAT, 0600);
    for (int i = 0; i < 1000; i++)
        dprintf(out, "%d\n", i);
    in = open("data", O_RDONLY);
    reader = fopen("data", "r");
    writer = fopen("written", "w+");
    unbuffered = fopen("unbuffered", "w+");
    setvbuf(unbuffered, NULL, _IONBF, 0);
    full = fopen("full", "w+");
    fputs("x", full);
    folder = opendir(".");
    page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, out, 0);
}

static void make_channels(void) {
    if (pipe(queue) != 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) != 0)
        err(2, "pipe");
    if (write(queue[1], "data\n", 5) != 5 || write(pair[1], "data\n", 5) != 5)
        err(2, "write");
    listener = socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    bind(listener, &(struct sockaddr){AF_UNIX, {0}}, sizeof(sa_family_t));
    listen(listener, 1);
    messages = msgget(IPC_PRIVATE, 0600);
}

static void make_objects(void) {
    sem_init(&free_one, 0, 1);
    sem_init(&taken, 0, 0);
    pthread_barrier_init(&barrier, NULL, 1);
    mtx_init(&c11_mutex, mtx_plain);
    cnd_init(&c11_condition);
    pthread_create(&ended, NULL, end_at_once, NULL);
    pthread_create(&waits, NULL, wait_always, NULL);
    while (pthread_kill(ended, 0) == 0 && pthread_tryjoin_np(ended, NULL) != 0)
        sched_yield();
    pthread_create(&ended, NULL, end_at_once, NULL);
    usleep(20000); /* it has ended, unless the machine sleeps: then the row says "not" */
    sigemptyset(&usr1);
    sigaddset(&usr1, SIGUSR1);
    child = fork();
    if (child == 0)
        _exit(0);
}

/* --- the cases --------------------------------------------------------------------------------- */

static struct { const char *function, *input; } subject;
static int wanted, number;
static bool going;

#define CASE(name, what, ...)                                                                      \
    do                                                                                             \
        if (number++ == wanted) {                                                                  \
            subject.function = (name);                                                             \
            subject.input = (what);                                                                \
            if (going) {                                                                           \
                __VA_ARGS__;                                                                       \
            }                                                                                      \
        }                                                                                          \
    while (0)

static void must_be_used(long result) {
    (void)result;
}

static void no_buffer(void) {
    setvbuf(stdout, NULL, _IONBF, 0);
}

/* The request waits. */
static void undisturbed(void (*prepare)(void)) {
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    prepare();
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
}

static void open_log(void) {
    openlog("name", LOG_NDELAY, LOG_USER);
}

static void read_one(void) {
    fgetc(reader);
}

static void open_shell(void) {
    reader = popen(":", "r");
}

static void by_list(int (*print)(FILE *, const char *, va_list), FILE *file, const char *format,
                    ...) {
    va_list list;
    va_start(list, format);
    print(file, format, list);
    va_end(list);
}

static void by_wide_list(FILE *file, const wchar_t *format, ...) {
    va_list list;
    va_start(list, format);
    vfwprintf(file, format, list);
    va_end(list);
}

static void by_descriptor_list(int to, const char *format, ...) {
    va_list list;
    va_start(list, format);
    vdprintf(to, format, list);
    va_end(list);
}

static void by_standard_list(const char *format, ...) {
    va_list list;
    va_start(list, format);
    vprintf(format, list);
    va_end(list);
}

static void waiting(void) {
    CASE("pthread_testcancel", "", pthread_testcancel());
    CASE("pthread_join", "of a thread that has ended", pthread_join(ended, NULL));
    CASE("pthread_join", "of a thread that has not", pthread_join(waits, NULL));
    CASE("pthread_tryjoin_np", "of a thread that has ended", pthread_tryjoin_np(ended, NULL));
    CASE("pthread_tryjoin_np", "of a thread that has not", pthread_tryjoin_np(waits, NULL));
    CASE("pthread_timedjoin_np", "of a thread that has not, in time",
         pthread_timedjoin_np(waits, NULL, &(struct timespec){.tv_sec = 1L << 40}));
    CASE("pthread_timedjoin_np", "of a thread that has not, too late",
         pthread_timedjoin_np(waits, NULL, &past));
    CASE("thrd_join", "of a thread that has not ended", thrd_join(waits, NULL));
    CASE("pthread_cond_wait", "", pthread_mutex_lock(&mutex),
         pthread_cond_wait(&condition, &mutex));
    CASE("pthread_cond_timedwait", "in time", pthread_mutex_lock(&mutex),
         pthread_cond_timedwait(&condition, &mutex, &(struct timespec){.tv_sec = 1L << 40}));
    CASE("pthread_cond_timedwait", "too late", pthread_mutex_lock(&mutex),
         pthread_cond_timedwait(&condition, &mutex, &past));
    CASE("cnd_wait", "", mtx_lock(&c11_mutex), cnd_wait(&c11_condition, &c11_mutex));
    CASE("cnd_timedwait", "too late", mtx_lock(&c11_mutex),
         cnd_timedwait(&c11_condition, &c11_mutex, &past));
    CASE("sem_wait", "free", sem_wait(&free_one));
    CASE("sem_wait", "taken", sem_wait(&taken));
    CASE("sem_timedwait", "free", sem_timedwait(&free_one, &past));
    CASE("sem_timedwait", "taken, too late", sem_timedwait(&taken, &past));
    CASE("sem_clockwait", "free", sem_clockwait(&free_one, CLOCK_MONOTONIC, &soon));
    CASE("sem_trywait", "free", sem_trywait(&free_one));
    CASE("sem_trywait", "taken", sem_trywait(&taken));
    CASE("sem_post", "", sem_post(&taken));
    CASE("pthread_mutex_lock", "free", pthread_mutex_lock(&mutex));
    CASE("pthread_mutex_trylock", "free", pthread_mutex_trylock(&mutex));
    CASE("pthread_mutex_timedlock", "free", pthread_mutex_timedlock(&mutex, &past));
    CASE("pthread_mutex_unlock", "", pthread_mutex_lock(&mutex); pthread_mutex_unlock(&mutex));
    CASE("mtx_lock", "free", mtx_lock(&c11_mutex));
    CASE("pthread_rwlock_rdlock", "free", pthread_rwlock_rdlock(&rwlock));
    CASE("pthread_rwlock_wrlock", "free", pthread_rwlock_wrlock(&rwlock));
    CASE("pthread_rwlock_timedrdlock", "free", pthread_rwlock_timedrdlock(&rwlock, &past));
    CASE("pthread_rwlock_timedwrlock", "free", pthread_rwlock_timedwrlock(&rwlock, &past));
    CASE("pthread_barrier_wait", "the last", pthread_barrier_wait(&barrier));
    CASE("pthread_cond_signal", "", pthread_cond_signal(&condition));
    CASE("pthread_create", "", pthread_create(&ended, NULL, end_at_once, NULL));
    CASE("pthread_detach", "", pthread_detach(ended));
}

static void sleeping(void) {
    CASE("nanosleep", "", nanosleep(&soon, NULL));
    CASE("nanosleep", "no time", nanosleep(&(struct timespec){0}, NULL));
    CASE("clock_nanosleep", "", clock_nanosleep(CLOCK_MONOTONIC, 0, &soon, NULL));
    CASE("clock_nanosleep", "too late",
         clock_nanosleep(CLOCK_MONOTONIC, TIMER_ABSTIME, &soon, NULL));
    CASE("usleep", "", usleep(1));
    CASE("usleep", "no time", usleep(0));
    CASE("sleep", "no time", sleep(0));
    CASE("thrd_sleep", "", thrd_sleep(&soon, NULL));
    CASE("sched_yield", "", sched_yield());
    CASE("thrd_yield", "", thrd_yield());
    CASE("pause", "", pause());
    CASE("sigsuspend", "", sigsuspend(&usr1));
    CASE("sigpause", "", (sigpause)(SIGUSR1));
    CASE("sigwait", "pending", int number_of; pthread_sigmask(SIG_BLOCK, &usr1, NULL);
         raise(SIGUSR1); sigwait(&usr1, &number_of));
    CASE("sigwaitinfo", "pending", pthread_sigmask(SIG_BLOCK, &usr1, NULL); raise(SIGUSR1);
         sigwaitinfo(&usr1, NULL));
    CASE("sigtimedwait", "", sigtimedwait(&usr1, NULL, &soon));
    CASE("select", "ready", select(0, NULL, NULL, NULL, &(struct timeval){0}));
    CASE("pselect", "ready", pselect(0, NULL, NULL, NULL, &soon, NULL));
    CASE("poll", "ready", poll(&(struct pollfd){queue[0], POLLIN, 0}, 1, 0));
    CASE("ppoll", "ready", ppoll(&(struct pollfd){queue[0], POLLIN, 0}, 1, &soon, NULL));
    CASE("epoll_wait", "no time", struct epoll_event event;
         epoll_wait(epoll_create1(0), &event, 1, 0));
    CASE("wait", "", wait(NULL));
    CASE("waitpid", "", waitpid(child, NULL, 0));
    CASE("waitid", "", siginfo_t info; waitid(P_PID, (id_t)child, &info, WEXITED));
    CASE("wait4", "", wait4(child, NULL, 0, NULL));
    CASE("system", "", must_be_used(system(":")));
    CASE("posix_spawn", "", char *words[] = {(char *)"true", NULL};
         posix_spawn(&child, "/bin/true", NULL, NULL, words, NULL));
    CASE("fork", "", if (fork() == 0) _exit(0));
    CASE("raise", "a signal that is ignored", raise(SIGURG));
}

static void descriptors(void) {
    char path[] = "made.XXXXXX";
    CASE("open", "", open("data", O_RDONLY));
    CASE("open", "no such file", open("nothing", O_RDONLY));
    CASE("open64", "", open64("data", O_RDONLY));
    CASE("openat", "", openat(AT_FDCWD, "data", O_RDONLY));
    CASE("creat", "", creat("made", 0600));
    CASE("close", "", close(in));
    CASE("close", "not open", close(1000));
    CASE("read", "a file", must_be_used(read(in, buffer, 1)));
    CASE("read", "no bytes", must_be_used(read(in, buffer, 0)));
    CASE("write", "a file", must_be_used(write(out, buffer, 1)));
    CASE("write", "no bytes", must_be_used(write(out, buffer, 0)));
    CASE("pread", "", must_be_used(pread(in, buffer, 1, 0)));
    CASE("pread64", "", must_be_used(pread64(in, buffer, 1, 0)));
    CASE("pwrite", "", must_be_used(pwrite(out, buffer, 1, 0)));
    CASE("readv", "", must_be_used(readv(in, &part, 1)));
    CASE("writev", "", must_be_used(writev(out, &part, 1)));
    CASE("preadv", "", must_be_used(preadv(in, &part, 1, 0)));
    CASE("pwritev", "", must_be_used(pwritev(out, &part, 1, 0)));
    CASE("fsync", "", fsync(out));
    CASE("fsync", "not open", fsync(1000));
    CASE("fdatasync", "", fdatasync(out));
    CASE("sync", "", sync());
    CASE("syncfs", "", syncfs(out));
    CASE("sync_file_range", "", sync_file_range(out, 0, 1, SYNC_FILE_RANGE_WRITE));
    CASE("msync", "", msync(page, 4096, MS_SYNC));
    CASE("fcntl", "F_GETFD", fcntl(in, F_GETFD));
    CASE("fcntl", "F_SETFD", fcntl(in, F_SETFD, 0));
    CASE("fcntl", "F_GETFL", fcntl(in, F_GETFL));
    CASE("fcntl", "F_SETLK", fcntl(out, F_SETLK, &(struct flock){.l_type = F_WRLCK}));
    CASE("fcntl", "F_SETLKW", fcntl(out, F_SETLKW, &(struct flock){.l_type = F_WRLCK}));
    CASE("lockf", "F_LOCK", must_be_used(lockf(out, F_LOCK, 0)));
    CASE("flock", "", flock(out, LOCK_EX));
    CASE("lseek", "", lseek(in, 0, SEEK_SET));
    CASE("dup", "", dup(in));
    CASE("pipe", "", must_be_used(pipe(queue)));
    CASE("ioctl", "FIONREAD", int bytes; ioctl(in, FIONREAD, &bytes));
    CASE("tcdrain", "no terminal", tcdrain(in));
    CASE("isatty", "", isatty(in));
    CASE("ftruncate", "", must_be_used(ftruncate(out, 1)));
    CASE("fallocate", "", fallocate(out, 0, 0, 1));
    CASE("posix_fallocate", "", posix_fallocate(out, 0, 1));
    CASE("posix_fadvise", "", posix_fadvise(in, 0, 1, POSIX_FADV_NORMAL));
    CASE("readahead", "", readahead(in, 0, 1));
    CASE("sendfile", "", sendfile(out, in, NULL, 1));
    CASE("copy_file_range", "", copy_file_range(in, NULL, out, NULL, 1, 0));
    CASE("splice", "", splice(queue[0], NULL, out, NULL, 1, 0));
    CASE("tee", "", tee(queue[0], queue[1], 1, SPLICE_F_NONBLOCK));
    CASE("vmsplice", "", vmsplice(queue[1], &part, 1, 0));
    CASE("getrandom", "", must_be_used(getrandom(buffer, 1, 0)));
    CASE("getentropy", "", must_be_used(getentropy(buffer, 1)));
    CASE("mkostemp", "", mkostemp(path, 0));
    CASE("mkstemp", "", mkstemp(path));
    CASE("mkdtemp", "", must_be_used(mkdtemp(path) != NULL));
    CASE("eventfd_write", "", eventfd_write(eventfd(0, 0), 1));
    CASE("eventfd_read", "", eventfd_t value; eventfd_read(eventfd(1, 0), &value));
}

static void channels(void) {
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    struct mmsghdr many = {.msg_hdr = message};
    struct {
        long type;
        char text[8];
    } letter = {1, ""};
    CASE("socket", "", socket(AF_UNIX, SOCK_STREAM, 0));
    CASE("accept", "nobody there", accept(listener, NULL, NULL));
    CASE("accept4", "nobody there", accept4(listener, NULL, NULL, 0));
    CASE("connect", "",
         connect(pair[0], &(struct sockaddr){AF_UNIX, "x"}, sizeof(sa_family_t) + 2));
    CASE("send", "", send(pair[0], buffer, 1, 0));
    CASE("sendto", "", sendto(pair[0], buffer, 1, 0, NULL, 0));
    CASE("sendmsg", "", sendmsg(pair[0], &message, 0));
    CASE("sendmmsg", "", sendmmsg(pair[0], &many, 1, 0));
    CASE("recv", "", recv(pair[0], buffer, 1, 0));
    CASE("recvfrom", "", recvfrom(pair[0], buffer, 1, 0, NULL, NULL));
    CASE("recvmsg", "", recvmsg(pair[0], &message, 0));
    CASE("recvmmsg", "", recvmmsg(pair[0], &many, 1, 0, NULL));
    CASE("shutdown", "", shutdown(pair[0], SHUT_RDWR));
    CASE("msgsnd", "", msgsnd(messages, &letter, 1, IPC_NOWAIT));
    CASE("msgrcv", "", msgrcv(messages, &letter, 1, 0, IPC_NOWAIT));
    CASE("aio_suspend", "no request", aio_suspend((const struct aiocb *[]){NULL}, 1, &soon));
    CASE("getaddrinfo", "a number", struct addrinfo * found;
         must_be_used(getaddrinfo("127.0.0.1", NULL, NULL, &found)));
    CASE("getaddrinfo", "localhost", struct addrinfo * found;
         must_be_used(getaddrinfo("localhost", NULL, NULL, &found)));
    CASE("syslog", "", syslog(LOG_INFO, "message"));
    CASE("openlog", "", openlog("name", LOG_NDELAY, LOG_USER));
    CASE("closelog", "", undisturbed(open_log); closelog());
}

#define PRINTS(name, plain, large, unbuffered_call)                                                \
    do {                                                                                           \
        CASE(name, "into a buffer", plain);                                                        \
        CASE(name, "more than a buffer holds", large);                                             \
        CASE(name, "without a buffer", unbuffered_call);                                           \
    } while (0)

static void output(void) {
    memset(buffer, 'x', sizeof buffer - 1);
    PRINTS("fprintf", fprintf(writer, "x"), fprintf(writer, "%s", buffer),
           fprintf(unbuffered, "x"));
    CASE("fprintf", "nothing", fprintf(unbuffered, "%s", ""));
    PRINTS("vfprintf", by_list(vfprintf, writer, "x"), by_list(vfprintf, writer, "%s", buffer),
           by_list(vfprintf, unbuffered, "x"));
    PRINTS("fputs", fputs("x", writer), fputs(buffer, writer), fputs("x", unbuffered));
    PRINTS("fwrite", fwrite(buffer, 1, 1, writer), fwrite(buffer, 1, LARGE, writer),
           fwrite(buffer, 1, 1, unbuffered));
    PRINTS("fwrite_unlocked", fwrite_unlocked(buffer, 1, 1, writer),
           fwrite_unlocked(buffer, 1, LARGE, writer), fwrite_unlocked(buffer, 1, 1, unbuffered));
    PRINTS("fputs_unlocked", fputs_unlocked("x", writer), fputs_unlocked(buffer, writer),
           fputs_unlocked("x", unbuffered));
    PRINTS("fputc", fputc('x', writer), for (int i = 0; i < LARGE; i++) fputc('x', writer),
           fputc('x', unbuffered));
    PRINTS("putc", putc('x', writer), for (int i = 0; i < LARGE; i++) putc('x', writer),
           putc('x', unbuffered));
    PRINTS("putc_unlocked", putc_unlocked('x', writer),
           for (int i = 0; i < LARGE; i++) putc_unlocked('x', writer),
           putc_unlocked('x', unbuffered));
    PRINTS("fputc_unlocked", fputc_unlocked('x', writer),
           for (int i = 0; i < LARGE; i++) fputc_unlocked('x', writer),
           fputc_unlocked('x', unbuffered));
    PRINTS("putw", putw(1, writer), for (int i = 0; i < LARGE; i++) putw(1, writer),
           putw(1, unbuffered));
    PRINTS("fwprintf", fwprintf(writer, L"x"), fwprintf(writer, L"%s", buffer),
           fwprintf(unbuffered, L"x"));
    PRINTS("vfwprintf", by_wide_list(writer, L"x"), by_wide_list(writer, L"%s", buffer),
           by_wide_list(unbuffered, L"x"));
    PRINTS("fputwc", fputwc(L'x', writer), for (int i = 0; i < LARGE; i++) fputwc(L'x', writer),
           fputwc(L'x', unbuffered));
    PRINTS("fputws", fputws(L"x", writer), for (int i = 0; i < LARGE; i++) fputws(L"x", writer),
           fputws(L"x", unbuffered));
    CASE("fflush", "something", fflush(full));
    CASE("fflush", "nothing", fflush(unbuffered));
    CASE("fflush", "NULL", fflush(NULL));
    CASE("fflush_unlocked", "something", fflush_unlocked(full));
    CASE("fclose", "something is in its buffer", fclose(full));
    CASE("fclose", "nothing is in its buffer", fclose(reader));
    CASE("dprintf", "", dprintf(out, "x"));
    CASE("dprintf", "nothing", dprintf(out, "%s", ""));
    CASE("vdprintf", "", by_descriptor_list(out, "x"));
}

/* stdout and stderr, which are files here. */
static void standard_output(void) {
    CASE("printf", "into a buffer", printf("x"));
    CASE("printf", "without a buffer", no_buffer(), printf("x"));
    CASE("vprintf", "without a buffer", no_buffer(), by_standard_list("x"));
    CASE("puts", "into a buffer", puts("x"));
    CASE("puts", "without a buffer", no_buffer(), puts("x"));
    CASE("putchar", "into a buffer", putchar('x'));
    CASE("putchar", "without a buffer", no_buffer(), putchar('x'));
    CASE("putchar_unlocked", "without a buffer", no_buffer(), putchar_unlocked('x'));
    CASE("wprintf", "without a buffer", no_buffer(), wprintf(L"x"));
    CASE("putwchar", "without a buffer", no_buffer(), putwchar(L'x'));
    CASE("perror", "", perror("x"));
    CASE("psignal", "", psignal(SIGUSR1, "x"));
    CASE("psiginfo", "", siginfo_t info = {.si_signo = SIGUSR1}; psiginfo(&info, "x"));
    CASE("warn", "", warn("x"));
    CASE("warnx", "", warnx("x"));
    CASE("err", "", err(DOES_NOT, "x"));
    CASE("errx", "", errx(DOES_NOT, "x"));
    CASE("error", "", error(DOES_NOT, 0, "x"));
    CASE("malloc_stats", "", malloc_stats());
    CASE("malloc_info", "without a buffer", malloc_info(0, unbuffered));
    CASE("backtrace_symbols_fd", "", void *pc = (void *)abort; backtrace_symbols_fd(&pc, 1, 2));
}

static void input(void) {
    char word[8];
    fpos_t place;
    CASE("fgetc", "an empty buffer", fgetc(reader));
    CASE("fgetc", "from a buffer", undisturbed(read_one); fgetc(reader));
    CASE("getc", "an empty buffer", (getc)(reader));
    CASE("getc_unlocked", "an empty buffer", (getc_unlocked)(reader));
    CASE("fgetc_unlocked", "an empty buffer", (fgetc_unlocked)(reader));
    CASE("getchar", "an empty buffer", (getchar)());
    CASE("getchar_unlocked", "an empty buffer", (getchar_unlocked)());
    CASE("getw", "an empty buffer", getw(reader));
    CASE("fgets", "an empty buffer", must_be_used(fgets(word, sizeof word, reader) != NULL));
    CASE("fgets_unlocked", "an empty buffer",
         must_be_used(fgets_unlocked(word, sizeof word, reader) != NULL));
    CASE("fread", "an empty buffer", must_be_used(fread(word, 1, 1, reader) != 0));
    CASE("fread_unlocked", "an empty buffer",
         must_be_used(fread_unlocked(word, 1, 1, reader) != 0));
    CASE("fscanf", "an empty buffer", must_be_used(fscanf(reader, "%7s", word)));
    CASE("scanf", "an empty buffer", must_be_used(scanf("%7s", word)));
    CASE("getline", "an empty buffer", must_be_used(getline(&line, &line_size, reader) != 0));
    CASE("getdelim", "an empty buffer",
         must_be_used(getdelim(&line, &line_size, '\n', reader) != 0));
    CASE("fgetwc", "an empty buffer", fgetwc(reader));
    CASE("getwc", "an empty buffer", getwc(reader));
    CASE("fgetws", "an empty buffer", wchar_t wide[8];
         must_be_used(fgetws(wide, 8, reader) != NULL));
    CASE("getwchar", "an empty buffer", getwchar());
    CASE("fwscanf", "an empty buffer", must_be_used(fwscanf(reader, L"%7s", word)));
    CASE("ungetc", "", ungetc('x', reader));
    CASE("ungetc", "something is in its buffer", ungetc('x', full));
    CASE("ungetwc", "", ungetwc(L'x', reader));
    CASE("fseek", "a reader", fseek(reader, 0, SEEK_SET));
    CASE("fseek", "something is in its buffer", fseek(full, 0, SEEK_SET));
    CASE("fseeko", "something is in its buffer", fseeko(full, 0, SEEK_SET));
    CASE("rewind", "something is in its buffer", rewind(full));
    CASE("fgetpos", "something is in its buffer", fgetpos(full, &place));
    CASE("ftell", "something is in its buffer", ftell(full));
    CASE("ftello", "something is in its buffer", ftello(full));
    CASE("fsetpos", "a reader", memset(&place, 0, sizeof place), fsetpos(reader, &place));
    CASE("fsetpos", "something is in its buffer", memset(&place, 0, sizeof place),
         fsetpos(full, &place));
    CASE("feof", "", feof(reader));
    CASE("fileno", "", fileno(reader));
    CASE("setvbuf", "something is in its buffer", setvbuf(full, NULL, _IONBF, 0));
    CASE("setlinebuf", "something is in its buffer", setlinebuf(full));
    CASE("fopen", "", must_be_used(fopen("data", "r") != NULL));
    CASE("fopen", "no such file", must_be_used(fopen("nothing", "r") != NULL));
    CASE("fopen64", "", must_be_used(fopen64("data", "r") != NULL));
    CASE("fdopen", "", must_be_used(fdopen(in, "r") != NULL));
    CASE("freopen", "", must_be_used(freopen("data", "r", reader) != NULL));
    CASE("tmpfile", "", must_be_used(tmpfile() != NULL));
    CASE("popen", "", must_be_used(popen(":", "r") != NULL));
    CASE("pclose", "", undisturbed(open_shell); pclose(reader));
}

static void paths(void) {
    char path[4096];
    struct statvfs file_system;
    glob_t found;
    struct dirent **entries;
    wordexp_t words;
    CASE("stat", "", stat("data", &status));
    CASE("lstat", "", lstat("data", &status));
    CASE("fstat", "", fstat(in, &status));
    CASE("fstatat", "", fstatat(AT_FDCWD, "data", &status, 0));
    CASE("statvfs", "", statvfs(".", &file_system));
    CASE("access", "", must_be_used(access("data", R_OK)));
    CASE("faccessat", "", must_be_used(faccessat(AT_FDCWD, "data", R_OK, 0)));
    CASE("chmod", "", chmod("data", 0600));
    CASE("fchmod", "", fchmod(out, 0600));
    CASE("fchown", "", must_be_used(fchown(out, getuid(), getgid())));
    CASE("chown", "", must_be_used(chown("data", getuid(), getgid())));
    CASE("link", "", must_be_used(link("data", "linked")));
    CASE("symlink", "", must_be_used(symlink("data", "linked")));
    CASE("readlink", "no link", must_be_used(readlink("data", path, sizeof path) != 0));
    CASE("rename", "", rename("data", "renamed"));
    CASE("remove", "", remove("data"));
    CASE("unlink", "", unlink("data"));
    CASE("mkdir", "", mkdir("made", 0700));
    CASE("mkfifo", "", mkfifo("made", 0600));
    CASE("utime", "", utime("data", NULL));
    CASE("utimensat", "", utimensat(AT_FDCWD, "data", NULL, 0));
    CASE("futimens", "", futimens(out, NULL));
    CASE("pathconf", "", pathconf(".", _PC_NAME_MAX));
    CASE("fpathconf", "", fpathconf(in, _PC_NAME_MAX));
    CASE("opendir", "", must_be_used(opendir(".") != NULL));
    CASE("readdir", "", must_be_used(readdir(folder) != NULL));
    CASE("closedir", "", closedir(folder));
    CASE("rewinddir", "", rewinddir(folder));
    CASE("seekdir", "", seekdir(folder, 0));
    CASE("telldir", "", telldir(folder));
    CASE("scandir", "", scandir(".", &entries, NULL, alphasort));
    CASE("ftw", "", ftw(".", visit_plainly, 4));
    CASE("nftw", "", nftw(".", visit, 4, 0));
    CASE("glob", "", must_be_used(glob("*", 0, NULL, &found)));
    CASE("wordexp", "no command", wordexp("a b", &words, 0));
    CASE("wordexp", "a command", wordexp("$(echo a)", &words, 0));
    CASE("getcwd", "", must_be_used(getcwd(path, sizeof path) != NULL));
    CASE("realpath", "", must_be_used(realpath("data", path) != NULL));
    CASE("chdir", "", must_be_used(chdir(".")));
    CASE("ttyname", "no terminal", must_be_used(ttyname(in) != NULL));
    CASE("ttyname_r", "no terminal", must_be_used(ttyname_r(in, path, sizeof path)));
}

static void data_bases(void) {
    char text[1024];
    wchar_t wide[64];
    struct passwd user, *user_found;
    struct group group, *group_found;
    CASE("getpwnam", "", getpwnam("root"));
    CASE("getpwuid", "", getpwuid(0));
    CASE("getpwnam_r", "", must_be_used(getpwnam_r("root", &user, text, sizeof text, &user_found)));
    CASE("getpwuid_r", "", must_be_used(getpwuid_r(0, &user, text, sizeof text, &user_found)));
    CASE("getpwent", "", getpwent());
    CASE("setpwent", "", setpwent());
    CASE("endpwent", "", endpwent());
    CASE("getgrnam", "", getgrnam("root"));
    CASE("getgrgid", "", getgrgid(0));
    CASE("getgrnam_r", "",
         must_be_used(getgrnam_r("root", &group, text, sizeof text, &group_found)));
    CASE("getgrgid_r", "", must_be_used(getgrgid_r(0, &group, text, sizeof text, &group_found)));
    CASE("getgrent", "", getgrent());
    CASE("setgrent", "", setgrent());
    CASE("endgrent", "", endgrent());
    CASE("getgrouplist", "", gid_t groups[64]; int count = 64;
         getgrouplist("root", 0, groups, &count));
    CASE("getlogin", "", must_be_used(getlogin() != NULL));
    CASE("getlogin_r", "", must_be_used(getlogin_r(text, sizeof text)));
    CASE("gethostname", "", must_be_used(gethostname(text, sizeof text)));
    CASE("gethostid", "", gethostid());
    CASE("sysconf", "_SC_NPROCESSORS_ONLN", sysconf(_SC_NPROCESSORS_ONLN));
    CASE("sysconf", "_SC_OPEN_MAX", sysconf(_SC_OPEN_MAX));
    CASE("localtime", "the first time", setenv("TZ", "Europe/Berlin", 1), localtime(&now));
    CASE("localtime_r", "the first time", setenv("TZ", "Europe/Berlin", 1),
         localtime_r(&now, &broken));
    CASE("mktime", "the first time", setenv("TZ", "Europe/Berlin", 1), mktime(&broken));
    CASE("tzset", "the first time", setenv("TZ", "Europe/Berlin", 1), tzset());
    CASE("ctime", "the first time", setenv("TZ", "Europe/Berlin", 1), ctime(&now));
    CASE("ctime_r", "the first time", setenv("TZ", "Europe/Berlin", 1), ctime_r(&now, text));
    CASE("asctime", "", asctime(&broken));
    CASE("strftime", "", must_be_used(strftime(text, sizeof text, "%c %Z", &broken) != 0));
    CASE("wcsftime", "", must_be_used(wcsftime(wide, 64, L"%c %Z", &broken) != 0));
    CASE("getdate", "", setenv("DATEMSK", "data", 1), getdate("10:00"));
    CASE("setlocale", "from the environment", must_be_used(setlocale(LC_ALL, "C.UTF-8") != NULL));
    CASE("strerror", "", strerror(1000));
    CASE("strerror_r", "", must_be_used(strerror_r(1000, text, sizeof text) != NULL));
    CASE("malloc", "", must_be_used(malloc(1) != NULL));
    CASE("free", "", free(malloc(1)));
    CASE("time", "", time(NULL));
    CASE("clock_gettime", "", struct timespec at; clock_gettime(CLOCK_REALTIME, &at));
}

static void cases(void) {
    number = 0;
    waiting();
    sleeping();
    descriptors();
    channels();
    output();
    standard_output();
    input();
    paths();
    data_bases();
}

/* --- one case ---------------------------------------------------------------------------------- */

static sem_t pending;

static void *call(void *argument) {
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    sem_wait(&pending);
    pthread_setcancelstate(PTHREAD_CANCEL_ENABLE, NULL);
    cases();
    pthread_setcancelstate(PTHREAD_CANCEL_DISABLE, NULL);
    return argument;
}

_Noreturn static void measure(void) {
    pthread_t thread;
    void *result;
    make_files();
    make_channels();
    make_objects();
    dup2(in, 0);
    dup2(out, 2);
    must_be_used(freopen("standard", "w", stdout) != NULL); /* of no width yet */
    going = true;
    sem_init(&pending, 0, 0);
    alarm(BOUND);
    pthread_create(&thread, NULL, call, NULL);
    pthread_cancel(thread);
    sem_post(&pending);
    pthread_join(thread, &result);
    _exit(result == PTHREAD_CANCELED ? ACTS : DOES_NOT);
}

static void remove_files(pid_t process) {
    char command[64];
    snprintf(command, sizeof command, "rm -rf /tmp/cancellation.%d", (int)process);
    must_be_used(system(command));
}

static const char *ending(int how) {
    if (WIFSIGNALED(how) && WTERMSIG(how) == SIGALRM)
        return "blocks";
    if (!WIFEXITED(how) || (WEXITSTATUS(how) != ACTS && WEXITSTATUS(how) != DOES_NOT))
        return "fails";
    return WEXITSTATUS(how) == ACTS ? "acts" : "-";
}

static void print_row(const char *measured) {
    const char *posix = lists(shall, subject.function) ? "shall"
                        : lists(may, subject.function) ? "may"
                                                       : "-";
    printf("| `%s` | %s | %s | %s |\n", subject.function, subject.input, posix, measured);
    fflush(stdout);
}

static bool is_asked_for(int argc, char **argv) {
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], subject.function) == 0)
            return true;
    return argc < 2;
}

int main(int argc, char **argv) {
    for (;; wanted++) {
        int how;
        subject.function = NULL;
        cases();
        if (subject.function == NULL)
            return 0;
        if (!is_asked_for(argc, argv))
            continue;
        pid_t process = fork();
        if (process == 0)
            measure();
        waitpid(process, &how, 0);
        remove_files(process);
        print_row(ending(how));
    }
}
