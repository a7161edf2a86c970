"""Questions to the installed dlt, a JSON line each (`{"ask": name, "with": {...}}`); a JSON line answers. One import of dlt serves many."""

import json
import os
import sys
import traceback

os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
os.environ.setdefault("RUNTIME__LOG_LEVEL", "ERROR")

import compare
import destinations
import notebooks
import oracle
import rest
import user

QUESTIONS = {
    "restore": user.restore,
    "attach": user.attach,
    "read": user.read,
    "run_example": user.run_example,
    "run_rows": user.run_rows,
    "run_rest": user.run_rest,
    "differences": compare.differences,
    "load_at": destinations.load_at,
    "load_rest": rest.load_rest,
    "rest_rows": rest.rest_rows,
    "begin_jupyter": notebooks.begin_jupyter,
    "end_jupyter": notebooks.end_jupyter,
    "run_marimo": notebooks.run_marimo,
}


def answer(line: str) -> dict:
    question = json.loads(line)
    try:
        return {"answer": QUESTIONS[question["ask"]](**question["with"])}
    except Exception as error:
        traceback.print_exc(limit=-3)
        return {"error": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    answers, sys.stdout = sys.stdout, sys.stderr
    for line in sys.stdin:
        print(json.dumps(answer(line), default=str), file=answers, flush=True)
