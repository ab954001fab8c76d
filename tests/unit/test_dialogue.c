/* SPDX-License-Identifier: MIT */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "base/memory.h"
#include "run/dialogue_read.h"
#include "run/hearing.h"
#include "tests/support/text.h"

/* ---- The reader */

Test(dialogue, each_word_is_a_turn) {
    static const char text[] = "# a client\n"
                               "\n"
                               "expect-line \"220 *\"\n"
                               "  send \"a\\n\\r\\t\\\\\\\"\\x00\\xff# b\" # says it\r\n"
                               "pause\n"
                               "expect-response 404 \"no\"\n"
                               "expect-response\n"
                               "expect \"{client} of {client\"\n"
                               "send-end\n"
                               "expect-end";
    static const struct {
        enum turn_kind kind;
        int line, status;
        const char *text;
        size_t length;
    } turns[] = {
        {TURN_LINE, 3, 0, "220 *", 5},  {TURN_SEND, 4, 0, "a\n\r\t\\\"\0\xff# b", 11},
        {TURN_PAUSE, 5, 0, NULL, 0},    {TURN_RESPONSE, 6, 404, "no", 2},
        {TURN_RESPONSE, 7, 0, NULL, 0}, {TURN_EXPECT, 8, 0, "12 of {client", 13},
        {TURN_SEND_END, 9, 0, NULL, 0}, {TURN_END, 10, 0, NULL, 0},
    };
    void *owner = talloc_new(NULL);
    struct error error;
    const struct dialogue *read = dialogue_parse(owner, "d", text, &error);
    cr_assert(read != NULL, "%s", error.text);
    const struct dialogue *dialogue = dialogue_for_client(owner, read, 12);
    cr_assert(eq(sz, dialogue->count, sizeof turns / sizeof *turns));
    for (size_t i = 0; i < dialogue->count; i++) {
        const struct turn *turn = &dialogue->turns[i];
        cr_expect(eq(int, (int)turn->kind, (int)turns[i].kind), "turn %zu", i);
        cr_expect(eq(int, turn->line, turns[i].line), "turn %zu", i);
        cr_expect(eq(int, turn->status, turns[i].status), "turn %zu", i);
        cr_expect(eq(sz, turn->length, turns[i].length), "turn %zu", i);
        cr_expect(eq(int, turn->text == NULL, turns[i].text == NULL), "turn %zu", i);
        if (turn->text != NULL && turn->length == turns[i].length)
            cr_expect(memcmp(turn->text, turns[i].text, turn->length) == 0, "turn %zu", i);
    }
    talloc_free(owner);
}

static const struct refused_row {
    const char *text, *error;
} refused_rows[] = {
    {"say \"a\"\n", "d:1: 'say' is no word of a dialogue; there are send, send-end, expect, "
                    "expect-line, expect-response, expect-end, pause"},
    {"\n\"a\"\n", "d:2: a line begins with a word, not with a text; perhaps: send \"...\""},
    {"send\n", "d:1: it is written: send \"TEXT\""},
    {"send hello\n", "d:1: it is written: send \"TEXT\""},
    {"send \"a\" \"b\"\n", "d:1: it is written: send \"TEXT\""},
    {"pause 3\n", "d:1: it is written: pause"},
    {"send \"\"\n", "d:1: the text of send is empty"},
    {"send \"a\nexpect \"b\"\n", "d:1: the closing quote is missing; a line break is written \\n"},
    {"send \"a", "d:1: the closing quote is missing; a line break is written \\n"},
    {"send \"\\q\"\n", "d:1: \\q is no escape; there are \\n \\r \\t \\\\ \\\" and \\xHH with two "
                       "hexadecimal digits"},
    {"send \"\\x4\"\n", "d:1: \\x is no escape; there are \\n \\r \\t \\\\ \\\" and \\xHH with two "
                        "hexadecimal digits"},
    {"expect-line \"a\\n\"\n", "d:1: expect-line takes one line without its end: no \\n, no \\x00"},
    {"expect-response 20\n", "d:1: a status is a number from 100 to 599"},
    {"expect-response 600\n", "d:1: a status is a number from 100 to 599"},
    {"expect-response OK\n", "d:1: it is written: expect-response [STATUS] [\"BODY\"]"},
    {"expect-end\nsend \"a\"\n", "d:2: nothing comes after expect-end: the connection is closed"},
    {"send-end\nexpect \"a\"\nsend \"b\"\n", "d:3: after send-end (line 1) nothing can be sent"},
    {"pause\nsend \"a\"\npause\n", "d:3: a second pause (the first is line 1): leave one"},
    {"send \"a\"\npause\n", "d: nothing is expected in it: add what the server answers, as in: "
                            "expect \"OK\\n\""},
    {"", "d: nothing is expected in it: add what the server answers, as in: expect \"OK\\n\""},
};

Test(dialogue, what_cannot_be_read_is_refused_with_its_line) {
    void *owner = talloc_new(NULL);
    for (size_t i = 0; i < sizeof refused_rows / sizeof *refused_rows; i++) {
        struct error error = {""};
        cr_expect(dialogue_parse(owner, "d", refused_rows[i].text, &error) == NULL, "%s",
                  refused_rows[i].text);
        expect_text(error.text, refused_rows[i].error, "%s", refused_rows[i].text);
    }
    talloc_free(owner);
}

/* ---- What is heard */

#define OK "HTTP/1.1 200 OK\r\n"

static const struct heard_row {
    enum turn_kind kind;
    const char *expected; /* NULL: any body */
    int status;
    const char *bytes;
    bool ended;
    enum heard heard;
    size_t used;
    const char *why;
} heard_rows[] = {
    {TURN_EXPECT, "ok\n", 0, "", false, HEARD_MORE, 0, NULL},
    {TURN_EXPECT, "ok\n", 0, "ok", true, HEARD_MORE, 0, NULL},
    {TURN_EXPECT, "ok\n", 0, "ok\nmore", false, HEARD_ALL, 3, NULL},
    {TURN_EXPECT, "ok\n", 0, "on", false, HEARD_WRONG, 0, "it expects \"ok\\n\", and got \"on\""},
    {TURN_LINE, "2?? *", 0, "220 he", false, HEARD_MORE, 0, NULL},
    {TURN_LINE, "2?? *", 0, "220 hello\r\nmore", false, HEARD_ALL, 11, NULL},
    {TURN_LINE, "2?? *", 0, "220 hello", true, HEARD_ALL, 9, NULL},
    {TURN_LINE, "2?? *", 0, "", true, HEARD_MORE, 0, NULL},
    {TURN_LINE, "2?? *", 0, "500 no\nmore", false, HEARD_WRONG, 0,
     "it expects a line like \"2?? *\", and got \"500 no\\n\""},
    {TURN_END, NULL, 0, "", false, HEARD_MORE, 0, NULL},
    {TURN_END, NULL, 0, "", true, HEARD_ALL, 0, NULL},
    {TURN_END, NULL, 0, "x", false, HEARD_WRONG, 0, "it expects the end of file, and got \"x\""},
    /* A body ends by its length, by its last chunk, or with the connection. */
    {TURN_RESPONSE, NULL, 0, "HTT", false, HEARD_MORE, 0, NULL},
    {TURN_RESPONSE, NULL, 0, OK "Content-Length: 2\r\n", false, HEARD_MORE, 0, NULL},
    {TURN_RESPONSE, NULL, 0, OK "Content-Length: 2\r\n\r\nh", false, HEARD_MORE, 0, NULL},
    {TURN_RESPONSE, "hi", 200, OK "Content-Length: 2 \r\n\r\nhimore", false, HEARD_ALL, 41, NULL},
    {TURN_RESPONSE, "hi", 0, "HTTP/1.0 200\n\nhi", false, HEARD_MORE, 0, NULL},
    {TURN_RESPONSE, "hi", 0, "HTTP/1.0 200\n\nhi", true, HEARD_ALL, 16, NULL},
    {TURN_RESPONSE, "hi", 0,
     OK "Transfer-Encoding: chunked\r\n\r\n1\r\nh\r\n1;x\r\ni\r\n0\r\n\r\n!", false, HEARD_ALL, 66,
     NULL},
    {TURN_RESPONSE, NULL, 0, OK "Transfer-Encoding: chunked\r\n\r\n1\r\nh\r\n0\r\n", false,
     HEARD_MORE, 0, NULL},
    {TURN_RESPONSE, NULL, 204, "HTTP/1.1 204 No Content\r\n\r\n", false, HEARD_ALL, 27, NULL},
    {TURN_RESPONSE, NULL, 0, "220 hello", false, HEARD_WRONG, 0,
     "the answer \"220 hello\" is no HTTP response: it does not begin with a status line, as "
     "HTTP/1.0 200 OK"},
    {TURN_RESPONSE, NULL, 0, "HTTP/1.0 2000 OK\r\n\r\n", false, HEARD_WRONG, 0,
     "the answer \"HTTP/1.0 2000 OK\\r\\n\\r\\n\" is no HTTP response: its status line is none, as "
     "HTTP/1.0 200 OK is"},
    {TURN_RESPONSE, NULL, 0, "HTTP/1.0 200 OK\nA\n", false, HEARD_WRONG, 0,
     "the answer \"HTTP/1.0 200 OK\\nA\\n\" is no HTTP response: a line of its header has no "
     "colon"},
    {TURN_RESPONSE, NULL, 0, "HTTP/1.0 200 OK\nContent-Length: -1\n", false, HEARD_WRONG, 0,
     "the answer \"HTTP/1.0 200 OK\\nContent-Length: -1\\n\" is no HTTP response: its "
     "Content-Length "
     "is no number"},
    {TURN_RESPONSE, NULL, 0, "HTTP/1.0 200 OK\n", true, HEARD_WRONG, 0,
     "the answer \"HTTP/1.0 200 OK\\n\" is no HTTP response: the connection ended before the "
     "header "
     "did: an empty line ends it"},
    {TURN_RESPONSE, NULL, 0, "HTTP/1.0 200 OK\nContent-Length: 9\n\nhi", true, HEARD_WRONG, 0,
     "the answer \"HTTP/1.0 200 OK\\nContent-Length: 9\\n\\nhi\" is no HTTP response: the "
     "connection "
     "ended before the body did, by its Content-Length"},
    {TURN_RESPONSE, NULL, 200, "HTTP/1.0 502 Bad\n\n", true, HEARD_WRONG, 0,
     "it expects status 200, and got 502: \"HTTP/1.0 502 Bad\\n\\n\""},
    {TURN_RESPONSE, "hi", 0, "HTTP/1.0 200 OK\n\nho", true, HEARD_WRONG, 0,
     "it expects a body of 2 bytes, \"hi\", and got 2 bytes, \"ho\""},
};

Test(dialogue, what_comes_is_held_against_what_is_expected) {
    void *owner = talloc_new(NULL);
    for (size_t i = 0; i < sizeof heard_rows / sizeof *heard_rows; i++) {
        const struct heard_row *row = &heard_rows[i];
        const struct turn turn = {.kind = row->kind,
                                  .text = row->expected,
                                  .length = row->expected != NULL ? strlen(row->expected) : 0,
                                  .status = row->status};
        struct hearing hearing =
            hearing_of(owner, &turn, row->bytes, strlen(row->bytes), row->ended);
        cr_expect(eq(int, (int)hearing.heard, (int)row->heard), "row %zu: %s", i, row->bytes);
        if (hearing.heard == HEARD_ALL)
            cr_expect(eq(sz, hearing.used, row->used), "row %zu: %s", i, row->bytes);
        if (hearing.heard == HEARD_WRONG && row->why != NULL)
            expect_text(hearing.why, row->why, "row %zu", i);
    }
    talloc_free(owner);
}

/* Byte by byte, nothing is taken for whole, or for wrong, before it is. */
Test(dialogue, a_response_is_whole_with_its_last_byte_only) {
    static const char whole[] = OK "A: b\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n";
    void *owner = talloc_new(NULL);
    const struct turn turn = {.kind = TURN_RESPONSE, .text = "hi", .length = 2, .status = 200};
    for (size_t length = 0; length < sizeof whole; length++) {
        char *part =
            talloc_strndup(owner, whole, length); /* so that ASan sees what is read behind */
        struct hearing hearing = hearing_of(owner, &turn, part, length, false);
        enum heard expected = length == sizeof whole - 1 ? HEARD_ALL : HEARD_MORE;
        cr_expect(eq(int, (int)hearing.heard, (int)expected), "after %zu bytes", length);
    }
    talloc_free(owner);
}
