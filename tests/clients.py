"""Clients that people open the published file with, each in an environment of its own.

`python tests/clients.py` installs them under build/clients or CLIENTS_PATH (Superset takes 900 MB and minutes), and
`pytest -m clients` tries each. `python tests/clients.py duckdb-1.1` installs only that one.
"""

from __future__ import annotations

import os
import subprocess
import sys
import venv
from pathlib import Path

from project import REPOSITORY

CLIENTS_PATH = Path(os.environ.get("CLIENTS_PATH", REPOSITORY / "build" / "clients"))
CLIENTS = {
    # what BI tools carry today, and what they will
    "duckdb-1.1": ["duckdb==1.1.3"],
    "duckdb-2.0": ["duckdb==2.0.0"],
    # The last four are what Superset imports and does not ask for, or asks for too loosely.
    "superset": [
        "apache-superset==6.1.0",
        "duckdb-engine==0.17.0",
        "duckdb==1.5.5",
        "cachelib==0.13.0",
        "cachetools==8.0.0",
        "flask-caching==2.3.1",
        "rich==15.0.0",
    ],
}


def python_of(name: str) -> Path:
    """The interpreter of a client's environment."""
    return CLIENTS_PATH / name / ("Scripts/python.exe" if os.name == "nt" else "bin/python")


def install(name: str) -> None:
    venv.create(CLIENTS_PATH / name, with_pip=True, clear=True)
    command = [str(python_of(name)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *CLIENTS[name]]
    subprocess.run(command, check=True)


if __name__ == "__main__":
    for client in sys.argv[1:] or CLIENTS:
        print(f"installing {client} in {CLIENTS_PATH}", flush=True)
        install(client)
