# Scripts that were started in other ways log into the same file: they inherit the listener.
param([string] $Path = './logs/others.log')
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../QueueLog.psd1"

Start-LogListener $Path
Write-QueueLog 'from the session itself'

# Any PowerShell will do; this is the one that is running. Installed as a .NET tool it runs as dotnet.
$shell = [System.Environment]::ProcessPath
$arguments = @('-NoProfile', '-File', "$PSScriptRoot/plain-script.ps1")
if ((Split-Path $shell -LeafBase) -eq 'dotnet') { $arguments = @("$PSHOME/pwsh.dll") + $arguments }
$process = Start-Process -FilePath $shell -ArgumentList $arguments -PassThru
$process.WaitForExit()
if ($process.ExitCode -ne 0) { throw "The plain script ended with exit code $($process.ExitCode)." }

Start-Job { Write-QueueLog 'from a job' } | Receive-Job -Wait -AutoRemoveJob

Stop-LogListener
