"""The notebooks of examples/, executed: the parts of one before and after a run that publishes."""

import importlib.util
import os
from pathlib import Path

NOTEBOOKS = Path(__file__).resolve().parents[2] / "examples" / "notebooks"
TAG = "after-a-new-load"

open_notebook = None


def outputs_of(cells) -> list:
    """What each cell shows: text, and whether there is a picture."""
    data = [output.get("data", {}) for cell in cells for output in cell.get("outputs", [])]
    return [{"text": one.get("text/plain", ""), "image": "image/png" in one} for one in data]


def begin_jupyter(file: str, folder: str) -> list:
    """Executes the cells of the Jupyter notebook up to the one that opens the file again; its connection stays open."""
    global open_notebook
    import nbformat
    from nbclient import NotebookClient

    os.environ["DEZGO_DUCKDB"] = file
    notebook = nbformat.read(NOTEBOOKS / "dezgo.ipynb", as_version=4)
    nbformat.validate(notebook)
    client = NotebookClient(notebook, timeout=100, resources={"metadata": {"path": folder}})
    client.create_kernel_manager()
    client.start_new_kernel()
    client.start_new_kernel_client()
    cells = list(enumerate(notebook.cells))
    again = next(index for index, cell in cells if TAG in cell.metadata.get("tags", []))
    open_notebook = client, cells[again:]
    return execute(client, cells[:again])


def end_jupyter() -> list:
    """Executes the others."""
    client, cells = open_notebook
    try:
        return execute(client, cells)
    finally:
        client._cleanup_kernel()


def execute(client, cells) -> list:
    for index, cell in cells:
        if cell.cell_type == "code":
            client.execute_cell(cell, index)
    return outputs_of(cell for _, cell in cells)


def run_marimo(file: str) -> dict:
    """Executes the marimo notebook as a whole."""
    os.environ["DEZGO_DUCKDB"] = file
    spec = importlib.util.spec_from_file_location("dezgo_marimo", NOTEBOOKS / "dezgo_marimo.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    outputs, names = module.app.run()
    return {
        "load_id": names["last_load"]["load_id"][0],
        "models": int(names["families"]["models"].sum()),
        "shown": [type(output).__name__ for output in outputs],
    }
