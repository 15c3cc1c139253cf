BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
    $command = 'QueueLog.PowerShell.Commands.StartLogListenerCommand'
}

AfterAll {
    Stop-TestSession
}

Describe 'Start-LogListener' {
    BeforeEach {
        $folder = New-TestFolder
        $path = Join-Path $folder 'run.log'
    }

    AfterEach {
        Stop-EveryListener
    }

    Context 'the listener' {
        It 'is given back running, with its full path, and is the default of this session' {
            $listener = Start-LogListener -PassThru $path
            $listener | Should -BeOfType QueueLog.Listener.LogListener
            $listener.State | Should -Be Running
            $listener.Path | Should -Be $path
            $listener.Name | Should -BeLike 'run-*'
            $listener.MinimumLevel | Should -Be Information
            $env:QUEUELOG_PIPE | Should -Be $listener.Address
        }

        It 'writes the default line' {
            Start-LogListener $path
            Write-QueueLog 'hello'
            Stop-LogListener
            Read-Log $path | Should -MatchExactly '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} pwsh {7}Information hello$'
        }

        It 'is given with -PassThru only' {
            Start-LogListener $path | Should -BeNullOrEmpty
            (Start-LogListener "$path.second" -PassThru).Path | Should -Be "$path.second"
        }

        It 'shows itself as one row' {
            $text = Start-LogListener -PassThru $path -Name (New-TestName) | Out-String
            $text | Should -Match 'Name\s+State\s+Level\s+Received\s+Written\s+Lost\s+Clients\s+Path'
            $text | Should -Match 'Running\s+Information\s+0\s+0\s+0\s+0'
        }

        It 'has the name it is given' {
            $name = New-TestName
            (Start-LogListener -PassThru $path -Name $name).Name | Should -Be $name
        }

        It 'creates the folder of its log' {
            $deep = Join-Path $folder 'a' 'b' 'run.log'
            Start-LogListener $deep
            Write-QueueLog 'deep'
            Stop-LogListener
            Read-Log $deep | Should -BeLike '* deep'
        }

        It 'writes no record below its level' {
            Start-LogListener $path -MinimumLevel Warning -Template '{Message}' -NoHeader
            foreach ($level in 'Trace', 'Debug', 'Information', 'Warning', 'Error', 'Critical') {
                Write-QueueLog $level -Level $level
            }

            Stop-LogListener
            Read-Log $path | Should -Be 'Warning', 'Error', 'Critical'
        }

        It 'knows <Alias> as <Level>' -ForEach @(
            @{ Alias = 'verbose'; Level = 'Trace' }
            @{ Alias = 'info'; Level = 'Information' }
            @{ Alias = 'WARN'; Level = 'Warning' }
            @{ Alias = 'Fatal'; Level = 'Critical' }
        ) {
            (Start-LogListener -PassThru $path -MinimumLevel $Alias).MinimumLevel | Should -Be $Level
        }

        It 'makes its lines by the template' {
            Start-LogListener $path -Template '{Level,-8}|{Level:u3}|{Pid}|{Category}|{Message} {Properties}' -NoHeader
            Write-QueueLog 'item {Item}' 7 -Category Import -Level Warning
            Stop-LogListener
            Read-Log $path | Should -Be "Warning |WRN|$PID|Import|item 7 {Item=7}"
        }
    }

    Context 'formats' {
        It 'writes <Format>, and shows text' -ForEach @(
            @{ Format = 'Json'; Line = '^\{"@t":"\d{4}-\d\d-\d\dT[^"]+","@m":"item 3 of 9","@mt":"item \{_Item\} of \{Total\}","@l":"Warning","Process":"pwsh","Pid":\d+,"SourceContext":"Db","Sequence":1,"_Item":3,"Total":9\}$' }
            @{ Format = 'Logfmt'; Line = '^ts="\d{4}-\d\d-\d\dT\S+" level=warning msg="item 3 of 9" template="item \{Item\} of \{Total\}" process=pwsh pid=\d+ category=Db seq=1 _Item=3 Total=9$' }
            @{ Format = 'Csv'; Line = '^\d{4}-\d\d-\d\dT[^,]+,Warning,pwsh,\d+,,,,Db,1,,item 3 of 9,item \{Item\} of \{Total\},,,,"\{""Item"":3,""Total"":9\}"$' }
        ) {
            $result = Invoke-Pwsh @"
Start-LogListener ./run.log -Format $Format -Console -ConsoleTemplate '{Message}'
Write-QueueLog 'item {Item} of {Total}' 3, 9 -Category Db -Level Warning
Stop-LogListener
"@ -WorkingDirectory $folder
            $result.ErrorOutput | Should -BeExactly 'item 3 of 9'
            $lines = @(Read-Log $path)
            $lines | Should -HaveCount ($Format -eq 'Csv' ? 2 : 1)
            $lines[-1] | Should -MatchExactly $Line
        }

        It 'writes objects that ConvertFrom-Json reads' {
            Start-LogListener $path -Format Json
            Write-QueueLog 'copied {File} in {Seconds} s' 'a.csv', 2.5 -Category Import -Level Warning
            Stop-LogListener
            $record = Read-Log $path | ConvertFrom-Json
            $record.'@m' | Should -Be 'copied a.csv in 2.5 s'
            $record.'@l' | Should -Be Warning
            $record.SourceContext | Should -Be Import
            $record.Seconds | Should -Be 2.5
        }

        It 'writes rows that Import-Csv reads' {
            Start-LogListener $path -Format Csv
            Write-QueueLog "a, `"b`"`nc" -Property @{ Size = 3 }
            Write-QueueLog 'second'
            Stop-LogListener
            $rows = Import-Csv -LiteralPath $path
            $rows.Message | Should -Be 'a, "b"\u000ac', 'second'
            $rows[0].Properties | ConvertFrom-Json | Select-Object -ExpandProperty Size | Should -Be 3
        }

        It 'writes pairs' {
            Start-LogListener $path -Format logfmt
            Write-QueueLog 'two words' -Level Error
            Stop-LogListener
            Read-Log $path | Should -MatchExactly "^ts=\S+ level=error msg=`"two words`" process=pwsh pid=$PID seq=1$"
        }

        It 'says which template a file has, unless it is the default or -NoHeader is given' {
            Start-LogListener $path -Template '{Message}'
            Write-QueueLog 'one'
            Stop-LogListener
            Read-Log $path | Should -Be '# QueueLog: text {Message}', 'one'
        }

        It 'says once where the template changes, and takes no record for that' {
            foreach ($run in 1..2) {
                Start-LogListener $path -Template '{Level:u3} {Message}'
                Write-QueueLog "run $run"
                Stop-LogListener
            }

            Start-LogListener $path -Template '{Message}' -MinimumLevel Error
            Write-QueueLog '# QueueLog: json' -Level Error
            Stop-LogListener
            Read-Log $path | Should -Be '# QueueLog: text {Level:u3} {Message}', 'INF run 1', 'INF run 2', '# QueueLog: text {Message}', ' # QueueLog: json'
        }

        It 'says nothing with -NoHeader, be the format another' {
            Start-LogListener $path -Template '{Message}' -NoHeader
            Write-QueueLog 'one'
            Stop-LogListener
            Start-LogListener $path -Format Csv -NoHeader
            Write-QueueLog 'two'
            Stop-LogListener
            $lines = Read-Log $path
            $lines[0] | Should -Be 'one'
            $lines[1] | Should -BeLike '*,Information,*'
        }

        It 'TemplateNeedsText: a template for a format that has none' {
            { Start-LogListener $path -Format Json -Template '{Message}' } | Should -Throw -ErrorId "TemplateNeedsText,$command" -ExpectedMessage '*-ConsoleTemplate.'
            $path | Should -Not -Exist
        }
    }

    Context 'files' {
        It 'appends to what a log holds' {
            foreach ($message in 'first', 'second') {
                Start-LogListener $path -Template '{Message}' -NoHeader
                Write-QueueLog $message
                Stop-LogListener
            }

            Read-Log $path | Should -Be 'first', 'second'
        }

        It 'discards what a log holds with -Overwrite' {
            Set-Content -LiteralPath $path 'old'
            Start-LogListener $path -Overwrite -Template '{Message}' -NoHeader
            Write-QueueLog 'new'
            Stop-LogListener
            Read-Log $path | Should -Be 'new'
        }

        It 'discards nothing with -Overwrite when it cannot start' {
            Set-Content -LiteralPath $path 'precious'
            { Start-LogListener $path -Overwrite -Template '{' } | Should -Throw -ErrorId "InvalidTemplate,$command"
            $other = Start-LogListener -PassThru (Join-Path $folder 'other.log')
            { Start-LogListener $path -Overwrite -Name $other.Name } | Should -Throw -ErrorId "ListenerNameInUse,$command"
            Read-Log $path | Should -Be 'precious'
        }

        It 'rolls by size, keeps so many old files, and splits no record' {
            Start-LogListener $path -MaxFileSize 100 -MaxFiles 2 -Template '{Message}' -NoHeader
            1..50 | ForEach-Object { Write-QueueLog "message number $_" }
            Stop-LogListener

            (Get-ChildItem -LiteralPath $folder).Name | Sort-Object | Should -Be 'run.log', 'run.log.1', 'run.log.2'
            $files = "$path.2", "$path.1", $path
            $files | ForEach-Object { (Get-Item -LiteralPath $_).Length | Should -BeLessOrEqual 100 }
            $numbers = $files | ForEach-Object { Read-Log $_ } | ForEach-Object { $_ | Should -MatchExactly '^message number \d+$'; [int] ($_ -split ' ')[-1] }
            $numbers[-1] | Should -Be 50
            $numbers | Should -Be ($numbers[0]..50)
            @(Read-Log "$path.1") | Should -HaveCount 5 -Because 'a file is filled before it rolls'
        }

        It 'keeps no old file with -MaxFiles 0' {
            Start-LogListener $path -MaxFileSize 100 -MaxFiles 0 -Template '{Message}' -NoHeader
            1..50 | ForEach-Object { Write-QueueLog "message number $_" }
            Stop-LogListener
            (Get-ChildItem -LiteralPath $folder).Name | Should -Be 'run.log'
            Read-Log $path | Select-Object -Last 1 | Should -Be 'message number 50'
        }

        It 'rolls a file of an earlier <Interval> before the first record, named by that time' -ForEach @(
            @{ Interval = 'Minute'; Name = '2020-02-03_04-05' }
            @{ Interval = 'Hour'; Name = '2020-02-03_04' }
            @{ Interval = 'Day'; Name = '2020-02-03' }
            @{ Interval = 'Week'; Name = '2020-W06' }
            @{ Interval = 'Month'; Name = '2020-02' }
        ) {
            Set-Content -LiteralPath $path 'old'
            (Get-Item -LiteralPath $path).LastWriteTimeUtc = [datetime]::new(2020, 2, 3, 4, 5, 6, [System.DateTimeKind]::Utc)
            Start-LogListener $path -RollInterval $Interval -RollUtc -RollNames Date -Template '{Message}' -NoHeader
            Write-QueueLog 'new'
            Stop-LogListener
            Read-Log "$path.$Name" | Should -Be 'old'
            Read-Log $path | Should -Be 'new'
        }

        It 'writes files with the date in their names, which Get-QueueLog and Test-QueueLog find by the log and by patterns' {
            Start-LogListener $path -RollNames DateInName -RollUtc -MaxFileSize 1000 -MaxFiles 50 -Compress -Format Json
            1..20 | ForEach-Object { Write-QueueLog 'number {N}' -ArgumentList $_ }
            Get-QueueLog | Should -HaveCount 20
            Stop-LogListener
            Start-LogListener $path -RollNames DateInName -RollUtc -MaxFileSize 1000 -MaxFiles 50 -Format Json
            21..25 | ForEach-Object { Write-QueueLog 'number {N}' -ArgumentList $_ }
            Stop-LogListener
            $path | Should -Not -Exist
            Add-Content -LiteralPath (Join-Path $folder 'other.log') 'another log'
            (Get-ChildItem -LiteralPath $folder -Filter *.log*).Name | Where-Object { $_ -ne 'other.log' } | Should -Match '^run-2\d{7}(_\d{3})?\.log(\.gz)?$'
            foreach ($named in $path, (Join-Path $folder 'run-*.log*'), (Join-Path $folder 'run-2*')) {
                Get-QueueLog $named | ForEach-Object { $_.Properties.N } | Should -Be (1..25)
                Test-QueueLog $named -Quiet | Should -BeTrue
                @(Test-QueueLog $named | Where-Object Subject -eq Process).Count | Should -Be 2
            }

            # One file of it is a part.
            $last = Get-ChildItem -LiteralPath $folder -Filter run-*.log | Sort-Object Name | Select-Object -Last 1
            @(Get-QueueLog $last.FullName)[-1].Properties.N | Should -Be 25
            (Get-QueueLog $last.FullName).Count | Should -BeLessThan 25
        }

        It 'begins files every <Every> hours, counted from <At>' -ForEach @(
            @{ Every = 6; At = '00:00'; Hour = { [Math]::Floor($_.Hour / 6) * 6 } }
            @{ Every = 24; At = '00:30'; Hour = { 0 } }
        ) {
            $before = [datetime]::UtcNow
            Start-LogListener $path -RollInterval Hour -RollEvery $Every -RollAt $At -RollUtc -RollNames DateInName
            $after = [datetime]::UtcNow
            $expected = foreach ($now in $before, $after) { 'run-{0:yyyyMMdd}{1:00}.log' -f $now.AddMinutes($(if ($At -eq '00:30') { -30 } else { 0 })), ($now | ForEach-Object $Hour) }
            (Get-ChildItem -LiteralPath $folder -Filter *.log).Name | Should -BeIn $expected
        }

        It 'compresses what was rolled, and is done with it when it has stopped' {
            Start-LogListener $path -MaxFileSize 100 -MaxFiles 2 -Compress -Template '{Message}' -NoHeader
            1..50 | ForEach-Object { Write-QueueLog "message number $_" }
            Stop-LogListener
            (Get-ChildItem -LiteralPath $folder).Name | Sort-Object | Should -Be 'run.log', 'run.log.1.gz', 'run.log.2.gz'
            $stream = [System.IO.Compression.GZipStream]::new([System.IO.File]::OpenRead("$path.1.gz"), [System.IO.Compression.CompressionMode]::Decompress)
            $reader = [System.IO.StreamReader]::new($stream)
            try { $text = $reader.ReadToEnd() } finally { $reader.Dispose() }
            $text | Should -Match '^(message number \d+\n)+$'
        }

        It 'deletes what is too old when it starts, and nothing that is not its own' {
            foreach ($name in "$path.1", "$path.2", "$path.3", "$path.2024") {
                Set-Content -LiteralPath $name 'old'
                (Get-Item -LiteralPath $name).LastWriteTimeUtc = [datetime]::UtcNow.AddDays($(if ($name -eq "$path.1") { -1 } else { -40 }))
            }

            Start-LogListener $path -MaxAge 30d
            (Get-ChildItem -LiteralPath $folder).Name | Sort-Object | Should -Be 'run.log', 'run.log.1', 'run.log.2024'
        }

        It 'rolls by time and size, names by dates, compresses and keeps within limits all at once' {
            foreach ($old in @{ Name = "$path.2020-01-02"; Days = 3000 }, @{ Name = "$path.2020-01-03"; Days = 1 }, @{ Name = "$path.2024"; Days = 3000 }) {
                Set-Content -LiteralPath $old.Name 'old'
                (Get-Item -LiteralPath $old.Name).LastWriteTimeUtc = [datetime]::UtcNow.AddDays(-$old.Days)
            }

            Start-LogListener $path -Template '{Message}' -NoHeader -RollInterval Day -RollUtc -RollNames Date -MaxFileSize 60 -MaxAge 30d -MaxTotalSize 1MB -Compress
            foreach ($number in 1..12) { Write-QueueLog ('line {0:000} ' -f $number).PadRight(50, '.') }
            Stop-LogListener
            $names = (Get-ChildItem -LiteralPath $folder).Name
            $names | Should -Contain 'run.log.2020-01-03.gz'
            $names | Should -Contain 'run.log.2024'
            $names -like 'run.log.2020-01-02*' | Should -BeNullOrEmpty
            $names -match '^run\.log\.2\d\d\d-\d\d-\d\d(\.\d+)?\.gz$' | Should -HaveCount 12
        }

        It 'takes <_> as an age' -ForEach '30d', '90s', '10m', '12h', '2w', ([timespan]::FromDays(1)) {
            (Start-LogListener -PassThru $path -MaxAge $_).State | Should -Be Running
        }

        It 'keeps as many old files as their size allows with -MaxTotalSize' {
            Start-LogListener $path -MaxFileSize 100 -MaxTotalSize 1000 -Template '{Message}' -NoHeader
            1..200 | ForEach-Object { Write-QueueLog "message number $_" }
            Stop-LogListener
            $files = Get-ChildItem -LiteralPath $folder
            $files.Count | Should -BeGreaterThan 6
            ($files | Measure-Object -Property Length -Sum).Sum | Should -BeLessOrEqual 1000
        }

        It 'gives a record longer than a file one of its own' {
            Start-LogListener $path -MaxFileSize 100 -Template '{Message}' -NoHeader
            Write-QueueLog 'small'
            Write-QueueLog ('x' * 1000)
            Write-QueueLog 'small again'
            Stop-LogListener
            Read-Log "$path.2" | Should -Be 'small'
            Read-Log "$path.1" | Should -Be ('x' * 1000)
            Read-Log $path | Should -Be 'small again'
        }

        It 'writes one file per process by a token in the path' {
            Start-LogListener (Join-Path $folder '{Process}.log') -Template '{Message}' -NoHeader
            Write-QueueLog 'from here'
            [pscustomobject]@{ Message = 'from there'; Process = 'sensor-7' } | Write-QueueLog
            Stop-LogListener
            Read-Log (Join-Path $folder 'pwsh.log') | Should -Be 'from here'
            Read-Log (Join-Path $folder 'sensor-7.log') | Should -Be 'from there'
        }
    }

    Context 'paths' {
        It 'takes <Name> literally' -ForEach @(
            @{ Name = 'with space.log' }
            @{ Name = 'a[1]*.log' }
            @{ Name = 'ünïcödé ☃.log' }
            @{ Name = "quote'.log" }
        ) {
            if ($IsWindows) { $Name = $Name.Replace('*', '') }
            $listener = Start-LogListener -PassThru (Join-Path $folder $Name) -Template '{Message}' -NoHeader
            Write-QueueLog 'found'
            Stop-LogListener
            $listener.Path | Should -Be (Join-Path $folder $Name)
            Read-Log (Join-Path $folder $Name) | Should -Be 'found'
        }

        It 'resolves a relative path by the location of the session, not of the process' {
            Push-Location -LiteralPath $folder
            try {
                (Start-LogListener -PassThru './sub/../run.log').Path | Should -Be $path
                [System.Environment]::CurrentDirectory | Should -Not -Be $folder
            }
            finally {
                Pop-Location
            }
        }

        It 'takes braces in the location of the session for what they are' {
            $braces = Join-Path $folder '{Process}}'
            $null = New-Item -ItemType Directory -Path $braces
            Push-Location -LiteralPath $braces
            try {
                $plain = Start-LogListener -PassThru './run.log' -Template '{Message}' -NoHeader
                Write-QueueLog 'plain'
                $tokens = Start-LogListener -PassThru '{Process}{{.log' -Template '{Message}' -NoHeader
                Write-QueueLog 'by token'
                $plain, $tokens | Stop-LogListener
            }
            finally {
                Pop-Location
            }

            $plain.Path | Should -Be (Join-Path $braces 'run.log')
            Read-Log $plain.Path | Should -Be 'plain'
            Read-Log (Join-Path $braces 'pwsh{.log') | Should -Be 'by token'
        }

        It 'resolves a PowerShell drive' {
            $null = New-PSDrive -Name QlTest -PSProvider FileSystem -Root $folder
            try {
                (Start-LogListener -PassThru 'QlTest:/run.log').Path | Should -Be $path
            }
            finally {
                Remove-PSDrive QlTest
            }
        }
    }

    Context 'what is held back' {
        It 'is written when an error follows in the same item, in the order of its process, and dropped when the item ends well' {
            Start-LogListener $path -BufferLevel Debug -Format Json
            1..6 | Invoke-WorkerPool -Count 2 -ScriptBlock {
                Write-QueueLog "begin $_" -Level Debug
                Write-QueueLog "at $_"
                if ($_ -eq 4) { Write-QueueLog "bad $_" -Level Error }
                Write-QueueLog "end $_" -Level Debug
                Write-QueueLog "trace $_" -Level Trace
            }
            $counts = Stop-LogListener -PassThru
            $entries = Get-QueueLog $path
            ($entries | Where-Object { $_.Level -eq 'Debug' -and $_.Worker -and $_.Message -match '^(begin|end)' }).Message | Should -Be 'begin 4'
            ($entries | Where-Object Message -match ' 4$').Message | Should -Be 'at 4', 'begin 4', 'bad 4'
            $entries.Message -match '^at' | Should -HaveCount 6
            $begin, $bad = foreach ($message in 'begin 4', 'bad 4') { $entries | Where-Object Message -eq $message }
            $begin.Timestamp | Should -BeLessOrEqual $bad.Timestamp
            $counts.Lost | Should -Be 0
            Test-QueueLog $path -Quiet | Should -BeTrue
        }

        It 'is written for an item that throws' {
            Start-LogListener $path -BufferLevel Trace -Format Json
            1..2 | Invoke-WorkerPool -Count 1 -ScriptBlock { Write-QueueLog "step $_" -Level Trace; if ($_ -eq 2) { throw 'no luck' } } -ErrorAction SilentlyContinue
            Stop-LogListener
            (Get-QueueLog $path | Where-Object Message -like 'step*').Message | Should -Be 'step 2'
        }

        It 'is flushed by -FlushLevel, from a logger too, and bounded' {
            Start-LogListener $path -BufferLevel Debug -FlushLevel Warning -Template '{Level:u3} {Message}' -NoHeader
            $log = Get-QueueLogger
            $log.IsEnabled('Debug') | Should -BeTrue
            $log.Debug('first')
            $log.Info('information')
            $log.Warning('careful')
            1..1000 | ForEach-Object { $log.Debug(('{0:0000}' -f $_).PadRight(1000, '.')) }
            $log.Error('bad')
            $log.Error('again')
            Stop-LogListener
            $lines = @(Read-Log $path)
            $lines[0..2] | Should -Be 'INF information', 'DBG first', 'WRN careful'
            $lines[-2..-1] | Should -Be 'ERR bad', 'ERR again'
            $held = $lines[3..($lines.Count - 3)]
            $held.Count | Should -BeGreaterThan 200
            $held.Count | Should -BeLessThan 300
            $held[-1] | Should -BeLike 'DBG 1000.*'
            $held | Sort-Object | Should -Be $held
        }

        It 'goes to no sink with a level of its own' {
            Start-LogListener $path -BufferLevel Debug -Template '{Message}' -NoHeader -Sink (New-LogSink (Join-Path $folder 'errors.log') -MinimumLevel Error -Template '{Message}' -NoHeader)
            Write-QueueLog 'detail' -Level Debug
            Write-QueueLog 'bad' -Level Error
            Stop-LogListener
            Read-Log $path | Should -Be 'detail', 'bad'
            Read-Log (Join-Path $folder 'errors.log') | Should -Be 'bad'
        }

        It 'is nothing where the level of the log is lowered to it' {
            Start-LogListener $path -BufferLevel Debug -Template '{Message}' -NoHeader
            Set-LogListener -MinimumLevel Debug
            Write-QueueLog 'detail' -Level Debug
            Set-LogListener -MinimumLevel Information
            Write-QueueLog 'held' -Level Debug
            Stop-LogListener
            Read-Log $path | Should -Be 'detail'
        }
    }

    Context 'the console' {
        It 'shows records on standard error by a template and a level of its own, without colours where it is redirected' {
            $result = Invoke-Pwsh @'
Start-LogListener ./run.log -Template 'F {Message}' -NoHeader -Console -ConsoleTemplate 'C {Level:u3} {Message}' -ConsoleMinimumLevel Warning
Write-QueueLog 'quiet'
Write-QueueLog 'loud' -Level Error
Stop-LogListener
'output'
'@ -WorkingDirectory $folder
            $result.ErrorOutput | Should -BeExactly 'C ERR loud'
            $result.Output | Should -BeExactly 'output'
            $result.ExitCode | Should -Be 0
            Read-Log $path | Should -Be 'F quiet', 'F loud'
        }

        It 'has colours by part where $PSStyle.OutputRendering is <Rendering>: <Coloured>' -ForEach @(
            @{ Rendering = 'Ansi'; Coloured = $true }
            @{ Rendering = 'Host'; Coloured = $false }
            @{ Rendering = 'PlainText'; Coloured = $false }
        ) {
            $result = Invoke-Pwsh @"
`$PSStyle.OutputRendering = '$Rendering'
Start-LogListener -Console -Template '{Level:u3} {Message}' -Sink (New-LogSink -Console -Template 'S {Level:u3} {Message}')
Write-QueueLog 'item {Item} done' -ArgumentList 3 -Level Warning
Stop-LogListener
"@ -WorkingDirectory $folder
            $expected = if ($Coloured) { "`e[33mWRN`e[0m item `e[36m3`e[0m done", "S `e[33mWRN`e[0m item `e[36m3`e[0m done" } else { 'WRN item 3 done', 'S WRN item 3 done' }
            $result.ErrorOutput -split '\r?\n' | Sort-Object { $_ -like 'S*' } | Should -BeExactly $expected
        }

        It 'may take what the file does not' {
            $result = Invoke-Pwsh @'
Start-LogListener ./run.log -Template '{Message}' -NoHeader -ConsoleMinimumLevel Debug -MinimumLevel Warning
Write-QueueLog 'detail' -Level Debug
Write-QueueLog 'trouble' -Level Warning
Stop-LogListener
'@ -WorkingDirectory $folder
            $result.ErrorOutput -split '\r?\n' | Should -Be 'detail', 'trouble'
            Read-Log $path | Should -Be 'trouble'
        }

        It 'may be the only place' {
            $result = Invoke-Pwsh @'
$listener = Start-LogListener -PassThru -Console -Template '{Message}' -NoHeader
Write-QueueLog 'shown'
Stop-LogListener
"[$($listener.Path)]"
'@
            $result.ErrorOutput | Should -BeExactly 'shown'
            $result.Output | Should -BeExactly '[]'
        }
    }

    Context 'several listeners' {
        It 'makes the newest the default, and the one before it again when that stops' {
            $first = Start-LogListener -PassThru $path -Template '{Message}' -NoHeader
            Write-QueueLog 'one'
            $second = Start-LogListener -PassThru (Join-Path $folder 'second.log') -Template '{Message}' -NoHeader
            Write-QueueLog 'two'
            Stop-LogListener
            Write-QueueLog 'three'
            $second.State | Should -Be Stopped
            $first.State | Should -Be Running
            Stop-LogListener
            Read-Log $path | Should -Be 'one', 'three'
            Read-Log (Join-Path $folder 'second.log') | Should -Be 'two'
            $env:QUEUELOG_PIPE | Should -BeNullOrEmpty
        }

        It 'gives a child process its parent''s listener back when its own has stopped' {
            Start-LogListener $path -Template '{Message}' -NoHeader
            $result = Invoke-Pwsh @'
Write-QueueLog 'to the parent'
Start-LogListener ./own.log -Template '{Message}' -NoHeader
Write-QueueLog 'to its own'
Stop-LogListener
Write-QueueLog 'to the parent again'
'@ -WorkingDirectory $folder
            $result.ErrorOutput | Should -BeNullOrEmpty
            Stop-LogListener
            Read-Log $path | Should -Be 'to the parent', 'to the parent again'
            Read-Log (Join-Path $folder 'own.log') | Should -Be 'to its own'
        }

        It 'leads with what is wrong about a size' {
            { Start-LogListener $path -MaxFileSize 10XB } |
                Should -Throw -ErrorId "ParameterArgumentTransformationError,$command" -ExpectedMessage "*'10XB' is no size*10MB*"
            $null = Start-LogListener $path -MaxFileSize '10KB'
        }

        It 'warns of a token that looks misspelt, unless a property of that name is meant' {
            $null = Start-LogListener $path -Template '{Mesage} {Took} {Properties:Levle,3}|{Properties:Took:n1}' -WarningVariable warnings -WarningAction SilentlyContinue
            $warnings | Should -HaveCount 1
            "$warnings" | Should -BeLike "*'Mesage'*{Message}*{Properties:Mesage}*"
            Write-QueueLog 'x' -Property @{ Took = 1.26; Levle = 2; Mesage = 'm' }
            $null = Get-LogListener | Stop-LogListener
            (Read-Log $path)[-1] | Should -Be 'm 1.26   2|1.3'
            $entry = Get-QueueLog $path
            $entry.Properties['Levle'] | Should -Be 2
        }

        It 'completes the tokens of a template' {
            $line = "Start-LogListener ./run.log -Template '{Level} {Mes"
            (TabExpansion2 $line $line.Length).CompletionMatches.CompletionText | Should -Be "'{Level} {Message}'"
        }

        It 'refuses a name that a listener of this session has, and says so' {
            $name = New-TestName
            Start-LogListener $path -Name $name
            { Start-LogListener (Join-Path $folder 'other.log') -Name $name } |
                Should -Throw -ErrorId "ListenerNameInUse,$command" -ExpectedMessage "*of this session*'$name'*Stop-LogListener*-Force*"
            Join-Path $folder 'other.log' | Should -Not -Exist
        }

        It 'refuses a file that a listener of this session writes with other settings, by whatever path it is reached' {
            $null = Start-LogListener $path -Name ($name = New-TestName)
            $roundabout = Join-Path $folder 'x' '..' 'run.log'
            foreach ($same in $path, $roundabout) {
                { Start-LogListener $same -MinimumLevel Debug } |
                    Should -Throw -ErrorId "LogFileInUse,$command" -ExpectedMessage "*$path*of this session, '$name'*Stop-LogListener*-Force*"
            }
        }

        It 'refuses a file that a sink of this session writes, and says who has it' {
            $null = Start-LogListener $path -Sink (New-LogSink -Path (Join-Path $folder 'sink.log'))
            { Start-LogListener (Join-Path $folder 'sink.log') } | Should -Throw -ErrorId "LogFileInUse,$command" -ExpectedMessage '*sink.log*of this session*'
        }

        It 'gives back the running listener to a script that is run again, by whatever path, and makes it the default' {
            $null = Start-LogListener $path
            $first = Get-LogListener
            Write-QueueLog 'first run'
            $null = Start-LogListener (Join-Path $folder 'other.log')
            $again = Start-LogListener (Join-Path $folder 'x' '..' 'run.log') -PassThru -WarningVariable note -WarningAction SilentlyContinue
            $again.Name | Should -Be $first.Name
            "$note" | Should -BeLike "*'$($first.Name)'*goes on*-Force*"
            Write-QueueLog 'second run'
            $null = Get-LogListener | Stop-LogListener
            (Read-Log $path) -join '|' | Should -BeLike '*first run|*second run' -Because 'both runs log to it'
            Get-LogListener | Should -BeNullOrEmpty
        }

        It 'replaces the listener of this session with -Force, and loses nothing of it' {
            $null = Start-LogListener $path -Template '{Message}' -NoHeader
            Write-QueueLog 'before'
            $null = Start-LogListener $path -Template '{Level} {Message}' -NoHeader -Force -WarningVariable warnings
            Write-QueueLog 'after'
            $null = Get-LogListener | Stop-LogListener
            $warnings | Should -BeNullOrEmpty
            Read-Log $path | Should -Be 'before', 'Information after'
        }

        It 'refuses the name and the file of a listener in another process, and takes both over when that process was killed' {
            $name = New-TestName
            $child = Start-Pwsh @"
Start-LogListener '$path' -Name $name -Template '{Message}' -NoHeader
Write-QueueLog 'from the dead' -Wait
'ready'
`$null = [Console]::In.ReadLine()
"@
            $null = Wait-PwshLine $child 'ready'
            { Start-LogListener (Join-Path $folder 'other.log') -Name $name } |
                Should -Throw -ErrorId "ListenerNameInUse,$command" -ExpectedMessage "*(pid $($child.Id))*$path*"
            { Start-LogListener $path } |
                Should -Throw -ErrorId "LogFileInUse,$command" -ExpectedMessage "*(pid $($child.Id))*"

            $child.Kill()
            $child.WaitForExit()
            $listener = Start-LogListener -PassThru $path -Name $name -Template '{Message}' -NoHeader
            Write-QueueLog 'from the living'
            $listener | Stop-LogListener
            $lines = Read-Log $path
            $lines.Count | Should -Be 3
            $lines[0, 2] | Should -Be 'from the dead', 'from the living'
            $lines[1] | Should -BeLike "``[QueueLog``] pwsh (pid $($child.Id)) ended without a goodbye; its last record was number 1,*"
        }
    }

    Context 'what was handed over' {
        It 'is written once by the next listener, also what writers wrote meanwhile; they join it by themselves' {
            $child = Start-Pwsh "Start-LogListener '$path' -Template '{Message}' -NoHeader; `$env:QUEUELOG_PIPE; `$null = [Console]::In.ReadLine()"
            $address = Wait-PwshLine $child
            $writer = Start-Pwsh @"
`$env:QUEUELOG_PIPE = '$address'
1..500 | ForEach-Object { Write-QueueLog "line `$_" }
'written'
`$null = [Console]::In.ReadLine()
501..1000 | ForEach-Object { Write-QueueLog "line `$_" }
'more'
`$null = [Console]::In.ReadLine()
1001..1500 | ForEach-Object { Write-QueueLog "line `$_" }
Write-QueueLog 'the end' -Wait
"@
            $null = Wait-PwshLine $writer 'written'
            $child.Kill()
            $child.WaitForExit()
            Send-PwshLine $writer
            $null = Wait-PwshLine $writer 'more'

            $listener = Start-LogListener -PassThru $path -Template '{Message}' -NoHeader -Name (New-TestName)
            Read-Log $path | Where-Object { $_ -like 'line *' } | Should -Be (1..1000 | ForEach-Object { "line $_" })
            Send-PwshLine $writer
            (Complete-Pwsh $writer).ExitCode | Should -Be 0
            $stopped = $listener | Stop-LogListener -PassThru
            Read-Log $path | Where-Object { $_ -like 'line *' -or $_ -eq 'the end' } |
                Should -Be (@(1..1500 | ForEach-Object { "line $_" }) + 'the end')
            $stopped.Lost | Should -Be 0
            $stopped.Failures | Should -BeNullOrEmpty
        }

        It 'is on the disk when -Wait returns and the listener is -Durable, over a roll too' {
            $listener = Start-LogListener -PassThru $path -Durable -Template '{Message}' -NoHeader -MaxFileSize 100 -MaxFiles 50
            1..30 | ForEach-Object { Write-QueueLog "line $_" -Wait }
            (Get-Content -LiteralPath $path -Tail 1) | Should -Be 'line 30'
            $listener.Written | Should -Be 30
        }

        It 'is brought to the disk from a level on' {
            $listener = Start-LogListener -PassThru $path -SyncLevel Error -Template '{Message}' -NoHeader
            Write-QueueLog 'good'
            Write-QueueLog 'bad' -Level Error -Wait
            Read-Log $path | Should -Be 'good', 'bad'
            $listener.Failures | Should -BeNullOrEmpty
        }

        It 'is left out and told with -Overflow <Overflow>, while the listener is behind (skipped on Windows, which cannot suspend a process)' -Skip:$IsWindows -ForEach @(
            @{ Overflow = 'DropNewest'; Level = 'Error' }
            @{ Overflow = 'DropBelow'; Level = 'Information' }
        ) {
            $name = New-TestName
            $child = Start-Pwsh @"
`$listener = Start-LogListener '$path' -PassThru -Name $name -Template '{Message}' -NoHeader -Overflow $Overflow -OverflowLevel Error
`$env:QUEUELOG_PIPE
`$null = [Console]::In.ReadLine()
`$listener | Stop-LogListener -WarningAction SilentlyContinue -WarningVariable warnings
`$listener.Lost
`$warnings.Message
"@
            $env:QUEUELOG_PIPE = Wait-PwshLine $child
            try {
                Write-QueueLog 'first' -Wait
                & /bin/kill -STOP $child.Id
                $text = 'x' * 10000
                foreach ($number in 1..200) { Write-QueueLog $text -Level $Level }
                & /bin/kill -CONT $child.Id
                Write-QueueLog 'last' -Level Error -Wait
            }
            finally {
                $env:QUEUELOG_PIPE = $null
            }

            Send-PwshLine $child
            $lost, $warning = (Complete-Pwsh $child).Output -split '\r?\n'
            $lost = [int] $lost
            $warning | Should -Be "Listener '$name': $lost records lost ($lost of pwsh (pid $PID)). The log says where. -PassThru gives the counts and Failures."
            $lost | Should -BeGreaterThan 50
            $lines = Read-Log $path
            @($lines | Where-Object { $_ -like 'xxx*' }).Count | Should -Be (200 - $lost)
            ($lines | Select-String '^\[QueueLog\] (\d+) records of .* were left out').Matches.Groups |
                Where-Object Name -EQ 1 | Measure-Object -Property Value -Sum | ForEach-Object Sum | Should -Be $lost
            $lines | Should -Contain 'last'
        }
    }

    Context 'started elsewhere than in the session itself' {
        It 'outlives the function and the module that started it' {
            $module = New-Module -ScriptBlock {
                function Start-It($Path) { Start-LogListener $Path -Template '{Message}' -NoHeader }
                Export-ModuleMember -Function Start-It
            }
            Import-Module $module
            Start-It $path
            Remove-Module $module
            Write-QueueLog 'still here'
            Stop-LogListener
            Read-Log $path | Should -Be 'still here'
        }

        It 'ends with the runspace that started it, and only it' {
            $own = Start-LogListener -PassThru $path -Template '{Message}' -NoHeader
            $shell = [powershell]::Create()
            try {
                $started = $shell.AddScript({
                        param($Module, $Path)
                        Import-Module $Module
                        Start-LogListener $Path -Template '{Message}' -NoHeader -PassThru
                        Write-QueueLog 'inner'
                    }).AddArgument((Get-StagedModule)).AddArgument((Join-Path $folder 'inner.log')).Invoke()[0]
                $started.State | Should -Be Running
            }
            finally {
                $shell.Dispose()
            }

            $started.State | Should -Be Stopped
            $own.State | Should -Be Running
            $env:QUEUELOG_PIPE | Should -Be $own.Address
            Write-QueueLog 'outer'
            Stop-LogListener
            Read-Log $path | Should -Be 'outer'
            Read-Log (Join-Path $folder 'inner.log') | Should -Be 'inner'
        }
    }

    Context 'errors' {
        It 'NothingToWriteTo: neither path nor console' {
            { Start-LogListener } | Should -Throw -ErrorId "NothingToWriteTo,$command"
        }

        It 'InvalidListenerName: <Reason>' -ForEach @(
            @{ Reason = 'a separator'; Name = 'a/b' }
            @{ Reason = 'a control character'; Name = "a`nb" }
            @{ Reason = 'too long for a socket'; Name = 'x' * 300 }
            @{ Reason = 'empty'; Name = '' }
        ) {
            { Start-LogListener $path -Name $Name } | Should -Throw -ErrorId "InvalidListenerName,$command"
            $path | Should -Not -Exist
        }

        It 'InvalidTemplate: <Template>, with the column <Column>' -ForEach @(
            @{ Template = 'ab {Level'; Column = 10 }
            @{ Template = 'ab }'; Column = 4 }
            @{ Template = '{Level,x}'; Column = 8 }
            @{ Template = ''; Column = 1 }
        ) {
            { Start-LogListener $path -Template $Template } |
                Should -Throw -ErrorId "InvalidTemplate,$command" -ExpectedMessage "*column $Column`: expected*"
            { Start-LogListener $path -ConsoleTemplate $Template } |
                Should -Throw -ErrorId "InvalidTemplate,$command" -ExpectedMessage "*column $Column`: expected*"
            $path | Should -Not -Exist
        }

        It 'InvalidTemplate: a token no path can have' {
            { Start-LogListener (Join-Path $folder '{Message}.log') } | Should -Throw -ErrorId "InvalidTemplate,$command"
            { Start-LogListener 'logs/{Timestamp:yyyy}.log' } | Should -Throw -ErrorId "InvalidTemplate,$command" -ExpectedMessage '*column 6*'
            { Start-LogListener 'logs/{Process.log' } | Should -Throw -ErrorId "InvalidTemplate,$command" -ExpectedMessage '*column 18*'
        }

        It 'LogPathUnusable: a folder' {
            { Start-LogListener $folder } | Should -Throw -ErrorId "LogPathUnusable,$command" -ExpectedMessage "*$folder*"
        }

        It 'LogPathUnusable: text in UTF-16, within which UTF-8 could not be read' {
            foreach ($encoding in 'unicode', 'bigendianunicode') {
                Set-Content -LiteralPath $path -Value 'of another program' -Encoding $encoding
                $before = [System.IO.File]::ReadAllBytes($path)
                { Start-LogListener $path } | Should -Throw -ErrorId "LogPathUnusable,$command" -ExpectedMessage '*UTF-16*'
                [System.IO.File]::ReadAllBytes($path) | Should -Be $before
            }

            Start-LogListener $path -Overwrite
            Write-QueueLog 'x' -Wait
            Get-LogListener | Stop-LogListener
            (Get-QueueLog $path).Message | Should -Be 'x'
        }

        It 'LogPathUnusable: a character no path can have' {
            { Start-LogListener (Join-Path $folder "a`0b.log") } | Should -Throw -ErrorId "LogPathUnusable,$command"
        }

        It 'LogPathUnusable: below a file' {
            Set-Content -LiteralPath $path 'a file'
            { Start-LogListener (Join-Path $path 'x.log') } | Should -Throw -ErrorId "LogPathUnusable,$command"
        }

        It 'LogPathUnusable: where no one can write, be it root (<Nowhere>; skipped where there is no such place)' -ForEach @(
            @{ Nowhere = '/proc/queuelog.log' }
            @{ Nowhere = '/proc/queuelog/run.log' }
        ) -Skip:(-not $IsLinux) {
            { Start-LogListener $Nowhere } | Should -Throw -ErrorId "LogPathUnusable,$command"
        }

        It 'NetworkPathNotSupported: a path of a Windows network elsewhere (skipped on Windows, where it is one)' -Skip:$IsWindows {
            { Start-LogListener '\\srv\share\run.log' } | Should -Throw -ErrorId "NetworkPathNotSupported,$command"
            { New-LogSink '\\srv\share\run.log' } | Should -Throw -ErrorId 'NetworkPathNotSupported,QueueLog.PowerShell.Commands.NewLogSinkCommand'
        }

        It 'LogPathNotInFileSystem: another provider' {
            { Start-LogListener Env:/run.log } | Should -Throw -ErrorId "LogPathNotInFileSystem,$command"
        }

        It 'StateFolderUnusable: a link planted in its place (skipped on Windows, which has no such place)' -Skip:$IsWindows {
            $before = $env:QUEUELOG_STATE
            $link = Join-Path $folder 'state'
            $null = New-Item -ItemType SymbolicLink -Path $link -Target (New-TestFolder)
            $env:QUEUELOG_STATE = $link
            try {
                { Start-LogListener $path } | Should -Throw -ErrorId "StateFolderUnusable,$command" -ExpectedMessage "*$link*"
            }
            finally {
                $env:QUEUELOG_STATE = $before
            }
        }

        It 'ListenerStartFailed: the state folder cannot be created' {
            $before = $env:QUEUELOG_STATE
            Set-Content -LiteralPath $path 'a file'
            $env:QUEUELOG_STATE = Join-Path $path 'state'
            try {
                { Start-LogListener (Join-Path $folder 'other.log') } | Should -Throw -ErrorId "ListenerStartFailed,$command"
            }
            finally {
                $env:QUEUELOG_STATE = $before
            }
        }

        It 'names the levels when one is unknown' {
            { Start-LogListener $path -MinimumLevel Loud } |
                Should -Throw -ErrorId "ParameterArgumentTransformationError,$command" -ExpectedMessage "*'Loud'*Trace, Debug, Information, Warning, Error and Critical*"
        }

        It 'refuses -<Parameter> <Value>' -ForEach @(
            @{ Parameter = 'MaxFileSize'; Value = 0 }
            @{ Parameter = 'MaxFiles'; Value = -1 }
            @{ Parameter = 'MaxTotalSize'; Value = 0 }
        ) {
            $more = @{ $Parameter = $Value }
            { Start-LogListener $path @more } | Should -Throw -ErrorId "ParameterArgumentValidationError,$command"
        }

        It 'refuses <Value> as an age, and says what would be one' -ForEach @(
            @{ Value = 30 }
            @{ Value = '30' }
            @{ Value = '0d' }
            @{ Value = '-1d' }
            @{ Value = [timespan]::Zero }
        ) {
            { Start-LogListener $path -MaxAge $Value } |
                Should -Throw -ErrorId "ParameterArgumentTransformationError,$command" -ExpectedMessage '*no age*30d*'
        }

        It 'refuses <Value> as a time of day, and says what would be one' -ForEach @(
            @{ Value = 6 }
            @{ Value = '24:00' }
            @{ Value = 'noon' }
            @{ Value = [timespan]::FromDays(1) }
        ) {
            { Start-LogListener $path -RollAt $Value } |
                Should -Throw -ErrorId "ParameterArgumentTransformationError,$command" -ExpectedMessage '*no time of day*06:00*'
        }

        It 'LogPathUnusable: dates in names where a file has the log''s own name' {
            Set-Content -LiteralPath $path 'old'
            { Start-LogListener $path -RollNames DateInName } | Should -Throw -ErrorId "LogPathUnusable,$command" -ExpectedMessage '*Rename the file*'
            Read-Log $path | Should -Be 'old'
        }

        It 'refuses <Value> for -<Parameter>, and says what there is' -ForEach @(
            @{ Parameter = 'RollInterval'; Value = 'Fortnight'; Expected = 'Minute, Hour, Day, Week, Month' }
            @{ Parameter = 'RollNames'; Value = 'Letter'; Expected = 'Number, Date, DateInName' }
        ) {
            $more = @{ $Parameter = $Value }
            { Start-LogListener $path @more } | Should -Throw -ErrorId "CannotConvertArgumentNoMessage,$command" -ExpectedMessage "*$Expected*"
        }

        It 'refuses files larger than all together may be' {
            { Start-LogListener $path -MaxFileSize 2MB -MaxTotalSize 1MB } | Should -Throw -ErrorId "FileLargerThanTotal,$command"
            $path | Should -Not -Exist
        }

        It 'says what is wrong, and the log of the session goes on: <_>' -ForEach @(
            { Start-LogListener $folder }
            { Start-LogListener Variable:x }
            { Start-LogListener }
            { Start-LogListener ./x.log -Name a/b }
            { Start-LogListener ./x.log -Name ('n' * 200) }
            { Start-LogListener ./x.log -Template '{Message' }
            { Start-LogListener ./x.log -Template '' }
            { Start-LogListener ./x.log -Format Json -Template '{Message}' }
            { Start-LogListener './{Nonsense}.log' }
            { Start-LogListener ./x.log -MaxFileSize 0 }
            { Start-LogListener ./x.log -MaxTotalSize 1MB -MaxFileSize 2MB }
            { Start-LogListener ./x.log -MaxAge 30 }
            { Start-LogListener ./x.log -RollInterval Fortnight }
            { Start-LogListener ./x.log -MinimumLevel Loud }
            { Start-LogListener $path }
            { Start-LogListener ./x.log -Name $listener.Name }
        ) {
            $listener = Start-LogListener -PassThru $path -Template '{Message}' -NoHeader -Name (New-TestName)
            Write-QueueLog 'before'
            $failed = $null
            Push-Location -LiteralPath $folder
            try { & $_ } catch { $failed = $_ } finally { Pop-Location }
            "$failed".Length | Should -BeGreaterThan 20
            Write-QueueLog 'after'
            $listener | Stop-LogListener
            Read-Log $path | Should -Be 'before', 'after'
            (Get-ChildItem -LiteralPath $folder).Name | Should -Be 'run.log'
        }

        It 'leaves the session as it was when it fails' {
            $listener = Start-LogListener -PassThru $path
            $name = New-TestName
            { Start-LogListener $path -Name $name } | Should -Throw
            $env:QUEUELOG_PIPE | Should -Be $listener.Address
            (Start-LogListener -PassThru (Join-Path $folder 'other.log') -Name $name).State | Should -Be Running
        }
    }
}
