# ForEach-Object -Parallel over empty items. Prints {"items": ..., "seconds": ...}.
param(
    [Parameter(Mandatory)] [int] $Threads,
    [Parameter(Mandatory)] [int] $Items
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$null = 1..($Threads * 2) | ForEach-Object -Parallel { $_ } -ThrottleLimit $Threads
$total = 0L
$watch = [Diagnostics.Stopwatch]::StartNew()
foreach ($result in 1..$Items | ForEach-Object -Parallel { $_ } -ThrottleLimit $Threads) { $total += $result }
$watch.Stop()
if ($total -ne [long]$Items * ($Items + 1) / 2) { throw "The results of $Items items add up to $total" }

$seconds = $watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture)
[Console]::Out.WriteLine('{"items": ' + $Items + ', "seconds": ' + $seconds + '}')
