/* SPDX-License-Identifier: MIT */
#include "hazard/grade/format/dump.h"

#include <errno.h>
#include <string.h>

int dump_end(FILE *out, struct error *error) {
    if (fflush(out) == 0 && !ferror(out))
        return 0;
    return fail(error, "cannot write the grade: %s", strerror(errno));
}

static int dump(FILE *out, json_t *value, size_t flags, struct error *error) {
    int written = value != NULL ? json_dumpf(value, out, flags | JSON_REAL_PRECISION(6)) : -1;
    json_decref(value);
    if (written != 0)
        return fail(error, "cannot write the grade: %s",
                    ferror(out) ? strerror(errno) : "it cannot be said in JSON");
    fputc('\n', out);
    return dump_end(out, error);
}

int dump_json(FILE *out, json_t *value, struct error *error) {
    return dump(out, value, JSON_INDENT(2), error);
}

int dump_json_line(FILE *out, json_t *value, struct error *error) {
    return dump(out, value, JSON_COMPACT, error);
}

json_t *dump_lines(const char *text) {
    json_t *array = json_array();
    while (*text != '\0') {
        size_t length = strcspn(text, "\n");
        json_array_append_new(array, json_stringn(text, length));
        text += length;
        text += *text == '\n';
    }
    return array;
}
