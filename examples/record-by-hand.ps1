# Records that come from elsewhere: built by hand, with their own time and origin, and piped into the log.
param([string] $Path = './logs/by-hand.log')
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../QueueLog.psd1"

Start-LogListener $Path -Template '{Timestamp:yyyy-MM-dd HH:mm:ss} {Process,-10} {Level,-8} {Category} {Message}'

[QueueLog.Records.LogRecord]@{
    Timestamp  = '2026-01-31 04:05:06 +01:00'
    Level      = 'Warning'
    Process    = 'sensor-7'
    Pid        = 4711
    Category   = 'Cooling'
    Message    = 'temperature is 81 degrees'
    Properties = @{ Temperature = 81 }
} | Write-QueueLog

# An object with a Message is as good.
[pscustomobject]@{ Message = 'fan restarted'; Process = 'sensor-7'; Category = 'Cooling' } | Write-QueueLog

Stop-LogListener
