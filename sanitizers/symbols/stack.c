/* SPDX-License-Identifier: MIT */
#include "symbols/stack.h"

#include <elfutils/libdwfl.h>
#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/user.h>
#include <sys/wait.h>
#include <talloc.h>

#include "symbols/callee.h"
#include "symbols/debuginfo.h"
#include "symbols/line_table.h"
#include "symbols/source_file.h"

#define DEEPEST 64
#define STOP_MILLISECONDS 1000

static const Dwfl_Callbacks callbacks = {.find_elf = dwfl_linux_proc_find_elf,
                                         .find_debuginfo = debuginfo_none};

struct stack_walk {
    void *owner;
    struct location *location;
};

/* A function that has no symbol (of a stripped library) has at least the name by which it was called:
 * that of the call which returns to `pc`. */
static void name_called(const struct stack_walk *walk, Dwfl_Module *module, Dwarf_Addr pc) {
    size_t count = walk->location->frame_count;
    if (count == 0 || module == NULL ||
        strcmp(walk->location->frames[count - 1].function, "?") != 0)
        return;
    const char *name = callee_name(module, pc);
    if (name != NULL)
        walk->location->frames[count - 1].function = talloc_strdup(walk->owner, name);
}

/* Where the compiler wrote no index of its units, as clang does, libdw alone finds no line. The table is made
 * once for each module. */
static void place_by_table(void *owner, Dwfl_Module *module, Dwarf_Addr address,
                           struct frame *frame) {
    void **table;
    dwfl_module_info(module, &table, NULL, NULL, NULL, NULL, NULL, NULL);
    if (*table == NULL)
        *table = line_table_read(owner, module);
    const char *file = line_table_at(*table, address, &frame->line);
    if (file != NULL)
        frame->file = talloc_strdup(owner, file);
}

static int add_frame(Dwfl_Frame *state, void *argument) {
    struct stack_walk *walk = argument;
    Dwarf_Addr pc;
    bool at_instruction;
    if (!dwfl_frame_pc(state, &pc, &at_instruction))
        return DWARF_CB_ABORT;
    /* A return address may already belong to the next line: the call lies one byte before. */
    Dwarf_Addr address = at_instruction ? pc : pc - 1;
    Dwfl_Module *module = dwfl_addrmodule(dwfl_thread_dwfl(dwfl_frame_thread(state)), address);
    const char *function = module == NULL ? NULL : dwfl_module_addrname(module, address);
    Dwfl_Line *line = module == NULL ? NULL : dwfl_module_getsrc(module, address);

    if (!at_instruction)
        name_called(walk, module, pc);
    struct frame frame = {.function = talloc_strdup(walk->owner, function ? function : "?")};
    const char *file =
        line == NULL ? NULL : dwfl_lineinfo(line, NULL, &frame.line, &frame.column, NULL, NULL);
    if (file != NULL)
        frame.file = source_file_absolute(walk->owner, dwfl_line_comp_dir(line), file);
    else if (module != NULL)
        place_by_table(walk->owner, module, address, &frame);
    location_add_frame(walk->owner, walk->location, frame);
    return walk->location->frame_count < DEEPEST ? DWARF_CB_OK : DWARF_CB_ABORT;
}

static void unwind(void *owner, pid_t process, pid_t tid, struct location *location) {
    Dwfl *dwfl = dwfl_begin(&callbacks);
    if (dwfl == NULL)
        return;
    struct stack_walk walk = {owner, location};
    if (dwfl_linux_proc_report(dwfl, process) == 0 && dwfl_report_end(dwfl, NULL, NULL) == 0 &&
        dwfl_linux_proc_attach(dwfl, process, true) == 0)
        dwfl_getthread_frames(dwfl, tid, add_frame, &walk);
    dwfl_end(dwfl);
}

/*
 * glibc's clone functions end their unwind information before the system call, because the new
 * thread has no caller there. The old one has, and its return address is on top of its stack: so we
 * look at it as if the function had returned, and put the registers back.
 */
#ifdef __x86_64__
static void unwind_caller(void *owner, pid_t process, pid_t tid, struct location *location) {
    struct user_regs_struct as_it_is, returned;
    if (ptrace(PTRACE_GETREGS, tid, NULL, &as_it_is) != 0)
        return;
    errno = 0;
    long caller = ptrace(PTRACE_PEEKDATA, tid, as_it_is.rsp, NULL);
    if (errno != 0)
        return;
    returned = as_it_is;
    returned.rip = (unsigned long long)caller;
    returned.rsp += sizeof caller;
    if (ptrace(PTRACE_SETREGS, tid, NULL, &returned) == 0)
        unwind(owner, process, tid, location);
    ptrace(PTRACE_SETREGS, tid, NULL, &as_it_is);
}
#else
static void unwind_caller(void *owner, pid_t process, pid_t tid, struct location *location) {
    (void)owner, (void)process, (void)tid, (void)location;
}
#endif

void stack_of_stopped(void *owner, pid_t process, pid_t tid, struct location *location) {
    unwind(owner, process, tid, location);
    if (location->frame_count != 1)
        return;
    location->frame_count = 0;
    unwind_caller(owner, process, tid, location);
}

/* The signal to hand on when the thread is let go, or -1 if it did not stop. */
static int wait_for_stop(pid_t tid) {
    for (int i = 0; i < STOP_MILLISECONDS; i++) {
        siginfo_t info = {0};
        if (waitid(P_PID, (id_t)tid, &info, WSTOPPED | WNOHANG | __WALL) != 0)
            return -1;
        if (info.si_pid == tid)
            return info.si_status >> 8 == 0 ? info.si_status : 0;
        poll(NULL, 0, 1);
    }
    return -1;
}

int stack_of_sleeping(void *owner, pid_t process, pid_t tid, struct location *location) {
    if (ptrace(PTRACE_SEIZE, tid, NULL, NULL) != 0)
        return errno == ESRCH ? 0 : -1;
    int signal_number = -1;
    if (ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) == 0)
        signal_number = wait_for_stop(tid);
    if (signal_number >= 0)
        stack_of_stopped(owner, process, tid, location);
    ptrace(PTRACE_DETACH, tid, NULL, (long)(signal_number > 0 ? signal_number : 0));
    return 0;
}
