/* SPDX-License-Identifier: MIT */
#include "tests/support/answer.h"

json_t *answer_program(const char *output) {
    json_t *answer = json_loads(output, 0, NULL);
    json_t *first = json_incref(json_array_get(json_object_get(answer, "programs"), 0));
    json_decref(answer);
    return first;
}

const char *answer_word(const json_t *object, const char *key) {
    const char *word = json_string_value(json_object_get(object, key));
    return word != NULL ? word : "";
}

int answer_number(const json_t *object, const char *key) {
    return (int)json_integer_value(json_object_get(object, key));
}

size_t answer_count(const json_t *object, const char *key) {
    return json_array_size(json_object_get(object, key));
}
