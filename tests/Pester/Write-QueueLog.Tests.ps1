BeforeDiscovery {
    $canBeAnotherUser = $IsLinux -and [System.Environment]::IsPrivilegedProcess -and (Get-Command setpriv -ErrorAction Ignore)
}

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
    $command = 'QueueLog.PowerShell.Commands.WriteQueueLogCommand'
}

AfterAll {
    Stop-TestSession
}

Describe 'Write-QueueLog' {
    BeforeEach {
        $folder = New-TestFolder
        $path = Join-Path $folder 'run.log'
    }

    AfterEach {
        Stop-EveryListener
    }

    Context 'messages' {
        BeforeEach {
            Start-LogListener $path -Template '{Level}|{Message}|{Properties}|{Template}' -NoHeader -MinimumLevel Trace
        }

        It 'fills named holes in order and keeps them as properties' {
            Write-QueueLog 'item {Item} of {Total}' -ArgumentList 3, 9
            Stop-LogListener
            Read-Log $path | Should -BeExactly 'Information|item 3 of 9|{Item=3, Total=9}|item {Item} of {Total}'
        }

        It 'formats and aligns what a hole asks for, the same in every culture' {
            $before = [cultureinfo]::CurrentCulture
            [cultureinfo]::CurrentCulture = 'de-DE'
            try {
                Write-QueueLog '{Price:n2} {Count,4}|{Name,-5}|' 1234.5, 7, 'ab'
            }
            finally {
                [cultureinfo]::CurrentCulture = $before
            }

            Stop-LogListener
            Read-Log $path | Should -BeLike 'Information|1,234.50    7|ab   ||{Price=1234.5, Count=7, Name=ab}|*'
        }

        It 'keeps a value that came through a pipeline for what it is' {
            $log = Get-QueueLogger
            $other = Start-LogListener -PassThru "$path.other" -Template '{Size:D3} {Message}' -NoHeader
            $size = Write-Output 7
            Write-QueueLog '{Size}' -ArgumentList $size, 1
            Write-QueueLog 'x' -Property @{ Size = $size }
            $log.Info('{Size}', $size)
            $other | Stop-LogListener
            Read-Log "$path.other" | Should -Be '007 7', '007 x', '007 7'
        }

        It 'takes the first and the last date of all, in every time zone (<Zone>)' -ForEach @(
            @{ Zone = 'Europe/Berlin' }
            @{ Zone = 'America/New_York' }
        ) {
            Stop-LogListener
            $dates = Start-LogListener -PassThru $path -Template '{Message} {Properties}' -NoHeader -Overwrite
            $result = Invoke-Pwsh 'Write-QueueLog "from {Min}" -Property ([ordered]@{ Min = [datetime]::MinValue; Max = [datetime]::MaxValue })' -Environment @{ TZ = $Zone }
            $result.ErrorOutput | Should -BeNullOrEmpty
            $dates | Stop-LogListener
            Read-Log $path | Should -BeLike 'from 0001-01-01T00:00:00.0000000 {Min=0001-01-01T00:00:00.0000000*, Max=9999-12-31T23:59:59.9999999*}'
        }

        It 'takes numbers in braces for positions, as -f does' {
            Write-QueueLog '{1} before {0}' -ArgumentList a, b
            Stop-LogListener
            Read-Log $path | Should -BeExactly 'Information|b before a|{0=a, 1=b}|{1} before {0}'
        }

        It 'fills a name that comes twice with one value' {
            Write-QueueLog '{A} and {A}' -ArgumentList x
            Stop-LogListener
            Read-Log $path | Should -BeExactly 'Information|x and x|{A=x}|{A} and {A}'
        }

        It 'fills holes from what is piped in' {
            [pscustomobject]@{ Name = 'a'; Id = 1; Other = 2 }, @{ Name = 'b'; Id = 2 } | Write-QueueLog 'proc {Name} {id}'
            Get-Process -Id $PID | Write-QueueLog 'me {Id} {Missing}' -Property @{ More = 'x' }
            'text' | Write-QueueLog 'no hole'
            'text' | Write-QueueLog 'of {Length} {Given}' -Property @{ Given = 'y' }
            Stop-LogListener
            Read-Log $path | Should -Be @(
                'Information|proc a 1|{Name=a, id=1}|proc {Name} {id}'
                'Information|proc b 2|{Name=b, id=2}|proc {Name} {id}'
                "Information|me $PID {Missing}|{Id=$PID, More=x}|me {Id} {Missing}"
                'Information|no hole||'
                'Information|of 4 y|{Length=4, Given=y}|of {Length} {Given}'
            )
        }

        It 'has the levels of the streams that *>&1 merges' {
            $VerbosePreference = $DebugPreference = 'Continue'
            & {
                'output'
                Write-Warning 'warning'
                Write-Verbose 'verbose'
                Write-Debug 'debug'
                Write-Information 'information'
                Write-Host 'host'
                Write-Error 'error' -ErrorAction Continue
            } *>&1 | Write-QueueLog
            Write-Warning 'given' 3>&1 | Write-QueueLog -Level Error
            Stop-LogListener
            Read-Log $path | ForEach-Object { $_ -replace '\|\|$' } | Where-Object { $_ -notlike ' *' } | Should -Be 'Information|output', 'Warning|warning', 'Debug|verbose', 'Debug|debug', 'Information|information', 'Information|host', 'Error|error', 'Error|given'
        }

        It 'leaves a hole without a value as it is, and keeps a value without a hole' {
            Write-QueueLog 'a {One} b {Two}' 1
            Write-QueueLog 'a {One}' 1, 2
            Stop-LogListener
            Read-Log $path | Should -Be 'Information|a 1 b {Two}|{One=1}|a {One} b {Two}', 'Information|a 1|{One=1, Argument1=2}|a {One}'
        }

        It 'writes a message without values as it is, braces included' {
            Write-QueueLog '{{"json": {Item}}}'
            Stop-LogListener
            Read-Log $path | Should -BeExactly 'Information|{{"json": {Item}}}||'
        }

        It 'keeps -Property, which also fills holes of its names' {
            Write-QueueLog 'copied {File}' -Property ([ordered]@{ File = 'a.txt'; Size = 12; Ok = $true; Nothing = $null })
            Stop-LogListener
            Read-Log $path | Should -BeExactly 'Information|copied a.txt|{File=a.txt, Size=12, Ok=true, Nothing=}|copied {File}'
        }

        It 'takes null and nothing for a message and its values' {
            Write-QueueLog $null
            Write-QueueLog ''
            Write-QueueLog 'x' -ArgumentList $null
            Write-QueueLog 'x' -ArgumentList @()
            Write-QueueLog 'x{A}' -ArgumentList @($null)
            Stop-LogListener
            Read-Log $path | Should -Be 'Information|||', 'Information|||', 'Information|x||', 'Information|x||', 'Information|x|{A=}|x{A}'
        }

        It 'writes at level <Level>, also as <Alias>' -ForEach @(
            @{ Level = 'Trace'; Alias = 'Verbose' }
            @{ Level = 'Debug'; Alias = 'DBG' }
            @{ Level = 'Information'; Alias = 'info' }
            @{ Level = 'Warning'; Alias = 'Warn' }
            @{ Level = 'Error'; Alias = 'err' }
            @{ Level = 'Critical'; Alias = 'fatal' }
        ) {
            Write-QueueLog 'a' -Level $Level
            Write-QueueLog 'b' -Level $Alias
            Stop-LogListener
            Read-Log $path | Should -Be "$Level|a||", "$Level|b||"
        }

        It 'cannot be made to forge a record or to steer a terminal' {
            Write-QueueLog "one`nInformation|forged||`r`ntwo`u{2028}three`e[31mred`0`u{9b}"
            Stop-LogListener
            $lines = Read-Log $path
            $lines[0] | Should -BeExactly 'Information|one'
            $lines[1..3] | ForEach-Object { $_ | Should -MatchExactly '^    \S' }
            $lines.Count | Should -Be 4
            [System.IO.File]::ReadAllText($path) | Should -Not -Match '[\u0000\u001b\u009b\u2028\r]'
            $lines[3] | Should -BeExactly '    three\u001b[31mred\u0000\u009b||'
        }

        It 'replaces invalid UTF-16' {
            Write-QueueLog "a$([char] 0xD800)b$([char] 0xDC00)"
            Stop-LogListener
            Read-Log $path | Should -BeExactly "Information|a$([char] 0xFFFD)b$([char] 0xFFFD)||"
        }

        It 'keeps every character of Unicode' {
            Write-QueueLog 'Größe 😀 漢字 e´'
            Stop-LogListener
            Read-Log $path | Should -BeExactly 'Information|Größe 😀 漢字 e´||'
        }

        It 'writes 16 MB whole' {
            Write-QueueLog ('x' * 16MB)
            Write-QueueLog 'after'
            Stop-LogListener
            $lines = Read-Log $path
            $lines | ForEach-Object Length | Should -Be (16MB + 'Information|||'.Length), 'Information|after||'.Length
            $lines[0] | Should -MatchExactly '^Information\|x+\|\|$'
        }

        It 'RecordTruncated: writes the beginning of what is longer than a record can be' {
            Write-QueueLog ('x' * 80MB) -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem.FullyQualifiedErrorId | Should -Be "RecordTruncated,$command"
            Write-QueueLog 'goes on'
            Stop-LogListener
            $lines = Read-Log $path
            $lines[0] | Should -BeLike 'Information|xxx*[[]cut: * of 83886080 characters left out]*'
            $lines[1] | Should -Be 'Information|goes on||'
        }

        It 'takes more properties than a record can have, and goes on' {
            $many = @{}
            1..5000 | ForEach-Object { $many["p$_"] = $_ }
            Write-QueueLog 'many' -Property $many
            Write-QueueLog 'goes on'
            $listener = Stop-LogListener -PassThru
            $listener.Failures | Should -BeNullOrEmpty
            Read-Log $path | Select-Object -Last 1 | Should -Be 'Information|goes on||'
        }
    }

    Context 'the pipeline' {
        BeforeEach {
            Start-LogListener $path -Template '{Level}|{Process}|{Category}|{Message}|{Properties}' -NoHeader
        }

        It 'takes strings, numbers and objects' {
            'text', 42, [version] '1.2', $null, '' | Write-QueueLog -Category c
            Stop-LogListener
            Read-Log $path | Should -Be 'Information|pwsh|c|text|', 'Information|pwsh|c|42|', 'Information|pwsh|c|1.2|', 'Information|pwsh|c||', 'Information|pwsh|c||'
        }

        It 'takes whole records, typed or not' {
            [QueueLog.Records.LogRecord]@{
                Timestamp = '2026-01-31 04:05:06 +01:00'; Level = 'Warning'; Process = 'sensor-7'; Pid = 4711; Category = 'Cooling'
                Message = 'hot'; Properties = @{ Temperature = 81 }
            } | Write-QueueLog
            @{ Message = 'table'; Level = 'warn' } | Write-QueueLog
            [pscustomobject]@{ Message = 'object'; Process = 'other' } | Write-QueueLog
            Stop-LogListener
            Read-Log $path | Should -Be 'Warning|sensor-7|Cooling|hot|{Temperature=81}', 'Warning|pwsh||table|', 'Information|other||object|'
        }

        It 'takes as an argument what it takes from the pipeline: an error, a record, a list, a number' {
            try { throw 'no luck' } catch { Write-QueueLog $_ }
            Write-QueueLog ([QueueLog.Records.LogRecord]@{ Message = 'by hand'; Process = 'sensor'; Level = 'Warning' })
            Write-QueueLog @(1, 2)
            Write-QueueLog 5
            Stop-LogListener
            $lines = Read-Log $path
            $lines[0] | Should -Be 'Error|pwsh||no luck|'
            $lines[2] | Should -BeLike '*at <ScriptBlock>*'
            $lines[-3..-1] | Should -Be 'Warning|sensor||by hand|', 'Information|pwsh||[1, 2]|', 'Information|pwsh||5|'
        }

        It 'keeps the time and the origin that a record has' {
            $dated = Start-LogListener -PassThru "$path.dated" -Template '{Timestamp:yyyy-MM-dd HH:mm:ss} {Process} {Pid} {Level} {Category} {Temperature} {Message}' -NoHeader
            [QueueLog.Records.LogRecord]@{
                Timestamp = '2026-01-31 04:05:06 +01:00'; Level = 'Warning'; Process = 'sensor-7'; Pid = 4711; Category = 'Cooling'
                Message = 'hot'; Properties = @{ Temperature = 81 }
            } | Write-QueueLog
            [pscustomobject]@{ Timestamp = [DateTimeOffset] '2026-01-31 04:05:07 +01:00'; Message = 'object'; Process = 'sensor-8'; Pid = 1; Level = 'warn' } | Write-QueueLog
            @{ Timestamp = [DateTimeOffset] '2026-01-31 04:05:08 +01:00'; Message = 'table'; Process = 'sensor-9'; Pid = 2 } | Write-QueueLog
            $dated | Stop-LogListener
            Read-Log $dated.Path | Should -Be @(
                '2026-01-31 04:05:06 sensor-7 4711 Warning Cooling 81 hot'
                '2026-01-31 04:05:07 sensor-8 1 Warning   object'
                '2026-01-31 04:05:08 sensor-9 2 Information   table'
            )
        }

        It 'takes records that came back from another process' {
            $record = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize(
                    [QueueLog.Records.LogRecord]@{ Level = 'Error'; Process = 'far'; Message = 'away'; Properties = @{ A = 1 } }, 3))
            $record | Write-QueueLog
            Stop-LogListener
            Read-Log $path | Should -Be 'Error|far||away|{A=1}'
        }

        It 'lets -Level, -Category and -Property have the last word on a record' {
            @{ Message = 'a'; Level = 'Error'; Category = 'own'; Properties = @{ A = 1 } } | Write-QueueLog -Level Warning -Category given -Property @{ B = 2 }
            Stop-LogListener
            Read-Log $path | Should -Be 'Warning|pwsh|given|a|{A=1, B=2}'
        }

        It 'InvalidRecord: a field that is wrong, and the rest goes on' {
            @{ Message = 'a'; Level = 'Loud' }, @{ Message = 'b'; Timestamp = 'yesteryear' }, @{ Message = 'x'; Pid = 'many' }, 'c' |
                Write-QueueLog -ErrorAction SilentlyContinue -ErrorVariable problems
            $problems.FullyQualifiedErrorId | Should -Be (@("InvalidRecord,$command") * 3)
            Stop-LogListener
            Read-Log $path | Should -Be 'Information|pwsh||c|'
        }

        It 'takes errors out of a merged stream' {
            & { 'output'; Write-Error 'mistake' -ErrorAction Continue } 2>&1 | Write-QueueLog
            Stop-LogListener
            $lines = Read-Log $path
            $lines[0] | Should -Be 'Information|pwsh||output|'
            $lines[1] | Should -Be 'Error|pwsh||mistake|'
        }

        It 'takes what a native program writes to its error stream for the text it is (skipped on Windows: it runs sh)' -Skip:$IsWindows {
            sh -c 'echo out; echo err >&2' 2>&1 | Write-QueueLog
            Stop-LogListener
            Read-Log $path | Sort-Object | Should -Be 'Information|pwsh||err|', 'Information|pwsh||out|'
        }
    }

    Context 'the place of a record' {
        BeforeEach {
            # Where scripts look for each other, and what they write without the lines of exceptions.
            Push-Location -LiteralPath $folder
            function Read-Place { Read-Log $path | Where-Object { $_ -notlike '    *' } }
        }

        AfterEach {
            Pop-Location
        }

        It 'is the script and the line that called the command or the logger' {
            Set-Content -LiteralPath ./inner.psm1 @'
function Write-Inner {

    Write-QueueLog 'of a module'
}
'@
            Set-Content -LiteralPath ./main.ps1 @'
$log = Get-QueueLogger
Write-QueueLog 'plain'
$log.Info('logger'); $log.Warning('with {Hole}', 1)
function Write-Here {
    Write-QueueLog 'of a function'
    1..2 | ForEach-Object {
        $log.Debug('of a block')
    }
}

Write-Here
'piped', 'twice' |
    Write-QueueLog
Import-Module ./inner.psm1
Write-Inner
Remove-Module inner
try { throw 'mistake' } catch {
    $_ | Write-QueueLog
    $log.Error($_)
}
'@
            Start-LogListener $path -Template '{Caller} {Message}' -NoHeader -MinimumLevel Trace
            ./main.ps1
            Stop-LogListener
            Read-Place | Should -Be @(
                'main.ps1:2 plain', 'main.ps1:3 logger', 'main.ps1:3 with 1', 'main.ps1:5 of a function', 'main.ps1:7 of a block', 'main.ps1:7 of a block'
                'main.ps1:13 piped', 'main.ps1:13 twice', 'inner.psm1:3 of a module', 'main.ps1:18 mistake', 'main.ps1:19 mistake'
            )
        }

        It 'has its line where there is no file' {
            Start-LogListener $path -Template '{Caller} {Message}' -NoHeader
            & ([scriptblock]::Create("Write-QueueLog 'typed'`n(Get-QueueLogger).Info('logger')"))
            & ([scriptblock]::Create("`nWrite-QueueLog 'of text'"))
            Stop-LogListener
            Read-Place | Should -Be '<No file>:1 typed', '<No file>:2 logger', '<No file>:2 of text'
        }

        It 'is kept where a record has its own' {
            Start-LogListener $path -Template '{Caller} {Message}' -NoHeader
            & ([scriptblock]::Create(@'
[QueueLog.Records.LogRecord]@{ Message = 'its own'; Caller = 'far.ps1:9' } | Write-QueueLog
@{ Message = 'none' } | Write-QueueLog
'@))
            Stop-LogListener
            Read-Place | Should -Be 'far.ps1:9 its own', '<No file>:2 none'
        }

        It 'is the user''s script and line in a pool too, of records and of streams' {
            Set-Content -LiteralPath ./pool.ps1 @'
function Get-Half($n) {
    (Get-QueueLogger).Info('logger')
    $n / 2
}

1 | Invoke-WorkerPool -Count 1 -ScriptBlock {
    Write-QueueLog 'command'
    Write-Warning 'warning'

    Write-Host 'host'
    Get-Half 8
    Write-Error 'error'
    Write-Host 'no end' -NoNewline
    throw 'failure'
} -ErrorAction SilentlyContinue -WarningAction SilentlyContinue 6> $null
'@
            # Workers have the session's preferences, and this one's may be another.
            $ErrorActionPreference = 'Continue'
            Start-LogListener $path -Template '{Caller} {Category} {Message}' -NoHeader
            $null = ./pool.ps1
            Stop-LogListener
            Read-Place | Where-Object { $_ -notlike '*QueueLog.Pool*' } | Should -Be @(
                'pool.ps1:7  command', 'pool.ps1:8 Pool.Warning warning', 'pool.ps1:10 Pool.Information host', 'pool.ps1:2  logger', 'pool.ps1:3 Pool.Output 4'
                'pool.ps1:12 Pool.Error error', 'pool.ps1:14 Pool.Error failure', 'pool.ps1:13 Pool.Information no end'
            )
        }
    }

    Context 'errors' {
        BeforeEach {
            Start-LogListener $path -Template '{Level}|{Message}|{Properties}' -NoHeader

            function Test-Thrower {
                throw [System.InvalidOperationException]::new('it broke', [System.IO.IOException]::new('the disk'))
            }
        }

        It 'logs an ErrorRecord once, with type, message and script stack, given as <How>' -ForEach @(
            @{ How = '-ErrorRecord'; Log = { param($e) Write-QueueLog -ErrorRecord $e } }
            @{ How = 'pipeline input'; Log = { param($e) $e | Write-QueueLog } }
        ) {
            try { Test-Thrower } catch { & $Log $_ }
            Stop-LogListener
            $lines = Read-Log $path
            $lines[0] | Should -BeExactly 'Error|it broke|'
            $lines -match 'System\.InvalidOperationException: it broke' | Should -HaveCount 1
            $lines -match 'at Test-Thrower, .*Write-QueueLog\.Tests\.ps1: line \d+' | Should -HaveCount 1
            $lines -match '---> System\.IO\.IOException: the disk' | Should -HaveCount 1
            $lines[1..($lines.Count - 1)] | ForEach-Object { $_ | Should -MatchExactly '^    ' }
        }

        It 'logs an exception, given as <How>' -ForEach @(
            @{ How = '-Exception'; Log = { param($e) Write-QueueLog -Exception $e } }
            @{ How = 'pipeline input'; Log = { param($e) $e | Write-QueueLog } }
        ) {
            & $Log ([System.InvalidOperationException]::new('it broke'))
            Stop-LogListener
            Read-Log $path | Should -Be 'Error|it broke|', '    System.InvalidOperationException: it broke'
        }

        It 'takes a message, a level and properties of its own beside the error' {
            try { Test-Thrower } catch { Write-QueueLog 'step {Step}' 4 -ErrorRecord $_ -Level Warning -Property @{ Try = 2 } }
            Stop-LogListener
            $lines = Read-Log $path
            $lines[0] | Should -BeExactly 'Warning|step 4|{Step=4, Try=2}'
            $lines[1] | Should -BeExactly '    System.InvalidOperationException: it broke'
        }

        It 'takes the braces of an error''s message for text' {
            try { throw 'expected }} at {Item}' } catch { Write-QueueLog -ErrorRecord $_ -Property @{ Item = 3 } }
            Stop-LogListener
            Read-Log $path | Select-Object -First 1 | Should -BeExactly 'Error|expected }} at {Item}|{Item=3}'
        }

        It 'logs the cause of what the engine wrapped' {
            try { [int]::Parse('x') } catch { Write-QueueLog -ErrorRecord $_; Write-QueueLog 'as exception' -Exception $_.Exception }
            Stop-LogListener
            $lines = Read-Log $path
            $lines -match 'System\.FormatException' | Should -HaveCount 2
            $second = [array]::IndexOf($lines, 'Error|as exception|')
            $second | Should -BeGreaterThan 0
            $lines[($second + 1)..($lines.Count - 1)] -match 'System\.FormatException' | Should -HaveCount 1
        }
    }

    Context 'other places' {
        BeforeEach {
            Start-LogListener $path -Template '{Message}' -NoHeader
        }

        It 'writes from <Place>, with nothing redeclared' -ForEach @(
            @{ Place = 'the session'; Run = { 1..100 | ForEach-Object { Write-QueueLog "line $_" } } }
            @{ Place = 'Start-Job'; Run = { Start-Job { 1..100 | ForEach-Object { Write-QueueLog "line $_" } } | Receive-Job -Wait -AutoRemoveJob } }
            @{ Place = 'Start-ThreadJob'; Run = { Start-ThreadJob { 1..100 | ForEach-Object { Write-QueueLog "line $_" } } | Receive-Job -Wait -AutoRemoveJob } }
            @{ Place = 'ForEach-Object -Parallel'; Run = { 1..100 | ForEach-Object -Parallel { Write-QueueLog "line $_" } -ThrottleLimit 2 } }
            @{
                Place = 'Start-Process pwsh'
                Run   = {
                    $script = Join-Path (New-TestFolder) 'child.ps1'
                    Set-Content -LiteralPath $script '1..100 | ForEach-Object { Write-QueueLog "line $_" }'
                    $command = @(Get-PwshCommand)
                    $child = Start-Process -FilePath $command[0] -ArgumentList (@($command | Select-Object -Skip 1) + @('-NoProfile', '-File', $script)) -PassThru
                    $child.WaitForExit()
                    $child.ExitCode | Should -Be 0
                }
            }
            @{
                Place = 'a nested runspace'
                Run   = {
                    $shell = [powershell]::Create()
                    $null = $shell.AddScript('1..100 | ForEach-Object { Write-QueueLog "line $_" }').Invoke()
                    $shell.HadErrors | Should -BeFalse
                    $shell.Dispose()
                }
            }
        ) {
            & $Run
            $listener = Stop-LogListener -PassThru
            $listener.Lost | Should -Be 0
            $lines = Read-Log $path
            if ($Place -eq 'ForEach-Object -Parallel') { $lines = $lines | Sort-Object { [int] ($_ -split ' ')[1] } }
            $lines | Should -Be (1..100 | ForEach-Object { "line $_" })
        }

        It 'says the thread of records of <Place>, and of no others' -ForEach @(
            @{ Place = 'ForEach-Object -Parallel'; Run = { 1..2 | ForEach-Object -Parallel { Write-QueueLog 'text'; Write-QueueLog 'hole {Hole}' -ArgumentList $_; ($using:log).Info('logger') } -ThrottleLimit 2 -UseNewRunspace } }
            @{ Place = 'Start-ThreadJob'; Run = { 1..2 | ForEach-Object { Start-ThreadJob { Write-QueueLog 'text'; Write-QueueLog 'hole {Hole}' -ArgumentList 1; ($using:log).Info('logger') } } | Receive-Job -Wait -AutoRemoveJob } }
        ) {
            Stop-LogListener
            Start-LogListener $path -Template '{Thread}|{Message}|{Properties}' -NoHeader
            $log = Get-QueueLogger
            Write-QueueLog 'before'
            & $Run
            $log.Info('after {Hole}', 1)
            Write-QueueLog 'in a worker'
            1 | Invoke-WorkerPool -Count 1 -ScriptBlock { Write-QueueLog 'in a worker' }
            Stop-LogListener
            $lines = Read-Log $path
            $lines -match 'before|after|worker\|' | Should -Be '|before|', '|after 1|{Hole=1}', '|in a worker|', '|in a worker|'
            $others = $lines -match '^\d+\|(text|hole|logger)'
            $others | Should -HaveCount 6
            $others -replace '\|.*' | Group-Object | ForEach-Object Count | Should -Be 3, 3
            $others | Should -Match '^(\d+)\|.*\{.*Thread=\1\}$'
        }

        It 'is found by name in a child of a session that imported the module by path' {
            $result = Invoke-Pwsh @'
Start-LogListener ./own.log -Template '{Message}' -NoHeader
$script = Join-Path $PWD 'grandchild.ps1'
Set-Content -LiteralPath $script 'Write-QueueLog "from the grandchild"; (Get-Module QueueLog).Name'
$command = $env:SHELL_COMMAND -split '\|'
& $command[0] @($command | Select-Object -Skip 1) -NoProfile -File $script
Stop-LogListener
'@ -WorkingDirectory $folder -Environment @{ SHELL_COMMAND = (Get-PwshCommand) -join '|' }
            $result.ErrorOutput | Should -BeNullOrEmpty
            $result.Output | Should -Be 'QueueLog'
            Read-Log (Join-Path $folder 'own.log') | Should -Be 'from the grandchild'
        }

        It 'lets nothing that lies beside its folder come before what is installed' {
            $modules = Join-Path $folder 'modules'
            Copy-Item -LiteralPath (Split-Path (Get-StagedModule)) -Destination (Join-Path $modules 'QueueLog') -Recurse
            $other = [System.IO.Directory]::CreateDirectory((Join-Path $modules 'Microsoft.PowerShell.Management')).FullName
            Set-Content -LiteralPath (Join-Path $other 'Microsoft.PowerShell.Management.psd1') '@{ ModuleVersion = "99.0"; RootModule = "missing.dll"; CmdletsToExport = "Get-Content" }'
            $result = Invoke-Pwsh @"
Import-Module '$modules/QueueLog/QueueLog.psd1'
Start-LogListener ./own.log
Get-Content -LiteralPath '$other/Microsoft.PowerShell.Management.psd1' | ForEach-Object { "read" }
(`$env:PSModulePath -split [System.IO.Path]::PathSeparator)[-1]
"@ -WorkingDirectory $folder -NoImport
            $result.ErrorOutput | Should -BeNullOrEmpty
            $result.Output -split '\r?\n' | Should -Be 'read', $modules
        }

        It 'writes all that was handed over when the writer ends by <End>' -ForEach @(
            @{ End = 'the end of its script'; Last = ''; ExitCode = 0 }
            @{ End = 'exit 3'; Last = 'exit 3'; ExitCode = 3 }
            @{ End = 'an exception'; Last = 'throw "over"'; ExitCode = 1 }
            @{ End = 'Environment.Exit'; Last = '[System.Environment]::Exit(4)'; ExitCode = 4 }
        ) {
            $result = Invoke-Pwsh "1..2000 | ForEach-Object { Write-QueueLog `"line `$_`" }; $Last"
            $result.ExitCode | Should -Be $ExitCode
            $listener = Stop-LogListener -PassThru
            $listener.Lost | Should -Be 0
            Read-Log $path | Should -Be (1..2000 | ForEach-Object { "line $_" })
        }

        It 'has the records of a job that is killed when it is done, from <How>' -ForEach @(
            @{ How = 'the cmdlet'; Log = 'Write-QueueLog "line $number"' }
            @{ How = 'a logger'; Log = '$log.Info("line $number")' }
        ) {
            # In a session of its own, which is killed too: the engine waits a minute for a job process that died.
            $child = Start-Pwsh -KeepModulePath @"
`$ErrorActionPreference = 'Stop'
`$job = Start-Job { `$log = Get-QueueLogger; foreach (`$number in 1..20) { $Log }; `$PID; [System.Threading.Thread]::Sleep(-1) }
`$output = `$job.ChildJobs[0].Output
`$null = Register-ObjectEvent `$output DataAdded -SourceIdentifier written
if (`$output.Count -eq 0) { `$null = Wait-Event written }
`$output[0]
`$null = [Console]::In.ReadLine()
"@
            [System.Diagnostics.Process]::GetProcessById((Wait-PwshLine $child)).Kill()
            $child.Kill()
            Stop-LogListener
            Read-Log $path | Should -Be (1..20 | ForEach-Object { "line $_" })
        }

        It 'keeps whole what a writer had confirmed before it was killed' {
            $child = Start-Pwsh '1..100 | Write-QueueLog -Wait; "ready"; while ($true) { Write-QueueLog ("x" * 1000) }'
            $null = Wait-PwshLine $child 'ready'
            $child.Kill()
            $child.WaitForExit()
            Stop-LogListener
            $lines = Read-Log $path
            $lines[0..99] | Should -Be (1..100)
            $lines[-1] | Should -BeLike "``[QueueLog``] pwsh (pid $($child.Id)) ended without a goodbye; *"
            $lines | Select-Object -Skip 100 | Select-Object -SkipLast 1 |
                ForEach-Object { if ($_ -cne 'x' * 1000) { throw "A record is not whole: '$_'." } }
        }

        It 'keeps the order of each of several processes writing at once' {
            $children = 1..3 | ForEach-Object { Start-Pwsh "1..500 | ForEach-Object { Write-QueueLog `"$_`:`$_`" }" }
            $children | ForEach-Object { (Complete-Pwsh $_).ExitCode | Should -Be 0 }
            Stop-LogListener
            $lines = Read-Log $path
            $lines.Count | Should -Be 1500
            foreach ($writer in 1..3) {
                $lines -like "$writer`:*" | Should -Be (1..500 | ForEach-Object { "$writer`:$_" })
            }
        }

        It 'calls the process what QUEUELOG_PROCESS says' {
            $named = Start-LogListener -PassThru (Join-Path $folder 'named.log') -Template '{Process} {Pid} {Message}' -NoHeader
            $result = Invoke-Pwsh 'Write-QueueLog "hi"; $PID' -Environment @{ QUEUELOG_PROCESS = 'importer' }
            $named | Stop-LogListener
            Read-Log $named.Path | Should -Be "importer $($result.Output) hi"
        }
    }

    Context 'another listener than the default' {
        It 'is an object, a name or an address' {
            $first = Start-LogListener -PassThru $path -Template '{Message}' -NoHeader -Name (New-TestName)
            $second = Start-LogListener -PassThru (Join-Path $folder 'second.log') -Template '{Message}' -NoHeader
            Write-QueueLog 'object' -Listener $first
            Write-QueueLog 'name' -Listener $first.Name
            Write-QueueLog 'address' -Listener $first.Address
            Write-QueueLog 'default'
            $first, $second | Stop-LogListener
            Read-Log $path | Should -Be 'object', 'name', 'address'
            Read-Log $second.Path | Should -Be 'default'
        }

        It 'may be one of another process, by its name' {
            $name = New-TestName
            $child = Start-Pwsh "Start-LogListener '$path' -Name $name -Template '{Message}' -NoHeader; 'ready'; `$null = [Console]::In.ReadLine(); Stop-LogListener"
            $null = Wait-PwshLine $child 'ready'
            Write-QueueLog 'from outside' -Listener $name
            Send-PwshLine $child
            (Complete-Pwsh $child).ExitCode | Should -Be 0
            Read-Log $path | Should -Be 'from outside'
        }

        It 'ListenerStopped: it does not run any more; the record is shown' {
            $listener = Start-LogListener -PassThru $path
            $listener | Stop-LogListener
            $shown = Write-QueueLog 'too late' -Listener $listener -ErrorAction SilentlyContinue -ErrorVariable problem 6>&1
            $problem.FullyQualifiedErrorId | Should -Be "ListenerStopped,$command"
            "$problem" | Should -BeLike "*'$($listener.Name)'*"
            $shown | Should -BeLike '*Information too late'
        }

        It 'ListenerOfAnotherUser: it says whose the listener is (only root on Linux can be another user, by setpriv)' -Skip:(-not $canBeAnotherUser) {
            $listener = Start-LogListener -PassThru $path
            $script = "Import-Module '$(Get-StagedModule)'; Write-QueueLog 'x' -Listener '$($listener.Address)' -ErrorAction SilentlyContinue -ErrorVariable problem 6> `$null; `$problem.FullyQualifiedErrorId; `"`$problem`""
            $id, $message = setpriv --reuid 65534 --regid 65534 --clear-groups env HOME=/nonexistent --unset=QUEUELOG_STATE (Get-PwshCommand) -NoProfile -NonInteractive -Command $script
            $id | Should -Be "ListenerOfAnotherUser,$command"
            $message | Should -BeLike "The listener at '$($listener.Address)' belongs to user 'root'*Start a listener of your own with Start-LogListener."
        }

        It 'InvalidListenerArgument: something else' {
            { Write-QueueLog 'x' -Listener 5 } | Should -Throw -ErrorId "InvalidListenerArgument,$command"
        }

        It 'InvalidListenerName: a name no listener can have' {
            { Write-QueueLog 'x' -Listener 'a/b' } | Should -Throw -ErrorId "InvalidListenerName,$command"
        }
    }

    Context '-Wait' {
        It 'returns when the record is in the file' {
            Start-LogListener $path -Template '{Message}' -NoHeader
            foreach ($number in 1..20) {
                Write-QueueLog "line $number" -Wait
                Get-Content -LiteralPath $path -Tail 1 | Should -Be "line $number"
            }
        }

        It 'RecordNotConfirmed: the listener died; the writer says at its end what waits for the next one, which writes it' {
            $name = New-TestName
            $child = Start-Pwsh "Start-LogListener '$path' -Name $name; 'ready'; `$null = [Console]::In.ReadLine()"
            $null = Wait-PwshLine $child 'ready'
            $writer = Start-Pwsh @"
Write-QueueLog 'written' -Listener $name -Wait
'connected'
`$null = [Console]::In.ReadLine()
Write-QueueLog 'kept' -Listener $name -Wait -ErrorAction SilentlyContinue -ErrorVariable problem
`$problem.FullyQualifiedErrorId
Write-QueueLog 'kept too' -Listener $name
"@
            $null = Wait-PwshLine $writer 'connected'
            $child.Kill()
            $child.WaitForExit()
            Send-PwshLine $writer
            $result = Complete-Pwsh $writer
            $result.Output | Should -Be "RecordNotConfirmed,$command"
            $result.ErrorOutput | Should -BeLike "QueueLog: 2 records wait in the journal: the next listener on '$path' writes them."
            Start-LogListener $path -Template '{Message}' -NoHeader | Stop-LogListener
            Read-Log $path | Where-Object { $_ -like 'kept*' } | Should -Be 'kept', 'kept too'
        }

        It 'ends on Ctrl+C while <What> (skipped on Windows, which cannot suspend a process)' -Skip:$IsWindows -ForEach @(
            @{ What = 'the listener does not answer'; Write = { param($Name) 'waiting'; Write-QueueLog 'x' -Listener $Name -Wait } }
            @{ What = 'there is no room for the record'; Write = { param($Name) 'waiting'; while ($true) { Write-QueueLog ('x' * 100kb) -Listener $Name } } }
        ) {
            $name = New-TestName
            $child = Start-Pwsh "Start-LogListener '$path' -Name $name; 'ready'; `$null = [Console]::In.ReadLine()"
            $null = Wait-PwshLine $child 'ready'
            Write-QueueLog 'connected' -Listener $name -Wait
            & /bin/kill -STOP $child.Id
            $shell = [powershell]::Create()
            try {
                $output = [System.Management.Automation.PSDataCollection[object]]::new()
                $running = $shell.AddScript('param($Module, $Write, $Name) Import-Module $Module; & ([scriptblock]::Create($Write)) $Name').
                AddArgument((Get-StagedModule)).AddArgument("$Write").AddArgument($name).
                BeginInvoke([System.Management.Automation.PSDataCollection[object]]::new(), $output)
                $enumerator = $output.GetEnumerator()
                $enumerator.MoveNext() | Should -BeTrue
                $shell.BeginStop($null, $null).AsyncWaitHandle.WaitOne((Get-TestLimit)) | Should -BeTrue
                $running.AsyncWaitHandle.WaitOne((Get-TestLimit)) | Should -BeTrue
            }
            finally {
                & /bin/kill -CONT $child.Id
            }

            $shell.Dispose()
        }
    }

    Context 'no listener' {
        It 'shows the record on the host, warns once and ends with exit code 0' {
            $result = Invoke-Pwsh @'
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Write-QueueLog 'first {A}' 1
Write-QueueLog 'second' -Level Warning
try { throw 'trouble' } catch { $_ | Write-QueueLog }
'@
            $result.ExitCode | Should -Be 0
            $result.ErrorOutput | Should -BeNullOrEmpty
            @($result.Output -split '\r?\n' -match 'no listener') | Should -HaveCount 1
            $result.Output -split '\r?\n' -match 'Information first 1$' | Should -HaveCount 1
            $result.Output -split '\r?\n' -match 'Warning     second$' | Should -HaveCount 1
            $result.Output | Should -Match 'Error       trouble'
        }

        It 'never fails, be the address in QUEUELOG_PIPE dead or nonsense: <Address>' -ForEach @(
            @{ Address = '/nowhere/at/all.sock' }
            @{ Address = 'nonsense' }
            @{ Address = "x" * 500 }
        ) {
            $result = Invoke-Pwsh "`$ErrorActionPreference = 'Stop'; Write-QueueLog 'shown'" -Environment @{ QUEUELOG_PIPE = $Address }
            $result.ExitCode | Should -Be 0
            $result.ErrorOutput | Should -BeNullOrEmpty
            $result.Output | Should -Match 'shown'
        }

        It 'writes again once there is one' {
            $env:QUEUELOG_PIPE = $null
            Write-QueueLog 'lost' 6> $null 3> $null
            Start-LogListener $path -Template '{Message}' -NoHeader
            Write-QueueLog 'kept'
            Stop-LogListener
            Read-Log $path | Should -Be 'kept'
        }
    }

    Context 'bad input' {
        It 'NothingToLog: no parameter at all' {
            Start-LogListener $path
            Write-QueueLog -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem.FullyQualifiedErrorId | Should -Be "NothingToLog,$command"
            (Stop-LogListener -PassThru).Written | Should -Be 0
        }

        It 'names the levels when one is unknown' {
            { Write-QueueLog 'x' -Level Loud } |
                Should -Throw -ErrorId "ParameterArgumentTransformationError,$command" -ExpectedMessage "*'Loud'*Trace, Debug, Information, Warning, Error and Critical*"
        }

        It 'writes <Name> as text that says what it is' -ForEach @(
            @{ Name = 'an array'; Value = { , @(1, 2, 3) }; Text = '[1, 2, 3]' }
            @{ Name = 'a hashtable'; Value = { @{ A = 1 } }; Text = '{A=1}' }
            @{ Name = 'nested values'; Value = { [ordered]@{ A = 1, 2; B = @{ C = 'x' } } }; Text = '{A=[1, 2], B={C=x}}' }
            @{ Name = 'a custom object'; Value = { [pscustomobject]@{ A = 1 } }; Text = '{A=1}' }
        ) {
            Start-LogListener $path -Template '{Message} {Properties}' -NoHeader
            $content = & $Value
            Write-QueueLog 'is {X}' -ArgumentList (, $content)
            Write-QueueLog 'has' -Property @{ X = $content }
            Stop-LogListener
            Read-Log $path | Should -Be "is $Text {X=$Text}", "has {X=$Text}"
        }
    }
}
