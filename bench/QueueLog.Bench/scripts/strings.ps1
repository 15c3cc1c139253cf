# Strings of 1 MB through a warm pool and back. Prints {"items": ..., "seconds": ...}.
param(
    [Parameter(Mandatory)] [int] $Processes,
    [Parameter(Mandatory)] [int] $Items
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module "$PSScriptRoot/../../../QueueLog.psd1"

$pool = Start-WorkerPool -Count $Processes
$block = { $_ }
$null = 1..($Processes * 10) | Invoke-WorkerPool -ScriptBlock $block -Pool $pool
$strings = foreach ($i in 1..$Items) { '{0:D10}' -f $i * 100000 }
$results = [Collections.Generic.List[string]]::new()
$watch = [Diagnostics.Stopwatch]::StartNew()
foreach ($result in $strings | Invoke-WorkerPool -ScriptBlock $block -Pool $pool) { $results.Add($result) }
$watch.Stop()
$pool | Stop-WorkerPool -Confirm:$false

# Two workers give them back in any order.
$results.Sort([StringComparer]::Ordinal)
if ($results.Count -ne $Items) { throw "$($results.Count) of $Items strings came back" }
for ($i = 0; $i -lt $Items; $i++) {
    if (-not [string]::Equals($results[$i], $strings[$i])) { throw "String $($i + 1) came back as another" }
}

$seconds = $watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture)
[Console]::Out.WriteLine('{"items": ' + $Items + ', "seconds": ' + $seconds + '}')
