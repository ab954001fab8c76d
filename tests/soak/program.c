/* SPDX-License-Identifier: MIT */
#include "tests/soak/program.h"

enum { BLOCK = 1, RESULT = 2, TIMED = 4 };

static const uint8_t traits[SOAK_CODES] = {
    [SOAK_LOAD] = RESULT,
    [SOAK_EXCHANGE] = RESULT,
    [SOAK_ADD] = RESULT,
    [SOAK_CAS] = RESULT,
    [SOAK_CAS_WEAK] = RESULT,
    [SOAK_READ] = RESULT,
    [SOAK_LOCK] = BLOCK,
    [SOAK_TRYLOCK] = BLOCK | RESULT,
    [SOAK_TIMEDLOCK] = BLOCK | RESULT | TIMED,
    [SOAK_TIMEDWAIT] = RESULT | TIMED,
    [SOAK_SEM_TRYWAIT] = RESULT,
    [SOAK_SEM_TIMEDWAIT] = RESULT | TIMED,
    [SOAK_READ_LOCK] = BLOCK,
    [SOAK_WRITE_LOCK] = BLOCK,
    [SOAK_TRYREAD] = BLOCK | RESULT,
    [SOAK_TRYWRITE] = BLOCK | RESULT,
    [SOAK_AWAIT_TRY] = BLOCK,
    [SOAK_AWAIT_CAS] = BLOCK,
    [SOAK_AWAIT_SWAP] = BLOCK,
    [SOAK_SPIN] = RESULT,
    [SOAK_SPIN_RAND] = RESULT,
    [SOAK_RAND] = RESULT,
    [SOAK_TOKEN] = RESULT,
    [SOAK_LOOK] = RESULT | TIMED,
    [SOAK_IF] = BLOCK,
};

bool soak_is_block(enum soak_code code) {
    return (traits[code] & BLOCK) != 0;
}

bool soak_has_result(enum soak_code code) {
    return (traits[code] & RESULT) != 0;
}

bool soak_program_has(const struct soak_program *program, enum soak_code code) {
    for (int t = 0; t < program->threads; t++)
        for (int i = 0; i < program->thread[t].length; i++)
            if (program->thread[t].op[i].code == code)
                return true;
    return false;
}

bool soak_program_is_timed(const struct soak_program *program) {
    for (int t = 0; t < program->threads; t++)
        for (int i = 0; i < program->thread[t].length; i++)
            if ((traits[program->thread[t].op[i].code] & TIMED) != 0)
                return true;
    return false;
}
