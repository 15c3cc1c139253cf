# Start-Job once per empty item, so many at a time. Prints {"items": ..., "seconds": ...}.
param(
    [Parameter(Mandatory)] [int] $Processes,
    [Parameter(Mandatory)] [int] $Items
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$null = Start-Job { } | Receive-Job -Wait -AutoRemoveJob
$total = 0L
$running = [Collections.Generic.List[object]]::new()
$watch = [Diagnostics.Stopwatch]::StartNew()
for ($i = 1; $i -le $Items -or $running.Count -gt 0; $i++) {
    if ($i -le $Items) { $running.Add((Start-Job { $args[0] } -ArgumentList $i)) }
    if ($running.Count -lt $Processes -and $i -lt $Items) { continue }
    $done = $running | Wait-Job -Any
    $total += $done | Receive-Job -Wait -AutoRemoveJob
    $null = $running.Remove($done)
}
$watch.Stop()
if ($total -ne [long]$Items * ($Items + 1) / 2) { throw "The results of $Items items add up to $total" }

$seconds = $watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture)
[Console]::Out.WriteLine('{"items": ' + $Items + ', "seconds": ' + $seconds + '}')
