from loaders.fetching.landed import land_publications
from loaders.settings import Settings


def model(dbt, session):
    """Land the manifest of REPORTS_PATH; a folder without one has no publications."""
    dbt.config(materialized="table")
    return land_publications(Settings.from_environment().reports_path, session)
