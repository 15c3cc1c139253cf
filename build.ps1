#!/usr/bin/env pwsh
# The one entry to everything done with this repository. It chooses; what is done stands in the projects.
[CmdletBinding()]
param(
    [ValidateSet('Build', 'Test', 'Pester', 'Pack', 'Bench')]
    [string] $Task = 'Build',

    [ValidateSet('Debug', 'Release')]
    [string] $Configuration = 'Release'
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

function Invoke-DotNet {
    & dotnet @args
    if ($LASTEXITCODE -ne 0) { throw "dotnet $args ended with exit code $LASTEXITCODE." }
}

Push-Location $PSScriptRoot
try {
    Invoke-DotNet build --configuration $Configuration
    switch ($Task) {
        Test { Invoke-DotNet test --configuration $Configuration --no-build }
        Pack {
            Invoke-DotNet build src/QueueLog.PowerShell --configuration $Configuration --no-restore '-target:PackModule'
            Invoke-DotNet pack src/QueueLog.Extensions.Logging --configuration $Configuration --no-build --output output
        }
        Bench { Invoke-DotNet run --configuration $Configuration --no-build --project bench/QueueLog.Bench -- compare }
        Pester {
            Import-Module Pester -MinimumVersion 5.0
            Invoke-Pester -Configuration @{ Run = @{ Path = 'tests/Pester'; Throw = $true }; Output = @{ Verbosity = 'Detailed' } }
        }
    }
} finally {
    Pop-Location
}
