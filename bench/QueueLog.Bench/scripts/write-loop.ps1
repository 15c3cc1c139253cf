# One writer process of the comparison: Write-QueueLog in a plain loop, started by "go" on standard input.
param(
    [Parameter(Mandatory)] [int] $Records
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module "$PSScriptRoot/../../../QueueLog.psd1"

[Console]::Out.WriteLine('ready')
$null = [Console]::In.ReadLine()
for ($number = 1; $number -le $Records; $number++) {
    Write-QueueLog 'record {Number} of {Total}' -ArgumentList $number, $Records
}
