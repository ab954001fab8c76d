/* SPDX-License-Identifier: MIT */
#include "hazard/gate/gate_rules.h"

const struct gate_rule gate_rules[GATE_KINDS] = {
    [GATE_INCLUDE] =
        {"include", false, true,
         "`#include` of an absolute path, of one that leaves the hand-in and the folders given by "
         "`-I`, of a "
         "macro; `__has_include` of such paths; `#include_next`, `#import`, `#embed`; `#pragma GCC "
         "dependency` and `pch_preprocess`",
         "it reads files that are not the hand-in's, and the checks could not tell whose lines "
         "they are",
         "hand in the header, and include it by its name"},
    [GATE_LINE_MARKER] = {"line-marker", false, true,
                          "`#line`, `# 1 \"file\"`, `#pragma system_header`",
                          "the line would pass for another file's, and nobody would look at it",
                          "leave it out: compilers count lines themselves"},
    [GATE_COMPILER_TEST] = {"compiler-test", false, false,
                            "lines that only one of gcc and clang compiles; macros and "
                            "`__has_feature` by which code knows a "
                            "sanitizer, Valgrind or the compiler; raw strings, trigraphs and lone "
                            "carriage returns, which the two "
                            "read in different ways",
                            "what is checked has to be what runs, under every tool and compiler",
                            "write one program that does the same everywhere"},
    [GATE_ATTRIBUTE] =
        {"attribute", false, false,
         "the attributes `no_sanitize*`, `no_instrument*`, `disable_sanitizer_instrumentation`, "
         "`no_profile*`, "
         "`optimize`, `optnone`, `target*`, `naked`, in `__attribute__` and in `[[...]]`",
         "it hides the function from a detector, or has it compiled in another way",
         "mend the race in place of hiding it"},
    [GATE_CONSTRUCTOR] =
        {"constructor", false, false,
         "the attributes `constructor`, `destructor`, `init_priority`; in the object "
         "`.init_array`, "
         "`.preinit_array`, `.fini_array`, `.ctors`, `.dtors`, `.init`, `.fini`",
         "it runs before main or after it, where detectors do not watch yet or any more",
         "do it at the start of main, or by pthread_once"},
    [GATE_SECTION] = {"section", false, false,
                      "the attribute `section`; in the object code outside of `.text`, and "
                      "sections that can be written and "
                      "executed",
                      "code and tables put elsewhere run without being watched",
                      "leave where it lies to the compiler"},
    [GATE_ALIAS] = {"alias", false, false,
                    "the attributes `alias`, `weakref`, `ifunc`, `symver`; `#pragma weak` and "
                    "`redefine_extname`; in the object "
                    "indirect functions",
                    "one name stands for another, and calls do not go where they seem to",
                    "call the function by its name"},
    [GATE_ASM] =
        {"asm", false, false,
         "`asm` and asm labels, but for an empty one (a compiler's barrier), `pause`, `rep; nop`, "
         "`nop`, `mfence`, `lfence`, "
         "`sfence`; in the object Valgrind's requests, and instructions that enter the kernel",
         "no detector is told of what it accesses",
         "use <stdatomic.h> and the functions of the C library"},
    [GATE_PRAGMA] = {"pragma", false, false,
                     "`#pragma clang attribute`, `optimize` and `section`, `#pragma GCC optimize`, "
                     "`target`, `push_options`, "
                     "`pop_options`, `reset_options`",
                     "it has code compiled in another way than the checks ask for",
                     "leave it out: the assignment says how it is compiled"},
    [GATE_TOOL_CALL] = {"tool-call", false, false,
                        "names that begin with `__tsan_`, `__asan_`, `__msan_`, `__lsan_`, "
                        "`__ubsan_`, `__hwasan`, `__sanitizer_`, "
                        "`ANNOTATE_`, `VALGRIND_`, `Annotate...` and the like, called or declared; "
                        "the headers `<sanitizer/...>` and "
                        "`<valgrind/...>`; in the object what refers to them",
                        "it tells a detector what to believe, or whether it is there",
                        "order accesses by mutexes and atomics, which every detector knows"},
    [GATE_TOOL_HOOK] = {"tool-hook", false, false,
                        "`__tsan_default_options`, `__tsan_default_suppressions`, "
                        "`__tsan_on_report` and their like of the other "
                        "sanitizers",
                        "a detector asks it for its options, or before it reports",
                        "leave it out: the assignment says how detectors are run"},
    [GATE_ASSUMPTION] =
        {"assumption", false, false,
         "`hazard_assume`, `hazard_atomic` of <hazard.h> and `__VERIFIER_...`",
         "what the program assumes is not searched: a proof would stand on the hand-in's word",
         "wait with a condition variable, and lock with a mutex"},
    [GATE_LOAD] = {"load", false, false, "`dlopen`, `dlmopen`, `dlsym`, `dlvsym`",
                   "it gets at functions past those that detectors watch",
                   "call the function by its name"},
    [GATE_SYSTEM_CALL] = {"system-call", false, false,
                          "`syscall`, but for futex, gettid, sched_yield, getcpu and membarrier, "
                          "written by their names",
                          "it goes past the functions that detectors watch",
                          "call the function of the C library"},
    [GATE_RAW_EXIT] = {"raw-exit", true, false, "`_exit`, `_Exit`, `quick_exit`, `abort`",
                       "the program ends before detectors and handlers have come to their end",
                       "return from main, or call exit"},
    [GATE_LIBRARY_DEFINITION] = {"library-definition", false, false,
                                 "definitions of `pthread_*`, C11's threads, semaphores, and what "
                                 "else of the C library detectors "
                                 "watch (`malloc`, `memcpy`, `read`, `fork`, `exit`...)",
                                 "it takes the place of the function that detectors watch",
                                 "give the function a name of its own"},
    [GATE_TOOL_FILE] = {"tool-file", false, false,
                        "files named `.valgrindrc`, `.gdbinit`, `.gdbearlyinit`, `.lldbinit`",
                        "a tool reads it in the folder where it runs",
                        "hand in only what was asked for"},
};
