BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession

    function Invoke-Example([string] $Name, [string] $Folder) {
        $result = Invoke-Pwsh "& '$(Join-Path (Get-RepositoryRoot) 'examples' $Name)'" -WorkingDirectory $Folder -NoImport
        if ($result.ExitCode -ne 0) {
            throw "$Name ended with exit code $($result.ExitCode): $($result.ErrorOutput)"
        }

        $result
    }
}

AfterAll {
    Stop-TestSession
}

Describe 'The examples' {
    BeforeEach {
        $folder = New-TestFolder
    }

    It 'other-processes.ps1: any process of the session logs into its file' {
        $result = Invoke-Example other-processes.ps1 $folder
        $result.Output | Should -Not -Match 'no listener'
        $lines = Read-Log (Join-Path $folder 'logs' 'others.log')
        $lines -replace '^.* Information ' | Should -Be 'from the session itself', 'plain line 1', 'plain line 2', 'plain line 3', 'from a job'
    }

    It 'plain-script.ps1: a script that only logs works with a listener and without' {
        $alone = Invoke-Pwsh "& '$(Join-Path (Get-RepositoryRoot) 'examples' 'plain-script.ps1')' -Count 2" -WorkingDirectory $folder
        $alone.ExitCode | Should -Be 0
        $alone.Output | Should -Match 'plain line 1[\s\S]*plain line 2'
    }

    It 'record-by-hand.ps1: records from elsewhere keep their own time and origin' {
        $null = Invoke-Example record-by-hand.ps1 $folder
        $lines = Read-Log (Join-Path $folder 'logs' 'by-hand.log')
        $lines[0] | Should -BeExactly '2026-01-31 04:05:06 sensor-7   Warning  Cooling temperature is 81 degrees'
        $lines[1] | Should -MatchExactly '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d sensor-7   Information Cooling fan restarted$'
    }
}
