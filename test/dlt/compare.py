"""The same cases through dlt and through us: where the tables differ, in words."""

import json
import re

import dlt
import duckdb

import oracle

# How we name a table when two lists come to the same name, which dlt puts into one table.
TAG = re.compile("__[a-z0-9]{6}(__|$)")
IDS = ("_dlt_id", "_dlt_parent_id", "_dlt_root_id")


def differences(cases, file, dataset):
    """`file` is what we made of the cases. An answer for each case: the differences, none where all is equal, null where keys collide."""
    ours = oracle.tables_of(file, dataset, schema_of(file, dataset))
    return [differences_of(answer, ours.get(answer["table"], {})) for answer in answers_to(cases)]


def answers_to(cases):
    """Where dlt fails on one of the cases, the others still get their answers."""
    answers = oracle.answer_together(cases)
    if len(cases) == 1 or answers[0]["error"] is None:
        return answers
    half = len(cases) // 2
    return answers_to(cases[:half]) + answers_to(cases[half:])


def schema_of(file, dataset):
    with duckdb.connect(file, read_only=True) as connection:
        newest = connection.execute(f"select schema from {dataset}._dlt_version order by version desc limit 1")
        return dlt.Schema.from_dict(json.loads(newest.fetchall()[0][0]))


def differences_of(answer, ours):
    if answer["error"] is not None:
        return [f"dlt fails: {answer['error']['type']}: {answer['error']['message']}"]
    dlts = {name: widened(table, ours.get(name)) for name, table in answer["tables"].items()}
    if any(TAG.search(name) for name in ours.keys() - dlts.keys()):
        return None
    here, there = lines_of(ours), lines_of(dlts)
    return [f"only dlt: {line}" for line in without(there, here)] + [f"only here: {line}" for line in without(here, there)]


def widened(table, ours):
    """Where we widened an integer column to double and dlt made a variant column: dlt's as ours."""
    types = {column["name"]: column["duckdb"] for column in (ours or {"columns": []})["columns"]}
    rows = records(table)
    columns = {column["name"]: column for column in table["columns"]}
    for name, column in list(columns.items()):
        variant = columns.get(f"{name}__v_double")
        if column["duckdb"] == "BIGINT" and types.get(name) == "DOUBLE" and variant is not None:
            columns[name] = {**column, "duckdb": "DOUBLE", "dlt": {**column["dlt"], "data_type": "double"}}
            del columns[variant["name"]]
            for row in rows:
                other = row.pop(variant["name"])
                row[name] = other if row[name] is None else float(row[name])
    return {"columns": list(columns.values()), "rows": [[row[name] for name in columns] for row in rows]}


def lines_of(tables):
    """A line a column and a row. Ids that were not given are random: a row hangs under what its parent row shows."""
    by_id = {row["_dlt_id"]: row for table in tables.values() for row in values(table)}
    lines = []
    for name, table in tables.items():
        for column in table["columns"]:
            lines.append(f"{name} column {column['name']} {column['duckdb']} {column['nullable']} {hints_of(column)}")
        lines += [f"{name} row {text(shown(row, by_id))}" for row in values(table)]
    return sorted(lines)


def hints_of(column):
    return text({key: value for key, value in column["dlt"].items() if key != "description"})


def shown(row, by_id):
    if is_given(root(row, by_id)["_dlt_id"]):
        return row
    own = {name: value for name, value in row.items() if name not in IDS}
    parent = by_id.get(row.get("_dlt_parent_id"))
    return own if parent is None else {**own, "under": shown(parent, by_id)}


def root(row, by_id):
    parent = by_id.get(row.get("_dlt_parent_id"))
    return row if parent is None else root(parent, by_id)


def is_given(row_id):
    return row_id.startswith("given ")


def records(table):
    names = [column["name"] for column in table["columns"]]
    return [dict(zip(names, row)) for row in table["rows"]]


def values(table):
    """Rows without what they have no value for. The text `null` in a json column is JSON's null here, and no value in dlt."""
    json_columns = {column["name"] for column in table["columns"] if column["duckdb"] == "JSON"}
    parsed = (
        {name: json.loads(value) if value and name in json_columns else value for name, value in row.items()}
        for row in records(table)
    )
    return [{name: value for name, value in row.items() if value is not None} for row in parsed]


def without(lines, known):
    left = list(known)
    return [line for line in lines if line not in left or left.remove(line)]


def text(value):
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
