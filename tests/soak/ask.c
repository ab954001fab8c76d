/* SPDX-License-Identifier: MIT */
#include "tests/soak/ask.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

const char *const soak_verdict_names[] = {
    [SOAK_PROVED] = "proved",
    [SOAK_FOUND] = "found",
    [SOAK_BOUNDED] = "bounded",
    [SOAK_NO_ANSWER] = "no answer",
};

bool soak_build(const struct soak_workshop *workshop, const char *name,
                const struct soak_emitted *programs, int count) {
    char line[1024];
    snprintf(line, sizeof line, "%s/%s.c", workshop->folder, name);
    FILE *out = fopen(line, "we");
    if (out == NULL)
        return false;
    soak_emit(out, NULL, programs, count);
    if (fclose(out) != 0)
        return false;
    snprintf(line, sizeof line, "cd %s && %s cc %s -pthread %s.c -o %s 1>&2", workshop->folder,
             workshop->hazard, workshop->flags, name, name);
    return system(line) == 0;
}

static unsigned kind_bit(const char *kind) {
    static const struct {
        const char *kind;
        unsigned bit;
    } kinds[] = {{"data-race", SOAK_RACES},
                 {"deadlock", SOAK_DEADLOCKS},
                 {"lost-wakeup", SOAK_DEADLOCKS},
                 {"livelock", SOAK_LIVELOCKS},
                 {"assertion", SOAK_ASSERTIONS}};
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kinds[i].kind, kind) == 0)
            return kinds[i].bit;
    return SOAK_OTHERS;
}

static void read_answer(const json_t *answer, struct soak_answer *to) {
    const json_t *program = json_array_get(json_object_get(answer, "programs"), 0), *finding;
    const char *verdict = json_string_value(json_object_get(program, "verdict"));
    const char *detail = json_string_value(json_object_get(program, "detail"));
    size_t i;
    to->executions = (long)json_integer_value(json_object_get(program, "executions"));
    to->seconds = json_number_value(json_object_get(program, "seconds"));
    to->ends_in_nothing = detail != NULL && strstr(detail, "no execution came to its end") != NULL;
    for (int v = 0; verdict != NULL && v < SOAK_NO_ANSWER; v++)
        if (strcmp(soak_verdict_names[v], verdict) == 0)
            to->verdict = (enum soak_verdict)v;
    json_array_foreach(json_object_get(program, "findings"), i, finding) {
        const char *kind = json_string_value(json_object_get(finding, "kind"));
        const char *message = json_string_value(json_object_get(finding, "message"));
        to->kinds |= kind_bit(kind != NULL ? kind : "");
        if (i == 0)
            snprintf(to->words, sizeof to->words, "%s", message != NULL ? message : "");
    }
    if (to->words[0] == '\0' && detail != NULL)
        snprintf(to->words, sizeof to->words, "%s %s", verdict != NULL ? verdict : "", detail);
}

void soak_ask(struct soak_workshop *workshop, const char *name, const char *options,
              const char *arguments, struct soak_answer *answer) {
    char line[2048];
    json_error_t error;
    *answer = (struct soak_answer){.verdict = SOAK_NO_ANSWER};
    workshop->questions++;
    snprintf(line, sizeof line,
             "cd %s && exec timeout 120 %s explore --json --schedule=/dev/null --no-minimise %s "
             "./%s -- %s "
             "2>&1",
             workshop->folder, workshop->hazard, options, name, arguments);
    FILE *in = popen(line, "re");
    if (in == NULL)
        return;
    static char text[1 << 20];
    size_t size = fread(text, 1, sizeof text - 1, in);
    text[size] = '\0';
    pclose(in);
    json_t *json = json_loads(text, JSON_DISABLE_EOF_CHECK, &error);
    snprintf(answer->words, sizeof answer->words, "%.150s", json == NULL ? text : "");
    if (json != NULL)
        read_answer(json, answer);
    json_decref(json);
}
