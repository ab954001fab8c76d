/* SPDX-License-Identifier: MIT */
/*
 * A fiber needs what libc keeps for each thread: errno, __thread variables, the descriptor behind
 * pthread_self. All of it hangs on the thread pointer (the FS base on x86-64). So for every fiber
 * but the main one there is a real thread, asleep for ever in a system call, and a switch of fibers
 * sets the FS base to that thread's. libc cannot tell the difference: it never asks the kernel.
 *
 * The lenders' memory is ours (pthread_attr_setstack), at fixed addresses: glibc puts descriptor
 * and TLS at the upper end of it, so that end is what the snapshot has to save.
 */
#include "explore/runtime/base.h"

#include <asm/prctl.h>
#include <errno.h>
#include <immintrin.h>
#include <linux/futex.h>
#include <pthread.h>
#include <signal.h>
#include <sys/auxv.h>
#include <sys/mman.h>
#include <sys/syscall.h>

#include "explore/runtime/lasting.h"
#include "explore/runtime/real.h"
#include "explore/runtime/system_call.h"
#include "explore/runtime/tls.h"

enum { LENDER_SIZE = 256 << 10 };
#define LENDER_ADDRESS ((uintptr_t)0x1e0000000000)
#define HWCAP2_FSGSBASE (1UL << 1)

struct lender {
    uintptr_t pointer;
    char *start; /* of what is to be saved */
    uint32_t ready;
};

static struct lender *lenders; /* [0]: the main thread; in lasting memory */
static int lender_count;
static bool has_fsgsbase;
static uintptr_t pointer_in_use, errno_offset;
static ptrdiff_t rseq_offset;
static unsigned rseq_size; /* 0: there is none */

static uintptr_t thread_pointer(void) {
    uintptr_t pointer;
    __asm__("mov %%fs:0, %0" : "=r"(pointer)); /* its first word points to itself (psABI) */
    return pointer;
}

__attribute__((target("fsgsbase"))) static void set_fs_directly(uintptr_t pointer) {
    _writefsbase_u64(pointer);
}

void tls_renew(void) {
    if (has_fsgsbase)
        set_fs_directly(pointer_in_use);
    else
        system_call(SYS_arch_prctl, ARCH_SET_FS, (long)pointer_in_use, 0, 0, 0, 0);
}

void tls_use(uintptr_t pointer) {
    if (pointer == pointer_in_use)
        return;
    pointer_in_use = pointer;
    tls_renew();
}

/* The kernel writes to a registered restartable sequence area whenever it moves a thread; it
 * lies in the descriptor, which the snapshot protects. glibc (from 2.35 on) says where. */
static void rseq_find(void) {
    const ptrdiff_t *offset = real_function("__rseq_offset");
    const unsigned *size = real_function("__rseq_size");
    enum { LEAST = 32 };
    if (offset == NULL || size == NULL || *size == 0)
        return;
    rseq_offset = *offset;
    rseq_size = *size < LEAST ? LEAST : *size;
}

static void rseq_leave(void) {
    enum { UNREGISTER = 1, SIGNATURE = 0x53053053 };
    if (rseq_size != 0)
        system_call(SYS_rseq, (long)thread_pointer() + rseq_offset, rseq_size, UNREGISTER,
                    SIGNATURE, 0, 0);
}

/* A lender says where its TLS is and sleeps; nothing ever wakes it, and it ends with the
 * process. From the moment it has spoken its memory may be protected, so it does not touch its
 * stack again. All of them start side by side, so it asks nobody for anything. */
static void *lend(void *argument) {
    struct lender *lender = argument;
    rseq_leave();
    lender->pointer = thread_pointer();
    lender->start = (char *)((uintptr_t)__builtin_frame_address(0) & ~(uintptr_t)4095);
    __asm__ volatile("   movl $1, (%%rdi)\n"
                     "   mov %1, %%eax\n"
                     "   mov %2, %%esi\n"
                     "   mov $1, %%edx\n"
                     "   syscall\n"
                     "1: mov %3, %%eax\n"
                     "   syscall\n"
                     "   jmp 1b\n"
                     :
                     : "D"(&lender->ready), "i"(SYS_futex), "i"(FUTEX_WAKE_PRIVATE), "i"(SYS_pause)
                     : "rax", "rdx", "rsi", "rcx", "r11", "memory");
    __builtin_unreachable();
}

static int lend_one(struct lender *lender, char *memory) {
    int (*create)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *) =
        (int (*)(pthread_t *, const pthread_attr_t *, void *(*)(void *), void *))(
            uintptr_t)real_function("pthread_create");
    int (*init)(pthread_attr_t *) =
        (int (*)(pthread_attr_t *))(uintptr_t)real_function("pthread_attr_init");
    int (*set)(pthread_attr_t *, void *, size_t) = (int (*)(pthread_attr_t *, void *, size_t))(
        uintptr_t)real_function("pthread_attr_setstack");
    pthread_attr_t attributes;
    pthread_t thread;
    init(&attributes);
    int error = set(&attributes, memory, LENDER_SIZE);
    return error == 0 ? create(&thread, &attributes, lend, lender) : error;
}

static void await_ready(const struct lender *lender) {
    while (__atomic_load_n(&lender->ready, __ATOMIC_ACQUIRE) == 0)
        system_call(SYS_futex, (long)&lender->ready, FUTEX_WAIT_PRIVATE, 0, 0, 0, 0);
}

int tls_lend(int count) {
    rseq_find();
    rseq_leave();
    has_fsgsbase = (getauxval(AT_HWCAP2) & HWCAP2_FSGSBASE) != 0;
    lenders = lasting_new((size_t)(count + 1) * sizeof *lenders);
    lenders[0] = (struct lender){.pointer = thread_pointer()};
    pointer_in_use = lenders[0].pointer;
    errno_offset = (uintptr_t)&errno - pointer_in_use;
    lender_count = 1;
    size_t size = (size_t)count * LENDER_SIZE;
    long memory =
        system_call(SYS_mmap, (long)LENDER_ADDRESS, (long)size, PROT_READ | PROT_WRITE,
                    MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
    if (memory < 0)
        return (int)-memory;
    /* They take no signals: those are for the one that runs. */
    uint64_t all = ~UINT64_C(0), before = 0;
    system_call(SYS_rt_sigprocmask, SIG_BLOCK, (long)&all, (long)&before, sizeof all, 0, 0);
    int error = 0;
    for (int i = 0; error == 0 && i < count; i++, lender_count++)
        error = lend_one(&lenders[i + 1], (char *)memory + (size_t)i * LENDER_SIZE);
    for (int i = 1; error == 0 && i < lender_count; i++)
        await_ready(&lenders[i]);
    system_call(SYS_rt_sigprocmask, SIG_SETMASK, (long)&before, 0, sizeof all, 0, 0);
    return error;
}

int tls_count(void) {
    return lender_count;
}

int *tls_errno(uintptr_t pointer) {
    return (int *)(pointer + errno_offset);
}

uintptr_t tls_pointer(int index) {
    return lenders[index].pointer;
}

static bool is_errno_of(int index, uintptr_t address, size_t size) {
    uintptr_t number = lenders[index].pointer + errno_offset;
    return address < number + sizeof(int) && address + size > number;
}

bool tls_is_errno_of_another(uintptr_t address, size_t size, uintptr_t pointer) {
    uintptr_t index = (address - LENDER_ADDRESS) / LENDER_SIZE + 1;
    if (address < LENDER_ADDRESS || index >= (uintptr_t)lender_count)
        index = 0;
    return is_errno_of((int)index, address, size) && lenders[index].pointer != pointer;
}

void tls_extent(int index, char **start, size_t *size) {
    char *end = (char *)LENDER_ADDRESS + (size_t)index * LENDER_SIZE;
    *start = lenders[index].start;
    *size = (size_t)(end - *start);
}
