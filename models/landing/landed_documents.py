from loaders.landing import land
from loaders.settings import Settings


def model(dbt, session):
    """Land REPORTS_PATH; with --full-refresh every file is opened, whatever its time says."""
    from dbt.flags import get_flags

    dbt.config(materialized="table")
    full_refresh = bool(getattr(get_flags(), "FULL_REFRESH", False))
    return land(Settings.from_environment(), session, full_refresh)
