/* SPDX-License-Identifier: MIT */
/*
 * Theory of operation
 *
 * A schedule is read line by line: the magic line, header lines (a key and a value, in any order,
 * known ones only), the steps, the end. Whatever is not as it should be is an error with its line,
 * so that a schedule that was cut off or edited by hand never replays as something else.
 */
#include "explore/front/schedule_parse.h"

#include <ctype.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/memory.h"
#include "explore/front/schedule_flag.h"
#include "explore/front/schedule_format.h"

struct schedule_reader;
typedef int setter(struct schedule_reader *reader, const char *key, char *value);

struct header_key {
    const char *name;
    setter *set;
    enum { ONCE, MANY, NEEDED } times;
};
enum { MOST_KEYS = 32 }; /* bits of `seen` */

struct schedule_reader {
    void *owner;
    const char *name; /* of the file */
    char *rest;       /* what was not read yet */
    int line;
    struct header_key keys[MOST_KEYS]; /* the last: the steps follow */
    int key_count;
    unsigned seen; /* one bit for each key */
    struct schedule *schedule;
    uint64_t *raced; /* of the schedule */
    struct error *error;
};

__attribute__((format(printf, 2, 3))) static int wrong(const struct schedule_reader *reader,
                                                       const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    return fail(reader->error, "%s:%d: %s", reader->name, reader->line, text);
}

/* The next line that is no comment, cut off at its end; NULL at the end of the file. */
static char *next_line(struct schedule_reader *reader) {
    while (*reader->rest != '\0') {
        char *line = reader->rest;
        size_t length = strcspn(line, "\n");
        reader->rest += length + (line[length] == '\n');
        reader->line++;
        if (length > 0 && line[length - 1] == '\r')
            length--;
        line[length] = '\0';
        if (line[0] != '#' && line[strspn(line, " \t")] != '\0')
            return line;
    }
    reader->line++; /* what is missing would stand there */
    return NULL;
}

/* A whole number from min to max at *at, which moves past it. */
static int take_number(const struct schedule_reader *reader, char **at, const char *what,
                       long long min, long long max, long long *number) {
    char *end;
    *number = strtoll(*at, &end, 10);
    if (end == *at || isspace((unsigned char)**at))
        return wrong(reader, "%s is missing", what);
    if (*number < min || *number > max)
        return wrong(reader, "%s must be from %lld to %lld", what, min, max);
    *at = end;
    return 0;
}

/* The same for a value that is nothing else. */
static int value_number(const struct schedule_reader *reader, char *value, const char *key,
                        long long min, long long max, long long *number) {
    char *at = value;
    if (take_number(reader, &at, key, min, max, number) != 0)
        return -1;
    return *at == '\0' ? 0 : wrong(reader, "%s takes a whole number, not '%s'", key, value);
}

/* In place. */
static int unescape(const struct schedule_reader *reader, char *value) {
    char *to = value;
    for (const char *from = value; *from != '\0'; from++) {
        if (*from != '\\') {
            *to++ = *from;
            continue;
        }
        from++;
        if (*from == '\\' || *from == 'n' || *from == 't') {
            *to++ = *from == '\\' ? '\\' : *from == 'n' ? '\n' : '\t';
        } else if (*from == 'x' && isxdigit((unsigned char)from[1]) &&
                   isxdigit((unsigned char)from[2])) {
            const char digits[] = {from[1], from[2], '\0'};
            *to = (char)strtol(digits, NULL, 16);
            if (*to++ == '\0')
                return wrong(reader, "\\x00 cannot be part of a value");
            from += 2;
        } else {
            return wrong(reader, "a backslash is followed by \\, n, t or x and two digits");
        }
    }
    *to = '\0';
    return 0;
}

/* ---- The header ------------------------------------------------------------------------------ */

static int set_program(struct schedule_reader *reader, const char *key, char *value) {
    (void)key;
    reader->schedule->program = value;
    return 0;
}

static int set_suite(struct schedule_reader *reader, const char *key, char *value) {
    if (value[0] == '/' || strstr(value, "..") != NULL)
        return wrong(reader, "%s takes a path below the suite's root, not '%s'", key, value);
    reader->schedule->in_suite = value;
    return 0;
}

static int set_binary(struct schedule_reader *reader, const char *key, char *value) {
    (void)key;
    reader->schedule->binary = value;
    return 0;
}

static int set_compiler(struct schedule_reader *reader, const char *key, char *value) {
    (void)key;
    reader->schedule->compiler = value;
    return 0;
}

static const char *const *append(void *owner, const char *const *list, const char *value) {
    size_t count = 0;
    while (list[count] != NULL)
        count++;
    const char **longer = new_array(owner, const char *, count + 2);
    memcpy(longer, list, count * sizeof *list);
    longer[count] = value;
    return longer;
}

static int add_flag(struct schedule_reader *reader, const char *key, char *value) {
    if (!schedule_flag_is_harmless(value))
        return wrong(reader, "%s takes words for a compiler that run no other program, not '%s'",
                     key, value);
    reader->schedule->flags = append(reader->owner, reader->schedule->flags, value);
    return 0;
}

static int add_to_list(struct schedule_reader *reader, const char *key, char *value) {
    struct schedule *schedule = reader->schedule;
    const char *const **list = strcmp(key, "source") == 0 ? &schedule->sources
                               : strcmp(key, "env") == 0  ? &schedule->environment
                                                          : &schedule->args;
    if (list == &schedule->environment && (value[0] == '=' || strchr(value, '=') == NULL))
        return wrong(reader, "%s takes NAME=value, not '%s'", key, value);
    *list = append(reader->owner, *list, value);
    return 0;
}

static int set_checksum(struct schedule_reader *reader, const char *key, char *value) {
    if (strlen(value) != 16 || strspn(value, "0123456789abcdef") != 16)
        return wrong(reader, "%s takes 16 hexadecimal digits, not '%s'", key, value);
    bool of_input = strcmp(key, "checksum") != 0;
    *(of_input ? &reader->schedule->input_checksum : &reader->schedule->checksum) =
        strtoull(value, NULL, 16);
    return 0;
}

static int set_input(struct schedule_reader *reader, const char *key, char *value) {
    (void)key;
    reader->schedule->input = value;
    return 0;
}

static int set_folder(struct schedule_reader *reader, const char *key, char *value) {
    (void)key;
    reader->schedule->folder = value;
    return 0;
}

/* A flag is yes or no here. */
static int set_option(struct schedule_reader *reader, const char *key, char *value) {
    const struct detector_option *option = option_find_recorded(explore_options_table, key);
    const char *said = value;
    struct error error;
    if (option->value == VALUE_FLAG) {
        said = strcmp(value, "yes") == 0 ? "true" : "false";
        if (*said == 'f' && strcmp(value, "no") != 0)
            return wrong(reader, "%s takes yes or no, not '%s'", key, value);
    }
    if (option_set_as(option, key, &reader->schedule->options, said, &error) != 0)
        return wrong(reader, "%s", error.text);
    return 0;
}

static int set_critical(struct schedule_reader *reader, const char *key, char *value) {
    long long number;
    if (value_number(reader, value, key, 1, SHARED_TRACE, &number) != 0)
        return -1;
    reader->schedule->critical = (int)number - 1;
    return 0;
}

static int add_raced(struct schedule_reader *reader, const char *key, char *value) {
    struct schedule *schedule = reader->schedule;
    char *end;
    unsigned long long address = strtoull(value, &end, 16);
    if (strncmp(value, "0x", 2) != 0 || end == value + 2 || *end != '\0' || address % 8 != 0)
        return wrong(reader, "%s takes the address of 8 bytes, like 0x1008, not '%s'", key, value);
    if (schedule->raced_count == SHARED_RACED)
        return wrong(reader, "%s can be given %d times at most", key, SHARED_RACED);
    reader->raced = grow_array(reader->owner, reader->raced, uint64_t, schedule->raced_count + 1);
    reader->raced[schedule->raced_count++] = address;
    schedule->raced = reader->raced;
    return 0;
}

static int set_finding(struct schedule_reader *reader, const char *key, char *value) {
    reader->schedule->kind = kind_from_name(value);
    if (reader->schedule->kind < 0 && strcmp(value, "none") != 0)
        return wrong(reader, "%s: there is no kind '%s': see `hazard list --kinds`", key, value);
    return 0;
}

static int set_message(struct schedule_reader *reader, const char *key, char *value) {
    (void)key;
    reader->schedule->message = value;
    return 0;
}

static int set_steps(struct schedule_reader *reader, const char *key, char *value) {
    long long number;
    if (value_number(reader, value, key, 0, SHARED_TRACE, &number) != 0)
        return -1;
    reader->schedule->step_count = (int)number;
    return 0;
}

static const struct header_key first_keys[] = {
    {"program", set_program, NEEDED}, {"suite", set_suite, ONCE},
    {"source", add_to_list, MANY},    {"binary", set_binary, ONCE},
    {"compiler", set_compiler, ONCE}, {"flag", add_flag, MANY},
    {"arg", add_to_list, MANY},       {"checksum", set_checksum, NEEDED},
    {"env", add_to_list, MANY},       {"cwd", set_folder, ONCE},
    {"stdin", set_input, ONCE},       {"stdin-checksum", set_checksum, ONCE},
};

/* Behind those of the options. */
static const struct header_key last_keys[] = {
    {"raced", add_raced, MANY},     {"finding", set_finding, NEEDED},
    {"message", set_message, ONCE}, {"critical", set_critical, ONCE},
    {"steps", set_steps, NEEDED},
};

static void add_key(struct schedule_reader *reader, struct header_key key) {
    reader->keys[reader->key_count++] = key;
}

static void add_keys(struct schedule_reader *reader) {
    for (size_t i = 0; i < sizeof first_keys / sizeof *first_keys; i++)
        add_key(reader, first_keys[i]);
    for (const struct detector_option *option = explore_options_table; option->name != NULL;
         option++)
        if (option->record != RECORD_NEVER)
            add_key(reader, (struct header_key){option_record_name(option), set_option,
                                                option->record == RECORD_ALWAYS ? NEEDED : ONCE});
    for (size_t i = 0; i < sizeof last_keys / sizeof *last_keys; i++)
        add_key(reader, last_keys[i]);
}

static int read_header_line(struct schedule_reader *reader, char *line, int *which) {
    char *value = strchr(line, ':');
    if (value == NULL)
        return wrong(reader, "a header line is a key, a colon and a value, not '%s'", line);
    *value++ = '\0';
    value += strspn(value, " ");
    int index = 0;
    while (index < reader->key_count && strcmp(line, reader->keys[index].name) != 0)
        index++;
    if (index == reader->key_count)
        return wrong(reader, "there is no key '%s'", line);
    const struct header_key *key = &reader->keys[index];
    if ((reader->seen & 1U << index) != 0 && key->times != MANY)
        return wrong(reader, "%s is given twice", line);
    reader->seen |= 1U << index;
    *which = index;
    return unescape(reader, value) == 0 ? key->set(reader, key->name, value) : -1;
}

static int check_header(const struct schedule_reader *reader) {
    const struct schedule *schedule = reader->schedule;
    for (int i = 0; i < reader->key_count; i++)
        if (reader->keys[i].times == NEEDED && (reader->seen & 1U << i) == 0)
            return wrong(reader, "%s is missing", reader->keys[i].name);
    int origins =
        (schedule->in_suite != NULL) + (schedule->sources[0] != NULL) + (schedule->binary != NULL);
    if (origins != 1)
        return wrong(reader, "exactly one of suite, source and binary must be given");
    if (schedule->binary == NULL && schedule->compiler == NULL)
        return wrong(reader, "compiler is missing");
    if (schedule->critical >= schedule->step_count)
        return wrong(reader, "the critical step is %d, but there are only %d",
                     schedule->critical + 1, schedule->step_count);
    return 0;
}

static int read_header(struct schedule_reader *reader) {
    char *line = next_line(reader);
    size_t magic = strlen(SCHEDULE_MAGIC);
    if (line == NULL || strncmp(line, SCHEDULE_MAGIC " ", magic + 1) != 0)
        return wrong(reader, "this is no schedule: it must begin with '%s %s'", SCHEDULE_MAGIC,
                     SCHEDULE_VERSION);
    if (strcmp(line + magic + 1, SCHEDULE_VERSION) != 0)
        return wrong(reader, "a schedule of version %s; this hazard reads version %s",
                     line + magic + 1, SCHEDULE_VERSION);
    int key = -1, steps = reader->key_count - 1;
    while (key != steps && (line = next_line(reader)) != NULL)
        if (read_header_line(reader, line, &key) != 0)
            return -1;
    return check_header(reader);
}

/* ---- The steps ------------------------------------------------------------------------------- */

/* "3 1 1/2 | thread 2 locks mutex `lock`": the third step. */
static int read_step(struct schedule_reader *reader, char *at, int expected,
                     struct schedule_step *step) {
    long long number, actor, alternative, of;
    if (take_number(reader, &at, "the number of the step", 1, INT_MAX, &number) != 0)
        return -1;
    if (number != expected)
        return wrong(reader, "step %d is expected here, not %lld", expected, number);
    if (*at++ != ' ')
        return wrong(reader, "a blank is missing after the number of the step");
    if (take_number(reader, &at, "the actor", 0, OP_ACTORS - 1, &actor) != 0)
        return -1;
    if (*at++ != ' ')
        return wrong(reader, "a blank is missing after the actor");
    if (take_number(reader, &at, "the alternative", 0, OP_ANY - 1, &alternative) != 0)
        return -1;
    if (*at++ != '/')
        return wrong(reader, "a slash is missing after the alternative");
    if (take_number(reader, &at, "the number of alternatives", 0, OP_ANY, &of) != 0)
        return -1;
    if (of == 1 || alternative >= (of > 0 ? of : 1))
        return wrong(reader, "there is no alternative %lld of %lld", alternative, of);
    if (*at != '\0' && strncmp(at, " | ", 3) != 0)
        return wrong(reader, "' | ' must stand before the words of the step");
    char *words = *at != '\0' ? at + 3 : at;
    *step = (struct schedule_step){.actor = (uint8_t)actor,
                                   .alternative = (uint8_t)alternative,
                                   .alternatives = (uint8_t)of,
                                   .words = words};
    return unescape(reader, words);
}

static int read_steps(struct schedule_reader *reader) {
    struct schedule *schedule = reader->schedule;
    schedule->steps = new_array(reader->owner, struct schedule_step, schedule->step_count + 1);
    char *line;
    for (int i = 0; i < schedule->step_count; i++) {
        line = next_line(reader);
        if (line == NULL || strcmp(line, SCHEDULE_END) == 0)
            return wrong(reader, "step %d of %d is missing", i + 1, schedule->step_count);
        if (read_step(reader, line, i + 1, &schedule->steps[i]) != 0)
            return -1;
    }
    line = next_line(reader);
    if (line == NULL || strcmp(line, SCHEDULE_END) != 0)
        return wrong(reader, "'%s' is missing after step %d", SCHEDULE_END, schedule->step_count);
    if (next_line(reader) != NULL)
        return wrong(reader, "nothing may follow '%s'", SCHEDULE_END);
    return 0;
}

struct schedule *schedule_parse(void *owner, const char *name, const char *text,
                                struct error *error) {
    static const char *const none[] = {NULL};
    struct schedule *schedule = new_array(owner, struct schedule, 1);
    *schedule = (struct schedule){.sources = none,
                                  .environment = none,
                                  .flags = none,
                                  .args = none,
                                  .options = explore_default_options,
                                  .kind = -1,
                                  .message = "",
                                  .critical = -1};
    struct schedule_reader reader = {.owner = schedule,
                                     .name = name,
                                     .rest = never_null(talloc_strdup(schedule, text)),
                                     .schedule = schedule,
                                     .error = error};
    add_keys(&reader);
    if (read_header(&reader) == 0 && read_steps(&reader) == 0)
        return schedule;
    talloc_free(schedule);
    return NULL;
}

struct schedule *schedule_read(void *owner, const char *path, struct error *error) {
    char *text = file_read(owner, path, error);
    return text != NULL ? schedule_parse(owner, path, text, error) : NULL;
}
