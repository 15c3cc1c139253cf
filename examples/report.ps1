# A run to look at: a page for a browser, and a trace for https://ui.perfetto.dev.
param([string] $Folder = './report')

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../QueueLog.psd1"

$null = New-Item -ItemType Directory -Path $Folder -Force
Start-LogListener $Folder/run.log -Format Json -MinimumLevel Debug -Overwrite
1..60 | Invoke-WorkerPool -Count 4 -JobLog $Folder/run.jsonl -Retry 1 -Quiet -ErrorAction SilentlyContinue -WarningAction SilentlyContinue -ScriptBlock {
    Write-QueueLog 'checking server {Server}' -ArgumentList "srv-$_"
    if ($_ % 17 -eq 0) {
        throw "server srv-$_ does not answer"
    }
}
Stop-LogListener

Export-QueueLogReport $Folder/run.log -JobLog $Folder/run.jsonl -OutFile $Folder/report.html -Title 'Sixty servers'
Export-QueueLogReport $Folder/run.log -JobLog $Folder/run.jsonl -OutFile $Folder/run.trace.json.gz -Format ChromeTrace -PassThru |
    ForEach-Object { "written: report.html, $($_.Name)" }
