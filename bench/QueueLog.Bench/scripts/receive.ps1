# Receive-Job of a job that has ended, of a pool or a thread job. Prints {"items": ..., "seconds": ...}.
param(
    [Parameter(Mandatory)] [int] $Items,
    [int] $Processes
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$job = if ($Processes) {
    Import-Module "$PSScriptRoot/../../../QueueLog.psd1"
    1..$Items | Start-WorkerPool -Count $Processes { $_ }
}
else {
    Start-ThreadJob { 1..$args[0] } -ArgumentList $Items
}

$null = $job | Wait-Job
$watch = [Diagnostics.Stopwatch]::StartNew()
$received = $job | Receive-Job
$watch.Stop()
$job | Remove-Job
if ($received.Count -ne $Items) { throw "Of $Items results $($received.Count) came" }

$seconds = $watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture)
[Console]::Out.WriteLine('{"items": ' + $Items + ', "seconds": ' + $seconds + '}')
