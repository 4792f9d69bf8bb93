"""Run by Superset's own Python: a new Superset connects to the published file and draws a chart, all through its API.

python superset_chart.py WAREHOUSE FOLDER prints the chart's rows, and how Superset describes the columns, as JSON.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

CONFIG = """
SECRET_KEY = "of a test that lives for a minute"
SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/superset.db"
WTF_CSRF_ENABLED = False
TALISMAN_ENABLED = False
"""


def new_superset(folder: Path) -> Any:
    """Return a Superset with an administrator and nothing else."""
    config = folder / "superset_config.py"
    config.write_text(CONFIG.format(folder=folder.as_posix()), encoding="utf-8")
    os.environ |= {"SUPERSET_CONFIG_PATH": str(config), "SUPERSET_HOME": str(folder)}

    import superset
    from flask_migrate import upgrade
    from superset.app import create_app

    app = create_app()
    with app.app_context():
        upgrade(directory=str(Path(superset.__file__).parent / "migrations"))
        app.appbuilder.add_permissions(update_perms=True)
        superset.security_manager.sync_role_definitions()
        admin = superset.security_manager.find_role("Admin")
        superset.security_manager.add_user("admin", "A", "Tester", "tester@example.org", admin, password="admin")
    return app


def chart(warehouse: Path, folder: Path) -> dict[str, Any]:
    client = new_superset(folder).test_client()

    def call(method: str, path: str, **body: Any) -> Any:
        response = client.open(f"/api/v1/{path}", method=method, headers=headers, json=body or None)
        if response.status_code >= 300:
            raise SystemExit(f"{method} {path}: {response.status_code} {response.get_data(as_text=True)}")
        return response.json

    headers: dict[str, str] = {}
    login = call("POST", "security/login", username="admin", password="admin", provider="db")
    headers["Authorization"] = f"Bearer {login['access_token']}"
    # What docs/bi-tools.md tells people to type: the address, and read_only among the engine's parameters.
    database = call(
        "POST",
        "database/",
        database_name="Children's services",
        sqlalchemy_uri=f"duckdb:///{warehouse.as_posix()}",
        extra=json.dumps({"engine_params": {"connect_args": {"read_only": True}}}),
    )["id"]
    dataset = call("POST", "dataset/", database=database, schema="main", table_name="fct_judgements")["id"]
    columns = call("GET", f"dataset/{dataset}")["result"]["columns"]
    source = {"id": dataset, "type": "table"}
    query = {"columns": ["grade"], "metrics": ["count"], "orderby": [["count", False], ["grade", True]]}
    made = call(
        "POST",
        "chart/",
        slice_name="Grades",
        viz_type="pie",
        datasource_id=dataset,
        datasource_type="table",
        params=json.dumps(
            {"viz_type": "pie", "groupby": ["grade"], "metric": "count", "datasource": f"{dataset}__table"}
        ),
        query_context=json.dumps(
            {"datasource": source, "queries": [query], "result_format": "json", "result_type": "full", "form_data": {}}
        ),
    )["id"]
    (result,) = call("GET", f"chart/{made}/data/")["result"]
    return {
        "rows": result["data"],
        "columns": {column["column_name"]: [column["type"], column["description"]] for column in columns},
    }


if __name__ == "__main__":
    answer = chart(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
    print(json.dumps(answer), file=sys.__stdout__)
