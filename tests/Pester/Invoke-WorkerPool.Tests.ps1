BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
    $command = 'QueueLog.PowerShell.Commands.InvokeWorkerPoolCommand'
}

AfterAll {
    Stop-TestSession
}

Describe 'Invoke-WorkerPool' {
    AfterEach {
        Get-Job | Where-Object PSJobTypeName -EQ QueueLogPool | Remove-Job -Force
    }

    Context 'a pool of its own' {
        It 'gives the results' {
            1..50 | Invoke-WorkerPool -Count 2 { $_ * $_ } | Sort-Object | Should -Be (1..50 | ForEach-Object { $_ * $_ })
        }

        It 'runs the block once in each worker where nothing is piped in' {
            Invoke-WorkerPool -Count 2 { param($number) $number } | Sort-Object | Should -Be 0, 1
        }

        It 'leaves no job and no pool behind' {
            $jobs = @(Get-Job).Count
            $null = 1 | Invoke-WorkerPool -Count 1 { $_ }
            @(Get-Job).Count | Should -Be $jobs
            Get-WorkerPool | Should -BeNullOrEmpty
        }

        It 'reads its input only as far as its windows, and stops when the pipeline does' {
            $read = [int[]]::new(1)
            $results = & { for ($i = 1; $i -le 1000000; $i++) { $read[0] = $i; $i } } | Invoke-WorkerPool -Count 1 { $_ } | Select-Object -First 3
            $results | Should -Be 1, 2, 3
            $read[0] | Should -BeLessThan 100000
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
            $null = Start-LogListener $path -Template '{Worker} {Item} {Attempt} {Category} {Message}' -NoHeader
            1 | Invoke-WorkerPool -Count 1 { 'logged' } | Should -Be 'logged'
            2 | Invoke-WorkerPool -Count 1 -NoCapture { 'not logged' } | Should -Be 'not logged'
            $null = Stop-LogListener
            Read-Log $path | Should -Be 'Worker-1 0 1 Pool.Output logged'
        }

        It 'takes its items by -InputObject, and spreads them with -Splat before -ArgumentList' {
            Invoke-WorkerPool -Count 1 -InputObject 1, 2 -ScriptBlock { $_ * 10 } | Should -Be 10, 20
            , @('a', 'b') | Invoke-WorkerPool -Count 1 -Splat -ArgumentList 'c' -ScriptBlock { param($x, $y, $z) "$x$y$z" } | Should -Be 'abc'
        }

        It 'logs to the listener that -Listener names' {
            $folder = New-TestFolder
            $named = Start-LogListener (Join-Path $folder 'named.log') -Name (New-TestName) -Template '{Message}' -NoHeader
            $null = Start-LogListener (Join-Path $folder 'default.log') -Template '{Message}' -NoHeader
            1 | Invoke-WorkerPool -Count 1 -Listener $named { Write-QueueLog 'here' }
            Stop-EveryListener
            Read-Log (Join-Path $folder 'named.log') | Should -Be 'here'
            Read-Log (Join-Path $folder 'default.log') | Should -BeNullOrEmpty
        }

        It 'replaces workers after -MaxItemsPerWorker, or grown by more than -MaxWorkerMemory' {
            1..4 | Invoke-WorkerPool -Count 1 -MaxItemsPerWorker 2 { $PID } | Group-Object | ForEach-Object Count | Should -Be 2, 2

            # Each worker grows to 240 MB and no further, however late the pool looks; items come until another worker has one.
            $pids = [System.Collections.Generic.HashSet[int]]::new()
            $until = [datetime]::UtcNow + (Get-TestLimit)
            & { for ($item = 0; $pids.Count -lt 2 -and [datetime]::UtcNow -lt $until; $item++) { $item } } | Invoke-WorkerPool -Count 1 -MaxWorkerMemory 100MB {
                $kept = [byte[]]::new(60MB)
                [array]::Fill($kept, [byte] 1)
                [System.AppDomain]::CurrentDomain.SetData("kept $($_ % 4)", $kept)
                $PID
            } | ForEach-Object { [void] $pids.Add($_) }
            $pids.Count | Should -BeGreaterThan 1
        }

        It 'waits -RetryDelaySeconds, and gives up after -MaxCrashes' {
            $result = 1 | Invoke-WorkerPool -Count 1 -AsResult -Retry 9 -RetryDelaySeconds 0.2 -MaxCrashes 2 { exit 5 }
            "$($result.Status) $($result.Attempt) $($result.ExitCode)" | Should -Be 'Crashed 2 5'
            ($result.Started - $result.Queued).TotalSeconds | Should -BeGreaterOrEqual 0.2
        }

        It 'stops at the first error with -ErrorAction Stop' {
            { 1..3 | Invoke-WorkerPool -Count 1 { throw "item $_" } -ErrorAction Stop } | Should -Throw '*item 1*'
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

        It 'sets environment variables with -EnvironmentVariable and the folder with -WorkingDirectory' {
            1 | Invoke-WorkerPool -Count 1 -EnvironmentVariable @{ QL_PESTER = 'set' } -WorkingDirectory $folder { $env:QL_PESTER; Test-Path ./Outside.psm1 } | Should -Be 'set', $true
        }

        It 'cannot change the environment of a warm pool' {
            { 1 | Invoke-WorkerPool -Name any -EnvironmentVariable @{ A = 1 } { $_ } } | Should -Throw -ErrorId "AmbiguousParameterSet,$command"
        }
    }

    Context 'items one by one' {
        It 'keeps the order of the input with -KeepOrder' {
            1..60 | Invoke-WorkerPool -Count 4 -KeepOrder { if ($_ % 7 -eq 1) { Start-Sleep -Milliseconds 30 }; $_ } | Should -Be (1..60)
        }

        It 'gives a result for each item with -AsResult, and no errors' {
            $results = 1..3 | Invoke-WorkerPool -Count 2 -AsResult {
                "begun $_"
                switch ($_) {
                    2 { throw 'two is bad' }
                    3 { [Environment]::Exit(9) }
                }
            } | Sort-Object Index
            $results | Should -BeOfType QueueLog.PowerShell.ItemResult
            $results.Status | Should -Be Completed, Failed, Crashed
            $results[0].Output | Should -Be 'begun 1'
            $results[1].Errors[-1].ToString() | Should -Be 'two is bad'
            $results[2].ExitCode | Should -Be 9
            (1 | Invoke-WorkerPool -Count 1 -AsResult -TimeoutSeconds 0.5 -GraceSeconds 0.2 { Start-Sleep -Seconds 3600 }).Status | Should -Be TimedOut
        }

        It 'shows results as a table' {
            $text = 1, 2 | Invoke-WorkerPool -Count 1 -AsResult { if ($_ -eq 2) { throw 'no good' }; 'out' } | Out-String -Width 120
            $text | Should -Match 'Index .*Status .*Attempt .*Worker .*Duration .*Input .*Output'
            $text | Should -Match '0 .*Completed .*1 .*Worker-1 .*out'
            $text | Should -Match '1 .*Failed .*no good'
        }

        It 'tries again with -Retry, and passes on the last attempt only' {
            $file = Join-Path (New-TestFolder) 'attempt'
            $results = 1 | Invoke-WorkerPool -Count 1 -Retry 1 -WarningAction SilentlyContinue -WarningVariable warnings {
                'out'
                if (-not (Test-Path -LiteralPath $using:file)) { Set-Content -LiteralPath $using:file ''; throw 'once' }
            }
            $results | Should -Be 'out'
            "$warnings" | Should -Be 'Attempt 1 of 2 of item 0 failed: once; it is tried again.'
        }

        It 'notes items in -JobLog, and goes on with -Resume and -ResumeFailed' {
            $log = Join-Path (New-TestFolder) 'items.json'
            $null = 1..3 | Invoke-WorkerPool -Count 1 -JobLog $log { if ($_ -eq 2) { throw 'bad' }; @{ Value = $_ } } -ErrorAction SilentlyContinue
            $items = Get-Content -LiteralPath $log | ConvertFrom-Json
            $items.Status | Should -Be Completed, Failed, Completed
            $items[2].Output.Value | Should -Be 3
            $items[1].Errors[0].Message | Should -Be 'bad'
            1..4 | Invoke-WorkerPool -Count 1 -JobLog $log -Resume { $_ } | Should -Be 4
            1..4 | Invoke-WorkerPool -Count 1 -JobLog $log -ResumeFailed { $_ } | Should -Be 2
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

        It 'shows its progress, and that of the items' {
            # The item ends when both have been seen.
            $seen = Join-Path (New-TestFolder) 'seen'
            $shell = [powershell]::Create()
            try {
                $running = $shell.AddScript("Import-Module '$(Get-StagedModule)'; 1 | Invoke-WorkerPool -Count 1 { Write-Progress mine -PercentComplete 40; while (-not (Test-Path '$seen')) { Start-Sleep -Milliseconds 20 } }").BeginInvoke()
                $records = $shell.Streams.Progress
                Wait-DataAdded $records { $records | Where-Object Activity -EQ mine }
                Wait-DataAdded $records { $records | Where-Object { $_.Activity -like 'Worker pool *' -and $_.StatusDescription -like '0 of 1 items done*' } }
                ($records | Where-Object Activity -EQ mine)[0].PercentComplete | Should -Be 40
                Set-Content -LiteralPath $seen ''
                $running.AsyncWaitHandle.WaitOne((Get-TestLimit)) | Should -BeTrue
            }
            finally {
                $shell.Dispose()
            }
        }
    }

    Context 'a warm pool' {
        It 'is used by name and by object, again and again' {
            $name = New-TestName
            $pool = Start-WorkerPool -Count 1 -Name $name -InitializationScript { $global:ready = 'ready' }
            $first = 1 | Invoke-WorkerPool -Name $name { "$PID $ready" }
            $second = 2 | Invoke-WorkerPool -Pool $pool { "$PID $ready" }
            $first | Should -Match '^\d+ ready$'
            $second | Should -Be $first
        }

        It 'goes on with a new worker where an item had to be killed' {
            $pool = Start-WorkerPool -Count 1
            (1 | Invoke-WorkerPool -Pool $pool -AsResult -TimeoutSeconds 0.5 -GraceSeconds 0.1 { [System.Threading.Thread]::Sleep(-1) }).Status | Should -Be TimedOut
            2 | Invoke-WorkerPool -Pool $pool { $_ } | Should -Be 2
        }
    }

    Context 'errors' {
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

        It 'ScriptBlockDoesNotParse: a type of this session in the block' {
            Add-Type 'public class QueueLogPesterBase { }'
            $block = [scriptblock]::Create('class Derived : QueueLogPesterBase { }; 1')
            { 1 | Invoke-WorkerPool -Count 1 $block } | Should -Throw -ErrorId "ScriptBlockDoesNotParse,$command" -ExpectedMessage '*QueueLogPesterBase*'
        }

        It 'InitializationFailed: the script for the start throws' {
            { 1 | Invoke-WorkerPool -Count 1 -InitializationScript { throw 'no luck' } { $_ } } | Should -Throw -ErrorId "InitializationFailed,$command" -ExpectedMessage '*no luck*'
        }

        It 'InitializationFailed: a module cannot be imported' {
            { 1 | Invoke-WorkerPool -Count 1 -ImportModule NoSuchModule { $_ } } | Should -Throw -ErrorId "InitializationFailed,$command" -ExpectedMessage '*NoSuchModule*'
        }

        It 'WorkingDirectoryNotFound: no such folder' {
            { 1 | Invoke-WorkerPool -Count 1 -WorkingDirectory ./missing { $_ } } | Should -Throw -ErrorId "WorkingDirectoryNotFound,$command"
        }

        It 'InvalidEnvironmentVariable: a name that no environment can hold' {
            { 1 | Invoke-WorkerPool -Count 1 -EnvironmentVariable @{ 'a=b' = 1 } { $_ } } | Should -Throw -ErrorId "InvalidEnvironmentVariable,$command"
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

        It 'ItemTimedOut: it takes longer than it may' {
            $null = 1 | Invoke-WorkerPool -Count 1 -TimeoutSeconds 0.5 { Start-Sleep -Seconds 600 } -ErrorAction SilentlyContinue -ErrorVariable problems
            $problems[0].FullyQualifiedErrorId | Should -Be "ItemTimedOut,$command"
            $problems[0].TargetObject | Should -Be 1
        }

        It 'OutputNotSerializable: what is too large to come back' {
            1..2 | Invoke-WorkerPool -Count 1 { if ($_ -eq 1) { 'x' * 65MB }; "after $_" } -ErrorAction SilentlyContinue -ErrorVariable problems | Should -Be 'after 1', 'after 2'
            $problems[0].FullyQualifiedErrorId | Should -Be "OutputNotSerializable,$command"
        }

        It 'InvalidHaltAfter: <_>' -ForEach '0', 'some', '101%' {
            { 1 | Invoke-WorkerPool -Count 1 -Halt Soon -HaltAfter $_ { $_ } } | Should -Throw -ErrorId "InvalidHaltAfter,$command"
        }

        It 'HaltModeMissing: a threshold without what it is for' {
            { 1 | Invoke-WorkerPool -Count 1 -HaltAfter 3 { $_ } } | Should -Throw -ErrorId "HaltModeMissing,$command"
        }

        It 'JobLogMissing: <_> without a job log' -ForEach 'Resume', 'ResumeFailed' {
            $switch = @{ $_ = $true }
            { 1 | Invoke-WorkerPool -Count 1 @switch { $_ } } | Should -Throw -ErrorId "JobLogMissing,$command"
        }

        It 'JobLogUnusable: a folder that is not there' {
            { 1 | Invoke-WorkerPool -Count 1 -JobLog (Join-Path (New-TestFolder) 'none' 'items.json') { $_ } } | Should -Throw -ErrorId "JobLogUnusable,$command"
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
        }
    }
}
