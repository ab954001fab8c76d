/* SPDX-License-Identifier: MIT */
#include "explore/front/sharing.h"

#include <string.h>

#include "base/memory.h"
#include "explore/shared_version.h"
#include "symbols/checksum.h"

/* What races is visible from then on, and then the ways to begin are others: one shard would not know what another
 * has seen. */
int sharing_check(const struct explore_options *options, struct error *error) {
    if (options->shards == 0)
        return 0;
    if (options->reach != NULL)
        return fail(error, "--shard is for proofs: leave out --reach");
    if (options->jobs > 1)
        return fail(error, "--shard is one process of several: leave out --jobs, and take more "
                           "shards");
    if (options->races != RACES_STOP)
        return fail(error, "--shard needs --races=stop: what races in one shard would make its "
                           "steps others than those of the rest");
    if (options->overtaking > 0 && strcmp(options->strategy, "states") == 0)
        return fail(error, "--overtaking needs all states in one search: leave out --shard");
    return 0;
}

/* FNV-1a, the end of the text included. */
static uint64_t add(uint64_t hash, const char *text) {
    size_t length = strlen(text) + 1;
    for (size_t i = 0; i < length; i++)
        hash = (hash ^ (unsigned char)text[i]) * UINT64_C(0x100000001b3);
    return hash;
}

int sharing_identity(const struct subject *subject, const struct explore_options *options,
                     uint64_t *identity, struct error *error) {
    uint64_t checksum;
    if (checksum_program(subject->binary, &checksum, error) != 0)
        return -1;
    void *scratch = new_owner();
    uint64_t hash = add(UINT64_C(0xcbf29ce484222325),
                        talloc_asprintf(scratch, "%016llx %016llx", (unsigned long long)checksum,
                                        (unsigned long long)SHARED_VERSION));
    if (strcmp(options->strategy, "states") == 0)
        hash = add(hash, options->strategy);
    for (const char *const *word = subject->args; word != NULL && *word != NULL; word++)
        hash = add(hash, *word);
    for (const struct detector_option *option = explore_options_table; option->name != NULL;
         option++)
        if (option_is_recorded(option, options, &explore_default_options))
            hash = add(add(hash, option->name), option_text(scratch, option, options));
    for (int kind = 0; kind < KIND_COUNT; kind++)
        hash = add(hash, talloc_asprintf(scratch, "%d", options->severities.of[kind]));
    hash = add(hash, talloc_asprintf(scratch, "%d", options->allow_exit));
    talloc_free(scratch);
    *identity = hash;
    return 0;
}
