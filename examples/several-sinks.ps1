# Errors in a file of their own, and a script that counts the records of each level.
param([string] $Folder = './logs')
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../QueueLog.psd1"

$counts = @{ Information = 0; Warning = 0; Error = 0 }
$sinks = @(
    New-LogSink "$Folder/errors.log" -MinimumLevel Error -Template '{Process} {Category}: {Message}'
    New-LogSink -Name counter -Filter { $_.Category -eq 'Import' } -ScriptBlock {
        param([object[]] $records)
        $counts = $using:counts
        foreach ($record in $records) { $counts["$($record.Level)"]++ }
    }
)
$listener = Start-LogListener "$Folder/run.log" -Sink $sinks -PassThru

1..60 | Invoke-WorkerPool -Count 3 -ScriptBlock {
    $level = if ($_ % 20 -eq 0) { 'Error' } elseif ($_ % 5 -eq 0) { 'Warning' } else { 'Information' }
    Write-QueueLog 'row {Row}' -ArgumentList $_ -Category Import -Level $level
}

Stop-LogListener
"$($counts.Information) records, $($counts.Warning) warnings, $($counts.Error) errors"
$listener.Sinks | ForEach-Object { "$($_.Kind) $($_.Name): $($_.Written) written, $($_.LeftOut) left out" }
