# Runs the tests of the cmdlets, all or those of some files; the staged PowerShell has Pester. Fails when one of them does.
param(
    [string[]] $Path = $PSScriptRoot
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# Another version would be loaded by name from the user's own modules.
Import-Module "$PSHOME/Modules/Pester/Pester.psd1"
$result = Invoke-Pester -Configuration @{ Run = @{ Path = $Path; PassThru = $true }; Output = @{ Verbosity = 'Detailed' } }
exit [int] ($result.Result -ne 'Passed')
