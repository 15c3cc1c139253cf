# Ten workers, a hundred items, one log.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../QueueLog.psd1"

Start-LogListener ./run.log -MaxFileSize 1MB -MaxFiles 5 -Console

$squares = 0..99 | Start-WorkerPool -Count 10 -ScriptBlock {
    param($i)
    Write-QueueLog 'item {Item} started' -ArgumentList $i
    $i * $i
} | Receive-Job -Wait -AutoRemoveJob

Stop-LogListener
"$($squares.Count) results, the largest is $(($squares | Sort-Object)[-1])"
