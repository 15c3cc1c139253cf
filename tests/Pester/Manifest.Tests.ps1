BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
    $manifest = Test-ModuleManifest (Get-StagedModule)
}

AfterAll {
    Stop-TestSession
}

Describe 'The staged module' {
    It 'is valid and says what it needs' {
        $manifest.Name | Should -Be 'QueueLog'
        $manifest.PowerShellVersion | Should -BeLessOrEqual ([version] '7.4')
        $manifest.CompatiblePSEditions | Should -Be 'Core'
        $manifest.Description | Should -Not -BeNullOrEmpty
        $manifest.PrivateData.PSData.Tags | Should -Contain 'logging'
        $manifest.CompanyName | Should -Be $manifest.Author
    }

    It 'claims the systems on which these tests were run, and no other' {
        $manifest.PrivateData.PSData.Tags | Where-Object { $_ -in 'Windows', 'Linux', 'MacOS' } | Sort-Object | Should -Be 'Linux', 'Windows'
    }

    It 'is the newest release of the changelog, and its release notes are what is said there before the lists' {
        $changelog = Get-Content -Raw -LiteralPath (Join-Path (Split-Path (Get-StagedModule)) 'CHANGELOG.md')
        $release = [regex]::Match($changelog, '(?ms)^## \[(?<version>\d+\.\d+\.\d+)\] - \d{4}-\d\d-\d\d\r?\n(?<notes>.*?)^##')
        $release.Groups['version'].Value | Should -Be $manifest.Version
        $release.Groups['notes'].Value -replace '\s+', ' ' -replace '^ | $' | Should -Be ($manifest.ReleaseNotes -replace '\s+', ' ')
    }

    It 'has every cmdlet its manifest exports, and exports every cmdlet it has' {
        $exported = (Import-PowerShellDataFile (Get-StagedModule)).CmdletsToExport
        $built = [System.Management.Automation.CmdletInfo[]] (Import-Module (Join-Path (Split-Path (Get-StagedModule)) 'bin' 'QueueLog.PowerShell.dll') -PassThru -Force).ExportedCmdlets.Values

        # What pools start in their workers is not for users.
        ($built.Name | Where-Object { $_ -ne 'Invoke-WorkerLoop' } | Sort-Object) | Should -Be ($exported | Sort-Object)
        Remove-Module QueueLog.PowerShell -Force
        Import-Module (Get-StagedModule) -Global -Force
    }

    It 'exports nothing but cmdlets, each with an approved verb' {
        $module = Get-Module QueueLog
        $module.ExportedFunctions.Count + $module.ExportedVariables.Count + $module.ExportedAliases.Count | Should -Be 0
        $approved = (Get-Verb).Verb
        $module.ExportedCmdlets.Values | ForEach-Object { $_.Verb | Should -BeIn $approved }
    }

    It 'has its workers run what is compiled for their system, also where an item imports the module or has workers of its own' {
        $image = Join-Path (Split-Path (Get-StagedModule)) bin ([System.Runtime.InteropServices.RuntimeInformation]::RuntimeIdentifier) QueueLog.PowerShell.dll
        if (-not (Test-Path -LiteralPath $image)) {
            Set-ItResult -Skipped -Because 'this build has compiled nothing ahead of time'
            return
        }

        $manifest = Get-StagedModule
        $where = '(Get-Command Write-QueueLog).ImplementingType.Assembly.Location'
        1 | Invoke-WorkerPool -Count 1 {
            Invoke-Expression $using:where
            Import-Module $using:manifest
            Invoke-Expression $using:where
            1 | Invoke-WorkerPool -Count 1 ([scriptblock]::Create($using:where))
        } | Should -Be $image, $image, $image
    }

    It 'has no page or script but those of the repository, as they are there' {
        $staged = Split-Path (Get-StagedModule)
        $files = Get-ChildItem -LiteralPath $staged -Recurse -File |
            ForEach-Object { [System.IO.Path]::GetRelativePath($staged, $_.FullName) } |
            Where-Object { $_ -notmatch '^(bin|en-US)[\\/]' }
        @($files).Count | Should -BeGreaterThan 30
        $files | Where-Object {
            $source = Join-Path (Get-RepositoryRoot) $_
            -not (Test-Path -LiteralPath $source) -or (Get-FileHash $source).Hash -ne (Get-FileHash (Join-Path $staged $_)).Hash
        } | Should -BeNullOrEmpty
    }

    It 'carries no assembly but its own' {
        (Get-ChildItem -LiteralPath (Join-Path (Split-Path (Get-StagedModule)) 'bin') -Filter *.dll).Name |
            ForEach-Object { $_ | Should -BeLike 'QueueLog*' }
    }

    It 'carries what forwards to loggers in a folder of its own, and loads it only when it is used' {
        $folder = Join-Path (Split-Path (Get-StagedModule)) 'bin' 'Logging'
        (Get-ChildItem -LiteralPath $folder).Name | Sort-Object | Should -Be 'Microsoft.Extensions.Logging.Abstractions.dll', 'QueueLog.Extensions.Logging.dll'
        $result = Invoke-Pwsh @'
Start-LogListener ./loaded.log
Write-QueueLog 'one'
Stop-LogListener
[System.AppDomain]::CurrentDomain.GetAssemblies().GetName().Name -match 'Extensions\.Logging'
'@ -WorkingDirectory (New-TestFolder)
        $result.ErrorOutput | Should -BeNullOrEmpty
        $result.Output | Should -BeNullOrEmpty
    }

    It 'has the engine of queues in a folder of its own, and loads nothing of it without a queue' {
        $folder = Join-Path (Split-Path (Get-StagedModule)) 'bin' 'Nats'
        (Get-ChildItem -LiteralPath $folder).Name | Should -Contain 'QueueLog.Nats.dll'
        (Get-ChildItem -LiteralPath $folder).Name | Should -Not -Contain 'QueueLog.dll'
        $engine = (Get-ChildItem -LiteralPath $folder -Filter *.dll).BaseName
        $result = Invoke-Pwsh @"
Start-LogListener ./unqueued.log
1..2 | Invoke-WorkerPool -Count 1 -Quiet { Write-QueueLog 'one' }
Stop-LogListener
[System.AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { `$_.Location.StartsWith('$folder') -or `$_.GetName().Name -match 'NATS' } | ForEach-Object { `$_.GetName().Name }
"@ -WorkingDirectory (New-TestFolder)
        $result.ErrorOutput | Should -BeNullOrEmpty
        $result.Output | Should -BeNullOrEmpty
        $engine | Should -Contain 'NATS.Client.JetStream'
    }

    It 'touches no file when it is imported' {
        $folder = New-TestFolder
        $state = Join-Path $folder 'state'
        $result = Invoke-Pwsh 'Get-LogListener; $env:QUEUELOG_PIPE' -Environment @{ QUEUELOG_STATE = $state } -WorkingDirectory $folder
        $result.ErrorOutput | Should -BeNullOrEmpty
        $result.Output | Should -BeNullOrEmpty
        Get-ChildItem -LiteralPath $folder -Force | Should -BeNullOrEmpty
    }

    It 'can be imported from the clone, from the staged folder and by name' {
        $clone = Join-Path (Get-RepositoryRoot) 'QueueLog.psd1'
        $staged = Split-Path (Get-StagedModule)
        foreach ($import in "Import-Module '$clone'", "Import-Module '$staged'", "`$env:PSModulePath = '$(Split-Path $staged)'; Import-Module QueueLog") {
            (Invoke-Pwsh "$import; (Get-Command Write-QueueLog).Source" -NoImport).Output | Should -Be 'QueueLog'
        }
    }

    It 'can be imported again after it was removed, with a listener running before' {
        $result = Invoke-Pwsh @"
Start-LogListener ./again.log -Name again
Remove-Module QueueLog
Import-Module '$(Get-StagedModule)'
Start-LogListener ./again.log -Name again -Template '{Message}' -NoHeader
Write-QueueLog 'again'
(Stop-LogListener -PassThru).State
"@ -WorkingDirectory (New-TestFolder)
        $result.ErrorOutput | Should -BeNullOrEmpty
        $result.Output | Should -Be 'Stopped'
    }

    It 'shows its objects by views of its own, which a session reads with the first of them' {
        $result = Invoke-Pwsh @"
(Get-FormatData QueueLog.Sinks.LogSink).Count
New-LogSink -Path ./a.log | Out-String -Width 200
(Get-FormatData QueueLog.Sinks.LogSink).FormatViewDefinition.Name
Remove-Module QueueLog
Import-Module '$(Get-StagedModule)'
New-LogSink -Path ./b.log | Out-String -Width 200
"@
        $result.ErrorOutput | Should -BeNullOrEmpty
        $result.Output | Should -Match '(?s)^0\s+Name +Kind +Level +Filter +QueueSize.*a\.log.*QueueLog\.LogSink\s+Name +Kind +Level +Filter +QueueSize.*b\.log'
    }

    It 'has help with examples for every cmdlet' {
        foreach ($name in (Get-Module QueueLog).ExportedCmdlets.Keys) {
            $help = Get-Help $name -Full
            $help.Synopsis | Should -Not -Match "^\s*$name\b"
            @($help.examples.example).Count | Should -BeGreaterThan 0 -Because "$name has help"
        }
    }
}

Describe 'The tests' {
    It 'run in the PowerShell that the tool manifest names' {
        $tool = (Get-Content -LiteralPath (Join-Path (Get-RepositoryRoot) 'dotnet-tools.json') -Raw | ConvertFrom-Json).tools.powershell.version
        $tool | Should -Be "$($PSVersionTable.PSVersion)"
    }

    It 'assert every error id there is' {
        $sources = Get-ChildItem -LiteralPath (Join-Path (Get-RepositoryRoot) 'src' 'QueueLog.PowerShell' 'Errors') -Filter *.cs
        $ids = $sources | Select-String -Pattern '=> New\(\s*$' -Context 0, 1 | ForEach-Object { $_.Context.PostContext[0].Trim(' ', '"', ',') }
        $ids += $sources | Select-String -Pattern '=> New\("(\w+)"' | ForEach-Object { $_.Matches[0].Groups[1].Value }
        @($ids).Count | Should -BeGreaterThan 10
        $tests = Get-ChildItem -LiteralPath $PSScriptRoot -Filter *.Tests.ps1 | Get-Content -Raw
        $unasserted = $ids | Where-Object { -not ($tests -match "['`"]$_,(QueueLog\.PowerShell\.Commands|\`$command)") }
        $unasserted | Should -BeNullOrEmpty
    }
}
