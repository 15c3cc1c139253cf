# Files of the system, as Get-ChildItem gives them, through a warm pool and back, or emitted by one Start-Job. Prints {"items": ..., "seconds": ...}.
param(
    [Parameter(Mandatory)] [int] $Items,
    [int] $Processes
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$root = $IsWindows ? $env:SystemRoot : '/usr'
$files = @(Get-ChildItem -LiteralPath $root -Recurse -File -ErrorAction Ignore | Select-Object -First $Items)
if ($files.Count -ne $Items) { throw "'$root' has only $($files.Count) files" }
$expected = ($files | Measure-Object -Property Length -Sum).Sum
$total = 0L
if ($Processes) {
    Import-Module "$PSScriptRoot/../../../QueueLog.psd1"
    $pool = Start-WorkerPool -Count $Processes
    $null = $files[0..499] | Invoke-WorkerPool -ScriptBlock { $_ } -Pool $pool
    $watch = [Diagnostics.Stopwatch]::StartNew()
    foreach ($file in $files | Invoke-WorkerPool -ScriptBlock { $_ } -Pool $pool) { $total += $file.Length }
    $watch.Stop()
    $pool | Stop-WorkerPool -Confirm:$false
}
else {
    $null = Start-Job { } | Receive-Job -Wait -AutoRemoveJob
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $job = Start-Job { Get-ChildItem -LiteralPath $args[0] -Recurse -File -ErrorAction Ignore | Select-Object -First $args[1] } -ArgumentList $root, $Items
    foreach ($file in $job | Receive-Job -Wait -AutoRemoveJob) { $total += $file.Length }
    $watch.Stop()
}

if ($total -ne $expected) { throw "$Items files have $total bytes and not $expected" }

$seconds = $watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture)
[Console]::Out.WriteLine('{"items": ' + $Items + ', "seconds": ' + $seconds + '}')
