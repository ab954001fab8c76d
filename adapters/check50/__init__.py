# SPDX-License-Identifier: MIT
"""Checks of check50: hazard grades once, and each check of the assignment is one of these.

What the machine is to blame for ends in an exception that is no check50.Failure: check50 then says that it ran into an error, and the
checks are skipped (":|"), not failed.
"""
import json
import os
import subprocess

import check50

HERE = os.path.dirname(os.path.abspath(__file__))
CHECKS = @CHECKS_JSON@


class NotGraded(Exception):
    pass


@check50.check(timeout=600)
def graded():
    """hazard graded it"""
    done = subprocess.run(["sh", os.path.join(HERE, "hazard-grade"), "json", "540", ".", "-"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    grade = json.loads(done.stdout)
    if done.returncode != 0 or grade["end"] == "broken":
        raise NotGraded(grade["reason"] + " " + done.stderr.decode("utf-8", "replace"))
    if grade["end"] == "refused":
        check50.log(grade["details"])
        raise check50.Failure(grade["reason"])
    return grade


def one(name, title):
    def check(grade):
        mark = next(mark for mark in grade["marks"] if mark["name"] == name)
        check50.data(points=mark["points"], most=mark["most"], state=mark["state"])
        if mark["state"] == "passed":
            return
        if mark["hidden"]:
            raise check50.Failure("this check is hidden: what it found is not shown")
        for line in mark["details"].splitlines():
            check50.log(line)
        raise check50.Failure(mark["state"] + ": " + mark["sentence"], help=mark["hint"] or None)

    check.__name__, check.__doc__ = name, title
    return check50.check(dependency=graded)(check)


for _name, _title in CHECKS:
    globals()[_name] = one(_name, _title)
