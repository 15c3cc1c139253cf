# A .NET program, started for each item of a pool, logs into the same file.
param([string] $Path = './logs/orders.log', [string] $Program = "$PSScriptRoot/dotnet-program/bin/Release/net10.0/dotnet-program.dll")
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../QueueLog.psd1"

Start-LogListener $Path -Template '{Timestamp:HH:mm:ss,fff} {Process,-14} {Level,-11} {Category} {Order} {Message}'

1..4 | Invoke-WorkerPool -Count 2 -ScriptBlock {
    Write-QueueLog 'order {Order} came in' -ArgumentList $_
    dotnet $using:Program $_
    if ($LASTEXITCODE -ne 0) { throw "The program ended with exit code $LASTEXITCODE." }
}

Stop-LogListener
