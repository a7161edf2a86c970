"""What a dlt user does with a dataset of ours in another destination than a DuckDB file, and where one of theirs comes from."""

import tempfile

import dlt
from dlt.common.schema.utils import generate_version_hash
from dlt.destinations.impl.ducklake.configuration import DuckLakeCredentials
from user import loaded, rows_resource


def destination_of(kind, where):
    if kind == "postgres":
        return dlt.destinations.postgres(where)
    if kind == "filesystem":
        return dlt.destinations.filesystem(where)
    catalog = f"duckdb:///{where}"
    return dlt.destinations.ducklake(
        credentials=DuckLakeCredentials("ducklake", catalog=catalog, storage=f"{where}.files")
    )


def pipeline_at(kind, where, pipeline, dataset):
    """As on another machine: nothing is known but the destination."""
    destination = destination_of(kind, where)
    return dlt.pipeline(
        pipeline, destination=destination, dataset_name=dataset, pipelines_dir=tempfile.mkdtemp()
    )


def load_at(kind, where, pipeline, dataset, schema, resources):
    """What dlt finds, before and after it loads these rows."""

    @dlt.source(name=schema)
    def source():
        for resource in resources:
            yield rows_resource(**resource)

    restored = pipeline_at(kind, where, pipeline, dataset)
    restored.sync_destination()
    found = described(restored)
    format_of_files = {"loader_file_format": "parquet"} if kind == "filesystem" else {}
    load_ids = loaded(restored.run(source(), **format_of_files))["load_ids"]
    return {"found": found, "load_ids": load_ids, "left": described(restored)}


def described(pipeline):
    return {
        "first_run": pipeline.first_run,
        "schemas": {name: hashes(pipeline.schemas[name]) for name in pipeline.schemas},
        "counts": counts(pipeline) if pipeline.schemas else {},
        "sources": list(pipeline.state.get("sources", {})),
    }


def hashes(schema):
    """Equal ones mean that dlt reads the document as its own."""
    return {"stored": schema.stored_version_hash, "computed": generate_version_hash(schema.to_dict())}


def counts(pipeline):
    rows = pipeline.dataset().row_counts().df()
    return dict(zip(rows["table_name"], (int(count) for count in rows["row_count"])))
