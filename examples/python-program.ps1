# A Python program, started for each item, logs into the same file by Python's own logging.
param([string] $Path = './logs/convert.log', [string] $Python = 'python3')
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../QueueLog.psd1"

Start-LogListener $Path -Template '{Timestamp:HH:mm:ss.fff} {Process,-10} {Level,-11} {Category} {Message}'

1..4 | Start-WorkerPool -Count 2 -ScriptBlock {
    param($number)
    & $using:Python "$PSScriptRoot/python-program/convert.py" $number
    if ($LASTEXITCODE -ne 0) { throw "File $number was not converted: exit code $LASTEXITCODE." }
} | Receive-Job -Wait -AutoRemoveJob

Stop-LogListener
