BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
}

AfterAll {
    Stop-TestSession
}

Describe 'New-LogSink' {
    BeforeEach {
        $folder = New-TestFolder
        $path = Join-Path $folder 'run.log'
        $plain = @{ Template = '{Message}'; NoHeader = $true }
        $seen = [System.Collections.Concurrent.ConcurrentQueue[object]]::new()
    }

    AfterEach {
        Stop-EveryListener
    }

    It 'describes a sink that can be read' {
        $sink = New-LogSink (Join-Path $folder 'side.log') -MinimumLevel Warning -Filter { $_.Category -eq 'x' } -Template '{Message}' -MaxFileSize 1KB -MaxFiles 3 -QueueSize 1MB
        $sink.Kind | Should -Be File
        $sink.Name | Should -Be $sink.Path
        $sink.MinimumLevel | Should -Be Warning
        $sink.Filter.Trim() | Should -Be "`$_.Category -eq 'x'"
        $sink.Template | Should -Be '{Message}'
        $sink.MaxFileSize | Should -Be 1KB
        $sink.MaxFiles | Should -Be 3
        $sink.Overwrite | Should -BeFalse
        $sink.QueueSize | Should -Be 1MB
        $sink | Out-String | Should -Match 'side\.log\s+File\s+Warning'

        $sink = New-LogSink -ScriptBlock { 'code' } -Name mine
        $sink.Kind | Should -Be Script
        $sink.Name | Should -Be 'mine'
        $sink.MinimumLevel | Should -BeNullOrEmpty
        $sink.Path | Should -BeNullOrEmpty
        $sink.ScriptBlock.Trim() | Should -Be "'code'"
    }

    It 'resolves its path by the location of the session' {
        Push-Location $folder
        try {
            (New-LogSink ./side.log).Path | Should -Be (Join-Path $folder 'side.log')
        }
        finally {
            Pop-Location
        }
    }

    It 'writes files with levels, filters and forms of their own' {
        $sinks = @(
            New-LogSink (Join-Path $folder 'errors.log') -MinimumLevel Error @plain
            New-LogSink (Join-Path $folder 'db.json') -MinimumLevel Debug -Filter { $_.Category -like 'Db*' } -Format Json -NoHeader
            New-LogSink (Join-Path $folder 'by-{Category}.log') @plain
        )
        $listener = Start-LogListener -PassThru $path @plain -Sink $sinks
        Write-QueueLog 'a' -Level Error
        Write-QueueLog 'b' -Category Db.Import -Level Debug
        Write-QueueLog 'c' -Category Web
        Stop-LogListener
        Read-Log $path | Should -Be 'a', 'c'
        Read-Log (Join-Path $folder 'errors.log') | Should -Be 'a'
        (Read-Log (Join-Path $folder 'db.json') | ConvertFrom-Json).'@m' | Should -Be 'b'
        Read-Log (Join-Path $folder 'by-Web.log') | Should -Be 'c'
        $listener.Sinks.Written | Should -Be 2, 1, 1, 2
        $listener.Sinks | Out-String | Should -Match 'Taken\s+Written\s+Filtered\s+LeftOut'
    }

    It 'takes what the workers of a pool write, every record once' {
        $sinks = @(
            New-LogSink (Join-Path $folder 'errors.log') -MinimumLevel Error -Template '{Level:u3} {Worker} {Message}' -NoHeader
            New-LogSink (Join-Path $folder 'db.json') -MinimumLevel Debug -Filter { $_.Category -like 'Db*' } -Format Json -NoHeader
        )
        $listener = Start-LogListener -PassThru $path @plain -Sink $sinks
        0..99 | Invoke-WorkerPool -Count 3 -ScriptBlock {
            Write-QueueLog "error $_" -Level Error
            Write-QueueLog "debug $_" -Level Debug
            Write-QueueLog "db debug $_" -Level Debug -Category Db.Import
            Write-QueueLog "db $_" -Category DbOther
            Write-QueueLog "other $_" -Category Web
        }
        Stop-LogListener
        $listener.Sinks | ForEach-Object { "$($_.MinimumLevel) $($_.LeftOut) $($_.Failures) $($_.Taken -eq $_.Written + $_.Filtered)" } |
            Should -Be 'Information 0 0 True', 'Error 0 0 True', 'Debug 0 0 True'
        $errors = Read-Log (Join-Path $folder 'errors.log')
        $errors -match '^ERR Worker-\d+ error \d+$' | Should -HaveCount 100
        $errors | Should -HaveCount 100
        $db = Read-Log (Join-Path $folder 'db.json')
        $db -match '"@m":"db (debug )?\d+"' | Should -HaveCount 200
        $db | Should -HaveCount 200
        $log = Read-Log $path
        $log -match '^(error|db|other) \d+$' | Should -HaveCount 300
        $log -match 'debug' | Should -BeNullOrEmpty
    }

    It 'shows records on consoles with levels and forms of their own, whole lines beside each other' {
        $result = Invoke-Pwsh @'
$sinks = (New-LogSink -Console -MinimumLevel Error -Template 'LOUD {Message}'), (New-LogSink -Console -Format Logfmt)
Start-LogListener -Console -ConsoleTemplate 'plain {Message}' -Sink $sinks
1..2000 | ForEach-Object { Write-QueueLog "$_" }
Write-QueueLog 'the end' -Level Error
Stop-LogListener
'@
        $lines = $result.ErrorOutput -split '\r?\n'
        $lines -like 'plain*' | Should -Be (@(1..2000 | ForEach-Object { "plain $_" }) + 'plain the end')
        $lines -like 'LOUD*' | Should -Be 'LOUD the end'
        $lines -match 'level=|msg=' | Should -HaveCount 2001
        $lines | Should -HaveCount 4003
    }

    It 'rolls its file by its own options' {
        Start-LogListener $path -Sink (New-LogSink (Join-Path $folder 'small.log') @plain -MaxFileSize 20 -MaxFiles 3)
        1..20 | ForEach-Object { Write-QueueLog "message $($_ + 10)" }
        Stop-LogListener
        (Get-ChildItem -LiteralPath $folder).Name | Sort-Object | Should -Be 'run.log', 'small.log', 'small.log.1', 'small.log.2', 'small.log.3'
        'small.log.1', 'small.log' | ForEach-Object { Read-Log (Join-Path $folder $_) } | Select-Object -Last 2 | Should -Be 'message 29', 'message 30'
    }

    It 'has its old files compressed when the stop returns' {
        Start-LogListener $path -Sink (New-LogSink (Join-Path $folder 'small.log') @plain -MaxFileSize 20 -MaxTotalSize 1MB -Compress)
        1..20 | ForEach-Object { Write-QueueLog "message $($_ + 10)" }
        Stop-LogListener
        (Get-ChildItem -LiteralPath $folder).Name | Sort-Object | Should -Be (@('run.log', 'small.log') + @(1..19 | ForEach-Object { "small.log.$_.gz" }) | Sort-Object)
    }

    It 'follows the level of its listener where it has none, and writers keep back what no sink wants' {
        $sinks = (New-LogSink (Join-Path $folder 'follows.log') @plain), (New-LogSink (Join-Path $folder 'own.log') -MinimumLevel Error @plain)
        $listener = Start-LogListener -PassThru $path -MinimumLevel Warning @plain -Sink $sinks
        $logger = Get-QueueLogger
        $logger.IsEnabled('Information') | Should -BeFalse
        Write-QueueLog 'quiet'
        $listener | Set-LogListener -MinimumLevel Information
        Write-QueueLog 'now'
        $listener | Set-LogListener -MinimumLevel Critical
        Write-QueueLog 'own' -Level Error
        $logger.IsEnabled('Warning') | Should -BeFalse
        $logger.IsEnabled('Error') | Should -BeTrue
        Stop-LogListener
        Read-Log $path | Should -Be 'now'
        Read-Log (Join-Path $folder 'follows.log') | Should -Be 'now'
        Read-Log (Join-Path $folder 'own.log') | Should -Be 'own'
    }

    It 'gives records to a logger' {
        $library = [System.Reflection.Assembly]::LoadFrom((Join-Path (Split-Path (Get-StagedModule)) 'bin' 'Logging' 'Microsoft.Extensions.Logging.Abstractions.dll'))
        $factory = $library.GetType('Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory')::new()
        $listener = Start-LogListener -PassThru $path -Sink (New-LogSink -Logger $factory -MinimumLevel Warning), (New-LogSink -Logger $factory -Filter { $_.Category -eq 'x' })
        'one', 'two' | Write-QueueLog -Level Warning
        Write-QueueLog 'three' -Category x
        $listener | Stop-LogListener
        $listener.Sinks | ForEach-Object { "$($_.Kind) $($_.Taken) $($_.Filtered) $($_.Written)" } | Should -Be 'File 3 0 3', 'Logger 2 0 2', 'Logger 3 2 1'
    }

    It 'serves several listeners' {
        $sink = New-LogSink -ScriptBlock { ($using:seen).Enqueue($_.Message) }
        $one = Start-LogListener -PassThru $path -Sink $sink
        $two = Start-LogListener -PassThru (Join-Path $folder 'two.log') -Sink $sink
        Write-QueueLog 'to one' -Listener $one
        Write-QueueLog 'to two' -Listener $two
        $one, $two | Stop-LogListener
        $seen | Sort-Object | Should -Be 'to one', 'to two'
    }

    It 'gives records to a script, which sees what it names' {
        function Get-Short([string] $Text) { $Text.Substring(0, 3) }
        $sinks = @(
            New-LogSink -ScriptBlock { ($using:seen).Enqueue((Get-Short $_.Message)) }
            New-LogSink -ScriptBlock { param([QueueLog.Records.LogRecord[]] $records) ($using:seen).Enqueue("$($records.Count) of $($records[0].Level)") }
        )
        Push-Location $folder
        try {
            $sinks += New-LogSink -ScriptBlock { Add-Content -LiteralPath ./added.txt -Value $_.Message }
        }
        finally {
            Pop-Location
        }

        $listener = Start-LogListener -PassThru $path -Sink $sinks
        Write-QueueLog 'message'
        Stop-LogListener
        $listener.Failures | Should -BeNullOrEmpty
        $seen | Sort-Object | Should -Be '1 of Information', 'mes'
        Get-Content (Join-Path $folder 'added.txt') | Should -Be 'message'
    }

    Context 'a script' {
        It 'gets each record as an object in a session of its own' {
            $sink = New-LogSink -ScriptBlock {
                param($given)
                $r = $_
                ($using:seen).Enqueue("$($r.Level)|$($r.Message)|$($r.Template)|$($r.Category)|$($r.Properties['Item'])|$($r.Process)|$($r.Pid -eq $PID)|$($r.Sequence)|$($r.Timestamp.GetType().Name)|$($given -eq $r)")
                'output is nobody''s'
            }
            Start-LogListener $path -Sink $sink
            Write-QueueLog 'item {Item}' -ArgumentList 3 -Level Warning -Category Db
            Write-QueueLog 'plain'
            Stop-LogListener
            $seen | Should -Be 'Warning|item 3|item {Item}|Db|3|pwsh|True|1|DateTimeOffset|True', 'Information|plain||||pwsh|True|2|DateTimeOffset|True'
        }

        It 'gets many at once where its first parameter is an array: <Type>' -ForEach @(
            @{ Type = '[object[]]' }
            @{ Type = '[QueueLog.Records.LogRecord[]]' }
        ) {
            # The first holds the sink until all others have come.
            $go = [System.Threading.ManualResetEventSlim]::new()
            $sink = New-LogSink -ScriptBlock ([scriptblock]::Create("param($Type `$all) (`$using:go).Wait(); (`$using:seen).Enqueue(`"`$(`$all.Count): `$(`$all.Message -join ',')`")"))
            Start-LogListener $path -Sink $sink
            Write-QueueLog 'first' -Wait
            1..100 | ForEach-Object { Write-QueueLog "$_" }
            Write-QueueLog 'last' -Wait
            $go.Set()
            Stop-LogListener
            $seen.Count | Should -BeLessThan 101
            $seen | ForEach-Object { ($_ -replace '^\d+: ') -split ',' } | Should -Be (@('first') + @(1..100) + 'last')
        }

        It 'may have a process block, or no parameters' {
            $sinks = @(
                New-LogSink -ScriptBlock { begin { $n = 0 } process { ($using:seen).Enqueue("process $($_.Message)"); $n++ } end { ($using:seen).Enqueue("end") } }
                New-LogSink -ScriptBlock { [CmdletBinding()] param() ($using:seen).Enqueue("none $($_.Message)") }
            )
            Start-LogListener $path -Sink $sinks
            Write-QueueLog 'one'
            Stop-LogListener
            $seen | Sort-Object | Should -Be 'end', 'none one', 'process one'
        }

        It 'sees functions, aliases, the location and nothing else of the session' {
            function Get-Inner { "inner $args" }
            function Get-Outer($Text) { "outer " + (Get-Inner $Text) }
            Set-Alias outer Get-Outer
            $here = 'not there'
            $null = $here
            $block = { "block $args" }
            Push-Location -LiteralPath $folder
            try {
                $sink = New-LogSink -ScriptBlock { ($using:seen).Enqueue("$(outer $_.Message)|$here|$(& $using:block 5)|$((Get-Location).Path)") }
                $counter = New-LogSink -ScriptBlock { $script:count++; ($using:seen).Enqueue("count $script:count") } -Filter { (Get-Inner $_.Level) -eq 'inner Error' }
                Start-LogListener $path -Sink $sink, $counter
            }
            finally {
                Pop-Location
            }

            Write-QueueLog 'x'
            Write-QueueLog 'y' -Level Error
            Write-QueueLog 'z' -Level Error
            Stop-LogListener
            $seen | Sort-Object | Should -Be (@('count 1', 'count 2') + @('x', 'y', 'z' | ForEach-Object { "outer inner $_||block 5|$folder" }))
        }

        It 'gets all other records where it throws on every third, and is reported once for a block' {
            $go = [System.Threading.ManualResetEventSlim]::new()
            $sink = New-LogSink -Name third -ScriptBlock {
                ($using:go).Wait()
                if ($_.Sequence % 3 -eq 0) { throw 'no third' }
                ($using:seen).Enqueue($_.Message)
            }
            $listener = Start-LogListener -PassThru $path @plain -Sink $sink
            Write-QueueLog '1' -Wait
            2..30 | ForEach-Object { Write-QueueLog "$_" }
            Write-QueueLog '31' -Wait
            $go.Set()
            $listener | Stop-LogListener -WarningAction SilentlyContinue
            $state = $listener.Sinks | Where-Object Name -EQ third
            $state.Taken, $state.Written, $state.LeftOut, $state.Failures | Should -Be 31, 21, 10, 10
            @($listener.Failures).Count | Should -BeLessThan 4
            @($listener.Failures)[0].Message | Should -Be "Could not run the script of 'third': no third"
            $seen | Should -Be (1..31 | Where-Object { $_ % 3 })
            $log = Read-Log $path
            $log -notlike '*Sink third: *' | Should -HaveCount 31
            $log | Should -Contain "[QueueLog] Sink third: Could not run the script of 'third': no third"
        }

        It 'goes on behind an error that ends a statement or is only written, which is reported' {
            $sink = New-LogSink -ScriptBlock {
                [int]::Parse('x')
                Write-Error 'written'
                ($using:seen).Enqueue("went on with $($_.Message)")
            }
            $listener = Start-LogListener -PassThru $path -Sink $sink
            Write-QueueLog 'a'
            $listener | Stop-LogListener -WarningAction SilentlyContinue
            $listener.Failures | Should -HaveCount 2
            $listener.Failures[0].Message | Should -BeLike "Could not run the script of 'script': Exception calling `"Parse`"*"
            $listener.Failures[1].Message | Should -Be "Could not run the script of 'script': written"
            $seen | Should -Be 'went on with a'
            $listener.Sinks[1].Written | Should -Be 1
        }

        It 'ends only its own run with <End>' -ForEach @(
            @{ End = 'exit 3'; Expected = 'a', 'b', 'd'; State = 4, 3, 1, 0 }
            @{ End = 'break'; Expected = 'a', 'b', 'd'; State = 4, 3, 1, 0 }
            @{ End = 'continue'; Expected = 'a', 'b', 'd'; State = 4, 3, 1, 0 }
            @{ End = 'return'; Expected = 'a', 'd'; State = 4, 2, 2, 0 }
        ) {
            $script = [scriptblock]::Create("(`$using:seen).Enqueue(`$_.Message); $End")
            $filter = [scriptblock]::Create("if (`$_.Message -eq 'b') { $End }; `$_.Message -ne 'c'")
            $listener = Start-LogListener -PassThru $path -Sink (New-LogSink -ScriptBlock $script -Filter $filter)
            'a', 'b', 'c', 'd' | Write-QueueLog
            Stop-LogListener
            $seen | Should -Be $Expected
            $sink = $listener.Sinks[1]
            $sink.Taken, $sink.Written, $sink.Filtered, $sink.LeftOut | Should -Be $State
        }

        It 'may log itself, which feeds no script' {
            $sinks = @(
                New-LogSink -Name first -ScriptBlock { Write-QueueLog "first saw $($_.Message)"; ($using:seen).Enqueue("first $($_.Message)") }
                New-LogSink -Name second -ScriptBlock { (Get-QueueLogger).Info("second saw $($_.Message)"); $_ | Write-QueueLog -Level Error; ($using:seen).Enqueue("second $($_.Message)") }
            )
            $listener = Start-LogListener -PassThru $path -Template '{Level} {Message}' -NoHeader -Sink $sinks
            Write-QueueLog 'a'
            Write-QueueLog 'b'
            Stop-LogListener
            $seen | Sort-Object | Should -Be 'first a', 'first b', 'second a', 'second b'
            $listener.Failures | Should -BeNullOrEmpty
            Read-Log $path | Sort-Object | Should -Be @(
                'Error a', 'Error b', 'Information a', 'Information b', 'Information first saw a', 'Information first saw b'
                'Information second saw a', 'Information second saw b'
            )
        }

        It 'that waits for the log waits for no one who waits for it' {
            $sink = New-LogSink -ScriptBlock { Write-QueueLog "saw $($_.Message)" -Wait; ($using:seen).Enqueue($_.Message) }
            Start-LogListener $path @plain -Sink $sink
            1..50 | Write-QueueLog
            Stop-LogListener
            $seen.Count | Should -Be 50
            Read-Log $path | Should -HaveCount 100
        }

        It 'that hangs is stopped when the time of the stop is over, and what it did is known' {
            $hung = [System.Threading.ManualResetEventSlim]::new()
            $others = [System.Threading.CountdownEvent]::new(10)
            $sinks = @(
                New-LogSink -Name hung -ScriptBlock { if ($_.Message -eq '3') { ($using:hung).Set(); Start-Sleep -Seconds 3600 } }
                New-LogSink -Name other -ScriptBlock { param([object[]] $all) $all.ForEach{ ($using:others).Signal() } }
            )
            $listener = Start-LogListener -PassThru $path @plain -Sink $sinks
            1..10 | Write-QueueLog
            $hung.Wait((Get-TestLimit)) | Should -BeTrue
            $others.Wait((Get-TestLimit)) | Should -BeTrue
            $listener | Stop-LogListener -TimeoutSeconds 1 -WarningVariable warnings -WarningAction SilentlyContinue
            "$warnings" | Should -Be "hung: 8 records were left out of 'hung' at the end: it did not take them in time."
            $state = $listener.Sinks[1]
            $state.Taken, $state.Written, $state.LeftOut | Should -Be 10, 2, 8
            Read-Log $path | Should -Be (@(1..10) + '[QueueLog] 8 records were left out of sink hung, which did not take them before the listener ended')
        }

        It 'that nothing can stop holds up neither the stop nor the end of the process' {
            $result = Invoke-Pwsh @'
$hung = [System.Threading.ManualResetEventSlim]::new()
$sink = New-LogSink -Name hung -ScriptBlock { ($using:hung).Set(); [System.Threading.Thread]::Sleep(-1) }
$listener = Start-LogListener -PassThru ./run.log -Template '{Message}' -NoHeader -Sink $sink
Write-QueueLog '1'
$hung.Wait()
$listener | Stop-LogListener -TimeoutSeconds 0 -WarningAction SilentlyContinue
"$($listener.State) $($listener.Sinks[1].LeftOut)"
'@ -WorkingDirectory $folder
            $result.ErrorOutput | Should -BeNullOrEmpty
            $result.Output | Should -Be 'Stopped 1'
            $result.ExitCode | Should -Be 0
        }
    }

    It 'lets a record pass where its filter throws, which is reported once' {
        $filtered = Join-Path $folder 'filtered.log'
        $listener = Start-LogListener -PassThru $path -Sink (New-LogSink $filtered @plain -Filter { $_.Message.Substring(2) -eq 'yes' })
        'a yes', 'b no', 'x', 'y' | Write-QueueLog
        $listener | Stop-LogListener -WarningAction SilentlyContinue
        $listener.Failures | Should -HaveCount 1
        @($listener.Failures)[0].Message | Should -BeLike "Could not apply the filter of '$filtered': Exception calling `"Substring`"*"
        $state = $listener.Sinks[1]
        $state.Taken, $state.Filtered, $state.Written | Should -Be 4, 1, 3
        Read-Log $filtered | Should -Be 'a yes', 'x', 'y'
    }

    It 'works without a log of the listener''s own' {
        $side = Join-Path $folder 'side.log'
        $listener = Start-LogListener -PassThru -Sink (New-LogSink $side @plain), (New-LogSink (Join-Path $folder 'by-{Category}.log') @plain)
        $listener.Path | Should -BeNullOrEmpty
        'one', 'two' | Write-QueueLog -Category X
        Write-QueueLog 'three' -Category Y
        Stop-LogListener
        Read-Log $side | Should -Be 'one', 'two', 'three'
        Read-Log (Join-Path $folder 'by-X.log') | Should -Be 'one', 'two'
        Read-Log (Join-Path $folder 'by-Y.log') | Should -Be 'three'
    }

    Context 'errors' {
        BeforeAll {
            $command = 'QueueLog.PowerShell.Commands.NewLogSinkCommand'
        }

        It 'InvalidTemplate' {
            { New-LogSink $path -Template '{Level' } | Should -Throw -ErrorId "InvalidTemplate,$command"
        }

        It 'InvalidTemplate, for the tokens of a path' {
            { New-LogSink (Join-Path $folder '{Nonsense}.log') } | Should -Throw -ErrorId "InvalidTemplate,$command"
        }

        It 'TemplateNeedsText' {
            { New-LogSink $path -Template '{Message}' -Format Csv } | Should -Throw -ErrorId "TemplateNeedsText,$command"
        }

        It 'LogPathNotInFileSystem' {
            { New-LogSink 'env:x' } | Should -Throw -ErrorId "LogPathNotInFileSystem,$command"
        }

        It 'UsingVariableUndefined' {
            { New-LogSink -ScriptBlock { $using:thereIsNoSuchThing } } | Should -Throw -ErrorId "UsingVariableUndefined,$command"
            { New-LogSink $path -Filter { $using:thereIsNoSuchThing } } | Should -Throw -ErrorId "UsingVariableUndefined,$command"
        }

        It '<Id>: <Reason>' -ForEach @(
            @{ Reason = 'files larger than all together may be'; Id = 'FileLargerThanTotal'; More = @{ MaxFileSize = 2KB; MaxTotalSize = 1KB } }
            @{ Reason = 'too short a queue'; Id = 'ParameterArgumentValidationError'; More = @{ QueueSize = 1 } }
            @{ Reason = 'fewer than no files'; Id = 'ParameterArgumentValidationError'; More = @{ MaxFiles = -1 } }
            @{ Reason = 'a level that there is not'; Id = 'ParameterArgumentTransformationError'; More = @{ MinimumLevel = 'Loud' } }
        ) {
            { New-LogSink $path @More } | Should -Throw -ErrorId "$Id,$command"
            Get-ChildItem -LiteralPath $folder | Should -BeNullOrEmpty
        }

        It 'PositionalParameterNotFound: a path for a console' {
            { New-LogSink $path -Console } | Should -Throw -ErrorId "PositionalParameterNotFound,$command"
        }

        It 'NotALogger' {
            { New-LogSink -Logger 'text' } | Should -Throw -ErrorId "NotALogger,$command"
        }

        It 'SinkScriptUnusable: a module that the script names is gone' {
            $file = Join-Path $folder 'Gone.psm1'
            Set-Content -LiteralPath $file 'function Get-Gone { }'
            Import-Module $file
            try {
                $sink = New-LogSink -ScriptBlock { Get-Gone }
                Remove-Item -LiteralPath $file
                { Start-LogListener $path -Sink $sink } | Should -Throw -ErrorId 'SinkScriptUnusable,QueueLog.PowerShell.Commands.StartLogListenerCommand'
                Test-Path -LiteralPath $path | Should -BeFalse
            }
            finally {
                Remove-Module Gone
            }
        }

        It 'LoggerUnusable: the part of the module that knows loggers is missing' {
            $copy = Join-Path $folder 'QueueLog'
            $module = Split-Path (Get-StagedModule)
            Copy-Item -LiteralPath $module -Destination $copy -Recurse
            Remove-Item -LiteralPath (Join-Path $copy 'bin' 'Logging') -Recurse
            $result = Invoke-Pwsh -NoImport @"
Import-Module '$(Join-Path $copy 'QueueLog.psd1')'
`$library = [System.Reflection.Assembly]::LoadFrom('$(Join-Path $module 'bin' 'Logging' 'Microsoft.Extensions.Logging.Abstractions.dll')')
`$factory = `$library.GetType('Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory')::new()
try { New-LogSink -Logger `$factory } catch { `$_.FullyQualifiedErrorId }
"@
            $result.Output | Should -Be "LoggerUnusable,$command"
        }

        It 'LogFileInUse, where two sinks want one file, and a listener that cannot start leaves nothing behind' {
            $side = New-LogSink (Join-Path $folder 'side.log')
            $script = New-LogSink -ScriptBlock { }
            $two = Join-Path $folder 'two.log'
            $one = Start-LogListener -PassThru $path -Sink $side
            foreach ($attempt in { Start-LogListener $two -Sink $script, $side }, { Start-LogListener $side.Path }, { Start-LogListener $two -Sink (New-LogSink $two) }) {
                $attempt | Should -Throw -ErrorId 'LogFileInUse,QueueLog.PowerShell.Commands.StartLogListenerCommand'
            }

            $one | Stop-LogListener
            (Start-LogListener -PassThru $two -Sink $script, $side | Stop-LogListener -PassThru).State | Should -Be Stopped
        }
    }
}
