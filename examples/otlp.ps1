# The records of a log go to an OpenTelemetry collector, too: OTLP over HTTP, by the .NET packages of OpenTelemetry.
# Built by: dotnet build -c Release examples/otlp
param([string] $Path = './logs/otlp.log', [uri] $Endpoint = 'http://localhost:4318', [string] $Library = "$PSScriptRoot/otlp/bin/Release/net10.0/otlp.dll")
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../QueueLog.psd1"

[void] [System.Reflection.Assembly]::LoadFrom((Convert-Path -LiteralPath $Library))
$loggers = [OtlpExample.Collector]::Connect($Endpoint, 'orders')
Start-LogListener $Path -Sink (New-LogSink -Logger $loggers -Name otlp)

1..4 | Invoke-WorkerPool -Count 2 -ScriptBlock {
    Write-QueueLog 'order {Order} came in' -ArgumentList $_ -Category Orders
    if ($_ -eq 3) { Write-QueueLog 'order {Order} is too large' -ArgumentList $_ -Level Warning -Category Orders }
}

Stop-LogListener

# Sends what has not been sent yet.
$loggers.Dispose()
