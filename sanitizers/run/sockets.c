/* SPDX-License-Identifier: MIT */
#include "run/sockets.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/memory.h"

void tcp_table_add(void *owner, in_port_t port, struct tcp_table *table, struct tcp_socket one) {
    if (one.state == TCP_TIME_WAIT ||
        (port != 0 && one.local_port != port && one.remote_port != port))
        return;
    table->items = grow_array(owner, table->items, struct tcp_socket, table->count + 1);
    table->items[table->count++] = one;
}

struct tcp_table tcp_table_read(void *owner, in_port_t port) {
    struct tcp_table table = {NULL, 0};
    if (tcp_table_ask(owner, port, &table) != 0) {
        table.count = 0;
        tcp_table_parse(owner, port, &table);
    }
    return table;
}

unsigned long descriptor_socket(pid_t pid, int fd) {
    char path[64], target[64];
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pid, fd);
    ssize_t length = readlink(path, target, sizeof target - 1);
    if (length < 0)
        return 0;
    target[length] = '\0';
    unsigned long inode = 0;
    return sscanf(target, "socket:[%lu]", &inode) == 1 ? inode : 0;
}

int socket_descriptor(pid_t pid, unsigned long inode) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd", (int)pid);
    DIR *folder = opendir(path);
    if (folder == NULL)
        return -1;
    int lowest = -1;
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;) {
        int fd = atoi(entry->d_name);
        if (entry->d_name[0] != '.' && (lowest < 0 || fd < lowest) &&
            descriptor_socket(pid, fd) == inode)
            lowest = fd;
    }
    closedir(folder);
    return lowest;
}
