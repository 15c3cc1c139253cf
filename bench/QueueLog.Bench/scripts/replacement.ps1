# Items that kill their process, each followed by one that runs in the replacement: from just before the kill to the
# beginning of the next item. Prints {"items": ..., "seconds": ...}: how many were killed, and the median.
param(
    [Parameter(Mandatory)] [int] $Processes,
    [Parameter(Mandatory)] [int] $Items
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module "$PSScriptRoot/../../../QueueLog.psd1"

# With one worker the next item has nowhere else to run.
$pool = Start-WorkerPool -Count $Processes
$null = Invoke-WorkerPool -Pool $pool -ScriptBlock { 1 }
$note = [IO.Path]::GetTempFileName()
try {
    # The clock of the timestamps is the machine's, so those of two processes can be compared.
    $gaps = 1..$Items | ForEach-Object { 'kill'; 'next' } |
        Invoke-WorkerPool -Pool $pool -ErrorAction SilentlyContinue -ErrorVariable deaths -ScriptBlock {
            $begun = [Diagnostics.Stopwatch]::GetTimestamp()
            if ($_ -eq 'next') {
                $begun - [long][IO.File]::ReadAllText($using:note)
                # A kill that did not come must not find this one's note.
                [IO.File]::WriteAllText($using:note, 'none')
            } else {
                $self = [Diagnostics.Process]::GetCurrentProcess()
                [IO.File]::WriteAllText($using:note, 'none')
                [IO.File]::WriteAllText($using:note, [Diagnostics.Stopwatch]::GetTimestamp())
                $self.Kill()
            }
        }
} finally {
    [IO.File]::Delete($note)
}

$pool | Stop-WorkerPool -Confirm:$false
$gaps = @($gaps | Sort-Object)
$killed = @($deaths | Where-Object FullyQualifiedErrorId -like 'WorkerDied*').Count
if ($gaps.Count -ne $Items -or $killed -ne $Items -or $deaths.Count -ne $Items) {
    throw "$Items workers were to be killed: $killed were, $($gaps.Count) were replaced, there were $($deaths.Count) errors"
}

$median = ($gaps[($Items - 1) -shr 1] + $gaps[$Items -shr 1]) / 2 / [Diagnostics.Stopwatch]::Frequency
$seconds = $median.ToString([cultureinfo]::InvariantCulture)
[Console]::Out.WriteLine('{"items": ' + $Items + ', "seconds": ' + $seconds + '}')
