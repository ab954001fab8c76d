/* SPDX-License-Identifier: MIT */
#include <argp.h>

#include "hazard/cc/cc_tools.h"
#include "hazard/commands/commands.h"

int main(int argc, char **argv) {
    argp_err_exit_status = EXIT_TROUBLE;
    if (argc > 0 && cc_tool_of(argv[0]) != CC_NO_TOOL)
        return cmd_cc_as_compiler(argv);
    return commands_run(argc, argv);
}
