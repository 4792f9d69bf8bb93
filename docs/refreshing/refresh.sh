#!/bin/sh
# Fetch what is new, build, write the site; for cron or a scheduled job. It reads the settings of the README, of which
# REPORTS_PATH and FETCH_CONTACT are needed; SITE_PATH is the site's folder.
set -eu
cd "$(dirname "$0")/../.."
: "${REPORTS_PATH:?set it to the folder of the reports}" "${FETCH_CONTACT:?set it to an e-mail address or a web page}"
python=${PYTHON:-.venv/bin/python}

# A fetch that has to stop has brought whole files all the same: they are built, and the failure is told at the end.
stopped=0
"$python" -m loaders fetch || stopped=$?
# Publishes only where everything is green; what was published before stays otherwise, and the refresh ends here.
"$python" -m dbt.cli.main build
"$python" -m website --output "${SITE_PATH:-build/website}"
"$python" -m loaders status
exit "$stopped"
