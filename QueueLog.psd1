@{
    RootModule           = 'bin/QueueLog.PowerShell.dll'
    ModuleVersion        = '0.1.0'
    GUID                 = '6f0c2f0b-5d0a-4b7e-9d55-0f3d0a2c7e61'
    Author               = 'The QueueLog authors'
    Copyright            = '(c) The QueueLog authors. MIT License.'
    Description          = 'Parallel PowerShell work in a pool of processes, and one complete, readable log out of it.'
    PowerShellVersion    = '7.4'
    CompatiblePSEditions = @('Core')
    FunctionsToExport    = @()
    CmdletsToExport      = @(
        'Get-LogListener'
        'Get-QueueLog'
        'Get-QueueLogger'
        'Get-WorkerPool'
        'Invoke-WorkerPool'
        'New-LogSink'
        'Set-LogListener'
        'Set-WorkerPool'
        'Start-LogListener'
        'Start-WorkerPool'
        'Stop-LogListener'
        'Stop-WorkerPool'
        'Test-QueueLog'
        'Write-QueueLog'
    )
    VariablesToExport    = @()
    AliasesToExport      = @()
    PrivateData          = @{
        PSData = @{
            Tags       = @('logging', 'parallel', 'jobs', 'multiprocessing', 'PSEdition_Core', 'Windows', 'Linux', 'MacOS')
            LicenseUri = 'https://opensource.org/license/mit'
        }
    }
}
