BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
}

AfterAll {
    Stop-TestSession
}

Describe 'Get-QueueLog' {
    BeforeEach {
        $folder = New-TestFolder
        $path = Join-Path $folder 'run.log'
    }

    AfterEach {
        Stop-EveryListener
    }

    It 'gives numbers and structures back as what they were' {
        Start-LogListener $path -Format Json
        $object = [pscustomobject]@{ File = 'a.csv'; Parts = 1, 2; Inner = [pscustomobject]@{ Rate = 9.5d }; ApiKey = 's3cret' }
        Write-QueueLog 'took {Price} {Big} {Single}' -ArgumentList 9.5d, ([uint64]::MaxValue), ([single] 0.1)
        Write-QueueLog 'has' -Property @{ Config = $object; Table = @{ A = @(@{ B = $null }) } }
        $log = Get-QueueLogger
        $log.Info('logs {Config}', $object)
        Stop-LogListener
        $numbers, $config, $logged = Get-QueueLog $path
        $numbers.Properties['Price'] -gt 10 | Should -BeFalse
        $numbers.Properties['Price'] | Should -BeOfType decimal
        $numbers.Properties['Big'] | Should -Be ([uint64]::MaxValue)
        $numbers.Properties['Single'] | Should -Be 0.1
        foreach ($found in $config.Properties['Config'], $logged.Properties['Config']) {
            $found.File | Should -Be 'a.csv'
            $found.Parts | Should -Be 1, 2
            $found.Inner.Rate | Should -Be 9.5
            $found.ApiKey | Should -Be '***'
        }

        $config.Properties['Table'].A[0].Contains('B') | Should -BeTrue
        $line = Get-Content $path | Select-Object -Index 1 | ConvertFrom-Json
        $line.Config.Inner.Rate | Should -Be 9.5
        Get-Content $path -Raw | Should -Not -BeLike '*s3cret*'
    }

    It 'gives the records of every format as they were written' -ForEach 'Json', 'Logfmt', 'Csv' {
        Start-LogListener $path -Format $_ -MinimumLevel Trace
        Write-QueueLog 'item {Item} of {Total}' -ArgumentList 3, 9 -Level Warning -Category Db
        try { throw 'no luck' } catch { Write-QueueLog $_ }
        Get-LogListener | Stop-LogListener
        $first, $second = Get-QueueLog $path
        $first.Message, $first.Level, $first.Category, $first.Pid, $first.Sequence | Should -Be 'item 3 of 9', 'Warning', 'Db', $PID, 1
        $first.Template | Should -Be 'item {Item} of {Total}'
        $first.Properties['Item'], $first.Properties['Total'] | Should -Be 3, 9
        $second.Exception.Message | Should -Be 'no luck'
        $second.Exception.StackTrace | Should -Match 'at <ScriptBlock>'
    }

    It 'shows the message in a table of 80 columns' {
        $null = Start-LogListener $path
        Write-QueueLog 'a message of some length'
        $null = Get-LogListener | Stop-LogListener
        $shown = Get-QueueLog $path | Format-Table | Out-String -Width 80
        $shown | Should -Match '(?m)^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} Information \S+ +a message of some length'
        Get-QueueLog $path | Out-String | Should -Match 'a message of some length' -Because 'the view by default is the line'
    }

    It 'completes what the log has as <Parameter>, and how a time is written' -ForEach @(
        @{ Parameter = 'Category'; Start = 'data'; Expected = "'Data base'", 'DataFlow' }
        @{ Parameter = 'Process'; Start = 'pro'; Expected = 'process-1' }
    ) {
        Start-LogListener $path -Format Json
        'DataFlow', 'Data base', 'Other' | ForEach-Object { Write-QueueLog 'x' -Category $_ }
        $null = Invoke-Pwsh "Write-QueueLog 'x' -Wait" -Environment @{ QUEUELOG_PROCESS = 'process-1'; QUEUELOG_PIPE = (Get-LogListener).Address }
        $line = "Get-QueueLog '$path' -$Parameter $Start"
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be $Expected
        $line = "Get-QueueLog -$Parameter $Start"
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be $Expected -Because 'the log of the session is meant'
        $line = "Get-QueueLog '$path' -Since 1"
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be '10m', '1h', '1d'
    }

    It 'reads rolled and compressed files in order, and the log of the session by itself' {
        Start-LogListener $path -MaxFileSize 500 -MaxFiles 50
        1..40 | ForEach-Object { Write-QueueLog "record $_" -Wait }
        (Get-QueueLog).Message | Should -Be (1..40 | ForEach-Object { "record $_" })
        (Get-QueueLog $path -Tail 3).Message | Should -Be 'record 38', 'record 39', 'record 40'
        (Get-QueueLog $path -First 2).Message | Should -Be 'record 1', 'record 2'
        (Get-QueueLog $path | Select-Object -First 1).Message | Should -Be 'record 1'
        (Get-LogListener | Get-QueueLog -Tail 1).Message | Should -Be 'record 40'
        (Get-QueueLog (Join-Path $folder '*.log*')).Count | Should -Be 40
        (Get-QueueLog $folder).Count | Should -Be 40
        (Get-QueueLog -LiteralPath $path).Count | Should -Be 40
        (Get-Item -LiteralPath $path | Get-QueueLog).Count | Should -Be 40
    }

    It 'filters by each of its parameters' {
        Start-LogListener $path -Format Json -MinimumLevel Trace
        [QueueLog.Records.LogRecord]@{ Message = 'one'; Process = 'Worker-1'; Worker = 'Worker-1'; Item = 3; Category = 'Db.Import'; Level = 'Debug' } | Write-QueueLog
        [QueueLog.Records.LogRecord]@{ Message = 'two'; Process = 'Worker-2'; Worker = 'Worker-2'; Item = 4; Category = 'Net'; Level = 'Error'; Properties = @{ File = 'a.csv'; Size = 7 } } | Write-QueueLog
        [QueueLog.Records.LogRecord]@{ Message = 'old'; Timestamp = [DateTimeOffset]::Now.AddHours(-3); Level = 'Warning' } | Write-QueueLog -Wait
        (Get-QueueLog $path -Level Debug, Error).Message | Should -Be 'one', 'two'
        (Get-QueueLog $path -MinimumLevel warn).Message | Should -Be 'two', 'old'
        (Get-QueueLog $path -Process '*-1').Message | Should -Be 'one'
        (Get-QueueLog $path -Worker Worker-2).Message | Should -Be 'two'
        (Get-QueueLog $path -Item 3, 9).Message | Should -Be 'one'
        (Get-QueueLog $path -Category 'db.*').Message | Should -Be 'one'
        (Get-QueueLog $path -Property @{ File = '*.csv'; Size = 7 }).Message | Should -Be 'two'
        (Get-QueueLog $path -Property @{ File = $null }).Message | Should -Be 'one', 'old'
        (Get-QueueLog $path -Since 1h).Message | Should -Be 'one', 'two'
        (Get-QueueLog $path -Until ([timespan]::FromHours(1))).Message | Should -Be 'old'
        (Get-QueueLog $path -Since ([datetime]::Now.AddHours(-4)) -Until 2h).Message | Should -Be 'old'
        (Get-QueueLog $path -Since 1d).Message | Should -Be 'one', 'two', 'old'
        Get-QueueLog $path -Until 1d | Should -BeNullOrEmpty
        (Get-QueueLog $path -Since 1h -Until 0s -Tail 1).Message | Should -Be 'two'
        (Get-QueueLog $path -Match 'TW[O]').Message | Should -Be 'two'
        (Get-QueueLog $path -Match 'o' -First 2).Message | Should -Be 'one', 'two'
        Get-QueueLog $path -Match 'TW[O]' -CaseSensitive | Should -BeNullOrEmpty
        (Get-QueueLog $path -Where { $_.Item -gt 3 }).Message | Should -Be 'two'
        (Get-QueueLog $path -Where { $_.Item } -Tail 1).Message | Should -Be 'two'
    }

    It 'shows entries as coloured lines with their further lines indented' {
        [System.IO.File]::WriteAllText($path, "2026-03-04 15:06:07,123 Worker-1   Error       first`n    second`n    System.IO.IOException: full`n        at X`n")
        $PSStyle.OutputRendering = 'PlainText'
        try { $plain = Get-QueueLog $path | Out-String } finally { $PSStyle.OutputRendering = 'Host' }
        $plain.Trim() -split '\r?\n' | Should -Be '2026-03-04 15:06:07,123 Worker-1   Error       first', '    second', '    System.IO.IOException: full', '        at X'
        $PSStyle.OutputRendering = 'Ansi'
        try { Get-QueueLog $path | Out-String | Should -Match '\x1b\[31m' } finally { $PSStyle.OutputRendering = 'Host' }
    }

    It 'shows no control characters of a log in any view, and gives them to scripts' {
        $evil = "a`e]0;x`a`u{9b}31m`u{202e}b`u{2066}"
        Start-LogListener $path -Format Json
        [QueueLog.Records.LogRecord]@{
            Message = $evil; Process = $evil; Worker = $evil; Category = $evil; Template = $evil; Properties = @{ $evil = $evil }
            Exception = [QueueLog.Records.ExceptionInfo]::new($evil, $evil, $evil)
        } | Write-QueueLog -Wait
        $entry = Get-QueueLog $path
        $views = @(
            { $entry }, { $entry | Format-List * }, { $entry | Format-Table * }, { $entry | Format-Table Message, Process }, { $entry | Format-Wide Message }
            { $entry | Format-Custom * }, { $entry | Select-Object Message, Exception }, { $entry.Message }, { $entry.Properties }, { $entry.Properties | Format-List * }
            { $entry.Exception }, { $entry.Exception | Format-List * }, { Test-QueueLog $path }, { Test-QueueLog $path | Format-List * }
        )
        $PSStyle.OutputRendering = 'PlainText'
        try {
            foreach ($view in $views) {
                $shown = & $view | Out-String -Width 4000
                $shown | Should -Match '\\u001b|Name *: run.log' -Because $view
                $shown | Should -Not -Match '[\p{Cc}-[\r\n\t]]|[\u202a-\u202e\u2066-\u2069]' -Because $view
            }
        }
        finally {
            $PSStyle.OutputRendering = 'Host'
        }

        $entry.Message -ceq $evil | Should -BeTrue
        "$($entry.Message)" -ceq $evil | Should -BeTrue
        $entry.Message -match "`e" | Should -BeTrue
        $entry.Properties[$evil] -ceq $evil | Should -BeTrue
        $entry.Properties[0].Value -ceq $evil | Should -BeTrue
        $entry.Exception.Message -ceq $evil | Should -BeTrue
        ($entry | ConvertTo-Json | ConvertFrom-Json).Message -ceq $evil | Should -BeTrue
    }

    It 'follows a log over rolls and a new listener, until it has enough' {
        $reader = Start-Pwsh "'ready'; (Get-QueueLog '$path' -Wait -First 30).Message"
        $null = Wait-PwshLine $reader 'ready'
        Start-LogListener $path -MaxFileSize 400 -MaxFiles 50
        1..15 | ForEach-Object { Write-QueueLog "record $_" -Wait }
        Get-LogListener | Stop-LogListener
        Start-LogListener $path -MaxFileSize 400 -MaxFiles 50
        16..31 | ForEach-Object { Write-QueueLog "record $_" -Wait }
        (Complete-Pwsh $reader).Output -split '\r?\n' | Should -Be (1..30 | ForEach-Object { "record $_" })
    }

    It 'LogNotFound: nothing of that name, and the others are read' {
        [System.IO.File]::WriteAllText($path, "2026-03-04 15:06:07,123 Worker-1   Error       x`n")
        $found = Get-QueueLog (Join-Path $folder 'missing.log'), $path -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.FullyQualifiedErrorId | Should -Be 'LogNotFound,QueueLog.PowerShell.Commands.GetQueueLogCommand'
        $found.Message | Should -Be 'x'
    }

    It 'NoLogToRead: neither a path nor a listener' {
        { Get-QueueLog } | Should -Throw -ErrorId 'NoLogToRead,QueueLog.PowerShell.Commands.GetQueueLogCommand'
    }

    It 'LogFileDamaged: what is before the damage is given' {
        $compressed = [System.IO.MemoryStream]::new()
        $stream = [System.IO.Compression.GZipStream]::new($compressed, [System.IO.Compression.CompressionLevel]::Fastest)
        $stream.Write([System.Text.Encoding]::UTF8.GetBytes((1..2000 | ForEach-Object { "2026-03-04 15:06:07,123 Worker-1   Error       $_`n" }) -join ''))
        $stream.Dispose()
        [System.IO.File]::WriteAllBytes("$path.1.gz", $compressed.ToArray()[0..($compressed.ToArray().Length / 2)])
        $found = @(Get-QueueLog $path -ErrorAction SilentlyContinue -ErrorVariable problem)
        $problem.FullyQualifiedErrorId | Should -Be 'LogFileDamaged,QueueLog.PowerShell.Commands.GetQueueLogCommand'
        $found[0].Message | Should -Be '1'
        $found.Count | Should -BeGreaterThan 100
    }

    It 'LogEntryTooLong: what is around the entry is given, from either end' {
        $line = "2026-03-04 15:06:07,123 Worker-1   Information {0}`n"
        $file = [IO.File]::Create($path)
        $file.Write([Text.Encoding]::ASCII.GetBytes($line -f 'before'))
        $file.Position += 130MB
        $file.Write([Text.Encoding]::ASCII.GetBytes("`n" + ($line -f 'behind')))
        $file.Dispose()
        foreach ($arguments in @{}, @{ Tail = 2 }) {
            (Get-QueueLog $path @arguments -ErrorVariable problem -ErrorAction SilentlyContinue).Message | Should -Be 'before', 'behind'
            $problem.FullyQualifiedErrorId | Should -Be 'LogEntryTooLong,QueueLog.PowerShell.Commands.GetQueueLogCommand'
        }
    }

    It 'LogShowsNoTimes: entries without times cannot be chosen by them' {
        [System.IO.File]::WriteAllText($path, "# QueueLog: text {Message}`nx`n")
        Get-QueueLog $path -Since 1h -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem.FullyQualifiedErrorId | Should -Be 'LogShowsNoTimes,QueueLog.PowerShell.Commands.GetQueueLogCommand'
    }

    It 'LogShowsNoField: entries cannot be chosen by what they do not show, also while they are waited for' {
        [System.IO.File]::WriteAllText($path, "2026-03-04 15:06:07,123 Worker-1   Error       x`n")
        Get-QueueLog $path -Worker 'Worker-1' -Category 'Db*' -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem.FullyQualifiedErrorId | Should -Be 'LogShowsNoField,QueueLog.PowerShell.Commands.GetQueueLogCommand'
        "$problem" | Should -BeLike "*'$path' do not show {Worker} and {Category}, so*"
        { Get-QueueLog $path -Worker 'Worker-1' -Wait -ErrorAction Stop } | Should -Throw -ErrorId 'LogShowsNoField,QueueLog.PowerShell.Commands.GetQueueLogCommand'
    }

    It 'InvalidPattern: no regular expression' {
        [System.IO.File]::WriteAllText($path, 'x')
        { Get-QueueLog $path -Match '(' } | Should -Throw -ErrorId 'InvalidPattern,QueueLog.PowerShell.Commands.GetQueueLogCommand'
    }

    It 'MatchTimedOut: an expression that looks around and tries without end' {
        Set-Content -LiteralPath $path -Value ('a' * 1000 + '!')
        { Get-QueueLog $path -Match '(?=a)(a+)+$' } | Should -Throw -ErrorId 'MatchTimedOut,QueueLog.PowerShell.Commands.GetQueueLogCommand'
        @(Get-QueueLog $path -Match '(a+)+$').Count | Should -Be 0
    }

    It 'InvalidFilter: no wildcard pattern' {
        [System.IO.File]::WriteAllText($path, 'x')
        { Get-QueueLog $path -Process '[' } | Should -Throw -ErrorId 'InvalidFilter,QueueLog.PowerShell.Commands.GetQueueLogCommand'
    }

    It 'InvalidTemplate: no template' {
        [System.IO.File]::WriteAllText($path, 'x')
        { Get-QueueLog $path -Template '{' } | Should -Throw -ErrorId 'InvalidTemplate,QueueLog.PowerShell.Commands.GetQueueLogCommand'
    }

    It 'ParameterArgumentTransformationError: no time, no level' {
        { Get-QueueLog $path -Since soon } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,QueueLog.PowerShell.Commands.GetQueueLogCommand'
        { Get-QueueLog $path -Level loud } | Should -Throw -ErrorId 'ParameterArgumentTransformationError,QueueLog.PowerShell.Commands.GetQueueLogCommand'
    }

    It 'LogFileUnreadable: the system refuses (skipped on Windows, which has no modes, and as root, whom none keeps out)' -Skip:($IsWindows -or (id -u) -eq 0) {
        [System.IO.File]::WriteAllText($path, 'x')
        chmod 000 $path
        Get-QueueLog $path -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.FullyQualifiedErrorId | Should -Be 'LogFileUnreadable,QueueLog.PowerShell.Commands.GetQueueLogCommand'
    }
}
