# Objects of ten properties through a warm pool and back, or out of it only. Prints {"items": ..., "seconds": ...}.
param(
    [Parameter(Mandatory)] [int] $Processes,
    [Parameter(Mandatory)] [int] $Items,
    [int] $Batch,
    [switch] $OutOnly
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module "$PSScriptRoot/../../../QueueLog.psd1"

$make = { [pscustomobject]@{ Id = $_; Name = "name $_"; City = 'Berlin'; Price = $_ * 1.5; When = [datetime]::UnixEpoch; Ok = $true; Count = $_ % 7; Text = 'some text of a row'; Code = "C$_"; Note = $null } }
$pool = Start-WorkerPool -Count $Processes
$objects = if ($OutOnly) { 1..$Items } else { 1..$Items | ForEach-Object $make }
$more = $Batch -gt 0 ? @{ Batch = $Batch } : @{}
$block = if ($OutOnly) { $make } else { { $_ } }
$null = $objects | Select-Object -First ($Processes * 2000) | Invoke-WorkerPool -ScriptBlock $block -Pool $pool @more
$total = 0L
$watch = [Diagnostics.Stopwatch]::StartNew()

# Each is looked at and let go: a foreach would have all of them first.
$objects | Invoke-WorkerPool -ScriptBlock $block -Pool $pool @more | . { process { $total += $_.Id } }
$watch.Stop()
$pool | Stop-WorkerPool -Confirm:$false
if ($total -ne [long] $Items * ($Items + 1) / 2) { throw "The results of $Items items add up to $total" }

$seconds = $watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture)
[Console]::Out.WriteLine('{"items": ' + $Items + ', "seconds": ' + $seconds + '}')
