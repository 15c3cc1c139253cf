@{
    NestedModules     = @('../../qlhost.dll')
    ModuleVersion     = '7.0.0.0'
    GUID              = 'EEFCB906-B326-4E99-9F54-8B4BB6EF3C6D'
    Author            = 'The QueueLog authors'
    Description       = 'The everyday commands of QueueLog''s embedded engine, under the name scripts know them by.'
    CmdletsToExport   = @(
        'Add-Content'
        'Clear-Content'
        'Convert-Path'
        'Copy-Item'
        'Get-ChildItem'
        'Get-Content'
        'Get-Item'
        'Get-Location'
        'Get-Process'
        'Join-Path'
        'Move-Item'
        'New-Item'
        'Pop-Location'
        'Push-Location'
        'Remove-Item'
        'Rename-Item'
        'Resolve-Path'
        'Set-Content'
        'Set-Location'
        'Split-Path'
        'Start-Process'
        'Stop-Process'
        'Test-Path'
        'Wait-Process'
    )
    FunctionsToExport = @()
    VariablesToExport = @()
    AliasesToExport   = @()
}
