"""Runs a Python script with dlt installed: `python3 test/dlt/with_dlt.py SCRIPT [ARGUMENT...]`.

The virtual environment `.venv-dlt` is made when it is missing or its requirements changed (a minute, from the package
index); without a script, that is all. DuckDB 1.5 for Python lies in it beside the one that dlt users have today, to put
first on PYTHONPATH: its files can be opened by our driver, those that DuckDB 2.0 creates cannot.
"""

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / ".venv-dlt"
PYTHON = FOLDER / "bin" / "python"
REQUIREMENTS = Path(__file__).with_name("requirements.txt")
OLDER_DUCKDB = "duckdb==1.5.5"  # the last one with extensions on the package index


def wanted() -> str:
    return f"{REQUIREMENTS.read_text()}{OLDER_DUCKDB}\n{sys.version}\n"


def install(*arguments: str) -> None:
    pip = [PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile"]
    subprocess.run([*pip, *arguments], check=True)


def make() -> None:
    installed = FOLDER / "installed.txt"
    if installed.exists() and installed.read_text() == wanted():
        return
    print(f"Making {FOLDER.name} with dlt ...", file=sys.stderr, flush=True)
    shutil.rmtree(FOLDER, ignore_errors=True)
    venv.create(FOLDER, with_pip=True)
    install("--requirement", str(REQUIREMENTS))
    install("--no-deps", "--target", str(FOLDER / "duckdb-1.5"), OLDER_DUCKDB)
    installed.write_text(wanted())


if __name__ == "__main__":
    make()
    if len(sys.argv) > 1:
        os.execv(PYTHON, [str(PYTHON), *sys.argv[1:]])
