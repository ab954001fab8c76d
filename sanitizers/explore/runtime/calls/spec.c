/* SPDX-License-Identifier: MIT */
/* A parser by recursive descent; each function moves the cursor only over what it understood. */
#include "explore/runtime/calls/spec.h"

static bool take(const char **at, char c) {
    if (**at != c)
        return false;
    (*at)++;
    return true;
}

static bool take_argument(const char **at, int8_t *argument) {
    if (**at < '0' || **at >= '0' + SPEC_ARGUMENTS)
        return false;
    *argument = (int8_t)(*(*at)++ - '0');
    return true;
}

/* A word and its end: a blank or the end of the text. */
static bool take_word(const char **at, const char *word) {
    const char *rest = *at;
    while (*word != '\0')
        if (*rest++ != *word++)
            return false;
    if (*rest != ' ' && *rest != '\0')
        return false;
    *at = rest;
    return true;
}

static bool parse_place(const char **at, struct spec_place *place) {
    *place = (struct spec_place){.indirect = take(at, '*')};
    if (take(at, '=')) {
        place->argument = -1;
        return true;
    }
    return take_argument(at, &place->argument);
}

static bool parse_term(const char **at, struct term *term) {
    int8_t argument;
    *term = (struct term){0};
    if (take_argument(at, &argument)) {
        term->kind = TERM_ARGUMENT;
        term->value = (uint32_t)argument;
    } else if (take(at, '=')) {
        term->kind = TERM_RESULT;
    } else if (take(at, 'i')) {
        term->kind = TERM_INT_RESULT;
    } else if (take(at, '#')) {
        term->kind = TERM_NUMBER;
        for (; **at >= '0' && **at <= '9'; (*at)++)
            term->value = term->value * 10 + (uint32_t)(**at - '0');
        return term->value > 0;
    } else {
        return false;
    }
    return true;
}

static bool parse_terms(const char **at, struct size *size) {
    do {
        if (size->term_count == SPEC_TERMS || !parse_term(at, &size->terms[size->term_count++]))
            return false;
    } while (take(at, '*'));
    return take(at, ']');
}

static bool parse_modifiers(const char **at, struct size *size) {
    for (;;) {
        struct modifier modifier = {.argument = -1};
        if (take(at, '+')) {
            modifier.kind = MODIFIER_MORE;
            if (!take(at, '1'))
                return false;
        } else if (take(at, '<')) {
            modifier.kind = MODIFIER_LIMIT;
            if (!take_argument(at, &modifier.argument))
                return false;
        } else if (take(at, 'W')) {
            modifier.kind = MODIFIER_WIDE;
        } else {
            return true;
        }
        if (size->modifier_count == SPEC_MODIFIERS)
            return false;
        size->modifiers[size->modifier_count++] = modifier;
    }
}

static bool parse_size(const char **at, const struct spec_place *place, struct size *size) {
    static const char letters[] = "[slSLtx"; /* in the order of enum size_kind */
    *size = (struct size){.place = *place};
    while (letters[size->kind] != **at)
        if (letters[++size->kind] == '\0')
            return false;
    (*at)++;
    if (size->kind == SIZE_PRODUCT) {
        if (!parse_terms(at, size))
            return false;
    } else if (**at == '*' || **at == '=' || (**at >= '0' && **at <= '9')) {
        if (!parse_place(at, &size->place))
            return false;
    }
    return parse_modifiers(at, size);
}

static bool needs_result(const struct effect *effect) {
    const struct size *size = &effect->size;
    if (effect->kind == EFFECT_IF_SAME || effect->place.argument < 0 || size->place.argument < 0 ||
        size->kind == SIZE_TILL || size->kind == SIZE_BEFORE)
        return true;
    for (int i = 0; i < size->term_count; i++)
        if (size->terms[i].kind == TERM_RESULT || size->terms[i].kind == TERM_INT_RESULT)
            return true;
    return false;
}

static bool parse_effect(const char **at, struct spec *spec) {
    static const char letters[] = "rwaAke~"; /* in the order of enum effect_kind */
    struct effect effect = {.after = take(at, '>')};
    while (letters[effect.kind] != **at)
        if (letters[++effect.kind] == '\0')
            return false;
    (*at)++;
    if (spec->effect_count == SPEC_EFFECTS || !parse_place(at, &effect.place))
        return false;
    if (effect.kind != EFFECT_STATE && !parse_size(at, &effect.place, &effect.size))
        return false;
    effect.after |= needs_result(&effect);
    spec->effects[spec->effect_count++] = effect;
    return true;
}

static bool parse_format(const char **at, struct spec *spec) {
    static const struct {
        char letter;
        uint8_t kind;
        bool list;
    } formats[] = {
        {'p', FORMAT_PRINTF, false},      {'P', FORMAT_PRINTF, true},
        {'q', FORMAT_WIDE_PRINTF, false}, {'Q', FORMAT_WIDE_PRINTF, true},
        {'s', FORMAT_SCANF, false},       {'S', FORMAT_SCANF, true},
    };
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
        if (take(at, formats[i].letter)) {
            int8_t argument;
            if (spec->format != FORMAT_NONE || !take_argument(at, &argument))
                return false;
            spec->format = formats[i].kind;
            spec->format_list = formats[i].list;
            spec->format_argument = (uint8_t)argument;
            return true;
        }
    return false;
}

static bool parse_file(const char **at, struct spec *spec) {
    if (spec->file != FILE_NONE)
        return false;
    if (take(at, 'i'))
        spec->file = FILE_STDIN;
    else if (take(at, 'o'))
        spec->file = FILE_STDOUT;
    else if (take(at, 'e'))
        spec->file = FILE_STDERR;
    else
        return take_argument(at, &spec->file);
    return true;
}

static bool parse_hidden(const char **at, uint8_t *list, uint8_t *count) {
    if (*count == SPEC_HIDDEN)
        return false;
    for (int i = 0; i < HIDDEN_COUNT; i++)
        if (take_word(at, table_hidden_name((enum hidden)i))) {
            list[(*count)++] = (uint8_t)i;
            return true;
        }
    return false;
}

static bool parse_check(const char **at, struct spec *spec) {
    static const char *const names[] = {
#define X(name) #name,
        CHECKS(X)
#undef X
    };
    for (size_t i = 0; i < sizeof names / sizeof *names && spec->check == CHECK_none; i++)
        if (take_word(at, names[i])) {
            spec->check = (uint8_t)(i + 1);
            return true;
        }
    return false;
}

static bool parse_refusal(const char **at, struct spec *spec) {
    spec->refuse = true;
    if (take(at, ':')) {
        spec->reason = *at;
        while (**at != '\0')
            (*at)++;
    }
    return true;
}

static bool parse_flag(const char **at, struct spec *spec) {
    bool newer = false;
    struct {
        const char *word;
        bool *flag;
    } flags[] = {
        {"all", &spec->all},           {"touched", &spec->touched},
        {"rewind", &spec->rewind},     {"cancel", &spec->cancel},
        {"world", &spec->world},       {"newer", &newer},
        {"unlocked", &spec->unlocked}, {"prints", &spec->prints},
        {"follow", &spec->follow},     {"maycancel", &spec->may_cancel},
    };
    for (size_t i = 0; i < sizeof flags / sizeof *flags; i++)
        if (take_word(at, flags[i].word)) {
            *flags[i].flag = true;
            return true;
        }
    return false;
}

static bool parse_word(const char **at, struct spec *spec) {
    static const char refuse[] = "refuse";
    const char *rest = *at;
    size_t i = 0;
    while (i < sizeof refuse - 1 && rest[i] == refuse[i])
        i++;
    if (i == sizeof refuse - 1) {
        *at += i;
        return parse_refusal(at, spec);
    }
    if (parse_flag(at, spec))
        return true;
    switch (**at) {
    case 'p':
    case 'P':
    case 'q':
    case 'Q':
    case 's':
    case 'S':
        return parse_format(at, spec);
    case 'F':
        (*at)++;
        return parse_file(at, spec);
    case '?':
        (*at)++;
        return parse_hidden(at, spec->reads, &spec->read_count);
    case '!':
        (*at)++;
        return parse_hidden(at, spec->writes, &spec->write_count);
    case '@':
        (*at)++;
        return parse_check(at, spec);
    default:
        return parse_effect(at, spec);
    }
}

bool spec_parse(const char *text, struct spec *spec, const char **wrong) {
    *spec = (struct spec){.file = FILE_NONE};
    while (*text != '\0') {
        const char *word = text;
        if (!parse_word(&text, spec) || (*text != ' ' && *text != '\0') ||
            spec->read_count + spec->write_count > SPEC_HIDDEN) {
            *wrong = word;
            return false;
        }
        while (*text == ' ')
            text++;
    }
    return true;
}

bool spec_is_harmless(const struct spec *spec) {
    return spec->effect_count == 0 && spec->read_count == 0 && spec->write_count == 0 &&
           spec->check == CHECK_none && spec->format == FORMAT_NONE && spec->file == FILE_NONE &&
           !spec->all && !spec->touched && !spec->rewind && !spec->cancel && !spec->may_cancel &&
           !spec->refuse && !spec->world && !spec->follow;
}
