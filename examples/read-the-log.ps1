# What a log is good for afterwards: what went wrong, how long things took, and whether it is complete.
param([string] $Path = './logs/night.log')

Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../QueueLog.psd1"

Start-LogListener $Path -Format Json -MaxFileSize 4KB -MaxFiles 20
1..40 | Invoke-WorkerPool -Count 4 -ScriptBlock {
    Write-QueueLog 'copied {File} in {Seconds} s' -ArgumentList "part-$_.csv", ($_ / 10)
    if ($_ % 10 -eq 0) {
        Write-QueueLog 'disk is {Full} % full' -ArgumentList ($_ + 50) -Level Warning
    }
}
Stop-LogListener

"warnings: $((Get-QueueLog $Path -Level Warning).Message -join '; ')"
"slow: $((Get-QueueLog $Path -Match 'copied' -Where { $_.Properties['Seconds'] -gt 3.8 }).Count)"
"part-7: $((Get-QueueLog $Path -Property @{ File = 'part-7.csv' }).Message)"
"complete: $(Test-QueueLog $Path -Quiet)"
