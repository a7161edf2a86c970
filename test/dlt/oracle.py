"""dlt's own answers: `npm run --silent oracle < cases.json`, or with the file's name after `--`.

A case is `{"name", "table", "hints", "max_table_nesting", "runs"}`: `runs` holds the rows of each run, `hints` the arguments
of `dlt.resource`. Printed are the cases with `tables` (columns and rows, as dlt made them in DuckDB) and `error`; load ids
read `<load1>`, `<load2>`; values that JSON lacks read `{"iso"}`, `{"decimal"}`, `{"b64"}`, `{"float"}`.
"""

import base64
import datetime
import decimal
import json
import math
import os
import sys
import tempfile

os.environ.setdefault("RUNTIME__DLTHUB_TELEMETRY", "false")
os.environ.setdefault("RUNTIME__LOG_LEVEL", "CRITICAL")

import dlt
import duckdb


def answer_all(cases):
    return [answer for case in cases for answer in answer_together([case])]


def answer_together(cases):
    """Cases of different `table` names in one pipeline, which is quicker; an error is then that of all."""
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "oracle.duckdb")
        pipeline = dlt.pipeline(
            "oracle", destination=dlt.destinations.duckdb(file), dataset_name="d", pipelines_dir=folder
        )
        error = run_all(pipeline, cases)
        made = tables_of(file, "d", pipeline.default_schema) if os.path.exists(file) else {}
    return [{**case, "tables": made.get(case["table"], {}), "error": error} for case in cases]


def run_all(pipeline, cases):
    for run in range(max(len(case["runs"]) for case in cases)):
        resources = [resource_of(case, case["runs"][run]) for case in cases if run < len(case["runs"])]
        try:
            pipeline.run(source_of(resources)())
        except Exception as error:
            return facts(error, run)
    return None


def source_of(resources):
    @dlt.source(name="s")
    def source():
        return resources

    return source


def resource_of(case, rows):
    hints = case.get("hints") or {}
    return dlt.resource(rows, name=case["table"], max_table_nesting=case.get("max_table_nesting"), **hints)


def facts(error, run):
    cause = error
    while cause.__cause__ is not None:
        cause = cause.__cause__
    return {"run": run, "type": type(cause).__name__, "message": str(cause)}


def tables_of(file, dataset, schema):
    """By resource, then by table, as the file and the schema have them."""
    made = {}
    with duckdb.connect(file, read_only=True) as connection:
        connection.execute("set timezone = 'UTC'")
        loads = connection.execute(f"select load_id from {dataset}._dlt_loads order by inserted_at").fetchall()
        named = {load_id: f"<load{index + 1}>" for index, (load_id,) in enumerate(loads)}
        for name in schema.data_table_names():
            columns = connection.execute(COLUMNS, [dataset, name]).fetchall()
            if not columns:
                continue
            table = {"columns": [column_of(schema.tables[name], *column) for column in columns]}
            rows = connection.execute(f'select * from {dataset}."{name}"').fetchall()
            table["rows"] = [[plain(named.get(value, value)) for value in row] for row in rows]
            made.setdefault(root_of(schema, name)["resource"], {})[name] = table
    return made


COLUMNS = """select column_name, data_type, is_nullable from duckdb_columns()
where schema_name = ? and table_name = ? order by column_index"""


def root_of(schema, name):
    table = schema.tables[name]
    return root_of(schema, table["parent"]) if "parent" in table else table


def column_of(table, name, duckdb_type, nullable):
    hints = {key: value for key, value in table["columns"][name].items() if key not in ("name", "nullable")}
    return {"name": name, "duckdb": duckdb_type, "nullable": nullable, "dlt": hints}


def plain(value):
    """As JSON, with a marked object for what JSON lacks."""
    if isinstance(value, (datetime.date, datetime.time)):
        return {"iso": value.isoformat()}
    if isinstance(value, decimal.Decimal):
        return {"decimal": str(value)}
    if isinstance(value, bytes):
        return {"b64": base64.b64encode(value).decode()}
    if isinstance(value, float) and not math.isfinite(value):
        return {"float": str(value)}
    return value


if __name__ == "__main__":
    with open(sys.argv[1]) if len(sys.argv) > 1 else sys.stdin as file:
        given = json.load(file)
    cases = given["cases"] if isinstance(given, dict) else given
    answers = {"dlt": dlt.__version__, "duckdb": duckdb.__version__, "cases": answer_all(cases)}
    json.dump(answers, sys.stdout, indent=1, ensure_ascii=False)
