"""Configurations of dlt's REST source, as dlt runs them."""

import json

import dlt
import duckdb
from dlt.sources.rest_api import rest_api_source

from user import loaded

KEYS = {"_dlt_id", "_dlt_parent_id", "_dlt_root_id", "_dlt_load_id"}


def load_rest(file, folder, config, name):
    """A run of a configuration; the pipeline's folder is kept for the next one."""
    destination = dlt.destinations.duckdb(file)
    pipeline = dlt.pipeline("rest", destination=destination, dataset_name="data", pipelines_dir=folder)
    return loaded(pipeline.run(rest_api_source(config, name=name)))


def rest_rows(file):
    """Rows a table, as sorted JSON of what they have values for."""
    with duckdb.connect(file, read_only=True) as connection:
        names = connection.execute("select table_name from duckdb_tables() where schema_name = 'data'").fetchall()
        return {name: rows_of(connection, name) for (name,) in names if not name.startswith("_")}


def rows_of(connection, table):
    cursor = connection.execute(f'select * from data."{table}"')
    columns = [column[0] for column in cursor.description]
    records = (dict(zip(columns, row)) for row in cursor.fetchall())
    return sorted(text(values(record)) for record in records)


def values(record):
    return {key: value for key, value in record.items() if value is not None and key not in KEYS}


def text(value):
    return json.dumps(value, sort_keys=True, default=str)
