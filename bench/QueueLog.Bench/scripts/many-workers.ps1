# From nothing to the last result of a pool of many processes. Prints {"items": ..., "seconds": ...}.
param(
    [Parameter(Mandatory)] [int] $Processes,
    [Parameter(Mandatory)] [int] $Items
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module "$PSScriptRoot/../../../QueueLog.psd1"
$watch = [Diagnostics.Stopwatch]::StartNew()
$pool = Start-WorkerPool -Count $Processes
while (@((Get-WorkerPool -Name $pool.Name).Workers | Where-Object State -in 'Idle', 'Busy').Count -lt $Processes) { Start-Sleep -Milliseconds 50 }
$total = 0L
foreach ($result in 1..$Items | Invoke-WorkerPool -ScriptBlock { $_ } -Pool $pool) { $total += $result }
$watch.Stop()
$pool | Stop-WorkerPool -Confirm:$false
if ($total -ne [long] $Items * ($Items + 1) / 2) { throw "The results of $Items items add up to $total" }

$seconds = $watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture)
[Console]::Out.WriteLine('{"items": ' + $Items + ', "seconds": ' + $seconds + '}')
