/* SPDX-License-Identifier: MIT */
#include "probe/peer.h"

enum probe_call peer_call(const struct peer *peer) {
    const struct talker *talker = &peer->talker;
    switch (talker->state == TALKER_CUT ? talker->cut_in : talker->state) {
    case TALKER_CONNECTING:
        return PROBE_CONNECT;
    case TALKER_SENDING:
        return PROBE_WRITE;
    case TALKER_HEARING:
    case TALKER_WRONG:
        return PROBE_READ;
    case TALKER_ENDING:
        return PROBE_END_OF_FILE;
    case TALKER_CUT:
    case TALKER_CONTENT:
        break;
    }
    return PROBE_CALL_COUNT;
}

static enum probe_call call_of(enum turn_kind kind) {
    switch (kind) {
    case TURN_SEND:
        return PROBE_WRITE;
    case TURN_EXPECT:
    case TURN_LINE:
    case TURN_RESPONSE:
        return PROBE_READ;
    case TURN_END:
        return PROBE_END_OF_FILE;
    case TURN_SEND_END:
    case TURN_PAUSE:
        break;
    }
    return PROBE_CALL_COUNT;
}

bool peer_made(const struct peer *peer, enum probe_call call) {
    const struct talker *talker = &peer->talker;
    enum probe_call now = peer_call(peer);
    if (call == PROBE_CONNECT)
        return now != PROBE_CONNECT;
    if (call == PROBE_END_OF_FILE && talker->half_closes && now == PROBE_CALL_COUNT)
        return true;
    for (size_t i = 0; i < talker->turn; i++)
        if (call_of(talker->dialogue->turns[i].kind) == call)
            return true;
    return call == PROBE_WRITE && talker->sent > 0 && now != PROBE_WRITE;
}

void peer_advance(struct peer *peer) {
    talker_advance(&peer->talker);
    if (peer->plan == PEER_TALKS && peer->talker.state == TALKER_CONTENT)
        talker_close(&peer->talker);
}
