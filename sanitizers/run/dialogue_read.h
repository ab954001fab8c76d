/* SPDX-License-Identifier: MIT */
/*
 * The reader of dialogue files. A line is a word and what belongs to it; # begins a comment.
 *
 *   send "TEXT"                       says TEXT
 *   send-end                          ends the writing side
 *   expect "TEXT"                     exactly TEXT comes next
 *   expect-line "PATTERN"             a line comes that fits: * any text, ? any character, [abc]
 *   expect-response [STATUS] ["BODY"] a whole HTTP response comes, with that status and body
 *   expect-end                        the server closes the connection
 *   pause                             here a client may be made to stop; at most once
 *
 * TEXT has the escapes \n \r \t \\ \" and \xHH, and {client} is the client's number.
 */
#ifndef HAZARD_RUN_DIALOGUE_READ_H
#define HAZARD_RUN_DIALOGUE_READ_H

#include "base/fail.h"
#include "run/dialogue.h"

/* Below `owner`. NULL and *error, which names file and line, and says what to write instead. */
struct dialogue *dialogue_read(void *owner, const char *path, struct error *error);

/* The same of a text; `path` is for errors. */
struct dialogue *dialogue_parse(void *owner, const char *path, const char *text,
                                struct error *error);

#endif
