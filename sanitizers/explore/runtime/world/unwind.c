/* SPDX-License-Identifier: MIT */
/*
 * Leaving a thread in the middle (pthread_exit, cancellation): its cleanup handlers, innermost
 * first.
 *
 * They come in three kinds. Plain C registers a jump buffer for each (__pthread_register_cancel),
 * jumps to it, runs the handler, and asks for the next. C compiled with -fexceptions runs them as
 * the stack is unwound by force, if the unwinder is linked in. Old code keeps a list of routines
 * (_pthread_cleanup_push). All may be mixed, so the unwinder is asked to stop before every frame:
 * what was registered in a frame that has just been left is run there. The registrations lie in the
 * frames themselves, and stacks grow down, so a frame has been left when its registration lies
 * below the stack pointer.
 *
 * At the end of the stack, or without an unwinder, the thread ends right where it is: nobody needs
 * its stack any more.
 */
#include "explore/runtime/base.h"

#include <unwind.h>

#include "explore/runtime/fiber.h"
#include "explore/runtime/hook.h"
#include "explore/runtime/world/thread.h"
#include "explore/runtime/world/thread_state.h"
#include "explore/runtime/world/unwind.h"

/* In a program that needs no unwinding there may be no unwinder. */
_Unwind_Reason_Code _Unwind_ForcedUnwind(struct _Unwind_Exception *, _Unwind_Stop_Fn, void *)
    __attribute__((weak));
_Unwind_Word _Unwind_GetCFA(struct _Unwind_Context *) __attribute__((weak));

/* longjmp (longjmp.c): the buffer has no room for a signal mask, and none was saved in it. */
_Noreturn void jump_back(struct __cancel_jmp_buf_tag *environment, int value) __asm__("longjmp");

/* Runs what was registered below that address. Does not return if it jumps. */
static void run_handlers(struct thread *thread, uintptr_t below) {
    for (;;) {
        struct _pthread_cleanup_buffer *old = thread->cleanup;
        __pthread_unwind_buf_t *jump = thread->unwind;
        bool has_old = old != NULL && (uintptr_t)old < below;
        bool has_jump = jump != NULL && (uintptr_t)jump < below;
        if (has_jump && !(has_old && (uintptr_t)old < (uintptr_t)jump)) {
            thread->unwind = jump->__pad[0];
            jump_back(jump->__cancel_jmp_buf, 1);
        }
        if (!has_old)
            return;
        thread->cleanup = old->__prev;
        old->__routine(old->__arg);
    }
}

_Noreturn static void unwound(struct thread *thread) {
    run_handlers(thread, UINTPTR_MAX);
    thread_finish(thread);
}

static _Unwind_Reason_Code stop(int version, _Unwind_Action actions, _Unwind_Exception_Class class,
                                struct _Unwind_Exception *exception,
                                struct _Unwind_Context *context, void *thread) {
    (void)version, (void)class, (void)exception;
    if ((actions & _UA_END_OF_STACK) != 0)
        unwound(thread);
    run_handlers(thread, (uintptr_t)_Unwind_GetCFA(context));
    return _URC_NO_REASON;
}

_Noreturn void unwind_thread(struct thread *thread) {
    hook_take_frame(); /* what the program's handlers do is a matter of its own stack */
    if (_Unwind_ForcedUnwind != NULL && _Unwind_GetCFA != NULL) {
        static struct _Unwind_Exception exceptions[OP_ACTORS];
        struct _Unwind_Exception *exception = &exceptions[self->id];
        *exception = (struct _Unwind_Exception){0};
        _Unwind_ForcedUnwind(exception, stop, thread);
    }
    unwound(thread); /* there is no unwinder, or the stack cannot be unwound further */
}

/* --- what the program's macros call --- */

/* With -fexceptions: what the compiler runs when the handler's scope is left, if it did not inline
 * it. */
EXPORT void
cleanup_routine(struct __pthread_cleanup_frame *frame) __asm__("__pthread_cleanup_routine");
EXPORT void cleanup_routine(struct __pthread_cleanup_frame *frame) {
    if (frame->__do_it)
        frame->__cancel_routine(frame->__cancel_arg);
}

EXPORT void __pthread_register_cancel(__pthread_unwind_buf_t *jump) {
    struct thread *thread = thread_of(self);
    jump->__pad[0] = thread->unwind; /* libc leaves four words for such things */
    thread->unwind = jump;
}

EXPORT void __pthread_unregister_cancel(__pthread_unwind_buf_t *jump) {
    thread_of(self)->unwind = jump->__pad[0];
}

EXPORT void __pthread_register_cancel_defer(__pthread_unwind_buf_t *jump) {
    __pthread_register_cancel(jump); /* requests are always deferred */
}

EXPORT void __pthread_unregister_cancel_restore(__pthread_unwind_buf_t *jump) {
    __pthread_unregister_cancel(jump);
}

EXPORT _Noreturn void __pthread_unwind_next(__pthread_unwind_buf_t *jump) {
    (void)jump;
    unwind_thread(thread_of(self));
}

EXPORT void _pthread_cleanup_push(struct _pthread_cleanup_buffer *buffer, void (*routine)(void *),
                                  void *argument);
EXPORT void _pthread_cleanup_push(struct _pthread_cleanup_buffer *buffer, void (*routine)(void *),
                                  void *argument) {
    struct thread *thread = thread_of(self);
    buffer->__routine = routine;
    buffer->__arg = argument;
    buffer->__prev = thread->cleanup;
    thread->cleanup = buffer;
}

EXPORT void _pthread_cleanup_pop(struct _pthread_cleanup_buffer *buffer, int execute);
EXPORT void _pthread_cleanup_pop(struct _pthread_cleanup_buffer *buffer, int execute) {
    thread_of(self)->cleanup = buffer->__prev;
    if (execute)
        buffer->__routine(buffer->__arg);
}
