/* SPDX-License-Identifier: MIT */
/*
 * FILEs. Each has a lock of its own, so two threads that use one do not race; but their order
 * matters, so a use is a step on that FILE. Standard output and standard error are the exception:
 * as long as the order of output alone is no difference between executions, printing is no
 * operation at all.
 *
 * The functions without locks (getc_unlocked...) do race, also with the others.
 */
#include "explore/runtime/base.h"

#include <fcntl.h>
#include <stdio.h>

#include "explore/runtime/calls/visit.h"
#include "explore/runtime/heap.h"
#include "explore/runtime/kernel.h"
#include "explore/runtime/race.h"

static bool is_output(const FILE *file) {
    return file->_fileno == 1 || file->_fileno == 2;
}

/* One for all: the reader of a terminal sees both. */
void output_use(struct visit *visit) {
    if (shared->config.output == 1)
        visit_touch(visit, UINT64_C(1) << 3 | OBJECT_FILE, MODE_WRITE, stdout);
}

static void use(struct visit *visit, FILE *file) {
    if (file == NULL)
        return;
    uintptr_t address = (uintptr_t)file;
    race_access(address, 1, visit->call->spec.unlocked, visit->pc);
    if (is_output(file)) {
        output_use(visit);
        return;
    }
    if (file->_fileno == 0)
        input_check(visit);
    visit_touch(visit, address | OBJECT_FILE, MODE_WRITE, file);
    if (file->_IO_buf_base != NULL)
        touch_for_kernel((uintptr_t)file->_IO_buf_base,
                         (uint64_t)(file->_IO_buf_end - file->_IO_buf_base));
}

void stream_use(struct visit *visit) {
    switch (visit->call->spec.file) {
    case FILE_STDIN:
        use(visit, stdin);
        break;
    case FILE_STDOUT:
        use(visit, stdout);
        break;
    case FILE_STDERR:
        use(visit, stderr);
        break;
    default:
        use(visit, (FILE *)visit->argument[visit->call->spec.file]);
    }
}

static bool mode_writes(const char *mode) {
    for (; mode != NULL && *mode != '\0' && *mode != ','; mode++)
        if (*mode == 'w' || *mode == 'a' || *mode == '+')
            return true;
    return false;
}

void call_check_fopen(struct visit *visit) {
    file_check(visit, AT_FDCWD, (const char *)visit->argument[0],
               mode_writes((const char *)visit->argument[1]));
}

void call_check_fdopen(struct visit *visit) {
    int descriptor = (int)visit->argument[0];
    bool output = descriptor == 1 || descriptor == 2;
    descriptor_check(visit, descriptor);
    if (mode_writes((const char *)visit->argument[1]) && !output && !descriptor_is_null(descriptor))
        visit_refuse(visit, "files written cannot be rewound");
    descriptor_use(visit, descriptor, false);
}

static void act_flush(struct visit *visit) {
    int (*flush)(FILE *) = __extension__(int (*)(FILE *)) real_function("fflush");
    visit_skip(visit, flush((FILE *)visit->argument[0]));
}

/* The standard streams are flushed and stay: the next execution needs them. */
void call_check_fclose(struct visit *visit) {
    FILE *file = (FILE *)visit->argument[0];
    if (file == NULL)
        return;
    int descriptor = file->_fileno;
    use(visit, file);
    if (descriptor >= 0 && descriptor <= 2) {
        visit->act = act_flush;
    } else if (descriptor > 2) {
        visit_hidden(visit, HIDDEN_descriptors, true);
        kernel_touched();
    }
}

void call_check_fflush(struct visit *visit) {
    FILE *file = (FILE *)visit->argument[0];
    if (file == NULL)
        visit_all(visit); /* each of them */
    else
        use(visit, file);
}
