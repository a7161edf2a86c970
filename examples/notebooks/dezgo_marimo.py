# Image models of Dezgo, as a marimo notebook: `pip install duckdb pandas matplotlib marimo`, then, in the folder of
# dezgo_api_pipeline.duckdb (or with DEZGO_DUCKDB set to it): `marimo edit dezgo_marimo.py`, or `marimo run` to look only.
import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium")


@app.cell
def _():
    import os

    import duckdb
    import marimo as mo
    import matplotlib.pyplot as plt

    return duckdb, mo, os, plt


@app.cell
def _(mo):
    refresh = mo.ui.refresh(options=["1m", "10m"], label="Look for a new load")
    mo.md(f"# Image models of Dezgo\n\n{refresh}")
    return (refresh,)


@app.cell
def _(duckdb, os):
    FILE = os.environ.get("DEZGO_DUCKDB", "dezgo_api_pipeline.duckdb")

    def read(sql):
        """Opens the file for one question: so each sees the newest load, and none keeps an old file open."""
        with duckdb.connect(FILE, read_only=True) as connection:
            connection.execute("use dezgo_api_data")
            return connection.sql(sql).df()

    return (read,)


@app.cell
def _(read, refresh):
    refresh.value
    last_load = read("select load_id, inserted_at from _dlt_loads where status = 0 order by inserted_at desc limit 1")
    last_load
    return (last_load,)


@app.cell
def _(last_load, read):
    last_load
    families = read(
        """
        select coalesce(family, '(none)') as family, count(*) as models
        from models where _elt_deleted_at is null
        group by all order by models desc, family
        """
    )
    families
    return (families,)


@app.cell
def _(families, plt):
    figure, axes = plt.subplots(figsize=(8, 4))
    axes.barh(families["family"], families["models"])
    axes.invert_yaxis()
    axes.set_xlabel("models")
    axes.set_title("Models by family")
    figure.tight_layout()
    plt.close(figure)
    figure
    return (figure,)


if __name__ == "__main__":
    app.run()
