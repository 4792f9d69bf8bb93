"""The last model: dbt comes to it when everything else has built and passed its tests, and it publishes the marts.

It takes more than a tenth of a build with something new: it writes the marts, their search index and the exports.
"""

from loaders.exports import add_exports
from loaders.publish import publish
from loaders.settings import Settings


def model(dbt, session):
    dbt.config(materialized="table")
    # Every model and seed that no other reads: a build does not publish while one is not reached from here.
    dbt.ref("authority_metrics_wide")
    dbt.ref("build_documents")
    dbt.ref("dim_authority_code")
    dbt.ref("dim_authority_name")
    dbt.ref("dim_authority_successor")
    dbt.ref("dim_framework")
    dbt.ref("dim_report")
    dbt.ref("documents_to_review")
    dbt.ref("expected_counts")
    dbt.ref("fct_discrepancies")
    dbt.ref("fct_finding_topics")
    dbt.ref("fct_judgement_changes")
    dbt.ref("fct_recommendation_topics")
    dbt.ref("fct_statements")
    dbt.ref("inspector_topics")
    dbt.ref("int_named_people")
    dbt.ref("int_row_counts")
    dbt.ref("metric_comparisons")
    dbt.ref("metrics")
    dbt.ref("neighbour_outcomes")
    dbt.ref("rejected_documents")
    settings = Settings.from_environment()
    if dbt.config.get("target_name") == "lake":
        from loaders import lake  # an extra of the package

        return lake.show(session, settings).as_relation(session)
    return add_exports(publish(session, settings), settings).as_relation(session)
