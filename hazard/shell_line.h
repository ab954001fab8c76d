/* SPDX-License-Identifier: MIT */
/* A command for the user to repeat, word by word. */
#ifndef HAZARD_SHELL_LINE_H
#define HAZARD_SHELL_LINE_H

/* `line` (talloc's) with a blank and the word, quoted where a shell would take it for something
 * else. */
char *shell_line_add(char *line, const char *word);

#endif
