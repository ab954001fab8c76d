/* SPDX-License-Identifier: MIT */
/* Which process has which socket open. */
#ifndef HAZARD_RUN_SOCKET_INODE_H
#define HAZARD_RUN_SOCKET_INODE_H

#include <sys/types.h>

/* The inode of the socket behind a descriptor of a process; 0 if it is
 * no socket or cannot be read. */
unsigned long socket_inode(pid_t pid, int fd);

/* The lowest descriptor of the process that is this socket; -1 if it has none. */
int socket_descriptor(pid_t pid, unsigned long inode);

#endif
