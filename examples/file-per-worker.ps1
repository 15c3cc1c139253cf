# One file for each worker instead of one for all: a token in the path.
param([string] $Folder = './logs/workers')
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../QueueLog.psd1"

Start-LogListener "$Folder/{Process}.log"

1..40 | Invoke-WorkerPool -Count 4 -ScriptBlock {
    Write-QueueLog 'item {Item}' -ArgumentList $_
    Start-Sleep -Milliseconds 20
}

Stop-LogListener
