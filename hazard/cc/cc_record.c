/* SPDX-License-Identifier: MIT */
/*
 * A record is a list of words, each with a NUL behind it: "hazard-unit" or "hazard-link", how many
 * follow, and those. Records stand one behind the other, with any number of NULs between them,
 * which linkers put there to align.
 */
#include "hazard/cc/cc_record.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/memory.h"
#include "hazard/cc/cc_line.h"
#include "hazard/cc/cc_run.h"
#include "hazard/kept/kept_hash.h"
#include "symbols/relocatable.h"
#include "symbols/section.h"

#define SECTION ".hazard.made"
#define UNIT "hazard-unit"
#define LINK "hazard-link"

/* ---- Reading --------------------------------------------------------------------------------- */

struct record_reader {
    void *owner;
    const char *at, *end;
    struct recipe_unit *units;
    const char **hashes;
    size_t count;
    struct cc_record *record;
    bool linked;
};

/* NULL: there is none. (Behind the last byte stands a NUL.) */
static const char *next_word(struct record_reader *reader) {
    if (reader->at >= reader->end)
        return NULL;
    const char *word = reader->at;
    reader->at += strlen(word) + 1;
    return word;
}

/* So many of them, NULL-terminated; NULL: there are not. */
static const char *const *next_words(struct record_reader *reader, size_t count) {
    if (count > (size_t)(reader->end - reader->at))
        return NULL;
    const char **words = new_array(reader->owner, const char *, count + 1);
    for (size_t i = 0; i < count; i++)
        if ((words[i] = next_word(reader)) == NULL)
            return NULL;
    return words;
}

static void take_unit(struct record_reader *reader, const char *const *words) {
    size_t count = reader->count++;
    reader->units = grow_array(reader->owner, reader->units, struct recipe_unit, count + 1);
    reader->hashes = grow_array(reader->owner, reader->hashes, const char *, count + 1);
    reader->units[count] =
        (struct recipe_unit){.folder = words[0], .source = words[1], .words = words + 3};
    reader->hashes[count] = words[2];
}

/* False at the end, and where it is damaged. */
static bool read_one(struct record_reader *reader) {
    const char *kind, *number;
    while (reader->at < reader->end && *reader->at == '\0')
        reader->at++;
    if ((kind = next_word(reader)) == NULL || (number = next_word(reader)) == NULL)
        return false;
    size_t count = strtoul(number, NULL, 10);
    const char *const *words = next_words(reader, count);
    if (words != NULL && strcmp(kind, UNIT) == 0 && count >= 3)
        take_unit(reader, words);
    else if (words != NULL && strcmp(kind, LINK) == 0 && count >= 1) {
        reader->linked = true;
        reader->record->recipe.folder = words[0];
        reader->record->recipe.link = words + 1;
    } else
        return false;
    return true;
}

const struct cc_record *cc_record_read(void *owner, const char *binary) {
    size_t size = 0;
    const char *text = section_read(owner, binary, SECTION, &size);
    struct record_reader reader = {.owner = owner, .at = text, .end = text + size};
    if (text == NULL)
        return NULL;
    reader.record = new_array(owner, struct cc_record, 1);
    while (read_one(&reader))
        ;
    reader.record->recipe.units = reader.units;
    reader.record->recipe.unit_count = reader.count;
    reader.record->hashes = reader.hashes;
    return reader.linked && reader.count > 0 && reader.at >= reader.end ? reader.record : NULL;
}

/* NULL if it cannot be read. */
static const char *hash_source(void *owner, const char *source) {
    struct error error;
    const char *text = file_read(owner, source, &error);
    return text == NULL ? NULL
                        : never_null(talloc_strdup(
                              owner, kept_hash_of(text, talloc_get_size(text) - 1).digits));
}

int cc_record_check(const struct cc_record *record, struct error *error) {
    void *scratch = new_owner();
    int result = 0;
    for (size_t i = 0; result == 0 && i < record->recipe.unit_count; i++) {
        const char *source = record->recipe.units[i].source, *hash = hash_source(scratch, source);
        if (hash == NULL)
            result = fail(error, "%s, of which it was built, is not there any more", source);
        else if (strcmp(hash, record->hashes[i]) != 0)
            result = fail(error, "%s has changed since it was built: build it again", source);
    }
    talloc_free(scratch);
    return result;
}

/* ---- Writing --------------------------------------------------------------------------------- */

/* The text of a record, with its size. */
static char *text_of(void *owner, const char *kind, const struct cc_line *line, size_t *size) {
    size_t length = strlen(kind) + 32;
    for (size_t i = 0; i < line->count; i++)
        length += strlen(line->words[i]) + 1;
    char *text = new_array(owner, char, length), *at = text;
    at += sprintf(at, "%s", kind) + 1;
    at += sprintf(at, "%zu", line->count) + 1;
    for (size_t i = 0; i < line->count; i++)
        at = stpcpy(at, line->words[i]) + 1;
    *size = (size_t)(at - text);
    return text;
}

static bool write_file(const char *path, const char *bytes, size_t size) {
    FILE *file = fopen(path, "we");
    bool written = file != NULL && fwrite(bytes, 1, size, file) == size;
    return (file == NULL || fclose(file) == 0) && written;
}

/* Into `to`, which may be `object` itself. */
static bool add_section(const char *object, const char *to, const char *kind,
                        const struct cc_line *line, const char *scratch) {
    struct error error;
    size_t size;
    const char *text = text_of(line->owner, kind, line, &size);
    const char *file = talloc_asprintf(line->owner, "%s/record", scratch);
    const char *section = talloc_asprintf(line->owner, "--add-section=" SECTION "=%s", file);
    const char *const words[] = {"objcopy", section, object, to, NULL};
    bool added = write_file(file, text, size) && cc_run(words, &error) == 0;
    (void)unlink(file);
    return added;
}

static void add_folder(struct cc_line *line) {
    char *folder = getcwd(NULL, 0);
    cc_line_add(line, never_null(talloc_strdup(line->owner, folder != NULL ? folder : "/")));
    free(folder);
}

bool cc_record_add_unit(const char *object, const char *source, const char *const *words,
                        const char *scratch) {
    struct cc_line line = {.owner = new_owner()};
    char *path = realpath(source, NULL);
    const char *hash = path != NULL ? hash_source(line.owner, path) : NULL;
    bool added = false;
    if (hash != NULL && relocatable_is(object)) { /* a precompiled header is none */
        add_folder(&line);
        cc_line_add(&line, path);
        cc_line_add(&line, hash);
        cc_line_add_all(&line, words);
        added = add_section(object, object, UNIT, &line, scratch);
    }
    free(path);
    talloc_free(line.owner);
    return added;
}

bool cc_record_add_link(const char *object, const char *copy, const char *const *words,
                        const char *scratch) {
    struct cc_line line = {.owner = new_owner()};
    add_folder(&line);
    cc_line_add_all(&line, words);
    bool added = add_section(object, copy, LINK, &line, scratch);
    talloc_free(line.owner);
    return added;
}
