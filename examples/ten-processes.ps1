# Ten processes, each with a handful of Debug lines at random moments, into one rolling file and onto the console.
param([string] $Path = './logs/ten.log')
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../QueueLog.psd1"

$listener = @{
    Path            = $Path
    MaxFileSize     = 3000
    MaxFiles        = 5
    MinimumLevel    = 'Debug'
    Template        = '{Timestamp:yyyy-MM-dd HH:mm:ss,fff} {Process,-10} {Level,-8} {Message}'
    Console         = $true
    ConsoleTemplate = '{Process} {Message}'
}
Start-LogListener @listener

Start-WorkerPool -Count 10 -ScriptBlock {
    Write-QueueLog 'started'
    foreach ($line in 1..10) {
        Start-Sleep -Milliseconds (Get-Random -Minimum 1 -Maximum 50)
        Write-QueueLog 'line {Line} of 10' -ArgumentList $line -Level Debug
    }
    Write-QueueLog 'finished'
} | Receive-Job -Wait -AutoRemoveJob

Stop-LogListener
