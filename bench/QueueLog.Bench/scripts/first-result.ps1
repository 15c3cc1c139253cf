# Cold pools in a session that is up, one after another: each from the call to its first result.
# Prints {"items": ..., "seconds": ...}; the seconds are those of the last, so one pool is the session's very first.
param(
    [Parameter(Mandatory)] [int] $Processes,
    [Parameter(Mandatory)] [int] $Items
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module "$PSScriptRoot/../../../QueueLog.psd1"

$watch = [Diagnostics.Stopwatch]::new()
for ($i = 1; $i -le $Items; $i++) {
    $answers = [Collections.Generic.List[int]]::new()
    $watch.Restart()
    $i | Invoke-WorkerPool -Count $Processes -ScriptBlock { $_ } | ForEach-Object {
        $watch.Stop()
        $answers.Add($_)
    }
    if ($answers.Count -ne 1 -or $answers[0] -ne $i) { throw "Pool $i answered with '$answers'" }
}

$seconds = $watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture)
[Console]::Out.WriteLine('{"items": ' + $Items + ', "seconds": ' + $seconds + '}')
