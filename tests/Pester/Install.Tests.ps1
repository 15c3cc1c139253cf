BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
    $manifest = Import-PowerShellDataFile (Get-StagedModule)
    $repository = New-TestName 'QueueLog'
    $feed = New-TestFolder
    $packages = New-TestFolder

    # On Unix a user is whom HOME names: modules are installed and repositories registered below it. What else would say where, goes.
    $user = @{ HOME = New-TestFolder; XDG_DATA_HOME = $null; XDG_CONFIG_HOME = $null; XDG_CACHE_HOME = $null; PSModulePath = $null }

    function Invoke-User([string] $Script) {
        $result = Invoke-Pwsh "`$ErrorActionPreference = 'Stop'`n$Script" -Environment $user -WorkingDirectory (New-TestFolder) -NoImport
        if ($result.ExitCode -ne 0 -or $result.ErrorOutput) {
            throw "The user's script ended with exit code $($result.ExitCode): $($result.ErrorOutput)"
        }

        $result.Output
    }

    # A user's first lines with the module, wherever he has it from. Gives the folder it was loaded from.
    function Test-FirstUse([string] $ModuleFolder) {
        $path = $ModuleFolder ? "`$env:PSModulePath = '$ModuleFolder$([System.IO.Path]::PathSeparator)' + `$env:PSModulePath`n" : ''
        $use = Invoke-User ($path + @'
Import-Module QueueLog
Start-LogListener ./first.log
Write-QueueLog 'the first line'
$results = 1..2 | Invoke-WorkerPool -Count 1 -NoCapture { Write-QueueLog 'item {Item}' -ArgumentList $_; $_ }
$listener = Stop-LogListener -PassThru
@{
    Version  = "$((Get-Module QueueLog).Version)"
    Base     = (Get-Module QueueLog).ModuleBase
    Commands = (Get-Command -Module QueueLog).Name
    Results  = @($results)
    Written  = $listener.Written
    Lines    = [System.IO.File]::ReadAllLines((Resolve-Path ./first.log))
} | ConvertTo-Json
'@) | ConvertFrom-Json

        $use.Version | Should -Be $manifest.ModuleVersion
        $use.Commands | Sort-Object | Should -Be ($manifest.CmdletsToExport | Sort-Object)
        $use.Results | Should -Be 1, 2
        $use.Written | Should -Be 3
        $use.Lines -replace '^.* Information ' | Should -Be 'the first line', 'item 1', 'item 2'
        $use.Base
    }

    $package = Invoke-User "& '$(Join-Path (Get-RepositoryRoot) 'build' 'Pack.ps1')' -Destination '$packages'"
    Invoke-User @"
Register-PSResourceRepository -Name $repository -Uri '$feed' -Trusted
Publish-PSResource -NupkgPath '$package' -Repository $repository
"@
}

AfterAll {
    # Elsewhere it was registered for a user who is gone with his folder.
    if ($IsWindows) {
        Unregister-PSResourceRepository -Name $repository -ErrorAction Ignore
    }

    Stop-TestSession
}

Describe 'The package' {
    BeforeAll {
        $archive = [System.IO.Compression.ZipFile]::OpenRead($package)
        $reader = [System.IO.StreamReader]::new($archive.GetEntry('QueueLog.nuspec').Open())
        $metadata = ([xml] $reader.ReadToEnd()).package.metadata
        $packed = $archive.Entries.FullName
        $reader.Dispose()
        $archive.Dispose()
    }

    It 'holds what is staged and nothing else' {
        $staged = Split-Path (Get-StagedModule)
        $expected = Get-ChildItem -LiteralPath $staged -Recurse -File | ForEach-Object { [System.IO.Path]::GetRelativePath($staged, $_.FullName) -replace '\\', '/' }
        # What makes a NuGet package of a zip file.
        $packed | Where-Object { $_ -notmatch '^(_rels/|package/|\[Content_Types\]\.xml$|QueueLog\.nuspec$)' } | Sort-Object | Should -Be ($expected | Sort-Object)
    }

    It 'tells a gallery what the manifest says' {
        $data = $manifest.PrivateData.PSData
        $metadata.id | Should -BeExactly 'QueueLog'
        $metadata.version | Should -Be $manifest.ModuleVersion
        $metadata.authors | Should -Be $manifest.Author
        $metadata.owners | Should -Be $manifest.CompanyName
        $metadata.description | Should -Be $manifest.Description
        $metadata.copyright | Should -Be $manifest.Copyright
        $metadata.licenseUrl | Should -Be $data.LicenseUri
        $metadata.releaseNotes -replace '\s+', ' ' | Should -Be ($data.ReleaseNotes -replace '\s+', ' ')
        $metadata['dependencies'] | Should -BeNullOrEmpty
        # Galleries find a module by the names of its cmdlets where it has these tags.
        $cmdlets = $manifest.CmdletsToExport | ForEach-Object { "PSCmdlet_$_", "PSCommand_$_" }
        $metadata.tags -split ' ' | Sort-Object | Should -Be (@('PSModule', 'PSIncludes_Cmdlet') + $data.Tags + $cmdlets | Sort-Object)
    }
}

Describe 'The module' {
    It 'works where Install-PSResource has put it, with its help and examples' {
        if ($IsWindows) {
            Set-ItResult -Skipped -Because 'on Windows it would be installed among the own modules of whoever runs the tests'
            return
        }

        Invoke-User "Install-PSResource -Name QueueLog -Repository $repository"
        $base = Test-FirstUse
        $base | Should -BeLike "$($user.HOME)/*/QueueLog/$($manifest.ModuleVersion)"
        Invoke-User 'Get-Help Write-QueueLog -Examples | Out-String' | Should -Match 'SYNOPSIS[\s\S]*Example 1: [\s\S]*Write-QueueLog '
        # An example imports the module beside it, which must be the one that has the name.
        Invoke-User @"
Import-Module QueueLog
`$null = & '$base/examples/record-by-hand.ps1' -Path ./example.log
@(Get-Module QueueLog).Count
(Get-QueueLog ./example.log).Count
"@ | Should -Be "1$([System.Environment]::NewLine)2"
    }

    It 'works where Save-PSResource has put it' {
        $folder = New-TestFolder
        Invoke-User "Save-PSResource -Name QueueLog -Repository $repository -Path '$folder'"
        Test-FirstUse $folder | Should -Be (Join-Path $folder 'QueueLog' $manifest.ModuleVersion)
    }

    It 'works as a folder that was copied' {
        $folder = New-TestFolder
        Copy-Item -LiteralPath (Split-Path (Get-StagedModule)) -Destination $folder -Recurse
        Test-FirstUse $folder | Should -Be (Join-Path $folder 'QueueLog')
    }
}
