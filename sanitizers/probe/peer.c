/* SPDX-License-Identifier: MIT */
#include "probe/peer.h"

enum probe_call peer_call(const struct peer *peer) {
    enum echo_state state = peer->echo.state == ECHO_CUT ? peer->echo.cut_in : peer->echo.state;
    switch (state) {
    case ECHO_CONNECTING:
        return PROBE_CONNECT;
    case ECHO_WRITING:
        return PROBE_WRITE;
    case ECHO_READING:
    case ECHO_WRONG:
        return PROBE_READ;
    case ECHO_ENDING:
        return PROBE_END_OF_FILE;
    case ECHO_CUT:
    case ECHO_CONTENT:
        break;
    }
    return PROBE_CALL_COUNT;
}

void peer_advance(struct peer *peer) {
    echo_advance(&peer->echo);
    if (peer->plan == PEER_STAYS)
        return;
    while (peer->echo.state == ECHO_CONTENT && echo_next_line(&peer->echo))
        ;
    if (peer->echo.state == ECHO_CONTENT)
        echo_close(&peer->echo);
}
