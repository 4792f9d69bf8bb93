# Fetch what is new, build, write the site; for the Windows Task Scheduler (register.ps1). It reads the settings of the
# README, of which REPORTS_PATH and FETCH_CONTACT are needed; SITE_PATH is the site's folder.
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..\..")
foreach ($name in "REPORTS_PATH", "FETCH_CONTACT") {
    if (-not [Environment]::GetEnvironmentVariable($name)) { throw "set $name first" }
}
$python = if ($env:PYTHON) { $env:PYTHON } else { ".venv\Scripts\python.exe" }
$site = if ($env:SITE_PATH) { $env:SITE_PATH } else { "build\website" }

# A fetch that has to stop has brought whole files all the same: they are built, and the failure is told at the end.
& $python -m loaders fetch
$stopped = $LASTEXITCODE
# Publishes only where everything is green; what was published before stays otherwise, and the refresh ends here.
& $python -m dbt.cli.main build
if ($LASTEXITCODE) { exit $LASTEXITCODE }
& $python -m website --output $site
if ($LASTEXITCODE) { exit $LASTEXITCODE }
& $python -m loaders status
exit $stopped
