/* SPDX-License-Identifier: MIT */
#include "hazard/grade/digest.h"

#include <sha2.h>
#include <stdint.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"

struct digest {
    SHA2_CTX context;
};

struct digest *digest_new(void *owner) {
    struct digest *digest = new_array(owner, struct digest, 1);
    SHA256Init(&digest->context);
    return digest;
}

static void add_bytes(struct digest *digest, const char *bytes, uint64_t size) {
    SHA256Update(&digest->context, (const uint8_t *)&size, sizeof size);
    SHA256Update(&digest->context, (const uint8_t *)bytes, size);
}

void digest_add(struct digest *digest, const char *text) {
    add_bytes(digest, text, strlen(text));
}

void digest_add_list(struct digest *digest, const char *const *texts) {
    for (; *texts != NULL; texts++)
        digest_add(digest, *texts);
    digest_add(digest, "");
}

int digest_add_file(struct digest *digest, const char *path, struct error *error) {
    char *bytes = file_read(digest, path, error);
    if (bytes == NULL)
        return -1;
    add_bytes(digest, bytes, talloc_get_size(bytes) - 1);
    talloc_free(bytes);
    return 0;
}

const char *digest_end(void *owner, struct digest *digest) {
    char digits[SHA256_DIGEST_STRING_LENGTH];
    SHA256End(&digest->context, digits);
    talloc_free(digest);
    return never_null(talloc_strdup(owner, digits));
}
