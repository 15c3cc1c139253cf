# The pool: empty items, round trips, and the time until the processes stand. Prints {"items": ..., "seconds": ...}.
param(
    [Parameter(Mandatory)] [ValidateSet('Items', 'RoundTrip', 'Ready')] [string] $Measure,
    [Parameter(Mandatory)] [int] $Processes,
    [Parameter(Mandatory)] [int] $Items
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module "$PSScriptRoot/../../../QueueLog.psd1"

$watch = [Diagnostics.Stopwatch]::new()
if ($Measure -eq 'Ready') {
    $answers = 0
    $watch.Start()
    Invoke-WorkerPool -Count $Processes -ScriptBlock { $PID } | ForEach-Object {
        $answers++
        if ($answers -eq $Processes) { $watch.Stop() }
    }
    if ($answers -ne $Processes) { throw "$answers of $Processes workers answered" }
} else {
    $pool = Start-WorkerPool -Count $Processes
    $block = { $_ }
    $total = 0L
    1..($Processes * 10) | Invoke-WorkerPool -ScriptBlock $block -Pool $pool | ForEach-Object { $total += $_ }
    $total = 0L
    $watch.Start()
    if ($Measure -eq 'Items') {
        foreach ($result in 1..$Items | Invoke-WorkerPool -ScriptBlock $block -Pool $pool) { $total += $result }
    } else {
        for ($i = 1; $i -le $Items; $i++) { $total += Invoke-WorkerPool -ScriptBlock $block -Pool $pool -InputObject $i }
    }
    $watch.Stop()
    if ($total -ne [long]$Items * ($Items + 1) / 2) { throw "The results of $Items items add up to $total" }
    $pool | Stop-WorkerPool -Confirm:$false
}

$seconds = $watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture)
[Console]::Out.WriteLine('{"items": ' + $Items + ', "seconds": ' + $seconds + '}')
