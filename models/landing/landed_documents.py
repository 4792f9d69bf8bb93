import sys

from loaders.publishing import moving, publish
from loaders.reading.landing import land
from loaders.settings import Settings


def model(dbt, session):
    """Land REPORTS_PATH; with --full-refresh every file is read anew, whatever is kept of it.

    It takes more than a tenth of a cold build: it reads every new document.
    """
    from dbt.flags import get_flags

    dbt.config(materialized="table")
    settings = Settings.from_environment()
    if dbt.config.get("target_name") == "lake":
        from loaders.publishing import lake  # an extra of the package

        lake.refuse_other_folder(session, settings)
    else:
        if warning := moving.move_waiting(settings):
            print(f"Warning: {warning}", file=sys.stderr)
        publish.refuse_beforehand(session, settings)
    full_refresh = bool(getattr(get_flags(), "FULL_REFRESH", False))
    return land(settings, session, full_refresh)
