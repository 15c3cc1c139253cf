# Runs the tests of the cmdlets: those of some files here, or all, several files at a time in processes of their own. Fails when one
# of them does. The last line counts them.
param(
    [string[]] $Path
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

if ($Path) {
    # Another version would be loaded by name from the user's own modules.
    Import-Module "$PSHOME/Modules/Pester/Pester.psd1"
    $result = Invoke-Pester -Configuration @{ Run = @{ Path = $Path; PassThru = $true }; Output = @{ Verbosity = 'Detailed' } }
    exit [int] ($result.Result -ne 'Passed')
}

# Two more than there are cores, because tests also wait. The files that take longest first, since the run takes no less than they do.
$long = 'Invoke-WorkerPool', 'Queue', 'Start-WorkerPool', 'Help', 'Examples', 'Values' | ForEach-Object { "$_.Tests.ps1" }
$shell = @([System.Environment]::ProcessPath; if ((Split-Path ([System.Environment]::ProcessPath) -LeafBase) -eq 'dotnet') { Join-Path $PSHOME 'pwsh.dll' })
$count = [ordered] @{ Passed = 0; Failed = 0; Skipped = 0 }
$files = Get-ChildItem $PSScriptRoot -Filter *.Tests.ps1 | Sort-Object { ($long + $_.Name).IndexOf($_.Name) }, { -$_.Length }
$files | ForEach-Object -ThrottleLimit ([System.Environment]::ProcessorCount + 2) -Parallel {
    $program, [string[]] $arguments = $using:shell
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $lines = & $program @arguments -NoProfile -File $using:PSCommandPath $_.FullName 2>&1
    [pscustomobject] @{ Name = $_.Name; ExitCode = $LASTEXITCODE; Lines = $lines; Seconds = [int] $clock.Elapsed.TotalSeconds }
} | ForEach-Object {
    $_.Lines
    "$($_.Name) took $($_.Seconds) s"
    $text = ($_.Lines -join "`n") -replace '\x1b\[[0-9;]*m'
    $counted = $text -match 'Tests Passed: (?<Passed>\d+), Failed: (?<Failed>\d+), Skipped: (?<Skipped>\d+)'
    foreach ($name in @($count.Keys)) {
        $count[$name] += $counted ? [int] $Matches[$name] : 0
    }

    # A file that could not be read, or whose process was killed, has counted nothing.
    if ($_.ExitCode -and -not ($counted -and [int] $Matches.Failed)) {
        "[-] $($_.Name) ended with exit code $($_.ExitCode)."
        $count.Failed++
    }
}

"Tests Passed: $($count.Passed), Failed: $($count.Failed), Skipped: $($count.Skipped)"
exit [int] ($count.Failed -gt 0)
