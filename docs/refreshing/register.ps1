# Registers the refresh with the Windows Task Scheduler: every day at six, or when the machine is on again.
#   powershell -ExecutionPolicy Bypass -File docs\refreshing\register.ps1 -Reports C:\reports -Contact you@example.org
param(
    [Parameter(Mandatory)] [string] $Reports,
    [Parameter(Mandatory)] [string] $Contact,
    [string] $At = "06:00",
    [string] $Name = "Children's Services Warehouse"
)
$ErrorActionPreference = "Stop"
[Environment]::SetEnvironmentVariable("REPORTS_PATH", $Reports, "User")
[Environment]::SetEnvironmentVariable("FETCH_CONTACT", $Contact, "User")
$script = Join-Path $PSScriptRoot "refresh.ps1"
$log = Join-Path $PSScriptRoot "..\..\logs\refresh.log"
New-Item -ItemType Directory -Force (Split-Path $log) | Out-Null
$action = New-ScheduledTaskAction -Execute "powershell.exe" `
    -Argument "-NoProfile -ExecutionPolicy Bypass -Command `"& '$script' *>> '$log'; exit `$LASTEXITCODE`""
$trigger = New-ScheduledTaskTrigger -Daily -At $At
$settings = New-ScheduledTaskSettingsSet -StartWhenAvailable -MultipleInstances IgnoreNew -ExecutionTimeLimit (New-TimeSpan -Hours 12)
Register-ScheduledTask -TaskName $Name -Action $action -Trigger $trigger -Settings $settings -Force
