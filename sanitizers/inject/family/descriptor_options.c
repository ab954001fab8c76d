/* SPDX-License-Identifier: MIT */
#include "inject/family/descriptor_options.h"

#include <fcntl.h>
#include <linux/sockios.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* Is it one of our output pipes? Its flags are common to the walked process and all copies. */
static bool is_common_output(const struct asking *asking) {
    char path[64];
    struct stat it, ours;
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)asking->task->pid,
             (int)asking_argument(asking, 0));
    if (stat(path, &it) != 0)
        return false;
    for (int i = 0; i < 2; i++)
        if (fstat(asking->family->output.capture->fd[i], &ours) == 0 && ours.st_ino == it.st_ino &&
            ours.st_dev == it.st_dev)
            return true;
    return false;
}

static bool takes_fcntl(struct asking *asking) {
    switch ((int)asking_argument(asking, 1)) {
    case F_SETOWN:
    case F_SETOWN_EX:
    case F_SETSIG:
    case F_SETLEASE:
    case F_NOTIFY:
        return asking_refuses(asking, "asks for signals from a descriptor (fcntl)");
    case F_SETFL:
        if (is_common_output(asking))
            return asking_refuses(asking, "changes the flags of its output (fcntl)");
        return false;
    default:
        return false;
    }
}

static bool takes_ioctl(struct asking *asking) {
    switch (asking_argument(asking, 1)) {
    case FIOSETOWN:
    case SIOCSPGRP:
    case FIOASYNC:
        return asking_refuses(asking, "asks for signals from a descriptor (ioctl)");
    case FIONBIO:
        if (is_common_output(asking))
            return asking_refuses(asking, "changes the flags of its output (ioctl)");
        return false;
    default:
        return false;
    }
}

static bool takes_setsockopt(struct asking *asking) {
    if (asking_argument(asking, 1) != SOL_SOCKET)
        return false;
    switch ((int)asking_argument(asking, 2)) {
    case SO_RCVTIMEO:
    case SO_SNDTIMEO:
    case 66: /* SO_RCVTIMEO_NEW */
    case 67: /* SO_SNDTIMEO_NEW */
        return asking_refuses(asking, "sets a time-out of a socket (setsockopt)");
    default:
        return false;
    }
}

static bool takes_prctl(struct asking *asking) {
    switch ((int)asking_argument(asking, 0)) {
    case PR_SET_CHILD_SUBREAPER:
    case PR_SET_PDEATHSIG:
        return asking_refuses(asking, "asks for what a copy of it would not have (prctl)");
    default:
        return false;
    }
}

static bool takes_madvise(struct asking *asking) {
    switch ((int)asking_argument(asking, 2)) {
    case MADV_DONTFORK:
    case MADV_WIPEONFORK:
        return asking_refuses(asking, "asks for memory that a copy of it would not have (madvise)");
    default:
        return false;
    }
}

const struct asking_taker descriptor_options_takers[] = {
    {SYS_fcntl, takes_fcntl}, {SYS_ioctl, takes_ioctl},     {SYS_setsockopt, takes_setsockopt},
    {SYS_prctl, takes_prctl}, {SYS_madvise, takes_madvise}, {0, NULL},
};
