/* SPDX-License-Identifier: MIT */
#include "base/versions.h"

#include <gnu/libc-version.h>
#include <stdbool.h>

#include "base/memory.h"
#include "base/tool.h"

static int of_library(const char *name) {
    (void)name;
    return tool_read_version(gnu_get_libc_version());
}

static const struct {
    const char *name;
    int (*ask)(const char *name);
} known[VERSIONS_COUNT] = {
    {"glibc", of_library},
    {"gcc", tool_version},
    {"clang", tool_version},
    {"valgrind", tool_version},
};

const char *versions_name(size_t index) {
    return known[index].name;
}

int versions_here(size_t index) {
    static struct {
        bool asked;
        int version;
    } here[VERSIONS_COUNT];
    if (!here[index].asked)
        here[index].version = known[index].ask(known[index].name);
    here[index].asked = true;
    return here[index].version;
}

const char *versions_words(void *owner, int version) {
    return never_null(talloc_asprintf(owner, "%d.%d", version / 100, version % 100));
}
