"""What a dlt user does with a file of ours: restore the pipeline, read tables, load into it."""

import json
import tempfile

import dlt
import duckdb
from dlt.common.schema.utils import generate_version_hash
from dlt.sources.rest_api import rest_api_source


def pipeline_on(file, name, dataset, fresh=True):
    """As on another machine: nothing is known but the file."""
    folder = tempfile.mkdtemp() if fresh else None
    destination = dlt.destinations.duckdb(file)
    return dlt.pipeline(name, destination=destination, dataset_name=dataset, pipelines_dir=folder)


def described(pipeline):
    """What dlt restored, beside what the file holds: equal hashes mean that dlt reads our schema as its own."""
    with duckdb.connect(pipeline.destination.config_params["credentials"], read_only=True) as file:
        newest = f"from {pipeline.dataset_name}._dlt_version where schema_name = ? order by inserted_at desc limit 1"
        stored = {
            name: json.loads(file.execute(f"select schema {newest}", [name]).fetchall()[0][0])
            for name in pipeline.schemas
        }
    return {
        "first_run": pipeline.first_run,
        "default_schema_name": pipeline.default_schema_name,
        "state": {key: value for key, value in pipeline.state.items() if key != "_local"},
        "schemas": {name: hashes(stored[name], pipeline.schemas[name]) for name in pipeline.schemas},
    }


def hashes(stored, schema):
    return {
        "stored": {"version": stored["version"], "hash": stored["version_hash"]},
        "restored": {"version": schema.stored_version, "hash": schema.stored_version_hash},
        "computed": {
            "version": schema.version,
            "hash": schema.version_hash,
            "of_document": generate_version_hash(stored),
        },
        "modified": schema.is_modified,
        "tables": schema.data_table_names(),
    }


def restore(file, pipeline, dataset):
    restored = pipeline_on(file, pipeline, dataset)
    restored.sync_destination()
    return described(restored)


def attach(file, pipeline, dataset):
    destination = dlt.destinations.duckdb(file)
    attached = dlt.attach(pipeline, destination=destination, dataset_name=dataset, pipelines_dir=tempfile.mkdtemp())
    return described(attached)


def read(file, pipeline, dataset, table):
    """`dataset()` as in dlt's documentation."""
    restored = pipeline_on(file, pipeline, dataset)
    restored.sync_destination()
    data = restored.dataset()
    counts = data.row_counts().df()
    rows = data[table].df()
    return {
        "counts": dict(zip(counts["table_name"], (int(count) for count in counts["row_count"]))),
        "columns": list(rows.columns),
        "rows": len(rows),
        "tables": data.tables,
        "load_ids": list(data.load_ids()),
    }


def example_source(url, key):
    """The Dezgo example for dlt, with the header that Dezgo reads and with selectors that find the data."""
    return rest_api_source(
        {
            "client": {
                "base_url": url,
                "auth": {"type": "api_key", "name": "X-Dezgo-Key", "location": "header", "api_key": key},
                "paginator": "single_page",
            },
            "resource_defaults": {"primary_key": "id", "write_disposition": "merge"},
            "resources": [
                {"name": "models", "endpoint": {"path": "models", "data_selector": "data"}},
                {
                    "name": "account_tx_last",
                    "primary_key": "_id",
                    "endpoint": {"path": "account/tx/last", "data_selector": "$"},
                },
            ],
        },
        name="dezgo_api_source",
    )


def run_example(file, url, key, pipeline="dezgo_api_pipeline", dataset="dezgo_api_data"):
    return loaded(pipeline_on(file, pipeline, dataset).run(example_source(url, key)))


def run_rows(file, pipeline, dataset, schema, resources):
    """Loads rows given as JSON; `incremental` names the cursor of a resource, the other hints are dlt's own."""

    @dlt.source(name=schema)
    def source():
        for resource in resources:
            yield rows_resource(**resource)

    return loaded(pipeline_on(file, pipeline, dataset).run(source()))


def rows_resource(name, rows, incremental=None, **hints):
    if incremental is None:
        return dlt.resource(rows, name=name, **hints)

    def newer(cursor=dlt.sources.incremental(incremental)):
        yield rows

    return dlt.resource(newer, name=name, **hints)


def run_rest(file, pipeline, dataset, schema, config):
    """dlt's REST source with a configuration that ours reads, too."""
    return loaded(pipeline_on(file, pipeline, dataset).run(rest_api_source(config, name=schema)))


def loaded(info):
    info.raise_on_failed_jobs()
    return {"load_ids": info.loads_ids}
