#!/usr/bin/env pwsh
# The one entry to everything done with this repository. It chooses; what is done stands in the projects and scripts.
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Quickstart', 'Test', 'Pester', 'Wine', 'Pack', 'Bench')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Invoke-Program {
    $program, $arguments = $args
    & $program @arguments
    if ($LASTEXITCODE -ne 0) { throw "$args ended with exit code $LASTEXITCODE." }
}

# The staged PowerShell, as a .NET tool runs: by dotnet.
function Invoke-Pwsh {
    Invoke-Program dotnet ./output/pwsh/pwsh.dll -NoProfile @args
}

$own = $env:DOTNET_TieredPGO, $env:DOTNET_TC_CallCountingDelayMs, $env:POWERSHELL_TELEMETRY_OPTOUT
Push-Location $PSScriptRoot
try {
    # Most processes of the tests live for a second: what the runtime notes to compile better later is of no use to them, nor that it
    # does so as soon as nothing new was needed for 100 ms (3 s here, hexadecimal), nor is a session counted for each.
    if ($Task -in 'Test', 'Pester') { $env:DOTNET_TieredPGO, $env:DOTNET_TC_CallCountingDelayMs, $env:POWERSHELL_TELEMETRY_OPTOUT = 0, 'BB8', 1 }
    if ($Task -notin 'Quickstart', 'Pack', 'Wine') { Invoke-Program dotnet build --configuration $Configuration }
    switch ($Task) {
        Quickstart {
            # The module and the PowerShell for it; not the tests, nor the bench.
            Invoke-Program dotnet build build/Engine --configuration $Configuration
            Invoke-Pwsh -File examples/quickstart.ps1
        }
        Test {
            # What fails of the one does not keep the others from being run.
            try { Invoke-Program dotnet test --configuration $Configuration --no-build }
            finally { Invoke-Pwsh -File tests/Pester/Run.ps1 }
        }
        Pester { Invoke-Pwsh -File tests/Pester/Run.ps1 }
        Wine { Invoke-Program bash tests/Windows/run.sh }
        Pack {
            Invoke-Program dotnet build src/QueueLog.PowerShell --configuration $Configuration
            foreach ($system in 'win-x64', 'linux-x64', 'linux-arm64', 'osx-arm64') {
                Invoke-Program dotnet build build/Images --configuration $Configuration "-p:ImagesFor=$system"
            }

            # By the PowerShell of the tool manifest: one that is installed may be too old to make packages.
            Invoke-Program dotnet tool restore
            Invoke-Program dotnet tool run pwsh -NoProfile -File build/Pack.ps1
            Invoke-Program dotnet pack src/QueueLog.Extensions.Logging --configuration $Configuration --no-build --output output
        }
        Bench { Invoke-Program dotnet run --configuration $Configuration --no-build --project bench/QueueLog.Bench -- compare }
    }
} finally {
    $env:DOTNET_TieredPGO, $env:DOTNET_TC_CallCountingDelayMs, $env:POWERSHELL_TELEMETRY_OPTOUT = $own
    Pop-Location
}
