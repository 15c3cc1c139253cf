@{
    RootModule           = 'bin/QueueLog.PowerShell.dll'
    ModuleVersion        = '0.2.0'
    GUID                 = '6f0c2f0b-5d0a-4b7e-9d55-0f3d0a2c7e61'
    Author               = 'The QueueLog authors'
    CompanyName          = 'The QueueLog authors'
    Copyright            = '(c) The QueueLog authors. MIT License.'
    Description          = 'Parallel PowerShell work in a pool of processes, and one complete, readable log out of it.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FunctionsToExport    = @()
    CmdletsToExport      = @(
        'Export-QueueLogReport'
        'Get-LogListener'
        'Get-QueueLog'
        'Get-QueueLogger'
        'Get-WorkerHost'
        'Get-WorkerPool'
        'Invoke-WorkerPool'
        'Measure-QueueLog'
        'New-LogSink'
        'New-QueueServer'
        'Set-LogListener'
        'Set-WorkerPool'
        'Start-LogListener'
        'Start-WorkerHost'
        'Start-WorkerPool'
        'Stop-LogListener'
        'Stop-WorkerHost'
        'Stop-WorkerPool'
        'Test-QueueLog'
        'Watch-WorkerPool'
        'Write-QueueLog'
    )
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            # The systems on which the tests pass: Linux, and Windows under Wine. MacOS has its tag once they pass there.
            Tags         = @('logging', 'parallel', 'jobs', 'multiprocessing', 'PSEdition_Core', 'Windows', 'Linux')
            # ProjectUri, IconUri and HelpInfoUri wait for a public address of the project: a gallery shows them as links.
            # Help comes with the module, so that Update-Help has nothing to fetch.
            LicenseUri   = 'https://opensource.org/license/mit'
            # What CHANGELOG.md says of this release before its lists; a test compares them.
            ReleaseNotes = @'
QueueLog runs in every PowerShell 7.4 or later, however that was installed: as a .NET tool, too. On Windows no record is lost any
more. The module comes as a package for Install-PSResource, and brings its documentation and examples.
'@
        }
    }
}
