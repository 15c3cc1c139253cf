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

    It 'finds what this session has written just before' {
        Start-LogListener $path
        $log = Get-QueueLogger
        $written = 0
        foreach ($round in 1..60) {
            foreach ($record in 1..20) { $written++; $log.Info('record') }
            @($round % 2 ? (Get-QueueLog) : (Get-QueueLog $path)).Count | Should -Be $written
        }
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

    It 'gives each file once, however it was named: by itself, with its old files, by wildcards, through links (skipped without the right to make links)' -Skip:($IsWindows) {
        Start-LogListener $path -MaxFileSize 500 -MaxFiles 50 -Compress
        1..40 | ForEach-Object { Write-QueueLog "record $_" -Wait }
        Get-LogListener | Stop-LogListener
        $files = Get-ChildItem (Join-Path $folder 'run.log*')
        @($files | Get-QueueLog).Count | Should -Be 40
        @(Get-QueueLog $files.FullName).Count | Should -Be 40
        $compressed = $files | Where-Object Name -Like '*.gz' | Select-Object -First 1
        @(Get-QueueLog $compressed.FullName | Where-Object Message -Like 'record *').Count | Should -BeGreaterThan 2
        @(Get-QueueLog $compressed.FullName | Where-Object IsRaw).Count | Should -Be 0
        $link = New-Item -ItemType SymbolicLink -Path (Join-Path $folder 'link.txt') -Target $path
        @(Get-QueueLog $link.FullName).Count | Should -Be 40
        @(Get-QueueLog $link.FullName, $path).Count | Should -Be 40
        (Test-QueueLog $link.FullName | Where-Object Subject -EQ 'File' | Measure-Object -Property Count -Sum).Sum | Should -Be 40
    }

    It 'understands the levels of other systems, by names and numbers, one or several' {
        Start-LogListener $path -MinimumLevel Trace
        'Trace', 'Debug', 'Information', 'Warning', 'Error', 'Critical' | ForEach-Object { Write-QueueLog $_ -Level $_ -Wait }
        (Get-QueueLog $path -MinimumLevel notice).Message | Should -Be 'Information', 'Warning', 'Error', 'Critical'
        (Get-QueueLog $path -MinimumLevel 30).Message | Should -Be 'Warning', 'Error', 'Critical'
        (Get-QueueLog $path -MinimumLevel panic).Message | Should -Be 'Critical'
        (Get-QueueLog $path -Level WARN, e, 50).Message | Should -Be 'Warning', 'Error', 'Critical'
    }

    It 'gives a property by its name, as a member of the properties' {
        Start-LogListener $path -Format Json
        Write-QueueLog 'copied {File}, {Count} rows' -ArgumentList 'a.csv', 7 -Wait
        $entry = Get-QueueLog $path
        $entry.Properties.File | Should -Be 'a.csv'
        ($entry | Where-Object { $_.Properties.file -like '*.csv' }).Message | Should -Be $entry.Message
        $entry.Properties.Count | Should -Be 2 -Because 'the number of the properties has that name'
        $entry.Properties['Count'] | Should -Be 7
    }

    It 'finds the records of a worker in the default format, which shows its name as that of the process' {
        Start-LogListener $path
        1..4 | Invoke-WorkerPool -Count 2 -ScriptBlock { Write-QueueLog "item $_" }
        $found = @(Get-QueueLog $path -Worker 'Worker-*')
        $found.Count | Should -Be 4
        @(Get-QueueLog $path -Worker $found[0].Process).Count | Should -BeGreaterThan 0
    }

    It 'reads what Export-Csv wrote of a log' {
        Start-LogListener $path -Format Json
        Write-QueueLog 'one, "two"' -Level Warning -Category Db -Wait
        Write-QueueLog 'three' -Wait
        $csv = Join-Path $folder 'export.csv'
        Get-QueueLog $path | Export-Csv $csv
        $first, $second = Get-QueueLog $csv
        $first.Message, $first.Level, $first.Category, $first.Pid | Should -Be 'one, "two"', 'Warning', 'Db', $PID
        $first.Timestamp | Should -BeGreaterThan ([datetime]::Now.AddMinutes(-10))
        $second.Message | Should -Be 'three'
        Get-QueueLog $path | Select-Object Message, Level, Timestamp | Export-Csv $csv
        (Get-QueueLog $csv).Message | Should -Be 'one, "two"', 'three'
    }

    It 'recognizes the lines of other programs, and says what it took them for' {
        [System.IO.File]::WriteAllText($path, @'
{"level":30,"time":1772629200000,"pid":7,"hostname":"box","msg":"up","port":80}
{"level":50,"time":1772629201000,"pid":7,"hostname":"box","msg":"down"}
broken

'@)
        $entries = @(Get-QueueLog $path)
        $entries.Message | Should -Be 'up', 'down', 'broken'
        $entries.Level | Should -Be 'Information', 'Error', $null
        $entries[0].Properties.port | Should -Be 80
        $entries[0].Timestamp.UtcDateTime | Should -Be ([datetime]::new(2026, 3, 4, 13, 0, 0))
        $entries | Format-List | Out-String | Should -Match 'Format +: json-lines'
        (Get-QueueLog $path -MinimumLevel Error).Message | Should -Be 'down'
        $check = Test-QueueLog $path | Where-Object Subject -EQ 'File'
        $check.Format, $check.Count, $check.Raw | Should -Be 'json-lines', 2, 1
    }

    It 'reads lines by an expression with named groups, or by the name of a format' {
        [System.IO.File]::WriteAllText($path, "15:06:07 <E> 12 no luck`n    more`nother`n15:06:08 <I> 13 fine`n")
        $entries = @(Get-QueueLog $path -Pattern '^(?<time>\S+) <(?<level>\w)> (?<Number>\d+) (?<message>.*)$')
        $entries.Message | Should -Be "no luck`n    more", 'other', 'fine'
        $entries.Level | Should -Be 'Error', $null, 'Information'
        $entries[0].Properties.Number | Should -Be 12
        [System.IO.File]::WriteAllText($path, "hello`n2026-03-04 15:06:07,123 WARN [main] a.B: careful`n")
        (Get-QueueLog $path -Pattern log4j -MinimumLevel Warning).Message | Should -Be 'careful'
        (Test-QueueLog $path -Pattern log4j | Where-Object Subject -EQ 'File').Format | Should -Be 'log4j'
        $line = "Get-QueueLog '$path' -Pattern sy"
        (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be 'syslog'
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
        # It warns where it is there before the log.
        $reader = Start-Pwsh "'ready'; (Get-QueueLog '$path' -Wait -First 30 -WarningAction Ignore).Message"
        $null = Wait-PwshLine $reader 'ready'
        Start-LogListener $path -MaxFileSize 400 -MaxFiles 50
        1..15 | ForEach-Object { Write-QueueLog "record $_" -Wait }
        Get-LogListener | Stop-LogListener
        Start-LogListener $path -MaxFileSize 400 -MaxFiles 50
        16..31 | ForEach-Object { Write-QueueLog "record $_" -Wait }
        (Complete-Pwsh $reader).Output -split '\r?\n' | Should -Be (1..30 | ForEach-Object { "record $_" })
    }

    It 'gives with -Tail 0 -Wait what is new, and nothing before it' -ForEach @(
        @{ More = '' }
        @{ More = ' -Where { $true }' }
    ) {
        Start-LogListener $path
        1..5 | ForEach-Object { Write-QueueLog "old $_" -Wait }
        $reader = Start-Pwsh "(Get-QueueLog '$path' -Tail 0 -Wait -First 1$More).Message"
        # When it has come to the end cannot be seen from outside: there is something new until it has seen some.
        $limit = [System.Diagnostics.Stopwatch]::StartNew()
        while (-not $reader.WaitForExit(50) -and $limit.Elapsed -lt (Get-TestLimit)) { Write-QueueLog 'new' -Wait }
        (Complete-Pwsh $reader).Output | Should -Be 'new'
    }

    It 'says that it waits for a log that is not there' {
        $reader = Start-Pwsh "Get-QueueLog '$path' -Wait -First 1 3>&1 | ForEach-Object { `"`$_`" }"
        Wait-PwshLine $reader "There is no log '*run.log' yet*" | Should -Not -BeNullOrEmpty
        Start-LogListener $path
        Write-QueueLog 'here' -Wait
        (Complete-Pwsh $reader).Output | Should -Match 'here'
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
        Get-QueueLog $path -Item 7 -Category 'Db*' -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem.FullyQualifiedErrorId | Should -Be 'LogShowsNoField,QueueLog.PowerShell.Commands.GetQueueLogCommand'
        "$problem" | Should -BeLike "*'$path' do not show {Category} and {Item}, so*"
        { Get-QueueLog $path -Item 7 -Wait -ErrorAction Stop } | Should -Throw -ErrorId 'LogShowsNoField,QueueLog.PowerShell.Commands.GetQueueLogCommand'
    }

    It 'LogShowsNoField: lines of another program have no level, and a filter by it says so' {
        [System.IO.File]::WriteAllText($path, "hello`nworld`n")
        Get-QueueLog $path -MinimumLevel Error -ErrorAction SilentlyContinue -ErrorVariable problem | Should -BeNullOrEmpty
        $problem.FullyQualifiedErrorId | Should -Be 'LogShowsNoField,QueueLog.PowerShell.Commands.GetQueueLogCommand'
        "$problem" | Should -BeLike '*do not show {Level}*-Pattern*'
    }

    It '<Id>: <Because>' -ForEach @(
        @{ Id = 'InvalidPattern,QueueLog.PowerShell.Commands.GetQueueLogCommand'; Arguments = @{ Pattern = '(' }; Because = 'no regular expression' }
        @{ Id = 'PatternWithoutGroups,QueueLog.PowerShell.Commands.GetQueueLogCommand'; Arguments = @{ Pattern = 'nosuch' }; Because = 'neither a name nor an expression with groups' }
        @{ Id = 'PatternWithTemplate,QueueLog.PowerShell.Commands.GetQueueLogCommand'; Arguments = @{ Pattern = 'log4j'; Template = '{Message}' }; Because = 'two ways to say the same' }
    ) {
        [System.IO.File]::WriteAllText($path, 'x')
        { Get-QueueLog $path @Arguments } | Should -Throw -ErrorId $Id
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
