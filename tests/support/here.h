/* SPDX-License-Identifier: MIT */
/* Lines of fixtures that a comment names, so that no test has to type their numbers. */
#ifndef TESTS_HERE_H
#define TESTS_HERE_H

/* The first line of the file whose comment says "here:" and, behind it, the word. */
int here_line(void *owner, const char *path, const char *word);

#endif
