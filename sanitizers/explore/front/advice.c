/* SPDX-License-Identifier: MIT */
#include "explore/front/advice.h"

#include <string.h>

#include "explore/message/message.h"

#define SMALLER "fewer threads or rounds (arguments go behind --) are through sooner"
#define POLLED                                                                                     \
    SMALLER "; a thread that polls a clock goes round for ever: the rest of the program is tried " \
            "sooner without it" LONGER
#define HOOKS                                                                                      \
    "build the library with hazard make, too, and link what that makes in place of it: then it "   \
    "has "                                                                                         \
    "hooks; hazard check tries the other detectors"
#define LONGER "; hazard explore --seconds=N searches longer"

/* Of what the runtime says first; the words are tried by tests/programs/test_handins.c. */
static const struct advice_row {
    enum message_text text;
    const char *advice;
} rows[] = {
    {SAY_TIME_OVER, SMALLER LONGER},
    {SAY_EFFORT_MADE, SMALLER LONGER},
    {SAY_EXECUTIONS_MADE, SMALLER "; hazard explore --executions=N allows more"},
    {SAY_STEPS_MADE, SMALLER "; hazard explore --executions=N allows more"},
    {SAY_SEARCH_MEMORY, SMALLER "; --strategy=dpor needs less memory"},
    {SAY_BOOKKEEPING, SMALLER},
    {SAY_MANY_CONTENDED, SMALLER "; --strategy=dpor has no such limit"},
    {SAY_MANY_RELEASES, SMALLER "; --strategy=dpor has no such limit"},
    {SAY_STATES_OUTSIDE, "--strategy=dpor goes on without states"},
    {SAY_CUT, SMALLER "; where no loop is endless, --steps=N allows longer executions"},
    {SAY_COMPUTED, "let that loop end, or give it less to do"},
    {SAY_MANY_THREADS, "fewer threads (arguments go behind --) show the same"},
    {SAY_MANY_RACES, "--races=stop shows the first"},
    {SAY_FOLLOWED_OPAQUE, "hazard check tries the other detectors"},
    {SAY_ORDERS_UNHOOKED, HOOKS},
    {SAY_SPINS_UNHOOKED, HOOKS},
    {SAY_WAITS_UNHOOKED, HOOKS},
    {SAY_STARTS_UNHOOKED, HOOKS},
    {SAY_UNSEEN_ATOMIC, "atomics of C11 (stdatomic.h) and of the compiler (__atomic) have hooks, "
                        "assembly has none; hazard check tries the other detectors"},
    {SAY_DEVICES, "--stdin FILE gives it input"},
    {SAY_INPUT_ONCE, "--stdin FILE gives it input"},
    {SAY_FILES_WRITTEN, "let it print to standard output in place of that file"},
    {SAY_CHANCE, "rand with a seed of its own choice is known"},
    {SAY_SIGNAL_HANDLERS, "hazard inject --signal=SIG tries a signal at every instruction"},
};

/* What calls like that one are for, by the first of their words. */
static const struct advice_call {
    const char *calls, *advice;
} calls[] = {
    {" fork vfork _Fork clone execl execle execlp execv execve execvp execvpe posix_spawn wait "
     "waitpid waitid wait3 "
     "wait4 kill raise signal sigaction sigsuspend sigpause pause alarm setitimer dup dup2 dup3 "
     "pipe pipe2 setpgid "
     "setsid killpg tcsetpgrp system popen sigwait sigwaitinfo ",
     "of processes and signals hazard inject is the judge: hazard inject --child-exit (or "
     "--signal=SIG), "
     "with --stdin FILE for a shell's commands"},
    {" socket bind listen accept accept4 connect send recv sendto recvfrom sendmsg recvmsg "
     "setsockopt getsockopt "
     "select poll ppoll epoll_create epoll_create1 epoll_wait getaddrinfo gethostbyname shutdown "
     "socketpair ",
     "hazard check --server lets clients talk to a server under the other detectors, hazard probe "
     "asks "
     "it where clients block"},
};

static const char *call_advice(const char *why) {
    char word[64];
    size_t length = strcspn(why, ": (");
    if (length == 0 || length + 3 > sizeof word)
        return NULL;
    word[0] = ' ';
    memcpy(word + 1, why, length);
    memcpy(word + 1 + length, " ", 2);
    for (size_t i = 0; i < sizeof calls / sizeof *calls; i++)
        if (strstr(calls[i].calls, word) != NULL)
            return calls[i].advice;
    return NULL;
}

static const char *row_advice(const struct message *reason) {
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (message_find(reason, rows[i].text) != NULL)
            return rows[i].advice;
    return NULL;
}

const char *advice_words(const struct explore_outcome *outcome,
                         const struct explore_options *options, const char *why) {
    bool undecided = outcome->verdict == VERDICT_BOUNDED || outcome->verdict == VERDICT_UNSUPPORTED;
    if (!undecided || outcome->share_done || outcome->interrupted)
        return "";
    const char *advice = call_advice(why);
    if (advice == NULL)
        advice = row_advice(&outcome->shared->reason);
    bool clocks = outcome->shared->counts.bounds[BOUND_LATE] != BOUND_UNUSED;
    if (clocks && advice != NULL && strncmp(advice, SMALLER, strlen(SMALLER)) == 0)
        return POLLED;
    if (advice != NULL)
        return advice;
    if (outcome->shared->unhooked_said != 0 && strstr(why, "no hooks") != NULL)
        return HOOKS;
    if (strstr(why, "cannot be decoded") != NULL)
        return "--audit=off relies on the compiler's hooks there, and the verdict says so";
    if (outcome->verdict == VERDICT_UNSUPPORTED)
        return "hazard check tries it under the detectors that take it: TSan, Helgrind and DRD";
    return strcmp(options->strategy, "auto") == 0 || strcmp(options->strategy, "dpor") == 0
               ? SMALLER
               : "--strategy=auto tries all that differ";
}
