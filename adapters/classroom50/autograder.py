# SPDX-License-Identifier: MIT
"""Classroom 50's autograder: ./result.json of hazard's grade of the checkout, which is the current folder.

What the machine is to blame for leaves no result.json, and ends with 1: the runner calls that an error of the infrastructure, and
writes a result that has no points to be had or lost.
"""
import datetime
import json
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
RESULT = "result.json"
NOW = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")

status = subprocess.run(["sh", os.path.join(HERE, "hazard-grade"), "classroom50", "540", ".", RESULT], check=False).returncode
if status != 0:
    if os.path.exists(RESULT):
        os.remove(RESULT)
    print("::error::not graded: the machine that grades is to blame; see the log", file=sys.stderr)
    sys.exit(1)

with open(RESULT, encoding="utf-8") as file:
    grade = json.load(file)
result = {
    "schema": "classroom50/result/v1",
    "classroom": os.environ["CLASSROOM"],
    "assignment": os.environ["ASSIGNMENT"],
    "submission": os.environ["SUBMISSION_TAG"],
    "commit": os.environ["COMMIT_URL"],
    "release": os.environ["RELEASE_URL"],
    "review": os.environ.get("REVIEW_URL") or os.environ["COMMIT_URL"],
    "datetime": NOW,
    **grade,
}
for key, name in (("owner", "OWNER"), ("assignment_type", "ASSIGNMENT_TYPE")):
    if os.environ.get(name):
        result[key] = os.environ[name]
with open(RESULT, "w", encoding="utf-8") as file:
    json.dump(result, file, indent=2)
