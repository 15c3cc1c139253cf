# A longer list of argument tuples over a pool of at most ten processes. What the items return stays out of the log.
param([string] $Path = './logs/tuples.log')
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../QueueLog.psd1"

Start-LogListener $Path

$tuples = foreach ($region in 'north', 'south', 'east', 'west') {
    foreach ($number in 1..25) {
        , @($region, $number, ($number % 3 -eq 0))
    }
}

$tuples | Invoke-WorkerPool -Count 10 -Splat -NoCapture -ScriptBlock {
    param([string] $Region, [int] $Number, [bool] $Deep)
    Write-QueueLog 'checking {Region}-{Number}, deep: {Deep}' -ArgumentList $Region, $Number, $Deep
    [pscustomobject]@{ Name = "$Region-$Number"; Deep = $Deep }
} | Measure-Object | ForEach-Object { "$($_.Count) checked" }

Stop-LogListener
