BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
    $command = 'QueueLog.PowerShell.Commands.InvokeWorkerPoolCommand'
    $ErrorActionPreference = 'Stop'
}

AfterAll {
    Stop-TestSession
}

Describe 'Invoke-WorkerPool' {
    AfterEach {
        Get-Job | Where-Object PSJobTypeName -EQ QueueLogPool | Remove-Job -Force
        Stop-EveryListener
    }

    Context 'a pool of its own' {
        It 'gives each of a thousand results once, and keeps its processes' {
            $results = 1..1000 | Invoke-WorkerPool -Count 2 { [pscustomobject]@{ Number = $_ * $_; Pid = $PID } }
            $results.Number | Sort-Object | Should -Be (1..1000 | ForEach-Object { $_ * $_ })
            @($results.Pid | Sort-Object -Unique).Count | Should -BeLessOrEqual 2
        }

        It 'runs the block once in each worker, with its 0-based number, where nothing is piped in' {
            $results = Invoke-WorkerPool -Count 2 { param($number) [pscustomobject]@{ Number = $number; Same = $number -eq $_; Pid = $PID } }
            $results.Number | Sort-Object | Should -Be 0, 1
            $results.Same | Should -Be $true, $true
            $results.Pid | Sort-Object -Unique | Should -HaveCount 2
        }

        It 'calls the number of workers -ThrottleLimit, too, as others do' {
            (Get-Command Invoke-WorkerPool).Parameters['Count'].Aliases | Should -Contain 'ThrottleLimit'
        }

        It 'runs -InitializationScript once in each worker, and keeps what it makes' {
            $results = 1..20 | Invoke-WorkerPool -Count 2 -InitializationScript { function Double($x) { $x * 2 }; $global:runs++ } { [pscustomobject]@{ Value = Double $_; Runs = $runs } }
            $results.Value | Sort-Object | Should -Be (1..20 | ForEach-Object { $_ * 2 })
            $results.Runs | Sort-Object -Unique | Should -Be 1
        }

        It 'runs a script file, which knows where it is, with -FilePath' {
            $folder = New-Item -ItemType Directory -Path (Join-Path (New-TestFolder) 'odd [x]')
            $file = Join-Path $folder 'work.ps1'
            Set-Content -LiteralPath $file -Value "# a comment`n<# another #>`nparam(`$item, `$more)`n`"`$item|`$_|`$more|`$PSScriptRoot|`$PSCommandPath`"", "throw 'bad'"
            Push-Location -LiteralPath $folder
            try {
                $result = 7 | Invoke-WorkerPool -Count 1 -FilePath ./work.ps1 -ArgumentList m -AsResult
            }
            finally {
                Pop-Location
            }
            $result.Output | Should -Be "7|7|m|$folder|$file"
            $result.Errors[0].Exception.Message | Should -Be 'bad'
        }

        It 'gives a job at the end of its input with -AsJob' {
            $job = 1..5 | Invoke-WorkerPool -Count 1 -AsJob { $_ * 2 }
            $job | Should -BeOfType QueueLog.PowerShell.PoolJob
            (Get-Job -Id $job.Id) | Should -Be $job
            $job | Receive-Job -Wait -AutoRemoveJob | Should -Be 2, 4, 6, 8, 10
            $pool = Start-WorkerPool -Count 1
            1..2 | Invoke-WorkerPool -Pool $pool -AsJob { $_ } | Receive-Job -Wait -AutoRemoveJob | Should -Be 1, 2
            1..2 | Invoke-WorkerPool -Name $pool.Name -AsJob { $_ } | Receive-Job -Wait -AutoRemoveJob | Should -Be 1, 2
            $job = Invoke-WorkerPool -Count 1 -AsJob -InputObject 1, 2 { $_ }
            $job | Receive-Job -Wait -AutoRemoveJob | Should -Be 1, 2
        }

        It 'takes a pool by its <What>, in place of its job' -ForEach @(@{ What = 'name' }, @{ What = 'status' }) {
            $name = New-TestName
            $null = Start-WorkerPool -Count 1 -Name $name
            $pool = if ($What -eq 'name') { $name } else { Get-WorkerPool $name }
            1 | Invoke-WorkerPool -Pool $pool { $_ + 1 } | Should -Be 2
        }

        It 'completes the members of a result, with -AsResult' {
            (TabExpansion2 '1 | Invoke-WorkerPool { 1 } -AsResult | ForEach-Object { $_.Dur').CompletionMatches.CompletionText | Should -Be Duration
        }

        It 'completes the names of warm pools' {
            $name = New-TestName
            $null = Start-WorkerPool -Count 1 -Name $name
            $job = 1 | Start-WorkerPool -Count 1 -Name "$name-own" { Start-Sleep 600 }
            foreach ($text in "Invoke-WorkerPool -Pool $name", "Invoke-WorkerPool -Name $name", "Start-WorkerPool -Pool $name") {
                (TabExpansion2 $text).CompletionMatches.CompletionText | Should -Be $name
            }
            foreach ($text in "Get-WorkerPool $name", "Stop-WorkerPool -Name $name", "Set-WorkerPool -Name '$name") {
                (TabExpansion2 $text).CompletionMatches.CompletionText | Should -Be $name, "$name-own"
            }
            $job | Remove-Job -Force
        }

        It 'leaves no job and no pool behind' {
            $jobs = @(Get-Job).Count
            $null = 1 | Invoke-WorkerPool -Count 1 { $_ }
            @(Get-Job).Count | Should -Be $jobs
            Get-WorkerPool | Should -BeNullOrEmpty
        }

        It 'reads an endless input only as far as its windows, and stops when the pipeline does: -First <First>' -ForEach @(@{ First = 3 }, @{ First = 1000 }) {
            $read = [int[]]::new(1)
            $results = & { for ($i = 1; ; $i++) { $read[0] = $i; $i } } | Invoke-WorkerPool -Count 1 { $_ } | Select-Object -First $First
            $results | Should -Be (1..$First)
            $read[0] | Should -BeLessThan 20000
            Get-WorkerPool | Should -BeNullOrEmpty
        }

        It 'reads its input only as far as the workers follow' {
            $read = [int[]]::new(1)
            $null = 1..1000 | ForEach-Object { $read[0]++; $_ } | Invoke-WorkerPool -Count 2 { Start-Sleep -Milliseconds 200; $_ } | Select-Object -First 3

            # Three results, one item under way and one waiting for each worker, and the one in hand.
            $read[0] | Should -BeIn (3..9)
        }

        It 'gives back errors and warnings as its own' {
            $results = 1..3 | Invoke-WorkerPool -Count 1 { if ($_ -eq 2) { Write-Warning 'careful'; throw 'two is bad' }; $_ } -ErrorAction SilentlyContinue -ErrorVariable problems -WarningAction SilentlyContinue -WarningVariable warnings
            $results | Should -Be 1, 3
            $problems[0].TargetObject | Should -Be 2
            "$warnings" | Should -Be 'careful'
        }

        It 'logs the streams of the items, unless -NoCapture leaves them out' {
            $folder = New-TestFolder
            $path = Join-Path $folder 'run.log'
            Start-LogListener $path -Template '{Worker} {Item} {Attempt} {Category} {Message}' -NoHeader
            1 | Invoke-WorkerPool -Count 1 { 'logged' } | Should -Be 'logged'
            $pool = Start-WorkerPool -Count 1
            2 | Invoke-WorkerPool -Pool $pool -NoCapture { 'not logged' } | Should -Be 'not logged'
            3 | Invoke-WorkerPool -Pool $pool { 'logged again' } | Should -Be 'logged again'
            Stop-WorkerPool $pool.Name
            Stop-LogListener
            Read-Log $path | Should -Be 'Worker-1 0 1 Pool.Output logged', 'Worker-1 0 1 Pool.Output logged again'
        }

        It 'takes its items by -InputObject, and spreads them with -Splat before -ArgumentList' {
            Invoke-WorkerPool -Count 1 -InputObject 1, 2 -ScriptBlock { $_ * 10 } | Should -Be 10, 20
            , @('a', 'b') | Invoke-WorkerPool -Count 1 -Splat -ArgumentList 'c' -ScriptBlock { param($x, $y, $z) "$x$y$z" } | Should -Be 'abc'
        }

        It 'logs to the listener that -Listener names' {
            $folder = New-TestFolder
            $named = Start-LogListener -PassThru (Join-Path $folder 'named.log') -Name (New-TestName) -Template '{Message}' -NoHeader
            Start-LogListener (Join-Path $folder 'default.log') -Template '{Message}' -NoHeader
            1 | Invoke-WorkerPool -Count 1 -Listener $named { Write-QueueLog 'here' }
            Stop-EveryListener
            Read-Log (Join-Path $folder 'named.log') | Should -Be 'here'
            Read-Log (Join-Path $folder 'default.log') | Should -BeNullOrEmpty
        }

        It 'replaces workers after -MaxItemsPerWorker, or grown by more than -MaxWorkerMemory' {
            1..4 | Invoke-WorkerPool -Count 1 -MaxItemsPerWorker 2 { $PID } | Group-Object | ForEach-Object Count | Should -Be 2, 2

            # Items come until another process takes one.
            $pids = [System.Collections.Generic.HashSet[int]]::new()
            $count = [int[]]::new(1)
            $results = & { while ($pids.Count -lt 2) { $count[0]++; $count[0] } } | Invoke-WorkerPool -Count 1 -MaxWorkerMemory 100MB {
                # Not in a variable: of those the next item finds nothing.
                if ($_ -le 4) {
                    $kept = [byte[]]::new(60MB)
                    [array]::Fill($kept, [byte] 1)
                    [System.AppDomain]::CurrentDomain.SetData("kept $_", $kept)
                }

                Start-Sleep -Milliseconds 20
                [pscustomobject]@{ Number = $_; Pid = $PID }
            } | ForEach-Object { $null = $pids.Add($_.Pid); $_ }
            $results.Number | Sort-Object | Should -Be (1..$count[0])
        }

        It 'waits -RetryDelaySeconds, and gives up after -MaxCrashes' {
            $result = 1 | Invoke-WorkerPool -Count 1 -AsResult -Retry 9 -RetryDelaySeconds 0.2 -MaxCrashes 2 { [System.Environment]::Exit(5) }
            "$($result.Status) $($result.Attempt) $($result.ExitCode)" | Should -Be 'Crashed 2 5'
            ($result.Started - $result.Queued).TotalSeconds | Should -BeGreaterOrEqual 0.2
        }

        It 'tells its workers nothing that reaches what they start, and leaves settings of the user''s as they are' {
            $own = $env:DOTNET_TieredPGO, $env:POWERSHELL_TELEMETRY_OPTOUT
            try {
                $env:DOTNET_TieredPGO = $env:POWERSHELL_TELEMETRY_OPTOUT = $null
                1 | Invoke-WorkerPool -Count 1 { "[$env:QUEUELOG_WORKER$env:QUEUELOG_MODULE$env:QUEUELOG_WORKER_SETTINGS$env:DOTNET_TieredPGO$env:DOTNET_EnableDiagnostics$env:POWERSHELL_DIAGNOSTICS_OPTOUT$env:POWERSHELL_TELEMETRY_OPTOUT$env:DOTNET_STARTUP_HOOKS]" } | Should -Be '[]'
                $env:DOTNET_TieredPGO = '1'
                1 | Invoke-WorkerPool -Count 1 { "[$env:DOTNET_TieredPGO]" } | Should -Be '[1]'
            }
            finally {
                $env:DOTNET_TieredPGO, $env:POWERSHELL_TELEMETRY_OPTOUT = $own
            }
        }

        It 'stops at the first error with -ErrorAction Stop' {
            { 1..3 | Invoke-WorkerPool -Count 1 { throw "item $_" } -ErrorAction Stop } | Should -Throw '*item 1*'
        }
    }

    Context 'the log' {
        BeforeAll {
            $native = if ($IsWindows) { "cmd /c 'echo first& echo second& echo problem 1>&2'" } else { "/bin/sh -c 'echo first; echo second; echo problem >&2'" }

            # Runs a block between the start of a listener and its stop. Gives the entries of its log, each a line, and leaves the block's output in $output.
            function Get-PoolLog([scriptblock] $Block, [string] $Level = 'Trace') {
                $path = Join-Path (New-TestFolder) 'run.log'
                Start-LogListener $path -Template '{Worker}|{Item}|{Attempt}|{Level}|{Category}|{Message}[{Exception}]' -NoHeader -MinimumLevel $Level
                $script:output = @(& $Block)
                (Stop-LogListener -PassThru).Lost | Should -Be 0
                $entries = ([System.IO.File]::ReadAllText($path) -replace '\r?\n    ', ' ') -split '\r?\n' -ne ''
                Write-Output -NoEnumerate @($entries)
            }
        }

        It 'has a record of its level for each thing an item writes, in that order' {
            $log = Get-PoolLog {
                $VerbosePreference = $DebugPreference = 'Continue'
                'a', 'b' | Invoke-WorkerPool -Count 1 {
                    if ($_ -eq 'a') { return }
                    'one {Item} {0} {'; 2.5; Write-QueueLog 'own'; Write-Warning 'w'; Write-Verbose 'v'; Write-Debug 'd'
                    Write-Information 'i'; Write-Host 'h' -ForegroundColor Red; Write-Host 'left ' -NoNewline; Write-Host 'right'
                    $Host.UI.WriteLine('host'); , (1, 2); $null; [pscustomobject]@{ A = 1 }; Write-Host 'no end' -NoNewline
                } *>&1
            }
            $log -like 'Worker-1|1|1|*' -notlike '*QueueLog.Pool*' -replace '^Worker-1\|1\|1\|' | Should -Be @(
                'Information|Pool.Output|one {Item} {0} {[]', 'Information|Pool.Output|2.5[]', 'Information||own[]', 'Warning|Pool.Warning|w[]', 'Debug|Pool.Verbose|v[]'
                'Debug|Pool.Debug|d[]', 'Information|Pool.Information|i[]', 'Information|Pool.Information|h[]', 'Information|Pool.Information|left right[]'
                'Information|Pool.Information|host[]', 'Information|Pool.Output|1 2[]', 'Information|Pool.Output|@{A=1}[]', 'Information|Pool.Information|no end[]')
        }

        It 'has an error as one record with its script stack once' {
            $log = Get-PoolLog {
                $ErrorActionPreference = 'Continue'
                1..2 | Invoke-WorkerPool -Count 1 -InitializationScript { function Invoke-Failure { if ($args[0] -eq 1) { Write-Error 'mistake' } else { throw 'a {brace} is no hole' } } } {
                    Invoke-Failure $_
                } -ErrorAction SilentlyContinue
            }
            $mistake = @($log | Where-Object { $_.StartsWith('Worker-1|0|1|Error|Pool.Error|mistake[') })
            $mistake | Should -HaveCount 1
            [regex]::Matches($mistake, 'at Invoke-Failure,') | Should -HaveCount 1
            $thrown = @($log | Where-Object { $_.StartsWith('Worker-1|1|1|Error|Pool.Error|a {brace} is no hole[System.Management.Automation.RuntimeException') })
            $thrown | Should -HaveCount 1
            [regex]::Matches($thrown, 'at Invoke-Failure,') | Should -HaveCount 1
            $thrown | Should -Not -BeLike '*<Process>*'

            # The item's own end repeats the message, and not the stack.
            @($log -like '*Invoke-Failure*') | Should -HaveCount 2
            @($log -like '* failed *') -replace '[\d.]+ ms', 'N ms' | Should -Be 'Worker-1|0|1|Warning|QueueLog.Pool|item 0, ''1'', failed after N ms: mistake[]', 'Worker-1|1|1|Warning|QueueLog.Pool|item 1, ''2'', failed after N ms: a {brace} is no hole[]'
        }

        It 'has what native programs write line by line, and what is written past the streams for its worker' {
            # The item goes on until its lines have come back, so that it is the one they were written at.
            $go = Join-Path (New-TestFolder) 'go'
            $run = [scriptblock]::Create($native)
            $log = Get-PoolLog {
                $ErrorActionPreference = 'Continue'
                $seen = [int[]]::new(1)
                'a', 'b' | Invoke-WorkerPool -Count 1 {
                    if ($_ -eq 'a') { return & $using:run }
                    [Console]::Out.WriteLine('raw {out}'); [Console]::Error.WriteLine('raw err'); $PID
                    while (-not [System.IO.File]::Exists($using:go)) { Start-Sleep -Milliseconds 5 }
                } 6>&1 | ForEach-Object {
                    if ("$_" -match '^raw') { $seen[0]++ } else { $_ }
                    if ($seen[0] -eq 2) { [System.IO.File]::WriteAllText($go, '') }
                }
            }
            ($output | Select-Object -SkipLast 1 | ForEach-Object { "$_".Trim() } | Sort-Object) | Should -Be 'first', 'problem', 'second'
            $log -like 'Worker-1|0|1|*Pool.Output*' -replace ' *\[\]$' | Should -Be 'Worker-1|0|1|Information|Pool.Output|first', 'Worker-1|0|1|Information|Pool.Output|second'
            $log -like 'Worker-1|0|1|*problem*' -replace ' *\[\]$' | Should -Be 'Worker-1|0|1|Warning|Pool.StdErr|problem'
            $log -like '*raw*' | Sort-Object | Should -Be 'Worker-1|1|1|Information|Pool.StdOut|raw {out}[]', 'Worker-1|1|1|Warning|Pool.StdErr|raw err[]'
        }

        It 'has with -NoCapture everything but the streams' {
            $run = [scriptblock]::Create($native)
            $log = Get-PoolLog {
                $ErrorActionPreference = 'Continue'
                1..2 | Invoke-WorkerPool -Count 1 -NoCapture -FailOn Throw {
                    if ($_ -eq 2) { throw 'the only trace' }
                    'out'; Write-Warning 'stream w'; Write-Host 'stream h'; Write-Error 'stream e'; [Console]::Out.WriteLine('stream raw'); & $using:run; Write-QueueLog 'own'
                } *>&1 | ForEach-Object { "$_".Trim() }
            }
            foreach ($stream in 'out', 'stream w', 'stream h', "stream e (item 0, '1')", 'stream raw', 'first', 'problem', "the only trace (item 1, '2')") { $output | Should -Contain $stream }
            $log -like '*|Pool.*' | Should -BeNullOrEmpty
            $log | Should -Contain 'Worker-1|0|1|Information||own[]'
            $log -like '*|QueueLog.Pool|item 0 completed*' | Should -HaveCount 1
            $failed = @($log -like "*item 1, '2', failed*")
            $failed | Should -HaveCount 1
            $failed[0] | Should -MatchExactly '\[System\.Management\.Automation\.RuntimeException: the only trace.*at <ScriptBlock>'
        }

        It 'makes no text of what no sink wants: at <Level>' -ForEach @(@{ Level = 'Information'; Asked = 1 }, @{ Level = 'Warning'; Asked = 0 }) {
            $log = Get-PoolLog -Level $Level {
                1..2 | Invoke-WorkerPool -Count 1 {
                    if ($_ -eq 2) { Write-Warning 'wanted'; return "asked $([int] [AppDomain]::CurrentDomain.GetData('asked'))" }
                    $costly = [pscustomobject]@{ A = 1 }
                    $costly | Add-Member -MemberType ScriptMethod -Name ToString -Value { [AppDomain]::CurrentDomain.SetData('asked', 1); 'costly' } -Force
                    $costly
                } 3>$null | Where-Object { $_ -is [string] }
            }
            $output | Should -Be "asked $Asked"
            @($log -eq 'Worker-1|0|1|Information|Pool.Output|costly[]') | Should -HaveCount $Asked
            $log | Should -Contain 'Worker-1|1|1|Warning|Pool.Warning|wanted[]'
        }

        It 'has a record of a value whose text throws, and the item goes on' {
            $log = Get-PoolLog {
                1 | Invoke-WorkerPool -Count 1 { $o = [pscustomobject]@{ A = 7 }; $o | Add-Member -MemberType ScriptMethod -Name ToString -Value { throw 'no text' } -Force; $o } | ForEach-Object { $_.A }
            }
            $output | Should -Be 7
            $log -like 'Worker-1|0|1|Information|Pool.Output|*' | Should -HaveCount 1
            $log -like '*item 0 completed*' | Should -HaveCount 1
        }

        It 'tells of workers and items from their start to their end' {
            $log = Get-PoolLog { 1 | Invoke-WorkerPool -Count 1 { $PID; Write-QueueLog 'between' } }
            $log -replace '[\d.]+ ms', 'N ms' | Should -Be @(
                "Worker-1|||Debug|QueueLog.Pool|Worker-1 started as process $output[]"
                'Worker-1|0|1|Debug|QueueLog.Pool|item 0 started[]'
                "Worker-1|0|1|Information|Pool.Output|$output[]"
                'Worker-1|0|1|Information||between[]'
                'Worker-1|0|1|Debug|QueueLog.Pool|item 0 completed in N ms[]'
                "Worker-1|||Debug|QueueLog.Pool|Worker-1 (process $output) ended[]")
        }

        It 'tells nothing of a pool without trouble at the default level, and once why one cannot start' {
            $log = Get-PoolLog -Level Information { 1..5 | Invoke-WorkerPool -Count 1 { $null } }
            $log.Count | Should -Be 0
            $log = Get-PoolLog -Level Warning { try { 1..3 | Invoke-WorkerPool -Count 2 -InitializationScript { throw 'broken' } { $_ } } catch { } }
            @($log -like '*|QueueLog.Pool|pool*') | Should -HaveCount 1
            $log -like '*|QueueLog.Pool|pool*' | Should -BeLike '|||Error|QueueLog.Pool|pool Pool* failed (InitializationFailed): Worker-*'
        }

        It 'tells of an item that was stopped for its time, and of one that was given up' {
            $log = Get-PoolLog {
                $pool = Start-WorkerPool -Count 1
                $null = 1 | Invoke-WorkerPool -Pool $pool -TimeoutSeconds 0.5 -GraceSeconds 600 { Start-Sleep 600 } -ErrorAction SilentlyContinue
                $null = 1 | Invoke-WorkerPool -Pool $pool { 'x'; Start-Sleep 600 } | Select-Object -First 1
                $null = 1 | Invoke-WorkerPool -Pool $pool { $PID }
                Stop-WorkerPool $pool.Name
            }
            @($log -like '*item 0 was stopped after*') | Should -MatchExactly '^Worker-1\|0\|1\|Debug\|QueueLog\.Pool\|item 0 was stopped after [\d.]+ ms'
            $log | Should -Contain 'Worker-1|0|1|Debug|QueueLog.Pool|item 0 was given up[]'
        }

        It 'is missed by no item: without a listener, with one that is gone, with one that stops meanwhile' {
            $block = { "o$_"; Write-Warning "w$_"; Write-Host "h$_"; if ($_ -eq 2) { throw 'two' } }
            $expected = 'h1', 'h2', 'h3', 'o1', 'o2', 'o3', "two (item 1, '2')", 'w1', 'w2', 'w3'
            1..3 | Invoke-WorkerPool -Count 1 $block -ErrorAction Continue *>&1 | ForEach-Object { "$_" } | Sort-Object | Should -Be $expected
            $env:QUEUELOG_PIPE = if ($IsWindows) { '\\.\pipe\nobody-here' } else { '/tmp/nobody-here.pipe' }
            try {
                1..3 | Invoke-WorkerPool -Count 1 $block -ErrorAction Continue *>&1 | ForEach-Object { "$_" } | Sort-Object | Should -Be $expected
            }
            finally {
                $env:QUEUELOG_PIPE = $null
            }

            $path = Join-Path (New-TestFolder) 'run.log'
            Start-LogListener $path -Template '{Message}' -NoHeader
            $pool = Start-WorkerPool -Count 1
            1 | Invoke-WorkerPool -Pool $pool { "first $_" } | Should -Be 'first 1'
            Stop-LogListener
            1..50 | Invoke-WorkerPool -Pool $pool { $_ } | Should -Be (1..50)
            Read-Log $path | Should -Be 'first 1'
        }
    }

    Context 'the session' {
        BeforeAll {
            $folder = New-TestFolder
            Set-Content -LiteralPath (Join-Path $folder 'Outside.psm1') -Value 'function Get-Outside { "outside" }'
        }

        It 'is carried as far as the block uses it: functions, aliases, modules, its file' {
            function Get-Local { "local $(Split-Path -Leaf $PSCommandPath)" }
            Set-Alias loc Get-Local
            Import-Module (Join-Path $folder 'Outside.psm1')
            try {
                $results = 1 | Invoke-WorkerPool -Count 1 { Get-Local; loc; Get-Outside; $PSScriptRoot; 1 | ForEach-Object { $_ } }
            }
            finally {
                Remove-Module Outside
            }

            $results | Should -Be 'local Invoke-WorkerPool.Tests.ps1', 'local Invoke-WorkerPool.Tests.ps1', 'outside', $PSScriptRoot, 1
        }

        It 'is the same for every item' {
            1..3 | Invoke-WorkerPool -Count 1 { "[$global:left$middle$fixed] $((Get-Location -Stack).Count) $($PWD.Provider.Name)"; $global:left = 1; Set-Variable middle 1 -Scope 1; Set-Variable fixed 1 -Scope Global -Option Constant; Push-Location env: } |
                Should -Be '[] 0 FileSystem', '[] 0 FileSystem', '[] 0 FileSystem'
        }

        It 'imports modules with -ImportModule' {
            1 | Invoke-WorkerPool -Count 1 -ImportModule (Join-Path $folder 'Outside.psm1') { & ('Get-' + 'Outside') } | Should -Be 'outside'
        }

        It 'has -EnvironmentVariable set and removed in the processes and their children, and in no other' {
            $env:QL_GONE = 'inherited'
            try {
                $variables = @{ QL_SET = 5; QL_GONE = $null; DOTNET_TieredPGO = '1' }
                $show = { "$env:QL_SET [$env:QL_GONE] $env:DOTNET_TieredPGO"; if ($IsWindows) { cmd /c 'echo %QL_SET%' } else { sh -c 'echo $QL_SET' } }
                1 | Invoke-WorkerPool -Count 1 -EnvironmentVariable $variables $show | Should -Be '5 [] 1', '5'
                $pool = Start-WorkerPool -Count 1 -EnvironmentVariable $variables
                1 | Invoke-WorkerPool -Pool $pool $show | Should -Be '5 [] 1', '5'
                1 | Start-WorkerPool -Count 1 -EnvironmentVariable $variables $show | Receive-Job -Wait -AutoRemoveJob | Should -Be '5 [] 1', '5'
                "$env:QL_SET$env:QL_GONE" | Should -Be 'inherited'
            }
            finally {
                $env:QL_GONE = $null
            }
        }

        It 'begins in the folder of -WorkingDirectory; that of a warm pool goes before its callers''' {
            $folder = New-TestFolder
            $null = New-Item -ItemType Directory -Path (Join-Path $folder 'sub [1]'), (Join-Path $folder 'other')
            $show = { Split-Path -Leaf $PWD.ProviderPath; [System.IO.Path]::GetFileName([System.Environment]::CurrentDirectory) }
            $leaf = { Split-Path -Leaf $PWD.ProviderPath }
            Push-Location -LiteralPath $folder
            try {
                1 | Invoke-WorkerPool -Count 1 -WorkingDirectory './sub [1]' $show | Should -Be 'sub [1]', 'sub [1]'
                $pool = Start-WorkerPool -Count 1 -WorkingDirectory 'sub [1]'
                1, 2 | Invoke-WorkerPool -Pool $pool $leaf | Should -Be 'sub [1]', 'sub [1]'
                1 | Invoke-WorkerPool -Pool $pool -WorkingDirectory other $leaf | Should -Be 'other'
                1 | Invoke-WorkerPool -Pool $pool $leaf | Should -Be 'sub [1]'
            }
            finally {
                Pop-Location
            }
        }

        It 'cannot change the environment of a warm pool' {
            { 1 | Invoke-WorkerPool -Name any -EnvironmentVariable @{ A = 1 } { $_ } } | Should -Throw -ErrorId "AmbiguousParameterSet,$command"
        }
    }

    Context 'items one by one' {
        It 'keeps the order of the input with -KeepOrder, whoever is quicker, and all streams of an item in its place' {
            $pool = Start-WorkerPool -Count 3
            $results = 1..200 | Invoke-WorkerPool -Pool $pool -KeepOrder { if ($_ % 10 -eq 1) { Start-Sleep -Milliseconds 50 }; $_; "$_!" }
            $results | Should -Be (1..200 | ForEach-Object { $_; "$_!" })

            # Each begins when the next has ended.
            $folder = New-TestFolder
            $all = 1..3 | Invoke-WorkerPool -Pool $pool -ErrorAction Continue -KeepOrder {
                $ErrorActionPreference = 'Continue'
                while ($_ -lt 3 -and -not [System.IO.File]::Exists("$using:folder/$($_ + 1)")) { Start-Sleep -Milliseconds 5 }
                Write-Warning "w$_"; "o$_"; Write-Error "e$_"; Write-Host "h$_"
                [System.IO.File]::WriteAllText("$using:folder/$_", '')
            } *>&1
            $all | ForEach-Object { "$_" } | Should -Be 'w1', 'o1', "e1 (item 0, '1')", 'h1', 'w2', 'o2', "e2 (item 1, '2')", 'h2', 'w3', 'o3', "e3 (item 2, '3')", 'h3'
        }

        It 'passes on the first item while it runs, with -KeepOrder too' {
            1..3 | Invoke-WorkerPool -Count 2 -KeepOrder { if ($_ -eq 1) { 'first'; [System.Threading.Thread]::Sleep(-1) }; $_ } | Select-Object -First 1 | Should -Be 'first'
        }

        It 'waits with -KeepOrder for no item that failed, crashed or could not be sent' {
            $unsendable = New-DeepValue
            $results = & { 1; $unsendable; 2..8 } | Invoke-WorkerPool -Count 2 -KeepOrder { if ($_ -eq 2) { throw 'bad' }; if ($_ -eq 4) { [System.Environment]::Exit(2) }; $_ } -ErrorAction SilentlyContinue -ErrorVariable problems
            $results | Should -Be 1, 3, 5, 6, 7, 8
            $problems.Exception | ForEach-Object { $_.GetType().Name } | Should -Be 'WorkerItemException', 'WorkerItemException', 'WorkerItemException'
            $problems[0].FullyQualifiedErrorId | Should -Be "ItemNotSerializable,$command"
        }

        It 'runs ahead of a slow item only as far as its window, with -KeepOrder' {
            $folder = New-TestFolder
            $child = Start-Pwsh @"
& { for (`$i = 0; ; `$i++) { `$i } } | Invoke-WorkerPool -Count 2 -KeepOrder {
    [IO.File]::WriteAllText("$folder/`$_", '')
    if (`$_ -eq 0) { while (-not [IO.File]::Exists('$folder/go')) { Start-Sleep -Milliseconds 10 } }
    `$_
} | Select-Object -First 500 | Select-Object -Last 1
"@
            Wait-Until { @(Get-ChildItem -LiteralPath $folder).Count -eq 64 }

            # No wait shows that nothing follows; but what had been sent would have been begun before what comes now.
            [System.IO.File]::WriteAllText("$folder/go", '')
            (Complete-Pwsh $child).Output | Should -Be '499'
            $last = (Get-ChildItem -LiteralPath $folder -Exclude go).Name | ForEach-Object { [int] $_ } | Measure-Object -Maximum
            $last.Maximum | Should -BeIn (499..(499 + 64 + 64))
        }

        It 'keeps all items running however many fail, unless -Halt says otherwise' {
            $pool = Start-WorkerPool -Count 2
            $results = 1..20 | Invoke-WorkerPool -Pool $pool { if ($_ % 2) { throw 'no' }; $_ } -ErrorAction SilentlyContinue -ErrorVariable problems
            $results | Should -HaveCount 10
            $problems | Should -HaveCount 10
        }

        It 'lets what is under way end and begins nothing more with -Halt Soon, in <Pool>' -ForEach @(
            @{ Pool = 'a pool of its own'; Warm = $false }
            @{ Pool = 'a warm pool'; Warm = $true }
        ) {
            $folder = New-TestFolder
            $where = if ($Warm) { @{ Pool = Start-WorkerPool -Count 2 } } else { @{ Count = 2 } }
            1..1000 | Invoke-WorkerPool @where -Halt Soon -HaltAfter 2 {
                $path = Join-Path $using:folder "$_"
                [System.IO.File]::WriteAllText($path, 'begun')
                if ($_ -in 20, 21) { throw 'no' }
                [System.IO.File]::WriteAllText($path, 'ended')
            } -ErrorAction SilentlyContinue -ErrorVariable problems
            $problems[-1].FullyQualifiedErrorId | Should -Be "RunHalted,$command"
            $problems[-1].Exception.Message | Should -MatchExactly '^2 of \d+ items failed, so .*(not run|were begun)\. '
            $begun = Get-ChildItem -LiteralPath $folder
            $begun.Count | Should -BeIn (3..900)
            @($begun | Where-Object { (Get-Content -LiteralPath $_.FullName) -eq 'begun' }) | Should -HaveCount 2
        }

        It 'stops what is under way with -Halt Now, in <Pool>, and a warm pool goes on' -ForEach @(
            @{ Pool = 'a pool of its own'; Warm = $false }
            @{ Pool = 'a warm pool'; Warm = $true }
        ) {
            $folder = New-TestFolder
            $name = New-TestName
            $where = if ($Warm) { $null = Start-WorkerPool -Count 2 -Name $name; @{ Name = $name } } else { @{ Count = 2 } }
            $results = 1..10 | Invoke-WorkerPool @where -Halt Now -ErrorAction SilentlyContinue -ErrorVariable problems {
                if ($_ -eq 1) { [System.IO.File]::WriteAllText("$using:folder/begun", ''); Start-Sleep -Seconds 300; 'slept' }
                if ($_ -eq 2) { while (-not [System.IO.File]::Exists("$using:folder/begun")) { Start-Sleep -Milliseconds 5 }; throw 'no' }
            }
            $problems[-1].FullyQualifiedErrorId | Should -Be "RunHalted,$command"
            $results | Should -Not -Contain 'slept'
            if ($Warm) {
                foreach ($mode in 'Soon', 'Now') {
                    1..1000 | Invoke-WorkerPool -Name $name -Halt $mode { if ($_ -eq 50) { throw 'no' } } -ErrorAction SilentlyContinue -ErrorVariable problems
                    $problems[-1].FullyQualifiedErrorId | Should -Be "RunHalted,$command"
                    (1..100 | Invoke-WorkerPool -Name $name { $_ } | Measure-Object -Sum).Sum | Should -Be 5050
                }
            }
        }

        It 'ends at -RunTimeoutSeconds as with -Halt Now, with what there is, and the rest is left to -Resume: <Pool>' -ForEach @(
            @{ Pool = 'a pool of its own'; Warm = $false }
            @{ Pool = 'a warm pool'; Warm = $true }
        ) {
            $folder = New-TestFolder
            $log = Join-Path $folder 'run.json'
            $where = if ($Warm) { @{ Pool = Start-WorkerPool -Count 1 } } else { @{ Count = 1 } }
            if ($Warm) { $null = 1 | Invoke-WorkerPool @where { $_ } }
            $results = 1..5 | Invoke-WorkerPool @where -RunTimeoutSeconds ($Warm ? '3s' : '00:00:15') -AsResult -JobLog $log -ErrorAction SilentlyContinue -ErrorVariable problems {
                if ($_ -eq 2) { try { Start-Sleep 600 } finally { [System.IO.File]::WriteAllText("$using:folder/cleaned", '') } }
                $_
            }
            ($results | Sort-Object Index).Status | Select-Object -First 3 | Should -Be Completed, Stopped, Skipped
            $problems[-1].FullyQualifiedErrorId | Should -Be "RunTimedOut,$command"
            $problems[-1].CategoryInfo.Category | Should -Be OperationTimeout
            $problems[-1].Exception.Message | Should -MatchExactly '^The run exceeded -RunTimeoutSeconds \(\d+ s\): 1 item had ended, 1 was stopped, \d+ w[a-z]+ not run\. '
            "$folder/cleaned" | Should -Exist
            1..5 | Invoke-WorkerPool @where -JobLog $log -Resume { $_ } | Sort-Object | Should -Be 2, 3, 4, 5
        }

        It 'does not mind -RunTimeoutSeconds where the run is over before' {
            1..3 | Invoke-WorkerPool -Count 1 -RunTimeoutSeconds 1h { $_ } | Should -Be 1, 2, 3
        }

        It 'reads no further where it halts' {
            & { for ($i = 0; ; $i++) { $i } } | Invoke-WorkerPool -Count 1 -Halt Soon { throw 'no' } -ErrorAction SilentlyContinue -ErrorVariable problems
            $problems[-1].FullyQualifiedErrorId | Should -Be "RunHalted,$command"
        }

        It 'gives what there is where it halts, to an assignment and to the commands behind it, and ends with -ErrorAction Stop: <Input>' -ForEach @(
            @{ Input = 'an input without an end'; Items = { for ($i = 1; ; $i++) { $i } } }
            @{ Input = 'a list'; Items = { 1..5 } }
            @{ Input = '-InputObject'; Items = $null }
        ) {
            $pool = Start-WorkerPool -Count 1
            $call = if ($Items) { { param($with) & $Items | Invoke-WorkerPool -Pool $pool -AsResult -Halt Soon @with { if ($_ -eq 3) { throw 'bad' }; $_ } } } else { { param($with) Invoke-WorkerPool -Pool $pool -InputObject (1..5) -AsResult -Halt Soon @with { if ($_ -eq 3) { throw 'bad' }; $_ } } }
            $results = & $call @{ ErrorAction = 'SilentlyContinue'; ErrorVariable = 'problems' }
            ($results | Sort-Object Index).Status | Select-Object -First 3 | Should -Be Completed, Completed, Failed
            $last = & $call @{ ErrorAction = 'SilentlyContinue' } | ForEach-Object { $_.Output } -End { 'end' } | Select-Object -Last 1
            $last | Should -Be 'end'
            { & $call @{ ErrorAction = 'Stop' } } | Should -Throw -ErrorId "RunHalted,$command"
            1..3 | Invoke-WorkerPool -Pool $pool { $_ } | Should -Be 1, 2, 3
        }

        It 'keeps no short item waiting for one that takes long' {
            $begun, $go, $done = 'begun', 'go', 'done' | ForEach-Object { "$(New-TestFolder)/$_" }
            & {
                1..500
                'long'
                Wait-Until { Test-Path $begun }
                'short'
                Wait-Until { Test-Path $done }
            } | Invoke-WorkerPool -Count 2 {
                if ($_ -eq 'long') {
                    $null = New-Item $using:begun
                    while (-not (Test-Path $using:go)) { [System.Threading.Thread]::Sleep(10) }
                    $null = New-Item $using:done
                } elseif ($_ -eq 'short') { $null = New-Item $using:go }
            } | Should -BeNullOrEmpty
        }

        It 'gives the items it did not run as skipped, with -AsResult' {
            $results = 1..5 | Invoke-WorkerPool -Count 1 -Halt Soon -AsResult { if ($_ -eq 2) { throw 'bad' } } -ErrorAction SilentlyContinue
            $states = ($results | Sort-Object Index).Status
            $states[0, 1, -1] | Should -Be Completed, Failed, Skipped
            $skipped = $results | Where-Object Status -EQ Skipped | Select-Object -First 1
            "$($skipped.Attempt) $($skipped.Worker) $($skipped.Pid) $($null -eq $skipped.Started) $($null -eq $skipped.Ended)" | Should -Be '0  0 True True'
        }

        It 'shows results as a table' {
            $lines = 1, 2 | Invoke-WorkerPool -Count 1 -AsResult { $ErrorActionPreference = 'Continue'; if ($_ -eq 2) { Write-Error 'no good'; throw 'no better' }; 'x', 'y' } | Format-Table | Out-String -Width 80 | ForEach-Object { $_.Trim() -split '\r?\n' }
            $lines[0].Trim() | Should -BeExactly 'Index Status    Attempt Errors    Duration Input          Output'
            $lines[2] | Should -MatchExactly '^\s*0 Completed +1 +0:00:\d\d\.\d{3} 1 +x y$'
            $lines[3] | Should -MatchExactly '^\s*1 Failed +1 +2 +0:00:\d\d\.\d{3} 2 +no good$'
        }

        It 'tries again with -Retry, and passes on the last attempt only' {
            $file = Join-Path (New-TestFolder) 'attempt'
            $results = 1 | Invoke-WorkerPool -Count 1 -Retry 1 -WarningAction SilentlyContinue -WarningVariable warnings {
                'out'
                if (-not (Test-Path -LiteralPath $using:file)) { Set-Content -LiteralPath $using:file ''; throw 'once' }
            }
            $results | Should -Be 'out'
            "$warnings" | Should -Be "Attempt 1 of 2 of item 0, '1', failed: once; it is tried again."
        }

        It 'notes each item in -JobLog, in lines that ConvertFrom-Json reads' {
            $log = Join-Path (New-TestFolder) 'items.json'
            $null = 'a', 'b', 'c' | Invoke-WorkerPool -Count 1 -JobLog $log -ErrorAction SilentlyContinue -WarningAction SilentlyContinue {
                if ($_ -eq 'b') { throw 'bad' }; if ($_ -eq 'c') { [System.Environment]::Exit(4) }; 1, 'two', @{ three = 3 }; Write-Warning 'w'; Write-Information 'i'
            }
            $items = Get-Content -LiteralPath $log | ConvertFrom-Json
            $items | ForEach-Object { "$($_.Index) $($_.Input) $($_.Status) $($_.Attempt) $($_.Worker) $($_.ExitCode) $($_.Errors | ForEach-Object { "$($_.Id) $($_.Message -replace ' .*')" })" } |
                Should -Be '0 a Completed 1 Worker-1  ', '1 b Failed 1 Worker-1  bad bad', '2 c Crashed 1 Worker-1 4 WorkerDied Worker-1'
            "$($items[0].Output[0..1]) $($items[0].Output[2].three) $($items[0].Warnings) $($items[0].Information)" | Should -Be '1 two 3 w i'
            $items[0].Pid | Should -BeGreaterThan 0
            [datetimeoffset] $items[0].Queued | Should -BeLessOrEqual ([datetimeoffset] $items[0].Started)
            [timespan] $items[0].Duration | Should -BeGreaterThan ([timespan]::Zero)
        }

        It 'goes on with -Resume after what was finished and with -ResumeFailed with what failed, and notes all again without' {
            $log = Join-Path (New-TestFolder) 'items.json'
            $name = New-TestName
            $null = Start-WorkerPool -Count 1 -Name $name
            $null = 1..3 | Invoke-WorkerPool -Name $name -JobLog $log -ErrorAction SilentlyContinue { if ($_ -eq 2) { throw 'bad' } }
            1..4 | Invoke-WorkerPool -Name $name -JobLog $log -Resume { "first $_" } | Should -Be 'first 4'
            1..5 | Invoke-WorkerPool -Name $name -JobLog $log -ResumeFailed { "second $_" } | Should -Be 'second 2', 'second 5'
            (1..5 | Start-WorkerPool -Count 1 -JobLog $log -ResumeFailed -AsResult { $_ } | Receive-Job -Wait -AutoRemoveJob).Status | Should -Be (@('Skipped') * 5)
            1, 1, 2 | Invoke-WorkerPool -Name $name -JobLog $log -Resume { "third $_" } | Should -Be 'third 1'
            $before = (Get-Content -LiteralPath $log).Count
            1, 2 | Invoke-WorkerPool -Name $name -JobLog $log { $_ } | Should -Be 1, 2
            1, 2 | Invoke-WorkerPool -Name $name -JobLog $log { $_ } | Should -Be 1, 2
            (Get-Content -LiteralPath $log).Count | Should -Be ($before + 4)
        }

        It 'knows files and hashtables again in another process' {
            $folder = New-TestFolder
            $log = Join-Path $folder 'items.json'
            Set-Content -LiteralPath (Join-Path $folder 'data.txt') 'x'
            $script = "@(Get-Item '$folder/data.txt'; @{ a = 1; b = 2; c = 3; d = 4; e = 5 }) | Invoke-WorkerPool -Count 1 -JobLog '$log' -Resume { if (`$_ -is [hashtable]) { 'table' } else { Get-Content `$_.FullName } }"
            (Invoke-Pwsh $script).Output -split '\r?\n' | Should -Be 'x', 'table'
            (Invoke-Pwsh $script).Output | Should -BeNullOrEmpty
            (Get-Content -LiteralPath $log).Count | Should -Be 2
        }

    }

    Context 'an item that is cut short' {
        BeforeAll {
            # Cleans up for longer than an item has for that by default.
            $cleaning = {
                param($item, $marker)
                try {
                    [System.IO.File]::WriteAllText("$marker.begun", '')
                    'begun'
                    Start-Sleep 600
                }
                finally {
                    [System.Threading.Thread]::Sleep(2500)
                    [System.IO.File]::WriteAllText($marker, 'clean')
                }
            }
        }

        BeforeEach {
            $marker = "$(New-TestFolder)/marker"
            $given = @{ Count = 1; GraceSeconds = 60; ArgumentList = $marker }
        }

        It 'cleans up within -GraceSeconds: Select-Object -First' {
            1 | Invoke-WorkerPool @given $cleaning | Select-Object -First 1 | Should -Be 'begun'
            Get-Content $marker | Should -Be 'clean'
        }

        It 'cleans up within -GraceSeconds: an error downstream' {
            { 1 | Invoke-WorkerPool @given $cleaning | ForEach-Object { throw 'downstream' } } | Should -Throw downstream
            Get-Content $marker | Should -Be 'clean'
        }

        It 'cleans up within -GraceSeconds: -Halt Now' {
            $given.Count = 2
            1, 2 | Invoke-WorkerPool @given -Halt Now -ErrorAction SilentlyContinue ([scriptblock]::Create("param(`$item, `$marker) if (`$item -eq 2) { while (-not (Test-Path `"`$marker.begun`")) { Start-Sleep -Milliseconds 10 }; throw 'two' }; & { $cleaning } `$item `$marker"))
            Get-Content $marker | Should -Be 'clean'
        }

        It 'cleans up within -GraceSeconds: <_>' -ForEach 'Stop-Job', 'Stop-WorkerPool' {
            $job = 1 | Start-WorkerPool @given $cleaning
            $null = Wait-JobOutput $job
            & $_ $job.Name
            Get-Content $marker | Should -Be 'clean'
            $job.State | Should -Be Stopped
            $job | Remove-Job
        }

        It 'cleans up within -GraceSeconds: Ctrl+C' {
            $shell = [powershell]::Create()
            $null = $shell.AddScript('param($module, $given, $block) Import-Module $module; 1 | Invoke-WorkerPool @given ([scriptblock]::Create($block))').
                AddArgument((Get-Module QueueLog).Path).AddArgument($given).AddArgument("$cleaning")
            $null = $shell.BeginInvoke()
            Wait-Until { Test-Path "$marker.begun" }
            $shell.Stop()
            $shell.Dispose()
            Get-Content $marker | Should -Be 'clean'
        }

        It 'cleans up within -GraceSeconds on a warm pool, whose next call waits for that' {
            $given.Remove('Count')
            $pool = Start-WorkerPool -Count 1
            1 | Invoke-WorkerPool -Pool $pool @given $cleaning | Select-Object -First 1 | Should -Be 'begun'
            1 | Invoke-WorkerPool -Pool $pool { Test-Path $using:marker } | Should -BeTrue
            $pool | Stop-WorkerPool
        }

        It 'is killed when it has not stopped by then' {
            $given.GraceSeconds = 0.2
            1 | Invoke-WorkerPool @given { param($item, $marker) try { 'begun' } finally { [System.Threading.Thread]::Sleep(600000); [System.IO.File]::WriteAllText($marker, 'clean') } } | Select-Object -First 1 | Should -Be 'begun'
            $marker | Should -Not -Exist
        }
    }

    Context 'how a block gets its item' {
        It 'spreads rows over a block that takes no argument by its place' {
            [pscustomobject]@{ Name = 'a'; Size = 1 }, @{ Name = 'b'; Size = 2 } |
                Invoke-WorkerPool -Count 1 -KeepOrder -Splat { [CmdletBinding(PositionalBinding = $false)] param($Name, $Size) "$Name $Size" } |
                Should -Be 'a 1', 'b 2'
        }

        It '<Name>' -ForEach @(
            @{ Name = 'a block that takes no argument'; Block = { [CmdletBinding()] param() "$_" }; Expected = 1, 2 }
            @{ Name = 'one whose parameters take none by position'; Block = { [CmdletBinding(PositionalBinding = $false)] param($other) "$_$other" }; Expected = 1, 2 }
            @{ Name = '$_ in each of its named blocks'; Block = { begin { "b$_" } process { "p$_" } end { "e$_" } }; Expected = 'b1', 'p1', 'e1', 'b2', 'p2', 'e2' }
            @{ Name = 'its first argument beside that'; Block = { param($i) process { "$_$i$args" } }; Expected = 11, 22 }
            @{ Name = '$input'; Block = { "in $input" }; Expected = 'in 1', 'in 2' }
            @{ Name = '$input beside an argument'; Block = { param($i) foreach ($x in $input) { "$i$x" } }; Expected = 11, 22 }
            @{ Name = 'a parameter from the pipeline'; Block = { param([Parameter(ValueFromPipeline)] $x) process { "$_$x" } }; Expected = 11, 22 }
        ) {
            1..2 | Invoke-WorkerPool -Count 1 $Block | Should -Be $Expected
        }

        It 'is whole in a process block: a list, $null, and arguments behind it' {
            , @(1, 2) | Invoke-WorkerPool -Count 1 { process { $_.Count } } | Should -Be 2
            , $null | Invoke-WorkerPool -Count 1 { process { $null -eq $_ } } | Should -BeTrue
            1 | Invoke-WorkerPool -Count 1 -ArgumentList 7 { param($i, $more) process { "$_$i$more" } } | Should -Be '117'
        }
    }

    Context 'the worker as a session' {
        It 'returns the output of -InitializationScript, as Start-Job does, but among results there are only results' {
            1 | Invoke-WorkerPool -Count 1 -InitializationScript { 'ready' } { $_ } | Should -Be 'ready', 1
            1 | Invoke-WorkerPool -Count 1 -InitializationScript { 'ready' } -AsResult { $_ } | ForEach-Object { $_.GetType().Name } | Should -Be ItemResult
            $pool = Start-WorkerPool -Count 1 -InitializationScript { 'ready' }
            1 | Invoke-WorkerPool -Pool $pool { $_ } | Should -Be 1
            Stop-WorkerPool $pool.Name
        }

        It 'goes on with a preference of the caller that means nothing' {
            & { $WarningPreference = 'Nonsense'; 1 | Invoke-WorkerPool -Count 1 { "$WarningPreference" } } | Should -Be 'Continue'
        }

        It 'has the module under its name' {
            1 | Invoke-WorkerPool -Count 1 { (Get-Module QueueLog).Name; (Get-Command QueueLog\Write-QueueLog).Name } | Should -Be 'QueueLog', 'Write-QueueLog'
        }

        It 'goes on where a debugger would stop: <Name>' -ForEach @(
            @{ Name = 'a breakpoint'; Block = { $null = Set-PSBreakpoint -Variable x -Mode Write; $x = 1; "x is $x"; throw 'real' }; Expected = 'x is 1' }
            @{ Name = 'Wait-Debugger'; Block = { Wait-Debugger; 'past'; throw 'real' }; Expected = 'past' }
            @{ Name = 'the preference Break'; Block = { $ErrorActionPreference = 'Break'; Write-Error 'real'; 'after' }; Expected = 'after' }
        ) {
            1 | Invoke-WorkerPool -Count 1 $Block -ErrorAction SilentlyContinue -ErrorVariable problems | Should -Be $Expected
            $problems.Exception.Message | Should -Be 'real'
        }

        It 'has the modules of -ImportModule completed' {
            $line = 'Invoke-WorkerPool -ImportModule Microsoft.PowerShell.Util'
            (TabExpansion2 $line -cursorColumn $line.Length).CompletionMatches.CompletionText | Should -Contain 'Microsoft.PowerShell.Utility'
        }
    }

    Context '-Variable' {
        It 'carries the variables of its names and wildcards, as the caller sees them' {
            $qlOne = 1; $qlTable = @{ a = 1, 2 }; $qlBlock = { "block $args" }; $qlOther = 'x'
            function Get-QlSum { $qlOne + $qlTable.a[1] }
            1 | Invoke-WorkerPool -Count 1 -Variable qlOne, qlT*, qlB* -InitializationScript { $before = $qlOne } { "$before $(Get-QlSum) $(& $qlBlock 5) $($null -eq (Get-Variable qlOther -ErrorAction Ignore))" } | Should -Be '1 3 block 5 True'
        }

        It 'gives a call of a warm pool its own values, and takes them away behind it' {
            $pool = Start-WorkerPool -Count 1
            foreach ($qlValue in 1, 2) {
                $qlList = [System.Collections.Generic.List[int]] @($qlValue)
                1..2 | Invoke-WorkerPool -Pool $pool -Variable ql* { $null = $qlList.Add(5); "$qlValue $qlList" } | Should -Be "$qlValue $qlValue 5", "$qlValue $qlValue 5 5"
            }

            1 | Invoke-WorkerPool -Pool $pool { "[$(Get-Variable qlValue -ValueOnly -ErrorAction Ignore)]" } | Should -Be '[]'
            Stop-WorkerPool $pool.Name
        }

        It 'leaves out what PowerShell sets itself, and warns of what cannot be sent' {
            $PSDefaultParameterValues = @{ 'nothing:of' = 'it' }
            $qlDeep = New-DeepValue
            $names = 1 | Invoke-WorkerPool -Count 1 -Variable * -WarningAction SilentlyContinue -WarningVariable warnings { $PID; (Get-Variable).Name }
            $names[0] | Should -Not -Be $PID
            $names | Should -Not -Contain qlDeep
            "$warnings" | Should -BeLike '*$qlDeep*is not carried*'
            "$warnings" | Should -Not -BeLike '*$Host*'
        }

        It '<Id>: -Variable <Name>' -ForEach @(
            @{ Name = 'nothingOfTheKind'; Id = 'VariableUndefined,QueueLog.PowerShell.Commands.InvokeWorkerPoolCommand' }
            @{ Name = 'Host'; Id = 'VariableAutomatic,QueueLog.PowerShell.Commands.InvokeWorkerPoolCommand' }
            @{ Name = 'ErrorActionPreference'; Id = 'VariableAutomatic,QueueLog.PowerShell.Commands.InvokeWorkerPoolCommand' }
            @{ Name = 'qlDeep'; Id = 'ArgumentNotSerializable,QueueLog.PowerShell.Commands.InvokeWorkerPoolCommand' }
        ) {
            $qlDeep = New-DeepValue
            { 1 | Invoke-WorkerPool -Count 1 -Variable $Name { 1 } } | Should -Throw -ErrorId $Id
        }
    }

    Context 'the end of a worker' {
        BeforeEach {
            $folder = New-TestFolder
        }

        It 'runs -EndScript once in each worker, behind its last item, in the session that -InitializationScript left' {
            # The first items of both workers wait for each other: a worker that starts late would find none left.
            $begun = New-TestFolder
            $results = 0..3 | Invoke-WorkerPool -Count 2 -InitializationScript { $connection = "open $PID" } -EndScript { Add-Content "$using:folder/$PID" "$connection $overwritten$_"; 'dropped' } {
                $connection = $overwritten = 'item'
                [System.IO.File]::WriteAllText("$using:begun/$PID", '')
                while ([System.IO.Directory]::GetFiles($using:begun).Count -lt 2) { Start-Sleep -Milliseconds 5 }
                $PID
            }
            $results | Should -HaveCount 4
            $ends = @(Get-ChildItem -LiteralPath $folder)
            $ends | Should -HaveCount 2
            $ends | ForEach-Object { Get-Content -LiteralPath $_ } | Should -Be @($ends | ForEach-Object { "open $($_.Name) " })
        }

        It 'runs -EndScript of a warm pool at its end, also when an item is under way' {
            $pool = Start-WorkerPool -Count 1 -InitializationScript { $connection = 'open' } -EndScript { Add-Content "$using:folder/end" "$connection$overwritten" }
            1 | Invoke-WorkerPool -Pool $pool { $global:overwritten = 1; $_ } | Should -Be 1
            Test-Path "$folder/end" | Should -BeFalse
            Stop-WorkerPool $pool.Name
            Get-Content "$folder/end" | Should -Be 'open'

            $job = 1 | Start-WorkerPool -Count 1 -EndScript { Add-Content "$using:folder/stopped" 'end' } { Add-Content "$using:folder/begun" 1; Start-Sleep 1000 } -GraceSeconds 60
            Wait-Until { Test-Path "$folder/begun" }
            $job | Stop-Job
            Get-Content "$folder/stopped" | Should -Be 'end'
        }

        It 'runs -EndScript in a worker that is replaced' {
            $results = 1..3 | Invoke-WorkerPool -Count 1 -MaxItemsPerWorker 1 -EndScript { Add-Content "$using:folder/$PID" 'end' } { "$PID" }
            $results | Sort-Object | Should -Be @((Get-ChildItem -LiteralPath $folder).Name | Sort-Object)
        }

        It 'has the errors of -EndScript as warnings' {
            $results = 1 | Invoke-WorkerPool -Count 1 -EndScript { Write-Error 'soft' -ErrorAction Continue; throw 'hard' } { $_ } -WarningAction SilentlyContinue -WarningVariable warnings
            $results | Should -Be 1
            "$warnings" | Should -BeLike 'An error in the -EndScript of Worker-1 (*.Tests.ps1:*): soft An error in the -EndScript of Worker-1 (*.Tests.ps1:*): hard'
        }

        It 'runs the handlers of PowerShell.Exiting and of ProcessExit' {
            $results = 1..2 | Invoke-WorkerPool -Count 2 -GraceSeconds 60 {
                $env:QL_ENDS = "$using:folder/$PID"
                $null = Register-EngineEvent PowerShell.Exiting -Action { Add-Content "$env:QL_ENDS-exiting" 'end' }
                Add-Type -TypeDefinition 'public static class QueueLogHook { public static void Set(string path) { System.AppDomain.CurrentDomain.ProcessExit += (s, e) => System.IO.File.WriteAllText(path, "end"); } }'
                [QueueLogHook]::Set("$env:QL_ENDS-process")
                $PID
            }
            $results | ForEach-Object { "$_-exiting"; "$_-process" } | Sort-Object | Should -Be @((Get-ChildItem -LiteralPath $folder).Name | Sort-Object)
        }

        It 'does not wait for what does not end, beyond -GraceSeconds' {
            1 | Invoke-WorkerPool -Count 1 -GraceSeconds 0.2 -EndScript { [System.Threading.Thread]::Sleep(-1) } { $_ } | Should -Be 1
            1 | Invoke-WorkerPool -Count 1 -GraceSeconds 0.2 { $null = Register-EngineEvent PowerShell.Exiting -Action { [System.Threading.Thread]::Sleep(-1) }; $_ } | Should -Be 1
        }
    }

    Context 'an error of an item' {
        BeforeAll {
            # As in a script of its own: the lines that errors name are those of the file.
            $file = Join-Path (New-TestFolder) 'block.ps1'
            Set-Content -LiteralPath $file @'
{
    param([string] $what)
    switch ($what) {
        divide { 1 / 0 }
        missing { Get-Item -LiteralPath /no/such/file }
        write { $ErrorActionPreference = 'Continue'; Write-Error mine -ErrorId MyId -TargetObject 12 }
        thrown { $e = [System.IO.FileNotFoundException]::new('gone', 'the.txt'); $e.Data['key'] = 5; throw $e }
        details { Write-Error -Exception ([System.Exception]::new('plain')) -RecommendedAction 'rest' -Message 'of its own' }
    }
}
'@
            $block = & $file
        }

        It 'has the id of the worker: <_>' -ForEach 'divide', 'missing', 'write', 'thrown' {
            $null = $_ | Invoke-WorkerPool -Count 1 $block -ErrorAction SilentlyContinue -ErrorVariable problems
            $job = Start-Job $block -ArgumentList $_
            $null = $job | Receive-Job -Wait -AutoRemoveJob -ErrorAction SilentlyContinue -ErrorVariable expected
            $problems.FullyQualifiedErrorId | Should -BeExactly $expected.FullyQualifiedErrorId
            $problems[0].CategoryInfo.Activity | Should -BeExactly $expected[0].CategoryInfo.Activity

            # Also through a pool in a pool.
            $null = $_ | Invoke-WorkerPool -Count 1 { $_ | Invoke-WorkerPool -Count 1 ([scriptblock]::Create($using:block)) } -ErrorAction SilentlyContinue -ErrorVariable problems
            $problems.FullyQualifiedErrorId | Should -BeExactly $expected.FullyQualifiedErrorId
        }

        It 'shows the line of the block, the index of the item and its input: <What>' -ForEach @(
            @{ What = 'divide'; View = '*block.ps1:4*4 |*1 / 0*Attempted to divide by zero. (item 1, ''divide'')*' }
            @{ What = 'missing'; View = 'Get-Item: *block.ps1:5*5 |*Get-Item -LiteralPath /no/such/file*because it does not exist.*(item 1,*''missing'')*' }
            @{ What = 'write'; View = 'Write-Error: *block.ps1:6*6 |*Write-Error mine*mine (item 1, ''write'')*' }
            @{ What = 'thrown'; View = '*block.ps1:7*7 |*throw*gone (item 1, ''thrown'')*' }
            @{ What = 'details'; View = '*of its own*Recommendation: rest*' }
        ) {
            $problem = 'nothing', $What | Invoke-WorkerPool -Count 1 $block -ErrorAction Continue 2>&1
            $problem | Out-String -Width 200 | Should -BeLike $View
            $job = 'nothing', $What | Start-WorkerPool -Count 1 $block
            $job | Receive-Job -Wait -AutoRemoveJob -ErrorAction Continue 2>&1 | Out-String -Width 200 | Should -BeLike $View
        }

        It 'shows the line of a block that is called as it is' {
            0 | Invoke-WorkerPool -Count 1 {
                Write-Error 'from a plain block'
            } -ErrorAction Continue 2>&1 | Out-String -Width 200 | Should -BeLike "Write-Error: *$(Split-Path $PSCommandPath -Leaf):*Write-Error 'from a plain block'*"
        }

        It 'keeps the message, and the text of its own where it has one' {
            $null = 'divide', 'details' | Invoke-WorkerPool -Count 1 $block -ErrorAction SilentlyContinue -ErrorVariable problems
            $problems[0].Exception.Message | Should -BeExactly 'Attempted to divide by zero.'
            $problems[1].ErrorDetails.Message | Should -BeExactly 'of its own'
            $problems[1].Exception.Item, $problems[1].Exception.Input | Should -Be 1, 'details'
            ('divide' | Invoke-WorkerPool -Count 1 $block -AsResult).Error | Should -BeExactly 'Attempted to divide by zero.'
        }

        It 'has the properties and the data of its exception, as from Start-Job' {
            $null = 'thrown' | Invoke-WorkerPool -Count 1 $block -ErrorAction SilentlyContinue -ErrorVariable problems
            $job = Start-Job $block -ArgumentList 'thrown'
            $null = $job | Receive-Job -Wait -AutoRemoveJob -ErrorAction SilentlyContinue -ErrorVariable expected
            $exception = $problems[0].Exception.SerializedRemoteException
            $exception.PSTypeNames | Should -Be $expected[0].Exception.SerializedRemoteException.PSTypeNames
            $exception.PSObject.Properties.Name | Should -Be $expected[0].Exception.SerializedRemoteException.PSObject.Properties.Name
            $exception.FileName, $exception.HResult, $exception.Data['key'] | Should -Be 'the.txt', -2147024894, 5
        }
    }

    Context 'the progress' {
        BeforeAll {
            # A runspace of its own keeps the records of what runs in it, as no host does.
            function Start-Recording([string] $Script) {
                $shell = [powershell]::Create([initialsessionstate]::CreateDefault2())
                $null = $shell.AddScript("Import-Module '$(Get-StagedModule)'`n$Script")
                [pscustomobject]@{ Shell = $shell; Running = $shell.BeginInvoke(); Records = $shell.Streams.Progress }
            }

            function Complete-Recording($Recording) {
                $null = $Recording.Shell.EndInvoke($Recording.Running)
                "$($Recording.Shell.Streams.Error)" | Should -BeNullOrEmpty
                $Recording.Records
            }
        }

        It 'of the items is below that of their workers' {
            $folder = New-TestFolder
            $records = Complete-Recording (Start-Recording @"
1, 2 | Invoke-WorkerPool -Count 2 {
    [IO.File]::WriteAllText("$folder/`$_", '')
    while ([IO.Directory]::GetFiles('$folder').Count -lt 2) { Start-Sleep -Milliseconds 5 }
    Write-Progress -Id 5 'mine' "status `$_" -PercentComplete (10 * `$_) -CurrentOperation 'op' -SecondsRemaining 7
    Write-Progress -Id 6 -ParentId 5 'inner' 'status'
}
"@)
            $mine = @($records | Where-Object { $_.Activity -eq 'mine' -and $_.RecordType -eq 'Processing' } | Sort-Object PercentComplete)
            $mine | ForEach-Object { "$($_.StatusDescription) $($_.PercentComplete) $($_.CurrentOperation) $($_.SecondsRemaining)" } | Should -Be 'status 1 10 op 7', 'status 2 20 op 7'
            $mine.ActivityId | Sort-Object -Unique | Should -HaveCount 2
            foreach ($one in $mine) { ($records | Where-Object ActivityId -EQ $one.ParentActivityId | Select-Object -First 1).Activity | Should -Match '^Worker-[12]$' }
            @($records | Where-Object { $_.Activity -eq 'inner' -and $_.ParentActivityId -in $mine.ActivityId }) | Should -HaveCount 2
            $open = @{}
            $records | ForEach-Object { if ($_.RecordType -eq 'Completed') { $open.Remove($_.ActivityId) } else { $open[$_.ActivityId] = $true } }
            $open.Count | Should -Be 0
        }

        It 'shows how far the run is while it waits for items that say nothing' {
            # Each item lasts until it was shown. How many there are is known from the start.
            $folder = New-TestFolder
            $recording = Start-Recording @"
1..4 | Invoke-WorkerPool -Count 1 -ErrorAction Ignore { if (`$_ -eq 3) { throw 'bad' }; while (-not [IO.File]::Exists("$folder/`$_")) { Start-Sleep -Milliseconds 5 } }
"@
            foreach ($item in 1, 2, 4) {
                Wait-Until { @($recording.Records) | Where-Object { $_.Activity -eq 'Worker-1' -and $_.RecordType -eq 'Processing' -and $_.StatusDescription -match "^$item( \(\d+ s\))?$" } }
                Wait-Until { @($recording.Records) | Where-Object { $_.Activity -like 'Worker pool *' -and $_.StatusDescription -match "^$(25 * @{ 1 = 0; 2 = 1; 4 = 3 }[$item])%, [0-3] of 4 items" } }
                [System.IO.File]::WriteAllText("$folder/$item", '')
            }

            $records = Complete-Recording $recording
            $run = @($records | Where-Object { $_.Activity -like 'Worker pool *' -and $_.RecordType -eq 'Processing' })
            $run[-1].StatusDescription | Should -MatchExactly '^(75|100)%, [34] of 4 items, 1 failed, \d+(\.\d)?/s$'
            $run[-1].PercentComplete | Should -BeGreaterThan 0
            $run[-1].SecondsRemaining | Should -BeGreaterOrEqual 0
            $workers = @($records | Where-Object { $_.Activity -eq 'Worker-1' -and $_.RecordType -eq 'Processing' })
            $workers.ParentActivityId | Sort-Object -Unique | Should -Be $run[0].ActivityId

            # The one that throws is seen only where it lasts long enough.
            $workers.StatusDescription -replace ' .*' | Select-Object -Unique | Where-Object { $_ -notin 3, 'starting', 'idle' } | Should -Be '1', '2', '4'
            "$($records[-1].RecordType) $($records[-1].ActivityId)" | Should -Be "Completed $($run[0].ActivityId)"
        }

        It 'knows how many items there will be: <Case>' -ForEach @(
            @{ Case = 'a range'; Script = '1..8 | Invoke-WorkerPool' }
            @{ Case = 'an array'; Script = '$all = 1..8; $all | Invoke-WorkerPool' }
            @{ Case = 'a list'; Script = '[System.Collections.Generic.List[object]](1..8) | Invoke-WorkerPool' }
            @{ Case = 'an array by name'; Script = 'Invoke-WorkerPool -InputObject (1..8)' }
            @{ Case = '-Total'; Script = '& { for ($i = 1; $i -le 8; $i++) { $i } } | Invoke-WorkerPool -Total 8' }
            @{ Case = '-Total of a job'; Script = '& { for ($i = 1; $i -le 8; $i++) { $i } } | Start-WorkerPool -Total 8' }
        ) {
            # The first item lasts until the total was shown; the input is not read to its end meanwhile, nor are there more workers.
            $go = Join-Path (New-TestFolder) 'go'
            $receive = if ($Script -match 'Start-') { ' | Receive-Job -Wait -AutoRemoveJob' }
            $recording = Start-Recording "$Script -Count 1 -KeepOrder { while (-not [IO.File]::Exists('$go')) { Start-Sleep -Milliseconds 5 }; `$_ }$receive"
            Wait-Until { @($recording.Records) | Where-Object { $_.Activity -like 'Worker pool *' -and $_.StatusDescription -match '\b8 items' } }
            [System.IO.File]::WriteAllText($go, '')
            $null = Complete-Recording $recording
        }

        It 'leaves nothing in what a script captures' {
            $script = '1..2 | Invoke-WorkerPool -Count 1 {0} {{ Start-Sleep -Milliseconds 300; $_ }}'
            foreach ($option in '', '-Quiet') {
                $result = Invoke-Pwsh ($script -f $option)
                $result.Output -split '\r?\n' | Should -Be '1', '2'
                $result.ErrorOutput | Should -BeNullOrEmpty
            }
        }

        It 'is given to no one who wants none: <_>' -ForEach SilentlyContinue, Ignore {
            $name = New-TestName
            $null = Start-WorkerPool -Count 1 -Name $name
            Complete-Recording (Start-Recording "`$ProgressPreference = '$_'; 1 | Invoke-WorkerPool -Name $name { Write-Progress mine; Start-Sleep -Milliseconds 800 }") | Should -BeNullOrEmpty
            Complete-Recording (Start-Recording "1 | Invoke-WorkerPool -Name $name -ProgressAction $_ { Write-Progress mine; Start-Sleep -Milliseconds 800 }") | Should -BeNullOrEmpty
            $ProgressPreference = $_
            $job = 1 | Start-WorkerPool -Count 1 { Write-Progress mine; Start-Sleep -Milliseconds 800 }
            $null = $job | Wait-Job
            $job.Progress | Should -BeNullOrEmpty
        }

        It 'is thinned out in the worker' {
            $records = Complete-Recording (Start-Recording '1..200 | Invoke-WorkerPool -Count 1 { for ($i = 0; $i -lt 100; $i++) { Write-Progress flood -PercentComplete $i }; Write-Progress flood -Completed }')
            @($records | Where-Object Activity -EQ flood).Count | Should -BeIn (1..2000)
        }
    }

    Context 'a warm pool' {
        It 'is used by name and by object, again and again' {
            $name = New-TestName
            $pool = Start-WorkerPool -Count 2 -Name $name -InitializationScript { $global:base = 40 }
            $first = Invoke-WorkerPool -Name $name { $PID } | Sort-Object
            $first | Should -HaveCount 2
            Invoke-WorkerPool -Pool $pool { $PID } | Sort-Object | Should -Be $first
            $add = 2
            0 | Invoke-WorkerPool -Name $name { $base + $_ + $using:add } | Should -Be 42
            1 | Invoke-WorkerPool -Name $name -InitializationScript { $global:base = 50 } { $base } | Should -Be 50
            "$((Get-WorkerPool $name).State) $($pool.State)" | Should -Be 'Idle Running'
        }

        It 'stays usable when a call fails on one of its workers' {
            $pool = Start-WorkerPool -Count 2
            $null = Invoke-WorkerPool -Pool $pool { $env:QL_NUMBER = $_ }
            { 1..8 | Invoke-WorkerPool -Pool $pool -InitializationScript { if ($env:QL_NUMBER -eq 1) { throw 'not here' } } { Start-Sleep -Milliseconds 100; $_ } } | Should -Throw -ErrorId "InitializationFailed,$command"
            1..8 | Invoke-WorkerPool -Pool $pool { $_ } | Sort-Object | Should -Be (1..8)
        }

        It 'goes on with a new worker where an item had to be killed' {
            $pool = Start-WorkerPool -Count 1
            (1 | Invoke-WorkerPool -Pool $pool -AsResult -TimeoutSeconds 0.5 -GraceSeconds 0.1 { [System.Threading.Thread]::Sleep(-1) }).Status | Should -Be TimedOut
            2 | Invoke-WorkerPool -Pool $pool { $_ } | Should -Be 2
        }
    }

    Context 'errors' {
        It 'takes a time as <Value>' -ForEach @(
            @{ Value = 2; Seconds = 2 }, @{ Value = 1.5; Seconds = 1.5 }, @{ Value = '2'; Seconds = 2 }, @{ Value = [timespan] '00:05:00'; Seconds = 300 }
            @{ Value = '5m'; Seconds = 300 }, @{ Value = '90s'; Seconds = 90 }, @{ Value = '1h30m'; Seconds = 5400 }, @{ Value = '250ms'; Seconds = 0.25 }, @{ Value = '00:05:00'; Seconds = 300 }
        ) {
            foreach ($parameter in (Get-Command Invoke-WorkerPool, Start-WorkerPool, Stop-LogListener).ParameterSets.Parameters | Where-Object Name -Like '*Seconds') {
                $transformation = $parameter.Attributes | Where-Object { $_ -is [System.Management.Automation.ArgumentTransformationAttribute] }
                $transformation.Transform($ExecutionContext, $Value) | Should -Be $Seconds
            }
        }

        It 'takes 90s and 1d as they are written, though they are numbers to the engine' {
            1 | Invoke-WorkerPool -Count 1 -TimeoutSeconds 90s -RunTimeoutSeconds 1d -GraceSeconds 2s { $_ } | Should -Be 1
            { 1 | Invoke-WorkerPool -Count 1 -GraceSeconds 1d { $_ } } | Should -Throw -ErrorId "ParameterArgumentValidationError,$command" -ExpectedMessage '*86400*'
        }

        It 'refuses -<Parameter> <Value>, and says what is a time' -ForEach @(
            foreach ($parameter in 'TimeoutSeconds', 'RunTimeoutSeconds', 'GraceSeconds', 'RetryDelaySeconds') { foreach ($value in 'soon', '5x', '', 'NaN') { @{ Parameter = $parameter; Value = $value } } }
        ) {
            $time = @{ $Parameter = $Value }
            { 1 | Invoke-WorkerPool -Count 1 @time { 1 } } | Should -Throw -ErrorId "ParameterArgumentTransformationError,$command" -ExpectedMessage "*'$Value' is no duration.*90s, 5m*"
        }

        It 'leads with what is wrong: a pool that is not there, a module that is not there' {
            { 1 | Invoke-WorkerPool -Pool nosuch { 1 } } | Should -Throw -ErrorId "PoolNotFound,$command" -ExpectedMessage "There is no pool named 'nosuch'.*"
            { 1 | Invoke-WorkerPool -Count 1 -ImportModule NoSuchModule { 1 } } | Should -Throw -ErrorId "InitializationFailed,$command" -ExpectedMessage "The module 'NoSuchModule' cannot be imported in Worker-1: The specified module*"
        }

        It 'ScriptBlockAmbiguous, ScriptFileNotFound, ScriptFileUnusable: what -FilePath does not take' {
            $folder = New-TestFolder
            { 1 | Invoke-WorkerPool -Count 1 -FilePath "$folder/none.ps1" } | Should -Throw -ErrorId "ScriptFileNotFound,$command" -ExpectedMessage '*none.ps1*'
            Set-Content -LiteralPath "$folder/text.txt" -Value 1
            { 1 | Invoke-WorkerPool -Count 1 -FilePath "$folder/text.txt" } | Should -Throw -ErrorId "ScriptFileNotFound,$command"
            Set-Content -LiteralPath "$folder/bad.ps1" -Value '1', 'if ('
            { 1 | Invoke-WorkerPool -Count 1 -FilePath "$folder/bad.ps1" } | Should -Throw -ErrorId "ScriptFileUnusable,$command" -ExpectedMessage '*cannot be run. Line 2: *'
            { 1 | Invoke-WorkerPool -Count 1 -FilePath "$folder/bad.ps1" { 1 } } | Should -Throw -ErrorId "ScriptBlockAmbiguous,$command"
            Get-WorkerPool | Should -BeNullOrEmpty
        }

        It 'ScriptBlockMissing: nothing to run' {
            { 1 | Invoke-WorkerPool } | Should -Throw -ErrorId "ScriptBlockMissing,$command"
        }

        It 'PoolNotFound: no pool of that name' {
            { 1 | Invoke-WorkerPool -Name 'missing' { $_ } } | Should -Throw -ErrorId "PoolNotFound,$command"
        }

        It 'PoolNotWarm: the pool has work of its own' {
            $pool = Start-WorkerPool -Count 1 { [System.Threading.Thread]::Sleep(-1) }
            { 1 | Invoke-WorkerPool -Pool $pool { $_ } } | Should -Throw -ErrorId "PoolNotWarm,$command"
        }

        It 'PoolBusy: one pipeline asks twice' {
            $name = New-TestName
            $null = Start-WorkerPool -Count 1 -Name $name
            { 1 | Invoke-WorkerPool -Name $name { $_ } | Invoke-WorkerPool -Name $name { $_ } } | Should -Throw -ErrorId "PoolBusy,$command"
        }

        It 'PoolEnded: the pool was stopped' {
            $pool = Start-WorkerPool -Count 1
            Stop-WorkerPool -Name $pool.Name
            { 1 | Invoke-WorkerPool -Pool $pool { $_ } } | Should -Throw -ErrorId "PoolEnded,$command"
        }

        It 'InitializationFailed: the workers of a warm pool could not be prepared' {
            $pool = Start-WorkerPool -Count 1 -InitializationScript { throw 'no luck' }
            $null = $pool | Wait-Job
            { 1 | Invoke-WorkerPool -Pool $pool { $_ } } | Should -Throw -ErrorId "InitializationFailed,$command" -ExpectedMessage '*no luck*'
        }

        It 'ScriptBlockDoesNotParse: a type of this session in the block' {
            Add-Type 'public class QueueLogPesterBase { }'
            $block = [scriptblock]::Create('class Derived : QueueLogPesterBase { }; 1')
            { 1 | Invoke-WorkerPool -Count 1 $block } | Should -Throw -ErrorId "ScriptBlockDoesNotParse,$command" -ExpectedMessage '*QueueLogPesterBase*'
        }

        It 'InitializationFailed: the script for the start throws, or ends its process' {
            { 1 | Invoke-WorkerPool -Count 1 -InitializationScript { throw 'no luck' } { $_ } } | Should -Throw -ErrorId "InitializationFailed,$command" -ExpectedMessage '*no luck*'
            { 1 | Invoke-WorkerPool -Count 1 -InitializationScript { exit 3 } { $_ } } | Should -Throw -ErrorId "InitializationFailed,$command"
        }

        It 'InitializationFailed: a module cannot be imported' {
            { 1 | Invoke-WorkerPool -Count 1 -ImportModule NoSuchModule { $_ } } | Should -Throw -ErrorId "InitializationFailed,$command" -ExpectedMessage '*NoSuchModule*'
        }

        It 'WorkingDirectoryNotFound: <_> is no folder' -ForEach './missing', 'env:/', 'nodrive:/x' {
            { 1 | Invoke-WorkerPool -Count 1 -WorkingDirectory $_ { $_ } } | Should -Throw -ErrorId "WorkingDirectoryNotFound,$command"
        }

        It 'InvalidEnvironmentVariable: what no environment can hold' {
            foreach ($variables in @{ 'a=b' = 1 }, @{ '' = 1 }, @{ a = "x$([char] 0)y" }) {
                { 1 | Invoke-WorkerPool -Count 1 -EnvironmentVariable $variables { $_ } } | Should -Throw -ErrorId "InvalidEnvironmentVariable,$command"
            }
        }

        It 'InvalidListenerArgument: what is no listener' {
            { 1 | Invoke-WorkerPool -Count 1 -Listener 5 { $_ } } | Should -Throw -ErrorId "InvalidListenerArgument,$command"
        }

        It 'UsingVariableUndefined: a $using: of nothing' {
            { 1 | Invoke-WorkerPool -Count 1 { $using:nothingOfTheKind } } | Should -Throw -ErrorId "UsingVariableUndefined,$command"
        }

        It 'refuses -Count <_>' -ForEach 0, -1, 1001 {
            { 1 | Invoke-WorkerPool -Count $_ { 1 } } | Should -Throw -ErrorId "ParameterArgumentValidationError,$command"
        }

        It 'WorkerStartFailed: the engine does not start' {
            $env:DOTNET_GCHeapHardLimit = '1000'
            try {
                { 1 | Invoke-WorkerPool -Count 1 { $_ } } | Should -Throw -ErrorId "WorkerStartFailed,$command"
            }
            finally {
                $env:DOTNET_GCHeapHardLimit = $null
            }
        }

        It 'OutputNotSerializable: what is too deep to come back' {
            1..2 | Invoke-WorkerPool -Count 1 { if ($_ -eq 1) { $deep = 0; for ($i = 0; $i -lt 2000; $i++) { $deep = @{ n = $deep } }; $deep }; "after $_" } -ErrorAction SilentlyContinue -ErrorVariable problems | Should -Be 'after 1', 'after 2'
            $problems[0].FullyQualifiedErrorId | Should -Be 'OutputNotSerializable'
        }

        It 'InvalidHaltAfter: <_>' -ForEach '0', 'some', '101%' {
            { 1 | Invoke-WorkerPool -Count 1 -Halt Soon -HaltAfter $_ { $_ } } | Should -Throw -ErrorId "InvalidHaltAfter,$command"
        }

        It 'BatchSplatted: a batch is one argument' {
            { 1..2 | Invoke-WorkerPool -Count 1 -Batch 2 -Splat { $_ } } | Should -Throw -ErrorId "BatchSplatted,$command"
        }

        It 'HaltModeMissing: a threshold without what it is for' {
            { 1 | Invoke-WorkerPool -Count 1 -HaltAfter 3 { $_ } } | Should -Throw -ErrorId "HaltModeMissing,$command"
        }

        It 'JobLogMissing: <_> without a job log' -ForEach 'Resume', 'ResumeFailed' {
            $switch = @{ $_ = $true }
            { 1 | Invoke-WorkerPool -Count 1 @switch { $_ } } | Should -Throw -ErrorId "JobLogMissing,$command"
        }

        It 'JobLogUnusable: a folder that is not there, or that is one, or no file at all' {
            foreach ($log in (Join-Path (New-TestFolder) 'none' 'items.json'), (New-TestFolder), 'Variable:x') {
                { 1 | Invoke-WorkerPool -Count 1 -JobLog $log { 'run' } } | Should -Throw -ErrorId "JobLogUnusable,$command"
            }
            Get-WorkerPool | Should -BeNullOrEmpty
        }

        It '-Report: a page of the run, with what its workers logged, and no job log is left' {
            $folder = New-TestFolder
            Start-LogListener (Join-Path $folder 'run.log') -Format Json -MinimumLevel Debug
            Write-QueueLog 'before' -Wait
            1..6 | Invoke-WorkerPool -Count 2 -Report (Join-Path $folder 'report.html') -ErrorAction SilentlyContinue {
                Write-QueueLog "work on $_"
                if ($_ -eq 4) { throw 'out' }
            }
            Stop-LogListener
            $null = [System.IO.File]::ReadAllText((Join-Path $folder 'report.html')) -match '<script type="application/json" id="data">(.*)</script>'
            $data = $Matches[1] | ConvertFrom-Json
            $data.title, $data.statuses.Completed, $data.statuses.Failed | Should -Be 'report', 5, 1
            $data.records.message -match '^work on' | Sort-Object | Should -Be (1..6 | ForEach-Object { "work on $_" })
            $data.records.message | Should -Not -Contain 'before'
            $data.lanes.processes.died | Should -Be $true, $true
            Get-ChildItem $env:QUEUELOG_STATE -Filter report-* | Should -BeNullOrEmpty
        }

        It '-Report: written when the run is halted, too, and of the job log that is given' {
            $folder = New-TestFolder
            $log = Join-Path $folder 'items.jsonl'
            1..20 | Invoke-WorkerPool -Count 1 -Halt Now -JobLog $log -Report (Join-Path $folder 'report.html') -ErrorAction SilentlyContinue { if ($_ -eq 3) { throw 'out' } elseif ($_ -gt 3) { Start-Sleep 60 } }
            $null = [System.IO.File]::ReadAllText((Join-Path $folder 'report.html')) -match '<script type="application/json" id="data">(.*)</script>'
            $data = $Matches[1] | ConvertFrom-Json
            $data.title, $data.statuses.Completed, $data.statuses.Failed | Should -Be 'items', 2, 1
            $log | Should -Exist
        }

        It '-Report: written when the pipeline is stopped, too' {
            $report = Join-Path (New-TestFolder) 'report.html'
            1..1000 | Invoke-WorkerPool -Count 2 -Report $report { $_ } | Select-Object -First 3 | Should -HaveCount 3
            $report | Should -FileContentMatch '"Completed":'
        }

        It 'ReportNotWritten: a folder that is not there, or that is one, or no file at all, before anything is run' {
            foreach ($report in (Join-Path (New-TestFolder) 'none' 'report.html'), (New-TestFolder), 'Variable:x') {
                { 1 | Invoke-WorkerPool -Count 1 -Report $report { 'run' } } | Should -Throw -ErrorId "ReportNotWritten,$command"
            }
            Get-WorkerPool | Should -BeNullOrEmpty
        }

        It 'JobLogInUse: another run writes it' {
            $log = Join-Path (New-TestFolder) 'items.json'
            $job = 1 | Start-WorkerPool -Count 1 -JobLog $log { [System.Threading.Thread]::Sleep(-1) }
            { 1 | Invoke-WorkerPool -Count 1 -JobLog $log { $_ } } | Should -Throw -ErrorId "JobLogInUse,$command" -ExpectedMessage "*process $PID*"
            $job | Stop-Job
            1 | Invoke-WorkerPool -Count 1 -JobLog $log { 'free' } | Should -Be 'free'
        }

        It 'NotAWorker: the worker''s side called by hand' {
            $result = Invoke-Pwsh "Import-Module '$(Join-Path (Split-Path (Get-StagedModule)) 'bin' 'QueueLog.PowerShell.dll')'; try { Invoke-WorkerLoop } catch { `$_.FullyQualifiedErrorId }" -NoImport
            $result.Output | Should -Be 'NotAWorker,QueueLog.PowerShell.Commands.InvokeWorkerLoopCommand'
            { Invoke-WorkerLoop } | Should -Throw -ErrorId CommandNotFoundException
        }
    }
}

# One process takes all calls: what each finds is what a process of its own would have.
Describe 'Invoke-WorkerPool, call after call' {
    BeforeAll {
        $warm = New-TestName
        $null = Start-WorkerPool -Count 1 -Name $warm
    }

    AfterAll {
        Stop-WorkerPool $warm
    }

    # What a block does is the same whether it is called directly, as plain ones are, or by a pipeline of its own: plain, plain with parameters, and two that are not.
    Context 'a block that begins with "<Head>"' -ForEach @(
        @{ Head = '' }
        @{ Head = 'param($item, $second)' }
        @{ Head = 'param([object] $item, $second)' }
        @{ Head = 'param($item, $second) $null = $PSBoundParameters;' }
    ) {
        It 'has its item, its arguments and a scope of its own' {
            function Show-Item { "in $_" }
            $block = [scriptblock]::Create($Head + @'
 "$_ $(if ($args) { $args -join '+' } else { "$item+$second" }) [$left$shared] $?"
Show-Item; , (1, 2) | ForEach-Object { $_.Count }; 1, 2; $null
$left = 1; $script:shared = 1; Get-Variable nothing -ErrorAction SilentlyContinue
'@)
            (1..3 | Invoke-WorkerPool -Name $warm -ArgumentList 'more' $block) -join ' ' | Should -Be '1 1+more [] True in 1 2 1 2  2 2+more [] True in 2 2 1 2  3 3+more [] True in 3 2 1 2 '
        }

        It 'leaves its process for the next item, whatever ends it' {
            $block = [scriptblock]::Create($Head + @'
 "$_-$PID"
if ($_ -eq 1) { throw 'thrown' }
elseif ($_ -eq 2) { break }
elseif ($_ -eq 3) { Write-Error 'written' -ErrorAction Stop }
elseif ($_ -eq 4) { continue }
elseif ($_ -eq 5) { break nowhere }
elseif ($_ -eq 6) { [int]::Parse('x') }
elseif ($_ -eq 7) { Write-Error 'goes on' -ErrorAction Continue; 'on' }
elseif ($_ -eq 8) { return 'returned' }
'end'
'@)
            $results = 1..9 | Invoke-WorkerPool -Name $warm -ErrorAction SilentlyContinue -ErrorVariable problems $block
            $results -replace '-\d+$' -join ' ' | Should -Be '1 2 3 4 5 6 7 on end 8 returned 9 end'
            $results -like '*-*' -replace '^\d-' | Select-Object -Unique | Should -HaveCount 1
            $problems | ForEach-Object { "$($_.TargetObject) $($_.FullyQualifiedErrorId -replace ',.*') $($_.Exception.RemoteType -replace '.*\.') $($_.ScriptStackTrace -replace 'line \d+', 'line' -replace '\r?\n', '|')" } | Should -Be @(
                '1 thrown RuntimeException at <ScriptBlock>, <No file>: line'
                '3 Microsoft.PowerShell.Commands.WriteErrorException WriteErrorException at <ScriptBlock>, <No file>: line'
                '6 FormatException ParentContainsErrorRecordException at <ScriptBlock>, <No file>: line'
                '7 Microsoft.PowerShell.Commands.WriteErrorException WriteErrorException at <ScriptBlock>, <No file>: line')
        }

        It 'is stopped for its time without the end of its process: ItemTimedOut, and what it wrote before is there' {
            $said = 1 | Invoke-WorkerPool -Name $warm -TimeoutSeconds 0.5 -GraceSeconds 600 -ErrorAction SilentlyContinue -ErrorVariable problems ([scriptblock]::Create($Head + ' "$_-$PID"; while ($true) { }'))
            $problems.FullyQualifiedErrorId | Should -Be "ItemTimedOut,$command"
            $next = 1 | Invoke-WorkerPool -Name $warm ([scriptblock]::Create($Head + ' Start-Sleep -Milliseconds 800; "$_-$PID"'))
            $next | Should -Be $said
        }

        It 'gives what it writes before it ends' {
            1..9 | Invoke-WorkerPool -Name $warm ([scriptblock]::Create($Head + ' 1; while ($true) { Start-Sleep 1 }')) | Select-Object -First 1 | Should -Be 1
        }

        It 'ends with exit and its code, and leaves its worker: ItemExited where the code is not 0' {
            $block = [scriptblock]::Create($Head + ' $PID; try { if ($_ -eq 1) { exit 7 } elseif ($_ -lt 4) { & { exit 0 } } } finally { "left" }; "r$_"')
            $results = 1..4 | Invoke-WorkerPool -Name $warm -KeepOrder -AsResult $block
            $results | ForEach-Object { "$($_.Status) $($_.ExitCode) $($_.Output | Select-Object -Skip 1)" } | Should -Be 'Failed 7 left', 'Completed 0 left', 'Completed 0 left', 'Completed  left r4'
            $results | ForEach-Object { $_.Output[0] } | Select-Object -Unique | Should -HaveCount 1
            $null = 1 | Invoke-WorkerPool -Name $warm -ErrorAction SilentlyContinue -ErrorVariable problems $block
            "$($problems.FullyQualifiedErrorId) $($problems.TargetObject)" | Should -Be 'ItemExited 1'
            $problems.Exception.Message | Should -BeLike "*'exit 7'*"
        }

        It 'has the last exit code of the programs it ran, and none of another' {
            $run = if ($IsWindows) { 'cmd /c "exit $args"' } else { 'sh -c "exit $args"' }
            $block = [scriptblock]::Create($Head + ' if ($_ -eq 1) { & $using:run 0; & $using:run 3 } elseif ($_ -eq 2) { & $using:run 3; & $using:run 0 } elseif ($_ -eq 3) { & $using:run 4; throw "no" }')
            $run = [scriptblock]::Create($run)
            1..4 | Invoke-WorkerPool -Name $warm -KeepOrder -AsResult -InitializationScript { & $using:run 3 } $block | ForEach-Object { "$($_.Status) $($_.ExitCode)" } |
                Should -Be 'Completed 3', 'Completed 0', 'Failed 4', 'Completed '
        }

        It 'has the values of $using: of the present call, in functions and blocks too' {
            $block = [scriptblock]::Create($Head + ' function Get-It { $using:value }; "$using:value $(Get-It) $(& { $using:list.inner })"')
            foreach ($value in 'one', 'two') {
                $list = @{ inner = $value }
                1..2 | Invoke-WorkerPool -Name $warm $block | Should -Be (@("$value $value $value") * 2)
            }
            { 1 | Invoke-WorkerPool -Name $warm ([scriptblock]::Create($Head + ' & ([scriptblock]::Create(''$using:value''))')) } | Should -Throw -ErrorId 'UsingWithoutInvokeCommand*'
        }
    }

    Context 'items and arguments' {
        It 'gives the block so many inputs at once as -Batch says, as an array' {
            $batches = 1..7 | Invoke-WorkerPool -Name $warm -Batch 3 -KeepOrder -ArgumentList 'more' {
                param($batch, $more)
                "$($_.GetType().Name) $($batch.Count) $batch $more"
            }
            $batches | Should -Be 'Object[] 3 1 2 3 more', 'Object[] 3 4 5 6 more', 'Object[] 1 7 more'
            Invoke-WorkerPool -Name $warm -InputObject (1..4) -Batch 4 { $_.Count } | Should -Be 4
            Invoke-WorkerPool -Name $warm -Batch 4 { $_ } | Should -Be 0
            @() | Invoke-WorkerPool -Name $warm -Batch 4 { 'never' } | Should -BeNullOrEmpty
            $null, @(1, 2), 'x' | Invoke-WorkerPool -Name $warm -Batch 3 { "$($null -eq $_[0]) $($_[1].Count) $($_[2])" } | Should -Be 'True 2 x'
        }

        It 'treats a batch as one item' {
            $log = "$(New-TestFolder)/jobs.json"
            $block = { if (4 -in $_) { throw 'four' }; $_ }
            $results = 1..6 | Invoke-WorkerPool -Name $warm -Batch 2 -KeepOrder -AsResult -JobLog $log $block
            "$($results.Status)" | Should -Be 'Completed Failed Completed'
            $results[1].Input | Should -Be 3, 4
            $results[2].Output | Should -Be 5, 6
            1..6 | Invoke-WorkerPool -Name $warm -Batch 2 -JobLog $log -ResumeFailed { "again $_" } | Should -Be 'again 3 4'
        }

        It 'makes an item the first argument and the current object, with -ArgumentList behind it' {
            1, 2 | Invoke-WorkerPool -Name $warm -ArgumentList 'x', $null, 3 { param($item, $a, $b, $c) "$item$_$a$($null -eq $b)$c" } | Should -Be '11xTrue3', '22xTrue3'
        }

        It 'spreads items by position and by name with -Splat' {
            @(1, 2), @(3, 4) | Invoke-WorkerPool -Name $warm -Splat -ArgumentList 'more' { param($a, $b, $c) "$a $b $c" } | Should -Be '1 2 more', '3 4 more'
            @{ B = 2; a = 1 }, [ordered]@{ A = 3; B = 4 } | Invoke-WorkerPool -Name $warm -Splat { param($a, [int] $b) "$a $b" } | Should -Be '1 2', '3 4'
            5 | Invoke-WorkerPool -Name $warm -Splat { param($a) "$a" } | Should -Be '5'
        }

        It 'takes a list of -InputObject as items and a piped list as one' {
            Invoke-WorkerPool -Name $warm { "[$_]" } -InputObject 1, 2, 3 | Should -Be '[1]', '[2]', '[3]'
            , @(1, 2, 3) | Invoke-WorkerPool -Name $warm { $_.Count } | Should -Be 3
            $null, '' | Invoke-WorkerPool -Name $warm { $null -eq $_ } | Should -Be $true, $false
            @() | Invoke-WorkerPool -Name $warm { 'never' } | Should -BeNullOrEmpty
        }

        It 'takes what is piped in as it is, whether it comes from a list or from a command' {
            $folder = [System.IO.DirectoryInfo]::new('/')
            $folder.psobject.Properties.Add([psnoteproperty]::new('Note', 'noted'))
            $line = [psobject] 'text'
            $line.psobject.Properties.Add([psnoteproperty]::new('Note', 'line'))
            $inputs = @(1, $null, @(1, 2), $folder, $line, [pscustomobject] @{ Note = 'custom' }, @{ Note = 'table' }, 'plain', $true)
            function Get-Input { foreach ($one in $inputs) { , $one } }
            $block = { if ($null -eq $_) { 'null' } elseif ($_.Note) { $_.Note } else { "$_" } }
            $expected = '1', 'null', '1 2', 'noted', 'line', 'custom', 'table', 'plain', 'True'
            $inputs | Invoke-WorkerPool -Name $warm -KeepOrder $block | Should -Be $expected
            Get-Input | Invoke-WorkerPool -Name $warm -KeepOrder $block | Should -Be $expected
            $results = $inputs | Invoke-WorkerPool -Name $warm -AsResult $block
            [object]::ReferenceEquals($results[3].Input, $folder) | Should -BeTrue
            $results[3].Input.Note | Should -Be 'noted'
        }

        It 'ends -InitializationScript early with <_>' -ForEach 'break', 'continue elsewhere', 'return' {
            1..2 | Invoke-WorkerPool -Name $warm -InitializationScript ([scriptblock]::Create("`$global:made = 1; $_; `$global:made = 2")) { $made } | Should -Be 1, 1
        }

        It 'has the values of $using: of every kind' {
            $plain = 5; $object = @{ a = @{ b = 10, 20 } }; $list = 1, 2; $letters = 'p', 'q'; $empty = $null; $env:QL_TEST = 'from env'
            function Inner { $local = 'local'; 1 | Invoke-WorkerPool -Name $warm { $using:local } }
            1 | Invoke-WorkerPool -Name $warm { "$using:plain ${using:PLAIN} $($using:object.a.b[1]) $($using:list.Count) $($null -eq $using:empty) $using:env:QL_TEST" } | Should -Be '5 5 20 2 True from env'
            1 | Invoke-WorkerPool -Name $warm { "$(($using:object).a.b[1]) $($using:object.a.b[0]) $($using:object['a'].b.Count) $($using:letters[1]) ${using:letters}" } | Should -Be '20 10 2 q p q'
            1 | Invoke-WorkerPool -Name $warm { & { function f { $using:plain + 1 }; f } } | Should -Be 6
            @{ x = 7 } | Invoke-WorkerPool -Name $warm -Splat { param($x) $x + $using:plain } | Should -Be 12
            1 | Invoke-WorkerPool -Name $warm -InitializationScript { $global:made = $using:plain * 2 } { $made } | Should -Be 10
            Inner | Should -Be 'local'
            $env:QL_TEST = $null
        }

        It 'has script blocks named with $using: as ones that can be called' {
            function Twice($x) { 2 * $x }
            $block = { param($x) Twice ($x + 1) }
            $nested = @{ key = $block; list = @({ "in list $args" }, 3); plain = 7 }
            $ordered = [ordered]@{ b = $block; a = 1 }
            1 | Invoke-WorkerPool -Name $warm { & $using:block 4; ($using:block).GetType().Name } | Should -Be 10, 'ScriptBlock'
            1 | Invoke-WorkerPool -Name $warm { & $using:nested['key'] 5; & ($using:nested).list[0] 6; ($using:nested).plain; & $using:nested.key 7 } | Should -Be 12, 'in list 6', 7, 16
            1 | Invoke-WorkerPool -Name $warm { @(($using:ordered).Keys) -join ','; & $using:ordered[0] 8 } | Should -Be 'b,a', 18
            1 | Invoke-WorkerPool -Name $warm -ArgumentList $block { param($item, $given) & $given 9 } | Should -Be 20
            1 | Invoke-WorkerPool -Name $warm -InitializationScript { $global:made = & $using:block 10 } { $made } | Should -Be 22
        }
    }

    Context 'items that are more than values' {
        It 'spreads the properties of an object over the parameters of their names, with -Splat' {
            $rows = 'Name,Size,Verbose', 'a,1,x', 'b,,y' | ConvertFrom-Csv
            $rows | Invoke-WorkerPool -Name $warm -Splat { param([Alias('Name')] $n, [int] $Size, $other) "$n|$Size|$other|$($_.Verbose)" } | Should -Be 'a|1||x', 'b|0||y'
            $rows | Invoke-WorkerPool -Name $warm -Splat { [CmdletBinding()] param([string] $Name) $Name } | Should -Be a, b
            $rows | Invoke-WorkerPool -Name $warm -Splat { param($row) $row.Name } | Should -Be a, b
            $rows | Invoke-WorkerPool -Name $warm -Splat { $_.Name } | Should -Be a, b
            $rows | Invoke-WorkerPool -Name $warm -Splat -ArgumentList 7 { param($Name, $more) "$Name$more" } | Should -Be a7, b7
            'text' | Invoke-WorkerPool -Name $warm -Splat { param($Length) $Length } | Should -Be text
        }

        It 'gives a script block as a script block' {
            { 1 + 1 }, { 'two' } | Invoke-WorkerPool -Name $warm { "$($_.GetType().Name) $(& $_)" } | Should -Be 'ScriptBlock 2', 'ScriptBlock two'
            @{ Name = 'a'; Action = { 3 } } | Invoke-WorkerPool -Name $warm -Splat { param($Name, $Action) "$Name $(& $Action)" } | Should -Be 'a 3'
            { 'text' } | Invoke-WorkerPool -Name $warm { "$_" } | Should -Be " 'text' "
        }
    }

    Context 'what fails an item' {
        BeforeAll {
            $exit = [scriptblock]::Create($(if ($IsWindows) { 'cmd /c "exit $args"' } else { 'sh -c "exit $args"' }))
            $deep = { $deep = 0; 1..3000 | ForEach-Object { $deep = @{ n = $deep } }; $deep }
        }

        It 'is by -FailOn: <Work> ends as <Expected> with Throw, Error and ExitCode' -ForEach @(
            @{ Work = '1'; Expected = 'Completed Completed Completed' }
            @{ Work = 'throw "no"'; Expected = 'Failed Failed Failed' }
            @{ Work = 'Write-Error "no"; "on"'; Expected = 'Completed Failed Failed' }
            @{ Work = '1 / ($_ - 1); "on"'; Expected = 'Completed Failed Failed' }
            @{ Work = 'Get-Item ./none-such; "on"'; Expected = 'Completed Failed Failed' }
            @{ Work = 'none-such; "on"'; Expected = 'Completed Failed Failed' }
            @{ Work = 'function Write-No { [CmdletBinding()] param() $PSCmdlet.WriteError([System.Management.Automation.ErrorRecord]::new([System.Exception]::new("no"), "No", "NotSpecified", $null)) }; Write-No'; Expected = 'Completed Failed Failed' }
            @{ Work = 'Write-Error "no" -ErrorAction SilentlyContinue'; Expected = 'Completed Completed Completed' }
            @{ Work = 'Get-Item ./none-such 2>$null'; Expected = 'Completed Completed Completed' }
            @{ Work = '$null = Get-Item ./none-such 2>&1'; Expected = 'Completed Completed Completed' }
            @{ Work = 'try { 1 / ($_ - 1) } catch { "caught" }'; Expected = 'Completed Completed Completed' }
            @{ Work = '$ErrorActionPreference = "SilentlyContinue"; 1 / ($_ - 1); "on"'; Expected = 'Completed Completed Completed' }
            @{ Work = '& $using:exit 3'; Expected = 'Completed Completed Failed' }
            @{ Work = '& $using:exit 3; & $using:exit 0'; Expected = 'Completed Completed Completed' }
            @{ Work = '& $using:exit 3; exit'; Expected = 'Completed Completed Completed' }
            @{ Work = 'Write-Error "no"; exit 0'; Expected = 'Completed Completed Completed' }
            @{ Work = 'exit 3'; Expected = 'Failed Failed Failed' }
            @{ Work = '. $using:deep; exit 0'; Expected = 'Failed Failed Failed' }
            @{ Work = '. $using:deep; "on"'; Expected = 'Failed Failed Failed' }
        ) {
            foreach ($head in '', 'param([int] $x) ') {
                $block = [scriptblock]::Create("$head`$ErrorActionPreference = 'Continue'; $Work")
                $results = foreach ($on in 'Throw', 'Error', 'ExitCode') { 1 | Invoke-WorkerPool -Name $warm -AsResult -FailOn $on $block }
                "$($results.Status)" | Should -Be $Expected
                "$((1 | Invoke-WorkerPool -Name $warm -AsResult $block).Status)" | Should -Be ($Expected -split ' ')[1]

                # An item that failed says why, and nothing fails with the one before.
                $results | Where-Object { $_.Status -eq 'Failed' -and -not $_.Errors } | Should -BeNullOrEmpty
                1, 1 | Invoke-WorkerPool -Name $warm -AsResult -FailOn ExitCode { $_ } | ForEach-Object Status | Should -Be Completed, Completed
            }
        }

        It 'is completed by the tab key after -FailOn' {
            foreach ($cmdlet in 'Invoke', 'Start') {
                (TabExpansion2 "1 | $cmdlet-WorkerPool -FailOn ").CompletionMatches.CompletionText | Should -Be Error, ExitCode, Throw
            }
        }

        It 'is an error that comes with the results all the same, or ProgramFailed where only an exit code tells of it' {
            $all = 1 | Invoke-WorkerPool -Name $warm -ErrorAction Continue { $ErrorActionPreference = 'Continue'; 'before'; Write-Error 'no'; 'after' } 2>&1
            $all | ForEach-Object { "$_" } | Should -Be 'before', "no (item 0, '1')", 'after'
            $all = 1 | Invoke-WorkerPool -Name $warm -FailOn ExitCode -ErrorAction SilentlyContinue -ErrorVariable problems { 'before'; & $using:exit 3; 'after' }
            $all | Should -Be 'before', 'after'
            "$($problems.FullyQualifiedErrorId) $($problems.TargetObject)" | Should -Be 'ProgramFailed 1'
            $problems.Exception.Message | Should -BeLike '*exit code 3.*'
        }

        It 'has it tried again: with <Name>, and then gives of the last attempt alone' -ForEach @(
            @{ Name = 'an error record'; Work = 'Write-Error "no"'; Why = 'no' }
            @{ Name = 'an output that is lost'; Work = '. $using:deep'; Why = 'An output of the item cannot be sent back*' }
        ) {
            $flag = Join-Path (New-TestFolder) 'flag'
            $block = [scriptblock]::Create("`$ErrorActionPreference = 'Continue'; 'out'; if (-not [System.IO.File]::Exists(`$using:flag)) { [System.IO.File]::WriteAllText(`$using:flag, ''); $Work }; 'on'")
            $result = 1 | Invoke-WorkerPool -Name $warm -Retry 2 -AsResult $block
            "$($result.Status) $($result.Attempt) $($result.Output) $(@($result.Errors).Count)" | Should -Be 'Completed 2 out on 0'
            $result.Warnings | Should -BeLike "Attempt 1 of 3 of item 0, '1', failed: $Why; it is tried again."
            [System.IO.File]::Delete($flag)
            $all = 1 | Invoke-WorkerPool -Name $warm -Retry 2 $block -ErrorVariable problems 3>&1
            $all | Select-Object -Skip 1 | Should -Be 'out', 'on'
            $problems | Should -BeNullOrEmpty
            $result = 1 | Invoke-WorkerPool -Name $warm -Retry 1 -FailOn ExitCode -AsResult { & $using:exit 3 }
            "$($result.Status) $($result.Attempt) $($result.ExitCode)" | Should -Be 'Failed 2 3'
        }

        It 'counts for -Halt, and stands in the job log, where -ResumeFailed finds it' {
            $log = Join-Path (New-TestFolder) 'run.json'
            $results = 1..4 | Invoke-WorkerPool -Name $warm -JobLog $log -ErrorAction SilentlyContinue { $ErrorActionPreference = 'Continue'; if ($_ -eq 2) { Write-Error 'no' } elseif ($_ -eq 3) { . $using:deep }; "r$_" }
            $results | Should -Be 'r1', 'r2', 'r3', 'r4'
            Get-Content -LiteralPath $log | ConvertFrom-Json | ForEach-Object { "$($_.Input) $($_.Status) $(($_.Errors | ForEach-Object Id) -replace '.*\.')" } | Sort-Object |
                Should -Be '1 Completed ', '2 Failed WriteErrorException', '3 Failed OutputNotSerializable', '4 Completed '
            1..4 | Invoke-WorkerPool -Name $warm -JobLog $log -ResumeFailed { "again $_" } | Should -Be 'again 2', 'again 3'
            $null = 1..1000 | Invoke-WorkerPool -Name $warm -Halt Soon -HaltAfter 2 -ErrorAction SilentlyContinue -ErrorVariable problems { $ErrorActionPreference = 'Continue'; if ($_ -in 20, 30) { Write-Error 'no' } }
            $problems[-1].FullyQualifiedErrorId | Should -Be "RunHalted,$command"
        }

        It 'is that it cannot be sent: ItemNotSerializable, and it has its result and its line in the job log' {
            $unsendable = New-DeepValue
            $log = Join-Path (New-TestFolder) 'run.json'
            $path = Join-Path (New-TestFolder) 'run.log'
            $null = Start-LogListener $path -Template '{Item}|{Level}|{Message}' -NoHeader
            $results = 1, $unsendable, 3 | Invoke-WorkerPool -Count 1 -KeepOrder -Retry 2 -FailOn Throw -AsResult -JobLog $log { $_ }
            $null = Stop-LogListener
            "$($results.Status)" | Should -Be 'Completed Failed Completed'
            "$($results[1].Index) $($results[1].Attempt) [$($results[1].Worker)] [$($results[1].Started)] $($results[1].Errors.FullyQualifiedErrorId)" | Should -Be '1 0 [] [] ItemNotSerializable'
            [object]::ReferenceEquals($results[1].Input, $unsendable) | Should -BeTrue
            Get-Content -LiteralPath $log | ConvertFrom-Json -AsHashtable | ForEach-Object { "$($_.Index) $($_.Status)" } | Should -Be '0 Completed', '1 Failed', '2 Completed'
            @(Read-Log $path) -like '1|*' | Should -BeLike "1|Warning|item 1, '*', failed: it cannot be sent to a worker: *"

            # Again each time: no other is taken for it.
            foreach ($resume in 'Resume', 'ResumeFailed') {
                $switch = @{ $resume = $true }
                (1, $unsendable | Invoke-WorkerPool -Name $warm -KeepOrder -AsResult -JobLog $log @switch { $_ }).Status | Should -Be Skipped, Failed
            }

            $null = $unsendable, 1, $unsendable | Invoke-WorkerPool -Name $warm -Halt Soon -HaltAfter 2 { $_ } -ErrorAction SilentlyContinue -ErrorVariable problems
            $problems.FullyQualifiedErrorId -replace ',.*' | Should -Be ItemNotSerializable, ItemNotSerializable, RunHalted
        }

        It 'is in the log with the first error, also where the streams are not' {
            $path = Join-Path (New-TestFolder) 'run.log'
            $null = Start-LogListener $path -Template '{Item}|{Level}|{Message}' -NoHeader -MinimumLevel Debug
            $pool = Start-WorkerPool -Count 1
            $block = { $ErrorActionPreference = 'Continue'; if ($_ -ne 1) { Write-Error 'first' -ErrorAction $(if ($_ -eq 2) { 'Continue' } else { 'SilentlyContinue' }); if ($_ -eq 2) { Write-Error 'second' } } }
            1..3 | Invoke-WorkerPool -Pool $pool -NoCapture $block -ErrorAction SilentlyContinue
            2 | Invoke-WorkerPool -Pool $pool -NoCapture -FailOn Throw $block -ErrorAction SilentlyContinue
            Stop-WorkerPool $pool.Name
            $null = Stop-LogListener
            (Read-Log $path) -match '^\d\|\w+\|item \d.* (completed|failed)' -replace '[\d.]+ ms', 'N ms' |
                Should -Be '0|Debug|item 0 completed in N ms', '1|Warning|item 1, ''2'', failed after N ms: first', '2|Debug|item 2 completed in N ms', '0|Debug|item 0 completed in N ms'
        }
    }

    Context 'results' {
        It 'are objects with all that is known of their items, with -AsResult' {
            $result = , 'in' | Invoke-WorkerPool -Name $warm -AsResult -FailOn Throw {
                $ErrorActionPreference = 'Continue'
                'out'; 2; Write-Warning 'w'; Write-Error 'e'; Write-Information 'i'; Write-Host 'h'; $PID
            } 3>&1 6>&1
            @($result) | Should -HaveCount 1
            $result.GetType().FullName | Should -Be 'QueueLog.PowerShell.ItemResult'
            "$($result.Index) $($result.Input) $($result.Status) $($result.Attempt) $($result.Worker)" | Should -Be '0 in Completed 1 Worker-1'
            "$($result.Output[0, 1]) $($result.Errors) $($result.Warnings) $($result.Information)" | Should -Be 'out 2 e w i h'
            $result.Pid | Should -Be $result.Output[2]
            $result.Queued | Should -BeLessOrEqual $result.Started
            $result.Started + $result.Duration | Should -Be $result.Ended
            $result.Duration | Should -BeGreaterThan ([timespan]::Zero)
            $result.ExitCode | Should -BeNullOrEmpty
            "$result" | Should -Be '0 Completed'
        }

        It 'are objects with texts that a table of another program holds' {
            $results = 1..3 | Invoke-WorkerPool -Name $warm -KeepOrder -AsResult {
                $ErrorActionPreference = 'Continue'
                if ($_ -eq 1) { 'a'; 2.5; [pscustomobject]@{ B = 1 } } elseif ($_ -eq 2) { Write-Error 'first'; throw 'second' }
            }
            $csv = $results | Select-Object Index, Status, Error, OutputText, ExitCode | ConvertTo-Csv | ConvertFrom-Csv
            $csv | ForEach-Object { "$($_.Index) $($_.Status) [$($_.Error)] [$($_.OutputText -replace '\r?\n', '|')]" } | Should -Be '0 Completed [] [a|2.5|@{B=1}]', '1 Failed [first] []', '2 Completed [] []'
            "$($results[1])" | Should -Be '1 Failed: first'
            ($results | ConvertTo-Csv | ConvertFrom-Csv)[0].OutputText | Should -BeLike 'a*2.5*'
        }

        It 'are objects for what failed, crashed or took too long, too, and no errors' {
            $results = @('fine', 'bad', 'exit' | Invoke-WorkerPool -Name $warm -AsResult {
                    "begun $_"
                    switch ($_) { bad { throw 'no good' } exit { [System.Environment]::Exit(5) } }
                } | Sort-Object Index)
            $results += 'slow', 'stuck' | Invoke-WorkerPool -Name $warm -TimeoutSeconds 0.5 -GraceSeconds 0.2 -AsResult {
                "begun $_"
                switch ($_) { slow { Start-Sleep 600 } stuck { [System.Threading.Thread]::Sleep(-1) } }
            } | Sort-Object Index
            $results | ForEach-Object { "$($_.Input) $($_.Status) $(@($_.Errors).Count) $($_.Errors | ForEach-Object FullyQualifiedErrorId) $($_.ExitCode) $($null -ne $_.Started)" } |
                Select-Object -First 4 | Should -Be 'fine Completed 0   True', 'bad Failed 1 no good  True', 'exit Crashed 1 WorkerDied 5 True', 'slow TimedOut 1 ItemTimedOut  True'
            "$($results[4].Input) $($results[4].Status) $($results[4].Errors.FullyQualifiedErrorId)" | Should -Be 'stuck TimedOut ItemTimedOut'
            $results[4].Duration | Should -BeGreaterThan ([timespan]::FromSeconds(0.5))
            $results[0].Output | Should -Be 'begun fine'
            $results[1].Output | Should -Be 'begun bad'
            "$($results[1])" | Should -Be '1 Failed: no good'
        }

        It 'come from the last attempt alone, which says why there were more' {
            $flag = Join-Path (New-TestFolder) 'flag'
            $result = 1 | Invoke-WorkerPool -Name $warm -Retry 2 -AsResult { 'attempt'; if (-not [System.IO.File]::Exists($using:flag)) { [System.IO.File]::WriteAllText($using:flag, ''); throw 'bad' } }
            "$($result.Status) $($result.Attempt) $($result.Output) $(@($result.Errors).Count)" | Should -Be 'Completed 2 attempt 0'
            $result.Warnings | Should -Be "Attempt 1 of 3 of item 0, '1', failed: bad; it is tried again."
            $flag = Join-Path (New-TestFolder) 'flag'
            1 | Invoke-WorkerPool -Name $warm -Retry 2 -RetryDelaySeconds 0.01 {
                Write-Verbose 'v' -Verbose; 'output'; if (-not [System.IO.File]::Exists($using:flag)) { [System.IO.File]::WriteAllText($using:flag, ''); [System.Environment]::Exit(3) }
            } *>&1 | Where-Object { "$_" -ne 'v' } | ForEach-Object { $_ -replace 'process \d+', 'process' } |
                Should -Be "Attempt 1 of 3 of item 0, '1', failed: Worker-1 (process) ended with exit code 3; it is tried again in 0.01 s.", 'output'
        }

        It 'have as many attempts as -Retry asks for when the item <How>, and no item runs twice otherwise' -ForEach @(
            @{ How = 'throws'; Work = 'throw "no"'; Limit = @{}; Status = 'Failed' }
            @{ How = 'takes too long'; Work = 'while ($true) { }'; Limit = @{ TimeoutSeconds = 0.5; GraceSeconds = 600 }; Status = 'TimedOut' }
        ) {
            $folder = New-TestFolder
            $note = '[System.IO.File]::AppendAllText("$using:folder/$_", "x"); '
            $result = 2 | Invoke-WorkerPool -Name $warm -Retry 2 -AsResult @Limit ([scriptblock]::Create($note + $Work))
            "$($result.Status) $($result.Attempt) $(Get-Content -LiteralPath "$folder/2")" | Should -Be "$Status 3 xxx"
            $null = 1..3 | Invoke-WorkerPool -Name $warm -ErrorAction SilentlyContinue ([scriptblock]::Create($note + 'if ($_ -eq 1) { throw "no" }'))
            Get-ChildItem -LiteralPath $folder | Sort-Object Name | ForEach-Object { Get-Content -LiteralPath $_ } | Should -Be 'x', 'xxxx', 'x'
        }

        It 'are of every stream what was written' {
            $VerbosePreference = $DebugPreference = $ErrorActionPreference = 'Continue'
            $all = 'in' | Invoke-WorkerPool -Name $warm {
                'out'; Write-Warning 'w'; Write-Verbose 'v'; Write-Debug 'd'; Write-Information 'i' -Tags one, two
                Write-Host 'h' -ForegroundColor Red -NoNewline; Write-Error 'e'
            } *>&1
            $all | ForEach-Object { "$($_.GetType().Name) $_" } | Should -Be 'String out', 'WarningRecord w', 'VerboseRecord v', 'DebugRecord d', 'InformationRecord i', 'InformationRecord h', "ErrorRecord e (item 0, 'in')"
            $information = @($all | Where-Object { $_ -is [System.Management.Automation.InformationRecord] })
            $information[0].Tags | Should -Be 'one', 'two'
            "$($information[1].MessageData.ForegroundColor) $($information[1].MessageData.NoNewLine) $($information[1].Tags)" | Should -Be 'Red True PSHOST'
        }

        It 'are information of what is written past the streams' {
            # The item goes on until its lines have come back.
            $go = Join-Path (New-TestFolder) 'go'
            $count = [int[]]::new(1)
            $all = 1 | Invoke-WorkerPool -Name $warm {
                [Console]::Out.WriteLine('raw out'); [Console]::Error.WriteLine('raw err'); $Host.UI.WriteLine('host'); 'out'
                while (-not [System.IO.File]::Exists($using:go)) { Start-Sleep -Milliseconds 5 }
            } 6>&1 | ForEach-Object { $count[0]++; if ($count[0] -eq 4) { [System.IO.File]::WriteAllText($go, '') }; $_ }
            $all | ForEach-Object { if ($_ -is [string]) { " $_" } else { "$($_.Tags) $_" } } | Sort-Object | Should -Be ' out', 'PSHOST host', 'stderr raw err', 'stdout raw out'
        }

        It 'are information of what a program writes to its standard error, and no errors: in <Block>' -ForEach @(
            @{ Block = 'a plain block'; Head = '' }
            @{ Block = 'a block with a typed parameter'; Head = 'param([int] $x) ' }
        ) {
            $run = if ($IsWindows) { "cmd /c 'echo 10 %1>&2'" } else { "sh -c 'echo 10 % >&2'" }
            $all = 1 | Invoke-WorkerPool -Name $warm ([scriptblock]::Create("$Head`$ErrorActionPreference = 'Stop'; $run; 'on'")) -ErrorVariable problems 6>&1
            $all | ForEach-Object { "$($_.GetType().Name) $_".Trim() } | Sort-Object | Should -Be 'InformationRecord 10 %', 'String on'
            ($all | Where-Object { $_ -isnot [string] }).Tags | Should -Be 'stderr', 'PSHOST'
            $problems | Should -BeNullOrEmpty
            1 | Invoke-WorkerPool -Name $warm ([scriptblock]::Create("$Head$run 2>`$null; $run 2>&1 | ForEach-Object { `$_.GetType().Name; `"`$_`".Trim() }")) 6>&1 | Should -Be 'ErrorRecord', '10 %'
            (1 | Invoke-WorkerPool -Name $warm -AsResult ([scriptblock]::Create("$Head$run"))) | ForEach-Object { "$($_.Status) $(@($_.Errors).Count) $($_.Information)".Trim() } | Should -Be 'Completed 0 10 %'
        }

        It 'go on after an error that ends a statement' {
            $results = 1, 2 | Invoke-WorkerPool -Name $warm { $ErrorActionPreference = 'Continue'; 1 / ($_ - 2); "after $_" } -ErrorAction SilentlyContinue -ErrorVariable problems
            $results | Should -Be -1, 'after 1', 'after 2'
            $problems | Should -HaveCount 1
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'RuntimeException*'
            $problems[0].CategoryInfo.Category | Should -Be NotSpecified
        }

        It 'may be a hundred thousand of one item, or large' {
            $results = 1 | Invoke-WorkerPool -Name $warm { 1..100000 }
            "$($results.Count) $($results[0]) $($results[-1])" | Should -Be '100000 1 100000'
            1..4 | ForEach-Object { 'x' * 5MB + $_ } | Invoke-WorkerPool -Name $warm { $_ + '!' } | ForEach-Object { "$($_.Length) $($_.Substring($_.Length - 2))" } |
                Should -Be (1..4 | ForEach-Object { "5242882 $_!" })
        }

        It 'are values as jobs give them' {
            $values = 1, 2L, 1.5, 3d, 'text', $true, [char] 'x', [guid]::Empty, [timespan] 1, [uri] 'http://x/', [ipaddress] '1.2.3.4', @(1, 2), @{ a = 1 }, [pscustomobject]@{ p = 1 }
            foreach ($value in $values) {
                $back = , $value | Invoke-WorkerPool -Name $warm { , $_ }
                $clixml = [System.Management.Automation.PSSerializer]::Deserialize([System.Management.Automation.PSSerializer]::Serialize($value))
                $back.GetType() | Should -Be $clixml.GetType()
                "$($back.PSTypeNames)".StartsWith("$($clixml.PSTypeNames)") | Should -BeTrue
            }

            # An object that contains itself comes through as far as jobs bring it.
            $node = [pscustomobject]@{ Name = 'loop'; Next = $null }
            $node.Next = $node
            $back = $node | Invoke-WorkerPool -Name $warm { "$($_.Name) $($_.Next.Name)"; $_ }
            $back[0] | Should -Be 'loop loop'
            $back[1].Name | Should -Be 'loop'
        }
    }

    Context 'classes and enumerations of the script' {
        BeforeAll {
            $file = Join-Path (New-TestFolder) 'types.ps1'
            Set-Content -LiteralPath $file -Value @'
using namespace System.Text
param($warm, $test)
enum Shade { Light; Dark }
class Base { [int] $N = 1; [string] Name() { return "base $($this.N)" } }
class Unrelated { [string] Say() { return 'no' } }
class Work : Base {
    [StringBuilder] $Text = [StringBuilder]::new()
    Work() { $this.N = 5 }
    [string] Run([int] $i) {
        if ($i -eq 3) { throw 'three' }
        return "$(Help $i) $($this.Name())"
    }
}
function Help($x) { "helped $x" }
function Use($x) { [Work]::new().Run($x) }
switch ($test) {
    class { 1, 2 | Invoke-WorkerPool -Name $warm { [Work]::new().Run($_) } }
    others { 1 | Invoke-WorkerPool -Name $warm { (New-Object Base).Name(); ([Work[]] @()).GetType().Name; Use $_ } }
    line { 3 | Invoke-WorkerPool -Name $warm -ErrorAction Stop { [Work]::new().Run($_) } }
    enum { [Shade]::Dark | Invoke-WorkerPool -Name $warm { "$($_.GetType().Name) $($_ -is [enum])"; $_ } | ForEach-Object { "$_ $($_ -is [Shade]) $($_ -eq [Shade]::Dark)" } }
}
'@
        }

        It 'come along, with what they use' {
            & $file $warm class | Should -Be 'helped 1 base 5', 'helped 2 base 5'
            & $file $warm class | Should -Be 'helped 1 base 5', 'helped 2 base 5'
            & $file $warm others | Should -Be 'base 1', 'Work[]', 'helped 1 base 5'
        }

        It 'keep their lines' {
            $problem = try { & $file $warm line } catch { $_ }
            $problem.ScriptStackTrace | Should -Match 'at Run, .*types\.ps1: line 10'
        }

        It 'makes an item of an enumeration one, and gives it back as one' {
            & $file $warm enum | Should -Be 'Shade True False False', 'Dark True True'
        }

        It 'are those of a module that the file uses' {
            $folder = New-TestFolder
            Set-Content -LiteralPath "$folder/Round.psm1" -Value 'class Circle { [double] $R; [double] Area() { return 3 * $this.R * $this.R } }', 'enum Kind { Plain; Filled }'
            Set-Content -LiteralPath "$folder/run.ps1" -Value @'
using module ./Round.psm1
param($warm)
function Get-Area($r) { ([Circle] @{ R = $r }).Area() }
1, 2 | Invoke-WorkerPool -Name $warm { Get-Area $_; [Kind]::Filled }
'@
            & "$folder/run.ps1" $warm | Should -Be 3, 'Filled', 12, 'Filled'
        }

        It 'are those of the call when they have changed' {
            $folder = New-TestFolder
            foreach ($text in 'one', 'two') {
                Set-Content -LiteralPath "$folder/changing.ps1" -Value "param(`$warm) class Changing { [string] Say() { return '$text' } } 1 | Invoke-WorkerPool -Name `$warm { [Changing]::new().Say() }"
                & "$folder/changing.ps1" $warm | Should -Be $text
            }
        }
    }

    Context 'items that take too long' {
        It 'ItemTimedOut: an item that stops leaves its worker, one that does not is killed with it and another takes its place' {
            $before = 1 | Invoke-WorkerPool -Name $warm { $PID }
            $said = 3 | Invoke-WorkerPool -Name $warm -TimeoutSeconds 0.5 -GraceSeconds 600 { 'said'; while ($true) { } } -ErrorAction SilentlyContinue -ErrorVariable problems
            $said | Should -Be 'said'
            $problems | Should -HaveCount 1
            "$($problems[0].FullyQualifiedErrorId) $($problems[0].TargetObject) $($problems[0].CategoryInfo.Category)" | Should -Be "ItemTimedOut,$command 3 OperationTimeout"
            $problems[0].Exception.Message | Should -MatchExactly "^Item 0, '3', .*Worker-1 \(process $before\) stopped it\..*-TimeoutSeconds"
            1 | Invoke-WorkerPool -Name $warm { $PID } | Should -Be $before

            $said = 3 | Invoke-WorkerPool -Name $warm -TimeoutSeconds 0.5 -GraceSeconds 0.2 { 'said'; [System.Threading.Thread]::Sleep(-1) } -ErrorAction SilentlyContinue -ErrorVariable problems
            $said | Should -Be 'said'
            "$($problems.FullyQualifiedErrorId) $($problems.TargetObject)" | Should -Be "ItemTimedOut,$command 3"
            $problems[0].Exception.Message | Should -BeLike '*could not stop it and was killed with its child processes*'
            1 | Invoke-WorkerPool -Name $warm { $PID } | Should -Not -Be $before
        }
    }

    Context 'nothing that an item leaves reaches the next' {
        It 'of variables that it made, changed or removed' {
            1..3 | Invoke-WorkerPool -Name $warm -InitializationScript { $global:kept = 'kept'; $global:gone = 'there'; [int] $global:typed = 7; $global:empty = $null; $plain = 'init' } {
                "$kept $gone $typed $plain [$made$scoped$fixed$local] $(Test-Path variable:empty) $ErrorActionPreference [$($PSDefaultParameterValues.Count)]"
                $global:kept = 1; Remove-Variable gone, empty -Scope Global; [string] $global:typed = 'text'; $global:made = 1; $script:scoped = 2
                $local = 4; $script:plain = 5
                $global:ErrorActionPreference = 'SilentlyContinue'; $global:PSDefaultParameterValues['Join-Path:ChildPath'] = 'x'
                $ExecutionContext.SessionState.PSVariable.Set('global:fixed', 1); $ExecutionContext.SessionState.PSVariable.Get('global:fixed').Options = 'ReadOnly'
            } | Should -Be (@('kept there 7 init [] True Stop [0]') * 3)
        }

        It 'of the conditions of a variable that it removed' {
            1..2 | Invoke-WorkerPool -Name $warm -InitializationScript { [ValidateRange(1, 9)] [int] $global:ranged = 5 } {
                try { $global:ranged = 10; 'accepted' } catch { "refused $ranged" }
                Remove-Variable ranged -Scope Global
            } | Should -Be 'refused 5', 'refused 5'
        }

        It 'of errors, exit codes and success' {
            1..3 | Invoke-WorkerPool -Name $warm -ErrorAction SilentlyContinue {
                "$? $($Error.Count) [$LASTEXITCODE]"
                if ($IsWindows) { cmd /c 'exit 3' } else { sh -c 'exit 3' }
                $ErrorActionPreference = 'Continue'; Write-Error 'left behind'
                if ($_ -eq 2) { throw 'and ended' }
            } | Should -Be (@('True 0 []') * 3)
        }

        It 'of locations and their stack' {
            $folder = New-TestFolder
            $null = New-Item -ItemType Directory -Path (Join-Path $folder 'deep')
            $name = Split-Path -Leaf $folder
            Push-Location -LiteralPath $folder
            try {
                1..3 | Invoke-WorkerPool -Name $warm -InitializationScript { Push-Location deep } {
                    $before = Split-Path -Leaf $PWD
                    Set-Location function:; $drive = "$PWD"
                    Set-Location env:; Push-Location; Push-Location '/'
                    "$before $drive"
                } | Should -Be (@("deep Function:$([System.IO.Path]::DirectorySeparatorChar)") * 3)
                1..2 | Invoke-WorkerPool -Name $warm -InitializationScript { Push-Location deep } { Pop-Location; Split-Path -Leaf $PWD } | Should -Be $name, $name
                1..2 | Invoke-WorkerPool -Name $warm { Pop-Location; Split-Path -Leaf $PWD; Push-Location } | Should -Be $name, $name
            }
            finally {
                Pop-Location
            }
        }

        It 'of the culture, which is the session''s' {
            $culture = [cultureinfo]::CurrentCulture
            try {
                [cultureinfo]::CurrentCulture = 'de-DE'
                1..2 | Invoke-WorkerPool -Name $warm { [cultureinfo]::CurrentCulture.Name; [cultureinfo]::CurrentCulture = 'fr-FR'; [cultureinfo]::CurrentUICulture = 'fr-FR' } | Should -Be 'de-DE', 'de-DE'
            }
            finally {
                [cultureinfo]::CurrentCulture = $culture
            }
        }

        It 'where it fails or leaves by break' {
            1..4 | Invoke-WorkerPool -Name $warm -ErrorAction SilentlyContinue { "[$left]"; $global:left = $_; if ($_ -eq 1) { throw 'x' } elseif ($_ -eq 2) { break } elseif ($_ -eq 3) { break nowhere } } | Should -Be (@('[]') * 4)
        }

        It 'but variables that came with a module' {
            $folder = New-TestFolder
            Set-Content -LiteralPath (Join-Path $folder 'Late.psm1') -Value '$Exported = ''exported''; Export-ModuleMember -Variable Exported'
            $pool = Start-WorkerPool -Count 1
            try {
                $results = 1..3 | Invoke-WorkerPool -Pool $pool { if ($_ -eq 1) { Import-Module "$using:folder/Late.psm1" -Global; $global:other = 1 }; "$Exported [$other]"; $global:Exported = 'changed' }
            }
            finally {
                Stop-WorkerPool $pool.Name
            }

            $results[0] | Should -Be 'exported [1]'
            $results[1] | Should -BeLike '*`[`]'
            $results[2] | Should -Be $results[1]
        }
    }

    Context 'the console and $PSStyle' {
        AfterEach {
            [Console]::OutputEncoding = $encoding
            $PSStyle.OutputRendering = $rendering
            $PSStyle.Formatting.Error = $color
            $PSStyle.FileInfo.Extension.Remove('.qlnew')
            $PSStyle.FileInfo.Extension['.zip'] = $zip
        }

        BeforeEach {
            $zip = $PSStyle.FileInfo.Extension['.zip']
            $encoding = [Console]::OutputEncoding
            $rendering = $PSStyle.OutputRendering
            $color = $PSStyle.Formatting.Error
        }

        It 'come along, and back again' {
            [Console]::OutputEncoding = [System.Text.Encoding]::Latin1
            $PSStyle.OutputRendering = 'PlainText'
            $PSStyle.Formatting.Error = $PSStyle.Foreground.Blue
            $block = { [Console]::WriteLine('grün'); "$([Console]::OutputEncoding.WebName) $($PSStyle.OutputRendering) $($PSStyle.Formatting.Error -eq $PSStyle.Foreground.Blue)" }
            $results = 1 | Invoke-WorkerPool -Name $warm $block 6>&1
            "$results" | Should -BeIn 'iso-8859-1 PlainText True grün', 'grün iso-8859-1 PlainText True'
            [Console]::OutputEncoding = $encoding
            $PSStyle.OutputRendering = $rendering
            $PSStyle.Formatting.Error = $color
            1 | Invoke-WorkerPool -Name $warm { "$([Console]::OutputEncoding.WebName) $($PSStyle.OutputRendering) $($PSStyle.Formatting.Error -eq $PSStyle.Foreground.Blue)" } |
                Should -Be "$($encoding.WebName) $rendering False"
        }

        It 'come along with the colors of file extensions, which are the same for every item' {
            $before = @($PSStyle.FileInfo.Extension.Keys).Count
            $block = {
                "$(@($PSStyle.FileInfo.Extension.Keys).Count) $($PSStyle.FileInfo.Extension.ContainsKey('.QLNEW')) $($PSStyle.FileInfo.Extension['.zip'] -replace "`e")"
                $PSStyle.FileInfo.Extension.Remove('.qlnew')
                $PSStyle.FileInfo.Extension['.zip'] = "`e[31m"
            }
            $PSStyle.FileInfo.Extension.Add('.qlnew', "`e[34;1m")
            $PSStyle.FileInfo.Extension['.zip'] = "`e[35m"
            1..3 | Invoke-WorkerPool -Name $warm $block | Should -Be (@("$($before + 1) True [35m") * 3)
            $PSStyle.FileInfo.Extension.Remove('.qlnew')
            $PSStyle.FileInfo.Extension['.zip'] = "`e[36m"
            1..3 | Invoke-WorkerPool -Name $warm $block | Should -Be (@("$before False [36m") * 3)
        }

        It 'are the same for every item, whatever one sets' {
            $results = 1, 2 | Invoke-WorkerPool -Name $warm {
                "$([Console]::OutputEncoding.WebName) $([Console]::Out.Encoding.WebName) $($PSStyle.OutputRendering) $($PSStyle.Progress.MaxWidth) $($PSStyle.FileInfo.Directory.Length) $([Console]::Out -is [System.IO.StringWriter])"
                [Console]::OutputEncoding = [System.Text.Encoding]::Unicode
                [Console]::InputEncoding = [System.Text.Encoding]::Unicode
                [Console]::SetOut([System.IO.StringWriter]::new())
                $PSStyle.OutputRendering = 'PlainText'
                $PSStyle.Progress.MaxWidth = 77
                $PSStyle.FileInfo.Directory = ''
            }
            $results | Should -HaveCount 2
            $results[1] | Should -Be $results[0]
        }
    }

    Context 'what cannot be carried' {
        It 'is said once: <What>' -ForEach @(
            @{ What = 'a ConcurrentDictionary by $using:'; Pattern = "^'.using:shared' is a ConcurrentDictionary, and each worker gets a copy"; Block = { $null = $using:shared }; Made = { [System.Collections.Concurrent.ConcurrentDictionary[int, int]]::new() } }
            @{ What = 'a synchronized hashtable by $using:'; Pattern = "^'.using:shared' is a SyncHashtable"; Block = { ($using:shared).a = 1 }; Made = { [hashtable]::Synchronized(@{}) } }
            @{ What = 'a lock by $using:'; Pattern = "^'.using:shared' is a SemaphoreSlim"; Block = { $null = $using:shared }; Made = { [System.Threading.SemaphoreSlim]::new(1) } }
            @{ What = 'a variable of the script'; Pattern = "^'.script:counter' has no value in the workers"; Block = { $script:counter }; Made = { $script:counter = 5 } }
        ) {
            $shared = . $Made
            foreach ($expected in 1, 0) {
                $null = 1, 2 | Invoke-WorkerPool -Name $warm $Block -WarningAction SilentlyContinue -WarningVariable warnings
                $warnings | Should -HaveCount $expected
                if ($expected) { $warnings[0].Message | Should -Match $Pattern }
            }
        }

        It 'is said once: an argument that is shared' {
            $null = 1 | Invoke-WorkerPool -Name $warm -ArgumentList ([System.Collections.Concurrent.ConcurrentBag[int]]::new(), 1) { 1 } -WarningAction SilentlyContinue -WarningVariable warnings
            $warnings.Message | Should -BeLike '-ArgumentList?0? is a ConcurrentBag,*'
        }

        It 'is said once: the variables of a closure, and of a function of a module without a file' {
            $closure = & { $factor = 3; $unused = 4; { param($x) $own = 1; foreach ($each in 1) { $_ * $factor * $own } }.GetNewClosure() }
            $null = 1 | Invoke-WorkerPool -Name $warm $closure -WarningAction SilentlyContinue -WarningVariable warnings
            $warnings.Message | Should -BeLike "'`$factor' of the closure has no value*`$using:factor*"
            $module = New-Module -Name InMemory { $script:state = 1; function Get-State { $script:state } }
            $null = 1 | Invoke-WorkerPool -Name $warm { Get-State } -WarningAction SilentlyContinue -WarningVariable warnings
            $warnings.Message | Should -BeLike "'`$script:state' has no value in the workers*"
            Remove-Module $module
        }

        It 'is not said of what needs no carrying' {
            $script:mine = 1
            $table = @{ a = 1 }
            1 | Invoke-WorkerPool -Name $warm { $script:mine = 2; $script:mine + ($using:table).a + $using:mine } -WarningAction SilentlyContinue -WarningVariable warnings | Should -Be 4
            $warnings | Should -BeNullOrEmpty
        }
    }

    Context 'a command that is not there' {
        It 'is one error and one warning with a count, and fails every item' {
            $null = 1..5 | Invoke-WorkerPool -Name $warm { No-SuchCommand $_ } -ErrorAction SilentlyContinue -ErrorVariable problems -WarningAction SilentlyContinue -WarningVariable warnings
            $problems | Should -HaveCount 1
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'CommandNotFoundException*'
            $warnings.Message | Should -BeLike "The command 'No-SuchCommand' was not found 4 more times;*"
            $results = 1..3 | Invoke-WorkerPool -Name $warm -AsResult { No-SuchCommand $_ }
            $results.Status | Should -Be Failed, Failed, Failed
            $results | ForEach-Object { $_.Errors.Count } | Should -Be 1, 1, 1
        }
    }

    Context 'what is shown' {
        It 'shows what an item writes with -Verbose, -Debug and -InformationAction Continue, and no more, as Start-Job does' {
            $block = { Write-Verbose hi -Verbose; Write-Debug dd -Debug; Write-Information inf -InformationAction Continue; Write-Verbose no; Write-Debug no; Write-Information quiet }
            $records = 1 | Invoke-WorkerPool -Name $warm $block *>&1
            $records | ForEach-Object { "$($_.GetType().Name) $_" } | Should -Be 'VerboseRecord hi', 'DebugRecord dd', 'InformationRecord inf', 'InformationRecord quiet'
            $records[2].Tags | Should -Be PSHOST
            $records[3].Tags | Should -BeNullOrEmpty
        }

        It 'keeps the one color that Write-Host was given' {
            $records = 1 | Invoke-WorkerPool -Name $warm { Write-Host x -BackgroundColor Red; Write-Host y -ForegroundColor Blue; Write-Host z } 6>&1
            $records.MessageData | ForEach-Object { "$($_.ForegroundColor)/$($_.BackgroundColor)" } | Should -Be '/Red', 'Blue/', '/'
        }

        It 'says which worker cannot ask: <_>' -ForEach { Read-Host q }, { Get-Credential }, { $Host.UI.PromptForChoice('a', 'b', [System.Management.Automation.Host.ChoiceDescription[]] 'c', 0) } {
            $null = 1 | Invoke-WorkerPool -Name $warm $_ -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem[0].Exception.Message | Should -Match '\bWorker-1 cannot ask: a pool worker is not interactive\.'
        }
    }

    Context 'nothing of a call reaches the next' {
        It 'but what the pool prepared' {
            $pool = Start-WorkerPool -Count 1 -InitializationScript { $global:base = 40; function Prepared { 'prepared' } }
            try {
                function Carried { 'carried' }
                Set-Alias ca Carried
                $OFS = '-'
                1 | Invoke-WorkerPool -Pool $pool -InitializationScript { $global:base = 50; $global:call = 1 } { "$base $call $(Prepared) $(ca) $(1, 2)"; $global:item = 1 } | Should -Be '50 1 prepared carried 1-2'
                Remove-Item function:Carried, alias:ca
                Remove-Variable OFS
                1 | Invoke-WorkerPool -Pool $pool { "$base [$call$item] $(Prepared) $($null -eq $function:Carried) $(Test-Path alias:ca) $(1, 2)" } | Should -Be '40 [] prepared True False 1 2'
                function Prepared { 'mine' }
                1 | Invoke-WorkerPool -Pool $pool { Prepared } | Should -Be 'mine'
                Remove-Item function:Prepared
                1 | Invoke-WorkerPool -Pool $pool { Prepared } | Should -Be 'prepared'
            }
            finally {
                Stop-WorkerPool $pool.Name
            }
        }

        It 'where it repeats the one before' {
            function Call { Invoke-WorkerPool -Name $warm -InputObject 1 -ArgumentList (, @{ n = 0 }) { "$($args[1].n)[$global:left]$(Split-Path -Leaf $PWD)$?"; $args[1].n++; $global:left = 1; Set-Location / } }
            Push-Location -LiteralPath $PSHOME
            try {
                $shown = @(Call; Call; Call; Call; Call)
                $shown | Select-Object -Unique | Should -HaveCount 1
                $shown[0] | Should -BeLike '0*True'
            }
            finally {
                Pop-Location
            }
        }

        It 'of one that was cut short or could not be read' {
            1..1000 | Invoke-WorkerPool -Name $warm { $_; Start-Sleep -Milliseconds 20 } | Select-Object -First 1 | Should -Be 1
            1..10 | Invoke-WorkerPool -Name $warm { $_ } | Should -Be (1..10)
            Add-Type 'public class QueueLogPesterParent { }'
            { 1 | Invoke-WorkerPool -Name $warm ([scriptblock]::Create('class Other : QueueLogPesterParent { }')) } | Should -Throw -ErrorId "ScriptBlockDoesNotParse,$command"
            1..10 | Invoke-WorkerPool -Name $warm { $_ } | Should -Be (1..10)
        }

        It 'of one that another runspace makes meanwhile: they take turns' {
            $module = Get-StagedModule
            1..4 | ForEach-Object -Parallel {
                Import-Module $using:module
                (1..10 | Invoke-WorkerPool -Name $using:warm -ArgumentList $_ { param($item, $factor) $item * $factor } | Measure-Object -Sum).Sum
            } | Sort-Object | Should -Be 55, 110, 165, 220
            1..3 | Invoke-WorkerPool -Name $warm { $_ } | Should -Be 1, 2, 3
        }
    }

    Context 'what is carried of the session' {
        It 'are the functions a block uses, with all that they use' {
            function Outer($x) { 'outer ' + (Inner $x) }
            function Inner { param([int] $x) $x | Plus }
            filter Plus { $_ + 1 }
            function script:Scoped { 'scoped' }
            $function:FromBlock = { "from $args" }
            function Unused { }
            Set-Alias ou Outer
            Set-Alias measured Measure-Object
            1 | Invoke-WorkerPool -Name $warm { Outer $_; ou 2; Scoped; FromBlock 3; (1, 2 | measured).Count; $null -eq $function:Unused } | Should -Be 'outer 2', 'outer 3', 'scoped', 'from 3', 2, $true
            1 | Invoke-WorkerPool -Name $warm -InitializationScript { $global:made = Outer 4 } { $made } | Should -Be 'outer 5'
            function Caller { function Local { 'local' }; 1 | Invoke-WorkerPool -Name $warm { Local } }
            Caller | Should -Be 'local'
        }

        It 'are modules: imported from outside the module path, made anew where they are in memory alone' {
            $folder = New-TestFolder
            Set-Content -LiteralPath (Join-Path $folder 'Beyond.psm1') -Value @'
$kept = 'kept'; function Get-Beyond { "$kept $(Get-Hidden) $(Split-Path -Leaf $PSScriptRoot)" }; function Get-Hidden { 'hidden' }
Set-Alias gbey Get-Beyond; Export-ModuleMember -Function Get-Beyond -Alias gbey
'@
            Import-Module (Join-Path $folder 'Beyond.psm1')
            $memory = New-Module InMemory { function Helper { 'helper' }; function Get-Dynamic { "dynamic $(Helper)" }; Export-ModuleMember Get-Dynamic }
            try {
                $name = Split-Path -Leaf $folder
                1 | Invoke-WorkerPool -Count 1 { @(Get-Module Beyond).Count } | Should -Be 0
                1 | Invoke-WorkerPool -Name $warm { Get-Beyond; $null -eq (Get-Module InMemory) } | Should -Be "kept hidden $name", $true
                1 | Invoke-WorkerPool -Name $warm { gbey } | Should -Be "kept hidden $name"
                1 | Invoke-WorkerPool -Name $warm { Get-Dynamic } | Should -Be 'dynamic helper'
            }
            finally {
                Remove-Module Beyond
                $memory | Remove-Module
            }
        }

        It 'are the modules that the session has imported, and not others of the module path that have the same commands' {
            $folder = New-TestFolder
            foreach ($name in 'AaMod', 'BbMod') {
                $null = New-Item -ItemType Directory (Join-Path $folder $name)
                Set-Content -LiteralPath (Join-Path $folder $name "$name.psm1") -Value "param(`$Given = 'nothing') function Get-Who { '$name' }; function Get-$name { `"`$(Get-Who) `$Given `$args`" }"
            }
            $before = $env:PSModulePath
            $env:PSModulePath = $folder + [System.IO.Path]::PathSeparator + $before
            $pool = Start-WorkerPool -Count 1
            try {
                function Get-Nested { Get-Who }
                Import-Module BbMod
                1 | Invoke-WorkerPool -Count 1 { Get-Who; Get-Nested } | Should -Be 'BbMod', 'BbMod'
                1 | Invoke-WorkerPool -Pool $pool { Get-Who } | Should -Be 'BbMod'
                1 | Invoke-WorkerPool -Pool $pool { & ('Get-' + 'AaMod') } | Should -Be 'AaMod nothing '
                1 | Invoke-WorkerPool -Pool $pool { Get-Who } | Should -Be 'BbMod'

                # The last import wins, whatever else is used of both.
                Import-Module AaMod
                1 | Invoke-WorkerPool -Pool $pool { Get-Who } | Should -Be 'AaMod'
                1 | Invoke-WorkerPool -Count 1 { Get-Who; Get-BbMod; Get-AaMod } | Should -Be 'AaMod', 'BbMod nothing ', 'AaMod nothing '
                1 | Invoke-WorkerPool -Count 1 { Get-AaMod; Get-BbMod; Get-Who } | Select-Object -Last 1 | Should -Be 'AaMod'
                Import-Module BbMod
                1 | Invoke-WorkerPool -Count 1 { Get-AaMod; Get-BbMod; Get-Who } | Select-Object -Last 1 | Should -Be 'BbMod'

                Remove-Module AaMod, BbMod
                Import-Module BbMod -Prefix My -ArgumentList 'given', 2
                Import-Module AaMod
                1 | Invoke-WorkerPool -Pool $pool { Get-MyWho; Get-Who; Get-MyBbMod } | Should -Be 'BbMod', 'AaMod', 'BbMod given '
                Remove-Module BbMod
                Import-Module BbMod -Prefix My -ArgumentList 'other'
                1 | Invoke-WorkerPool -Pool $pool { Get-MyBbMod } | Should -Be 'BbMod other '
                Remove-Module BbMod
                Set-Content -LiteralPath (Join-Path $folder 'BbMod' 'BbMod.psm1') -Value 'param([switch] $Quiet, [ValidateSet("a", "b")] [string] $Mode = "a") $Mode = "b"; function Get-BbMod { "$Quiet $Mode" }; Set-Alias gbb Get-BbMod'
                Import-Module BbMod -Prefix My
                1 | Invoke-WorkerPool -Pool $pool { Get-MyBbMod; Mygbb; $null -eq (Get-Command gbb -ErrorAction Ignore) } | Should -Be 'False b', 'False b', $true
            }
            finally {
                $env:PSModulePath = $before
                Remove-Module AaMod, BbMod -ErrorAction Ignore
                Stop-WorkerPool $pool.Name
            }
        }

        It 'are what the engine brings, before the first item begins' {
            $names = 1 | Invoke-WorkerPool -Count 1 { $loaded = (Get-Module).Name; Get-Random; Split-Path a/b; $loaded }
            $names | Should -Contain 'Microsoft.PowerShell.Utility'
            $names | Should -Contain 'Microsoft.PowerShell.Management'
            1 | Invoke-WorkerPool -Count 1 { (Get-Module).Name } | Should -Not -Contain 'Microsoft.PowerShell.Utility'
        }

        It 'is nothing that the engine has of itself, and no longer than it is there' {
            $pool = Start-WorkerPool -Count 1
            try {
                1 | Invoke-WorkerPool -Pool $pool { 1, 2 | ForEach-Object { $_ } | Measure-Object | ForEach-Object Count; if ($false) { Write-QueueLog 'x' }; (Get-Module QueueLog*).Name -join ',' } | Should -Be 2, 'QueueLog'
                function Mine { 'mine' }
                1 | Invoke-WorkerPool -Pool $pool { Mine } | Should -Be 'mine'
                Remove-Item function:Mine
                1 | Invoke-WorkerPool -Pool $pool { $null -eq $function:Mine } | Should -BeTrue
            }
            finally {
                Stop-WorkerPool $pool.Name
            }
        }

        It 'is the file of the block, and errors name their true lines' {
            $folder = New-TestFolder
            $file = Join-Path $folder 'caller.ps1'
            Set-Content -LiteralPath $file -Value @"
using namespace System.Text
function Get-Place { Split-Path -Leaf `$PSCommandPath }
function Break-It {
    Get-Nothing-Like-This
}
1 | Invoke-WorkerPool -Name $warm { Split-Path -Leaf `$PSScriptRoot; Split-Path -Leaf `$PSCommandPath; Get-Place; [StringBuilder]::new('type').ToString() }
`$block = { Split-Path -Leaf `$PSCommandPath }; 1 | Invoke-WorkerPool -Name $warm { & `$using:block }
1 | Invoke-WorkerPool -Name $warm -ErrorAction SilentlyContinue -ErrorVariable problems { Break-It
          throw 'here' }
foreach (`$problem in `$problems) { `$problem.ScriptStackTrace.Split("``n")[0].Trim(); `$problem.Exception.RemotePosition.Split("``n")[0].Trim() }
try { 1 | Invoke-WorkerPool -Name $warm -InitializationScript {
    throw 'init' } { 1 } } catch { "`$_".Split("``n")[0].Trim() }
"@
            $ErrorActionPreference = 'Continue'
            & $file | Should -Be @(
                (Split-Path -Leaf $folder), 'caller.ps1', 'caller.ps1', 'type', 'caller.ps1'
                "at Break-It, ${file}: line 4", "At ${file}:4 char:5"
                "at <ScriptBlock>, ${file}: line 9", "At ${file}:9 char:11"
                "Worker-1 could not be initialized: init At ${file}:12 char:5")
        }

        It 'is no file where the block has none, and its lines count from 1' {
            $results = 1 | Invoke-WorkerPool -Name $warm -ErrorAction SilentlyContinue -ErrorVariable problems ([scriptblock]::Create('"[$PSScriptRoot]"; throw "here"'))
            $results | Should -Be '[]'
            $problems[0].ScriptStackTrace | Should -Be 'at <ScriptBlock>, <No file>: line 1'
        }

        It 'are its preferences' {
            $VerbosePreference = 'Continue'; $ErrorActionPreference = 'Continue'
            $WarningPreference = 'SilentlyContinue'; $InformationPreference = 'Continue'; $ProgressPreference = 'SilentlyContinue'; $DebugPreference = 'Ignore'
            $ConfirmPreference = 'None'; $WhatIfPreference = $true; $PSNativeCommandUseErrorActionPreference = $true; $ErrorView = 'CategoryView'
            $OutputEncoding = [System.Text.Encoding]::Unicode; $OFS = '-'; $FormatEnumerationLimit = 9; $PSDefaultParameterValues = @{ 'Join-Path:ChildPath' = 'leaf' }
            $results = 1 | Invoke-WorkerPool -Name $warm {
                "$VerbosePreference $ErrorActionPreference"
                "$WarningPreference $InformationPreference $ProgressPreference $DebugPreference $ConfirmPreference $WhatIfPreference $PSNativeCommandUseErrorActionPreference $ErrorView"
                "$($OutputEncoding.WebName) $(1, 2) $FormatEnumerationLimit $(Join-Path 'root')"
            }
            $WhatIfPreference = $false
            $OFS = ' '
            $results | Should -Be 'Continue Continue', 'SilentlyContinue Continue SilentlyContinue Ignore None True True CategoryView', "utf-16 1-2 9 $([System.IO.Path]::Combine('root', 'leaf'))"
        }

        It 'are its preferences as they are at each call' {
            $WarningPreference = 'SilentlyContinue'; $list = [System.Collections.ArrayList]@('+'); $OFS = $list; $PSDefaultParameterValues = @{ 'Join-Path:ChildPath' = 'leaf' }
            $block = { "$WarningPreference $(1, 2) $(Join-Path 'root')" }
            $results = @(
                1 | Invoke-WorkerPool -Name $warm $block
                $WarningPreference = 'Ignore'; $null = $list.Add('+'); $PSDefaultParameterValues['Join-Path:ChildPath'] = 'other'
                1 | Invoke-WorkerPool -Name $warm $block
                $WarningPreference = 'SilentlyContinue'; $OFS = '-'
                1 | Invoke-WorkerPool -Name $warm $block
                $OFS = [pscustomobject]@{ a = 1 }
                1 | Invoke-WorkerPool -Name $warm $block)
            $OFS = ' '
            $PSDefaultParameterValues = @{}
            $leaf, $other = 'leaf', 'other' | ForEach-Object { [System.IO.Path]::Combine('root', $_) }
            $results | Should -Be "SilentlyContinue 1+2 $leaf", "Ignore 1+ +2 $other", "SilentlyContinue 1-2 $other", "SilentlyContinue 1@{a=1}2 $other"
        }

        It 'are -Verbose and -Debug of the command' {
            1 | Invoke-WorkerPool -Name $warm -Verbose -Debug { Write-Verbose 'v'; Write-Debug 'd' } 4>&1 5>&1 | ForEach-Object { "$_" } | Should -Be 'v', 'd'
            $VerbosePreference = 'Continue'
            1 | Invoke-WorkerPool -Name $warm -Verbose:$false { Write-Verbose 'no'; 'out' } 4>&1 | ForEach-Object { "$_" } | Should -Be 'out'
        }

        It 'are modules named for import, by name, by path and as objects' {
            $folder = New-TestFolder
            Set-Content -LiteralPath (Join-Path $folder 'ByPath.psm1') -Value 'function Get-ByPath { ''by path'' }'
            Set-Content -LiteralPath (Join-Path $folder 'AsObject.psm1') -Value 'function Get-AsObject { ''as object'' }'
            Push-Location -LiteralPath $folder
            try {
                $module = Import-Module ./AsObject.psm1 -PassThru
                $made = New-Module Made { function Get-Made { 'made' } }
                1 | Invoke-WorkerPool -Name $warm -ImportModule ./ByPath.psm1, $module, $made { & 'Get-ByPath'; & ('Get-' + 'AsObject'); & ('Get-' + 'Made') } | Should -Be 'by path', 'as object', 'made'
                $pool = Start-WorkerPool -Count 1 -ImportModule ByPath.psm1
                1, 2 | Invoke-WorkerPool -Pool $pool { & ('Get-' + 'ByPath') } | Should -Be 'by path', 'by path'
                1 | Invoke-WorkerPool -Pool $pool -ImportModule $module { & ('Get-' + 'AsObject') } | Should -Be 'as object'
                Stop-WorkerPool $pool.Name
            }
            finally {
                Pop-Location
                $module, $made | Remove-Module
            }
        }

        It 'is its location, whatever the drive is called' {
            $folder = New-TestFolder
            $null = New-Item -ItemType Directory -Path (Join-Path $folder 'sub folder')
            $null = New-PSDrive -Name qlmine -PSProvider FileSystem -Root $folder
            $before = Get-Location
            try {
                foreach ($location in '/', $folder, "$folder/sub folder", 'qlmine:/', 'qlmine:/sub folder') {
                    Set-Location -LiteralPath $location
                    $here = (Get-Location -PSProvider FileSystem).ProviderPath.TrimEnd('/')
                    1 | Invoke-WorkerPool -Name $warm { (Get-Location).ProviderPath.TrimEnd('/') } | Should -Be $here
                }

                1 | Invoke-WorkerPool -Count 1 { [System.IO.Directory]::GetCurrentDirectory(); (Get-Location).ProviderPath } | Should -Be "$folder/sub folder", "$folder/sub folder"
            }
            finally {
                Set-Location -LiteralPath $before
                Remove-PSDrive qlmine
            }
        }
    }
}
