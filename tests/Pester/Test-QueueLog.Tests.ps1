BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
}

AfterAll {
    Stop-TestSession
}

Describe 'Test-QueueLog' {
    BeforeEach {
        $folder = New-TestFolder
        $path = Join-Path $folder 'run.log'
    }

    AfterEach {
        Stop-EveryListener
    }

    It 'MatchTimedOut: a pattern that tries without end' {
        Set-Content -LiteralPath $path -Value ('a' * 1000 + '!')
        { Test-QueueLog $path -Pattern '^(?<message>(a+)+)$' } | Should -Throw -ErrorId 'MatchTimedOut,QueueLog.PowerShell.Commands.TestQueueLogCommand'
    }

    It 'finds a log of several processes complete, over its rolls' {
        Start-LogListener $path -Format Json -MaxFileSize 4KB -MaxFiles 100 -MinimumLevel Trace
        1..60 | Invoke-WorkerPool -Count 3 -ScriptBlock { Write-QueueLog "item $_" }
        Get-LogListener | Stop-LogListener
        $results = Test-QueueLog $path
        $results.Status | Select-Object -Unique | Should -Be 'Complete'
        ($results | Where-Object Subject -eq 'Process').Count | Should -BeGreaterThan 1
        ($results | Where-Object Subject -eq 'File').Count | Should -BeGreaterThan 1
        Test-QueueLog $path -Quiet | Should -BeTrue
    }

    It 'shows names, numbers and states within 80 columns' {
        Start-LogListener $path -Format Json
        Write-QueueLog 'hello'
        Get-LogListener | Stop-LogListener
        $shown = Test-QueueLog $path | Out-String -Width 80
        $shown | Should -Match "(?m)^Process +\S+ +$PID +Complete +1 +0 +0 +0\s*$"
        $shown | Should -Match '(?m)^File +run\.log +Complete +1\s*$'
    }

    It 'tells which records are gone, and which line is torn' {
        Start-LogListener $path -Format Logfmt
        1..9 | Write-QueueLog -Wait
        Get-LogListener | Stop-LogListener
        $lines = Read-Log $path
        [System.IO.File]::WriteAllText($path, (($lines[0..2] + $lines[3].Substring(0, 70) + $lines[6..8]) -join "`n") + "`n")
        $process, $file = Test-QueueLog $path
        $process.Status, $process.Missing, "$($process.MissingNumbers)" | Should -Be 'Incomplete', 3, '4..6'
        $file.Status, $file.Torn, $file.Raw, $file.IsUnfinished | Should -Be 'Incomplete', 1, 0, $false
        Test-QueueLog $path -Quiet | Should -BeFalse
    }

    It 'tells what it takes to check a log' {
        Start-LogListener $path
        Write-QueueLog 'x' -Wait
        Get-LogListener | Stop-LogListener
        $result = (Test-QueueLog $path)[0]
        $result.Status | Should -Be 'Unchecked'
        $result.Note | Should -Match '\{Sequence\}'
    }

    It 'tells a log that nobody can check from a bad one: -Quiet gives neither true nor false, and a warning' {
        $null = Start-LogListener $path
        Write-QueueLog 'x' -Wait
        $null = Get-LogListener | Stop-LogListener
        $answer = Test-QueueLog $path -Quiet -WarningVariable why -WarningAction SilentlyContinue
        $answer | Should -BeNullOrEmpty
        $answer -is [bool] | Should -BeFalse
        "$why" | Should -BeLike "*$path*{Sequence}*-Template*-Format Json*"

        [System.IO.File]::AppendAllText($path, 'torn')
        Test-QueueLog $path -Quiet -WarningAction SilentlyContinue | Should -BeFalse -Because 'what is bad is known'
    }

    It 'LogNotFound: nothing of that name' {
        Test-QueueLog (Join-Path $folder 'missing.log') -Quiet -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeFalse
        $problem.FullyQualifiedErrorId | Should -Be 'LogNotFound,QueueLog.PowerShell.Commands.TestQueueLogCommand'
    }

    It 'NoLogToRead: neither a path nor a listener' {
        { Test-QueueLog } | Should -Throw -ErrorId 'NoLogToRead,QueueLog.PowerShell.Commands.TestQueueLogCommand'
    }
}
