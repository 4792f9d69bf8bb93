"""The last model: dbt comes to it when everything else has built and passed its tests, and it publishes the marts.

It takes more than a tenth of a build with something new: it writes the marts, their search index and the exports.
"""

from loaders.publishing.exports import Exports
from loaders.publishing.publish import add_exports, publish
from loaders.settings import Settings


def model(dbt, session):
    dbt.config(materialized="table")
    # The last of the models, and seeds that no other reads: a build publishes only what is reached from here.
    dbt.ref("expected_counts")
    dbt.ref("facts_set_aside")
    dbt.ref("fct_next_steps")
    dbt.ref("int_named_people")
    dbt.ref("metrics")
    dbt.ref("publications")
    settings = Settings.from_environment()
    if dbt.config.get("target_name") == "lake":
        from loaders.publishing import lake  # an extra of the package

        publication = lake.show(session, settings)
    else:
        with Exports(settings) as exports:
            publication = add_exports(publish(session, settings, exports), exports)
    return publication.as_relation(session)
