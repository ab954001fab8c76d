/* SPDX-License-Identifier: MIT */
/*
 * FILEs. Each has a lock of its own, so two threads that use one do not race; but their order
 * matters, so a use is a step on that FILE. Standard output and standard error are the exception:
 * as long as the order of output alone is no difference between executions, printing is no
 * operation at all. So, once there are threads that could print, nothing may look at what the order
 * of printing does change (how much waits in the buffer, bytes or wide characters), nor change what
 * printing answers: that is refused.
 *
 * The functions without locks (getc_unlocked...) do race, also with the others.
 */
#include "explore/runtime/base.h"

#include <fcntl.h>
#include <stdio.h>

#include "explore/runtime/blocks.h"
#include "explore/runtime/calls/checks.h"
#include "explore/runtime/calls/descriptor.h"
#include "explore/runtime/calls/effect.h"
#include "explore/runtime/calls/hidden.h"
#include "explore/runtime/calls/spec.h"
#include "explore/runtime/calls/stream.h"
#include "explore/runtime/calls/table.h"
#include "explore/runtime/calls/visit.h"
#include "explore/runtime/control.h"
#include "explore/runtime/fiber.h"
#include "explore/runtime/file.h"
#include "explore/runtime/race.h"
#include "explore/runtime/real.h"
#include "explore/runtime/rewind.h"
#include "explore/runtime/worker.h"

bool stream_locks;

enum { UNBUFFERED = 2 }; /* _IO_UNBUFFERED, of glibc's _flags */

static bool is_output(const FILE *file) {
    return file->_fileno == 1 || file->_fileno == 2;
}

/* What waits in it is no part of any state, nor is how much that is. */
void stream_prepare(void) {
    enum { BUFFER = 4096 };
    static char buffer[BUFFER];
    int (*real)(FILE *, char *, int, size_t) =
        (int (*)(FILE *, char *, int, size_t))(uintptr_t)real_function("setvbuf");
    real(stdout, buffer, _IOFBF, BUFFER);
    for (int i = 0; i < 3; i++)
        shared->standard_streams[i] = (uint64_t)(uintptr_t)(i == 0   ? stdin
                                                            : i == 1 ? stdout
                                                                     : stderr);
    rewind_leave_out(stdout, sizeof *stdout + sizeof(void *)); /* with the table of its functions */
    rewind_leave_out(stderr, sizeof *stderr + sizeof(void *));
}

/* One for all: the reader of a terminal sees both. */
void stream_output(struct visit *visit) {
    if (shared->config.output == 1)
        visit_touch(visit, UINT64_C(1) << 3 | OBJECT_FILE, MODE_WRITE, stdout);
}

static bool is_wide(const struct spec *spec) {
    return memchr(spec->writes, HIDDEN_wide, spec->write_count) != NULL;
}

static COMPARED bool closed[3]; /* by the program: standard streams */

/* Standard output or error. Asked again by every execution, whatever its order: who mixes both
 * kinds of characters is the later of the two. */
static void use_output(struct visit *visit, const FILE *file) {
    const struct spec *spec = &visit->call->spec;
    if (closed[file->_fileno])
        visit_refuse(visit, SAY_CLOSED_STREAM);
    if (shared->config.output != 1) {
        if (!spec->prints && spec->check != CHECK_fflush && spec->check != CHECK_fclose &&
            fibers[0]->children > 0)
            visit_refuse(visit, SAY_STREAM_STATE);
        if (spec->prints && (is_wide(spec) ? file->_mode < 0 : file->_mode > 0))
            visit_refuse(visit, SAY_STREAM_WIDTH);
    }
    stream_output(visit);
}

static void use(struct visit *visit, FILE *file) {
    if (file == NULL)
        return;
    uintptr_t address = (uintptr_t)file;
    if (stream_locks && !visit->call->spec.unlocked)
        visit->passes = file; /* its access comes when it has passed the lock */
    else
        race_access(address, 1, visit->call->spec.unlocked, visit->pc);
    if (file_is_memory(file)) {
        visit->memory = true;
        visit_touch(visit, address | OBJECT_FILE, MODE_WRITE, file);
        return;
    }
    if (is_output(file)) {
        use_output(visit, file);
        return;
    }
    if (file->_fileno == 0)
        descriptor_check_input(visit);
    if (file->_fileno == 0 && shared->config.input != 0)
        descriptor_use(visit, 0, true); /* who reads the descriptor itself has what is left */
    visit_touch(visit, address | OBJECT_FILE, MODE_WRITE, file);
    if (file->_IO_buf_base != NULL)
        rewind_touch_for_kernel((uintptr_t)file->_IO_buf_base,
                                (uint64_t)(file->_IO_buf_end - file->_IO_buf_base));
}

static FILE *file_of(const struct visit *visit) {
    switch (visit->call->spec.file) {
    case FILE_STDIN:
        return stdin;
    case FILE_STDOUT:
        return stdout;
    case FILE_STDERR:
        return stderr;
    default:
        return (FILE *)visit->argument[visit->call->spec.file];
    }
}

bool stream_is_memory(const struct visit *visit) {
    const FILE *file = visit->call->spec.file == FILE_NONE ? NULL : file_of(visit);
    return file != NULL && file_is_memory(file);
}

/* What it does to the memory it does whenever it likes, so each of its calls is followed. */
void check_memory_stream(struct visit *visit) {
    visit->memory = true;
}

void stream_made(const struct visit *visit) {
    if (visit->call->spec.check == CHECK_memory_stream && visit->result != 0)
        block_hide(visit->result);
}

void stream_use(struct visit *visit) {
    use(visit, file_of(visit));
}

/* What it prints is not empty, for all that can be told before it is put together. */
static bool prints_something(const struct visit *visit) {
    const struct spec *spec = &visit->call->spec;
    const struct effect *effect = &spec->effects[0];
    if (spec->format == FORMAT_PRINTF) {
        const char *format = (const char *)visit->argument[spec->format_argument];
        return format != NULL && format[0] != '\0' && format[0] != '%';
    }
    if (spec->format != FORMAT_NONE || spec->effect_count > 1 || is_wide(spec))
        return false;
    const char *text = (const char *)visit->argument[effect->place.argument];
    return spec->effect_count == 0 ||
           (effect->size.kind == SIZE_STRING && text != NULL && text[0] != '\0');
}

bool stream_writes(const struct visit *visit) {
    const struct spec *spec = &visit->call->spec;
    if (spec->file == FILE_NONE || !spec->prints)
        return false;
    const FILE *file = file_of(visit);
    return file != NULL && (file->_flags & UNBUFFERED) != 0 && prints_something(visit);
}

void stream_own(const struct visit *visit, struct follow *follow) {
    const FILE *file = file_of(visit);
    if (file == NULL)
        return;
    blocks_extent((uintptr_t)file, &follow->own[0].start, &follow->own[0].end);
    if (visit->memory)
        return;
    follow->own[1].start = (uintptr_t)file->_IO_buf_base;
    follow->own[1].end = (uintptr_t)file->_IO_buf_end;
}

static bool mode_writes(const char *mode) {
    for (; mode != NULL && *mode != '\0' && *mode != ','; mode++)
        if (*mode == 'w' || *mode == 'a' || *mode == '+')
            return true;
    return false;
}

/* "r,ccs=...": the converter is looked for where the environment says. */
static bool mode_converts(const char *mode) {
    while (mode != NULL && *mode != '\0' && *mode != ',')
        mode++;
    return mode != NULL && *mode == ',';
}

void check_fopen(struct visit *visit) {
    if (mode_converts((const char *)visit->argument[1]))
        hidden_touch(visit, HIDDEN_environment, false);
    descriptor_check_file(visit, AT_FDCWD, (const char *)visit->argument[0],
                          mode_writes((const char *)visit->argument[1]));
}

void check_fdopen(struct visit *visit) {
    int descriptor = (int)visit->argument[0];
    bool output = descriptor == 1 || descriptor == 2;
    descriptor_check(visit, descriptor);
    if (mode_writes((const char *)visit->argument[1]) && !output &&
        !descriptor_is_null(descriptor) && !control_by_hand)
        visit_refuse(visit, SAY_FILES_WRITTEN);
    descriptor_use(visit, descriptor, false);
}

static void act_flush(struct visit *visit) {
    int (*flush)(FILE *) = __extension__(int (*)(FILE *)) real_function("fflush");
    visit_skip(visit, flush((FILE *)visit->argument[0]));
}

/* The standard streams are flushed and stay: the next execution needs them. What is printed
 * afterwards would fail, so nobody may. */
void check_fclose(struct visit *visit) {
    FILE *file = (FILE *)visit->argument[0];
    if (file == NULL)
        return;
    int descriptor = file->_fileno;
    use(visit, file);
    if (descriptor >= 0 && descriptor <= 2) {
        if (!visit_is_alone())
            visit_refuse(visit, SAY_STREAM_IN_USE);
        visit_all(visit); /* also with who has been seen to end, and might not have */
        closed[descriptor] = true;
        visit->act = act_flush;
    } else if (descriptor > 2) {
        hidden_touch(visit, HIDDEN_descriptors, true);
        worker_touched();
    }
}

/* setvbuf and its kin: the stream would write to memory of the program, whenever it likes. */
void check_buffer(struct visit *visit) {
    if (visit->argument[1] != 0)
        visit_refuse(visit, SAY_STREAM_BUFFER);
}

/* Each of them, and so each of their locks. */
static void all_streams(struct visit *visit) {
    if (stream_locks && !visit_is_alone())
        visit_refuse(visit, SAY_STREAM_LOCKS);
    visit_all(visit);
}

void check_fflush(struct visit *visit) {
    FILE *file = (FILE *)visit->argument[0];
    if (file == NULL)
        all_streams(visit);
    else
        use(visit, file);
}
