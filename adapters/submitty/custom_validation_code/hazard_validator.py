# SPDX-License-Identifier: MIT
"""Submitty's custom validator: hazard's grade of what was handed in, on standard output and in validation_results.json.

Submitty knows no "not graded": a validator that says "fail" counts 0 for the test case, with an error that the student sees. What the
machine is to blame for is therefore tried three times first, and said to be no grade; grade the hand-in again when it is mended.
"""
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
RESULT = "validation_results.json"
ATTEMPTS = 3


def handin():
    """The folder of the test case if the hand-in was copied there, else this one."""
    with open("custom_validator_input.json", encoding="utf-8") as file:
        prefix = json.load(file).get("testcase_prefix", "")
    wanted = @FILES@
    return prefix if any(os.path.exists(os.path.join(prefix, name)) for name in wanted) else "."


for _ in range(ATTEMPTS):
    done = subprocess.run(["sh", os.path.join(HERE, "hazard-grade"), "submitty", "180", handin(), "-"], stdout=subprocess.PIPE,
                          check=False)
    if done.returncode == 0:
        break
sys.stdout.buffer.write(done.stdout)
with open(RESULT, "wb") as file:
    file.write(done.stdout)
