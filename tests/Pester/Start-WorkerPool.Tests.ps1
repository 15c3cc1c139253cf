BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
    $command = 'QueueLog.PowerShell.Commands.StartWorkerPoolCommand'
}

AfterAll {
    Stop-TestSession
}

Describe 'Start-WorkerPool' {
    BeforeEach {
        $folder = New-TestFolder
        $path = Join-Path $folder 'run.log'
    }

    AfterEach {
        Get-Job | Where-Object PSJobTypeName -EQ QueueLogPool | Remove-Job -Force
        Stop-EveryListener
    }

    Context 'the job commands' {
        It 'brings back all seven streams while it still runs' {
            # Workers have the session's preferences, and this one's may be another.
            $ErrorActionPreference = $ProgressPreference = 'Continue'
            $job = 1 | Start-WorkerPool -Count 1 {
                'o'; Write-Error 'e'; Write-Warning 'w'; Write-Verbose 'v' -Verbose; Write-Debug 'd' -Debug; Write-Information 'i'; Write-Progress 'p'
                [System.Threading.Thread]::Sleep(-1)
            }
            $null = Wait-JobOutput $job
            Wait-DataAdded $job.Progress { $job.Progress | Where-Object Activity -EQ 'p' }
            $job.State | Should -Be Running
            "$($job.Error) $($job.Warning) $($job.Verbose) $($job.Debug) $($job.Information)" | Should -Be 'e w v d i'
            $job | Receive-Job -ErrorAction SilentlyContinue -WarningAction SilentlyContinue 4>$null 5>$null | Should -Be 'o'
            $job.State | Should -Be Running
        }

        It 'keeps what Receive-Job -Keep gave, and removes itself with -AutoRemoveJob' {
            $job = 1..3 | Start-WorkerPool -Count 1 { $_ }
            ($job | Wait-Job).State | Should -Be Completed
            $job | Receive-Job -Keep | Should -Be 1, 2, 3
            $job | Receive-Job -Wait -AutoRemoveJob | Should -Be 1, 2, 3
            Get-Job -Id $job.Id -ErrorAction Ignore | Should -BeNullOrEmpty
        }

        It 'is found by name, id, state and command' {
            $name = New-TestName
            $job = 1 | Start-WorkerPool -Name $name -Count 1 { [System.Threading.Thread]::Sleep(-1) }
            (Get-Job -Name $name).InstanceId | Should -Be $job.InstanceId
            (Get-Job -Id $job.Id).Name | Should -Be $name
            (Get-Job -State Running).Name | Should -Contain $name
            (Get-Job -Command '*Sleep(-1)*').Name | Should -Contain $name
            $job | Remove-Job -Force
            Get-Job -Name $name -ErrorAction Ignore | Should -BeNullOrEmpty
        }

        It 'raises StateChanged' {
            $job = 1 | Start-WorkerPool -Count 1 { [System.Threading.Thread]::Sleep(-1) }
            $source = New-TestName
            $null = Register-ObjectEvent -InputObject $job -EventName StateChanged -SourceIdentifier $source
            try {
                $job | Stop-Job
                $states = foreach ($i in 1, 2) {
                    $raised = Wait-Event -SourceIdentifier $source -Timeout (Get-TestLimit).TotalSeconds | Select-Object -First 1
                    $raised.SourceEventArgs.JobStateInfo.State
                    $raised | Remove-Event
                }
                $states | Should -Be Stopping, Stopped
            }
            finally {
                Unregister-Event -SourceIdentifier $source
            }
        }

        It 'fails when the run is halted, with all results before' {
            $job = 1..6 | Start-WorkerPool -Count 1 -Halt Soon { if ($_ -eq 3) { throw 'three' }; $_ }
            ($job | Wait-Job).State | Should -Be Failed
            ($job | Receive-Job -ErrorAction SilentlyContinue -ErrorVariable problems)[0, 1] | Should -Be 1, 2
            $problems[-1].FullyQualifiedErrorId | Should -BeLike 'RunHalted*'
        }

        It 'throws away no result of a finished item when it is stopped' {
            $job = 1..100 | Start-WorkerPool -Count 2 -AsResult -KeepOrder { if ($_ -eq 1 -or $_ -gt 50) { [System.Threading.Thread]::Sleep(-1) }; $_ }
            Wait-Until { (Get-WorkerPool $job.Name).ItemsDone -eq 49 }
            $job | Stop-Job
            $results = $job | Receive-Job
            $results.Index | Should -Be (0..99)
            ($results | Where-Object Status -EQ Completed).Output | Should -Be (2..50)
            $results[0].Status | Should -Be Stopped
            $results[99].Status | Should -Be Skipped
        }
    }

    Context 'the work' {
        It 'runs the block once for each item, which is both $_ and the first argument' {
            $results = 1..50 | Start-WorkerPool -Count 2 { param($first) if ($first -ne $_) { throw 'differs' } $_ * $_ } | Receive-Job -Wait -AutoRemoveJob
            $results | Sort-Object | Should -Be (1..50 | ForEach-Object { $_ * $_ })
        }

        It 'runs the block once in each worker, with its 0-based number, where nothing is piped in' {
            $results = Start-WorkerPool -Count 2 { param($number) [pscustomobject]@{ Number = $number; Pid = $PID } } | Receive-Job -Wait -AutoRemoveJob
            $results.Number | Sort-Object | Should -Be 0, 1
            $results.Pid | Sort-Object -Unique | Should -HaveCount 2
            $results.Pid | Should -Not -Contain $PID
        }

        It 'uses its workers for all items' {
            $pids = 1..40 | Start-WorkerPool -Count 2 { $PID } | Receive-Job -Wait -AutoRemoveJob
            $pids | Should -HaveCount 40
            @($pids | Sort-Object -Unique).Count | Should -BeLessOrEqual 2
        }

        It 'runs nothing for an input that is empty' {
            $job = @() | Start-WorkerPool -Count 1 { 'never' }
            $job | Receive-Job -Wait -AutoRemoveJob | Should -BeNullOrEmpty
        }

        It 'spreads an array by position and a hashtable by name with -Splat' {
            $block = { param([string] $Name, [int] $Size) "$Name/$Size" }
            $results = @('a', 1), @('b', 2), @{ Size = 3; Name = 'c' } | Start-WorkerPool -Count 2 -Splat $block | Receive-Job -Wait -AutoRemoveJob
            $results | Sort-Object | Should -Be 'a/1', 'b/2', 'c/3'
        }

        It 'gives the workers of a warm pool modules, environment and folder for their life' {
            $folder = New-TestFolder
            Set-Content -LiteralPath (Join-Path $folder 'Given.psm1') -Value 'function Get-Given { "given" }'
            $pool = Start-WorkerPool -Count 1 -ImportModule (Join-Path $folder 'Given.psm1') -EnvironmentVariable @{ QL_PESTER = 'set' } -WorkingDirectory $folder
            1..2 | Invoke-WorkerPool -Pool $pool { "$(& ('Get-' + 'Given')) $env:QL_PESTER $(Test-Path ./Given.psm1)" } | Should -Be 'given set True', 'given set True'
        }

        It 'passes -ArgumentList after the item, $using: values, and what -InitializationScript made' {
            $factor = 10
            $table = @{ Add = 5 }
            $results = 1, 2 | Start-WorkerPool -Count 1 -ArgumentList 100, 'x' -InitializationScript { $global:prepared = 1000 * $using:factor } -ScriptBlock {
                param($item, $more, $text)
                "$($item * $using:factor + $using:table.Add + $more + $prepared)$text"
            } | Receive-Job -Wait -AutoRemoveJob
            $results | Should -Be '10115x', '10125x'
        }

        It 'begins in the location of the session' {
            Push-Location -LiteralPath $folder
            try {
                1 | Start-WorkerPool -Count 1 { $PWD.Path } | Receive-Job -Wait -AutoRemoveJob | Should -Be $folder
            }
            finally {
                Pop-Location
            }
        }

        It 'keeps values as Start-Job does' {
            $results = @{ A = 1 }, [pscustomobject]@{ B = 2 }, @(1, 2), [datetime] '2026-01-31', $null |
                Start-WorkerPool -Count 1 { if ($null -eq $_) { 'null' } else { $_.GetType().Name } } | Receive-Job -Wait -AutoRemoveJob
            $results | Should -Be 'Hashtable', 'PSCustomObject', 'ArrayList', 'DateTime', 'null'
        }
    }

    Context 'items that fail' {
        It 'stops what takes longer than -TimeoutSeconds: ItemTimedOut' {
            $result = 1 | Start-WorkerPool -Count 1 -AsResult -TimeoutSeconds 0.5 -GraceSeconds (Get-TestLimit).TotalSeconds { Start-Sleep -Seconds 3600 } | Receive-Job -Wait -AutoRemoveJob
            $result.Status | Should -Be TimedOut
            $result.Errors.FullyQualifiedErrorId | Should -Be 'ItemTimedOut'
            $result.Errors.Exception.Message | Should -BeLike '*stopped it*'
        }

        It 'kills what does not let itself be stopped within -GraceSeconds: ItemTimedOut' {
            $result = 1 | Start-WorkerPool -Count 1 -AsResult -TimeoutSeconds 0.5 -GraceSeconds 0.1 { [System.Threading.Thread]::Sleep(-1) } | Receive-Job -Wait -AutoRemoveJob
            $result.Status | Should -Be TimedOut
            $result.Errors.FullyQualifiedErrorId | Should -Be 'ItemTimedOut'
            $result.Errors.Exception.Message | Should -BeLike '*was killed with all it had started*'
        }

        It 'tries again with -Retry, after pauses that grow from -RetryDelaySeconds' {
            $file = Join-Path $folder 'tries'
            $result = 1 | Start-WorkerPool -Count 1 -AsResult -Retry 2 -RetryDelaySeconds 0.2 {
                Add-Content -LiteralPath $using:file 'x'
                if (@(Get-Content -LiteralPath $using:file).Count -lt 3) { throw 'not yet' }
                'at last'
            } | Receive-Job -Wait -AutoRemoveJob
            "$($result.Status) $($result.Attempt) $($result.Output)" | Should -Be 'Completed 3 at last'
            ($result.Started - $result.Queued).TotalSeconds | Should -BeGreaterOrEqual 0.6
        }

        It 'gives up an item that two workers died of, or as many as -MaxCrashes says' {
            $results = foreach ($most in 1, 2, 3) {
                1 | Start-WorkerPool -Count 1 -AsResult -Retry 9 -MaxCrashes $most { exit 3 } | Receive-Job -Wait -AutoRemoveJob
            }
            $results.Attempt | Should -Be 1, 2, 3
            $results.Status | Should -Be Crashed, Crashed, Crashed
            $results.ExitCode | Should -Be 3, 3, 3
        }

        It 'begins no more items after -HaltAfter failures' {
            $job = 1..50 | Start-WorkerPool -Count 1 -AsResult -Halt Soon -HaltAfter 2 { if ($_ -gt 3) { throw 'no' } }
            $results = $job | Receive-Job -Wait -ErrorAction SilentlyContinue
            $results | Should -HaveCount 50
            ($results | Where-Object Status -EQ Failed).Count | Should -BeGreaterOrEqual 2
            $results[49].Status | Should -Be Skipped
        }

        It 'goes on where a stopped job was, by -JobLog with -Resume or -ResumeFailed' {
            $log = Join-Path $folder 'items.json'
            $job = 1..6 | Start-WorkerPool -Count 1 -JobLog $log { if ($_ -eq 2) { throw 'two' }; if ($_ -eq 4) { [System.Threading.Thread]::Sleep(-1) }; $_ }
            $null = Wait-JobOutput $job 2
            Wait-Until { @(Get-Content -LiteralPath $log).Count -eq 3 }
            $job | Stop-Job
            1..6 | Start-WorkerPool -Count 1 -JobLog $log -Resume { $_ } | Receive-Job -Wait -AutoRemoveJob | Should -Be 4, 5, 6
            1..7 | Start-WorkerPool -Count 1 -JobLog $log -ResumeFailed { $_ } | Receive-Job -Wait -AutoRemoveJob | Should -Be 2, 7
        }
    }

    Context 'the workers' {
        It 'are replaced after -MaxItemsPerWorker' {
            $pids = 1..6 | Start-WorkerPool -Count 1 -MaxItemsPerWorker 2 { $PID } | Receive-Job -Wait -AutoRemoveJob
            $pids | Group-Object | ForEach-Object Count | Should -Be 2, 2, 2
        }

        It 'are replaced when they have grown by more than -MaxWorkerMemory' {
            # Each worker grows to 240 MB and no further, however late the pool looks.
            $job = 1..1000000 | Start-WorkerPool -Count 1 -MaxWorkerMemory 100MB {
                $kept = [byte[]]::new(60MB)
                [array]::Fill($kept, [byte] 1)
                [System.AppDomain]::CurrentDomain.SetData("kept $($_ % 4)", $kept)
                $PID
            }
            Wait-DataAdded $job.Output { @($job.Output | Sort-Object -Unique).Count -gt 1 }
            $job | Stop-Job
        }
    }

    Context 'the job' {
        It 'is a job that Get-Job, Wait-Job, Receive-Job and Remove-Job handle' {
            $name = New-TestName
            $job = 1..3 | Start-WorkerPool -Count 1 -Name $name { $_ }
            $job | Should -BeOfType System.Management.Automation.Job
            (Get-Job -Name $name).Id | Should -Be $job.Id
            (Wait-Job $job -Timeout (Get-TestLimit).TotalSeconds).State | Should -Be Completed
            Receive-Job $job -Keep | Should -Be 1, 2, 3
            Receive-Job $job | Should -Be 1, 2, 3
            $job.HasMoreData | Should -BeFalse
            Remove-Job $job
            Get-Job -Name $name -ErrorAction Ignore | Should -BeNullOrEmpty
        }

        It 'is stopped by Stop-Job, and its workers end' {
            $job = Start-WorkerPool -Count 2 { $PID; [System.Threading.Thread]::Sleep(-1) }
            $ids = Wait-JobOutput $job 2
            $workers = $ids | ForEach-Object { [System.Diagnostics.Process]::GetProcessById($_) }
            Stop-Job $job
            $job.State | Should -Be Stopped
            $workers | ForEach-Object { $_.WaitForExit((Get-TestLimit)) | Should -BeTrue }
        }

        It 'gives back every stream' {
            $job = 1 | Start-WorkerPool -Count 1 {
                $VerbosePreference = $DebugPreference = 'Continue'
                'output'
                Write-Error 'mistake' -ErrorAction Continue
                Write-Warning 'careful'
                Write-Verbose 'chatty'
                Write-Debug 'detail'
                Write-Information 'fact'
                Write-Host 'shown'
            }
            $all = $job | Receive-Job -Wait -AutoRemoveJob *>&1 -ErrorAction Continue -Verbose -Debug
            ($all | ForEach-Object { "$($_.GetType().Name -replace '^Remoting'): $_" }) | Sort-Object | Should -Be (
                'DebugRecord: detail', 'ErrorRecord: mistake', 'InformationRecord: fact', 'InformationRecord: shown',
                'String: output', 'VerboseRecord: chatty', 'WarningRecord: careful')
        }

        It 'goes on after an item that throws, and says which it was' {
            $job = 1..3 | Start-WorkerPool -Count 1 { if ($_ -eq 2) { throw 'two is bad' }; $_ }
            $results = $job | Receive-Job -Wait -AutoRemoveJob -ErrorAction SilentlyContinue -ErrorVariable problems
            $results | Should -Be 1, 3
            $problems | Should -HaveCount 1
            $problems[0].Exception.Message | Should -Be 'two is bad'
            $problems[0].TargetObject | Should -Be 2
            $problems[0].Exception.Worker | Should -Be 'Worker-1'
            $problems[0].Exception.Item | Should -Be 1
        }
    }

    Context 'the log' {
        It 'has the records of all workers, with their names and items' {
            $null = Start-LogListener $path -Template '{Process} {Worker} {Item} {Message}' -NoHeader
            1..20 | Start-WorkerPool -Count 2 { Write-QueueLog 'item {Number}' $_ } | Receive-Job -Wait -AutoRemoveJob
            $listener = Stop-LogListener
            $listener.Lost | Should -Be 0
            $lines = Read-Log $path
            $lines | ForEach-Object { $_ | Should -MatchExactly '^(Worker-[12]) \1 \d+ item \d+$' }
            $lines | ForEach-Object { [int] ($_ -split ' ')[-1] } | Sort-Object | Should -Be (1..20)
            $lines | ForEach-Object { $words = $_ -split ' '; [int] $words[-1] - [int] $words[2] } | Sort-Object -Unique | Should -Be 1
        }

        It 'may be another than the default with -Listener' {
            $first = Start-LogListener $path -Template '{Message}' -NoHeader
            $null = Start-LogListener (Join-Path $folder 'default.log')
            1..4 | Start-WorkerPool -Count 1 -Listener $first { Write-QueueLog "item $_" } | Receive-Job -Wait -AutoRemoveJob
            $null = $first | Stop-LogListener
            Read-Log $path | Should -Be 'item 1', 'item 2', 'item 3', 'item 4'
        }

        It 'has the streams of the items, unless -NoCapture leaves them out' {
            $null = Start-LogListener $path -Template '{Worker} {Item} {Level} {Category} {Message}' -NoHeader
            $null = 1 | Start-WorkerPool -Count 1 { 'out'; Write-Warning 'careful' } | Receive-Job -Wait -AutoRemoveJob 3>$null
            $null = 2 | Start-WorkerPool -Count 1 -NoCapture { 'quiet'; Write-QueueLog 'own' } | Receive-Job -Wait -AutoRemoveJob
            $null = Stop-LogListener
            Read-Log $path | Should -Be 'Worker-1 0 Information Pool.Output out', 'Worker-1 0 Warning Pool.Warning careful', 'Worker-1 0 Information  own'
        }

        It 'tells of a worker that died, whose error has its last lines of the log' {
            $null = Start-LogListener $path -Template '{Worker} {Item} {Level} {Category} {Message}' -NoHeader
            $null = 1 | Start-WorkerPool -Count 1 { 1..15 | ForEach-Object { Write-QueueLog "line $_" }; [System.Environment]::Exit(5) } | Receive-Job -Wait -AutoRemoveJob -ErrorAction SilentlyContinue -ErrorVariable problems
            $null = Stop-LogListener
            Read-Log $path | Should -Contain 'Worker-1 0 Warning QueueLog.Pool item 0 failed: its worker died'
            $problems[0].Exception.Message | Should -BeLike '*Its last log lines: Information line 6 | *| Information line 15*'
        }

        It 'is whole where workers write much and end at once' {
            $null = Start-LogListener $path -Template '{Message}' -NoHeader
            Start-WorkerPool -Count 3 { param($worker) $log = Get-QueueLogger; foreach ($line in 1..2000) { $log.Info("$worker`:$line") } } | Receive-Job -Wait -AutoRemoveJob
            $listener = Stop-LogListener
            $listener.Written | Should -Be 6000
            $lines = Read-Log $path
            foreach ($worker in 0..2) {
                $own = $lines -like "$worker`:*"
                $own.Count | Should -Be 2000
                $wrong = for ($i = 0; $i -lt 2000; $i++) { if ($own[$i] -cne "$worker`:$($i + 1)") { $i } }
                $wrong | Should -BeNullOrEmpty
            }
        }
    }

    Context 'the end of workers' {
        It 'comes with the session that ends by <End>' -ForEach @(
            @{ End = 'kill -9'; Do = { param($child) $child.Kill() } }
            @{ End = 'its exit'; Do = { param($child) Send-PwshLine $child 'exit' } }
            @{ End = 'Remove-Module'; Do = { param($child) Send-PwshLine $child 'remove' } }
        ) {
            $child = Start-Pwsh @'
$job = Start-WorkerPool -Count 2 { $PID; [System.Threading.Thread]::Sleep(-1) }
$null = Register-ObjectEvent $job.Output DataAdded -SourceIdentifier written
while ($job.Output.Count -lt 2) { Wait-Event written | Remove-Event }
$job.Output
if ([Console]::In.ReadLine() -eq 'remove') { Remove-Module QueueLog; $null = [Console]::In.ReadLine() }
'@
            $workers = 1..2 | ForEach-Object { [System.Diagnostics.Process]::GetProcessById((Wait-PwshLine $child)) }
            & $Do $child
            $workers | ForEach-Object { $_.WaitForExit((Get-TestLimit)) | Should -BeTrue }
        }
    }

    Context 'errors' {
        It 'WorkerDied: says how, at which item, and replaces the worker' {
            $job = 1..4 | Start-WorkerPool -Count 1 { if ($_ -eq 2) { [System.Environment]::Exit(5) }; $_ }
            $results = $job | Receive-Job -Wait -AutoRemoveJob -ErrorAction SilentlyContinue -ErrorVariable problems
            $results | Should -Be 1, 3, 4
            $problems | Should -HaveCount 1
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'WorkerDied*'
            $problems[0].Exception.Message | Should -BeLike "Worker-1 (process *) ended with exit code 5 at item 1, '2'*"
            $problems[0].TargetObject | Should -Be 2
        }

        It 'WorkingDirectoryNotFound: no such folder' {
            { Start-WorkerPool -Count 1 -WorkingDirectory ./missing } | Should -Throw -ErrorId "WorkingDirectoryNotFound,$command"
        }

        It 'InvalidEnvironmentVariable: a name that no environment can hold' {
            { Start-WorkerPool -Count 1 -EnvironmentVariable @{ 'a=b' = 1 } } | Should -Throw -ErrorId "InvalidEnvironmentVariable,$command"
        }

        It 'ScriptBlockMissing: input and nothing to run' {
            { 1 | Start-WorkerPool } | Should -Throw -ErrorId "ScriptBlockMissing,$command"
            { Start-WorkerPool -NoCapture } | Should -Throw -ErrorId "ScriptBlockMissing,$command"
            { Start-WorkerPool -Splat } | Should -Throw -ErrorId "ScriptBlockMissing,$command"
        }

        It 'PoolNameInUse: two pools of one name' {
            $name = New-TestName
            $null = Start-WorkerPool -Count 1 -Name $name
            { Start-WorkerPool -Count 1 -Name $name } | Should -Throw -ErrorId "PoolNameInUse,$command" -ExpectedMessage "*'$name'*"
        }

        It 'ArgumentNotSerializable: what is too large to be sent' {
            $large = 'x' * 70MB
            { Start-WorkerPool -Count 1 { 1 } -ArgumentList 1, $large } | Should -Throw -ErrorId "ArgumentNotSerializable,$command" -ExpectedMessage '*-ArgumentList`[1`]*'
            { Start-WorkerPool -Count 1 { $using:large } } | Should -Throw -ErrorId "ArgumentNotSerializable,$command" -ExpectedMessage '*$using:large*'
        }

        It 'ItemNotSerializable: the rest is done' {
            $job = 1, ('x' * 70MB), 3 | Start-WorkerPool -Count 1 { $_ } -ErrorAction SilentlyContinue -ErrorVariable problem
            $problem.FullyQualifiedErrorId | Should -Be "ItemNotSerializable,$command"
            $job | Receive-Job -Wait -AutoRemoveJob | Should -Be 1, 3
        }

        It 'UsingVariableUndefined: a $using: of nothing' {
            { Start-WorkerPool -Count 1 { $using:thereIsNone } } | Should -Throw -ErrorId "UsingVariableUndefined,$command" -ExpectedMessage '*$using:thereIsNone*'
        }

        It 'WorkerHostNotFound: QUEUELOG_HOST names no file' {
            $env:QUEUELOG_HOST = Join-Path $folder 'nothing'
            try {
                { Start-WorkerPool -Count 1 { 1 } } | Should -Throw -ErrorId "WorkerHostNotFound,$command" -ExpectedMessage '*QUEUELOG_HOST*'
            }
            finally {
                $env:QUEUELOG_HOST = $null
            }
        }

        It 'PoolStartFailed: the state folder cannot be created' {
            $before = $env:QUEUELOG_STATE
            Set-Content -LiteralPath $path 'a file'
            $env:QUEUELOG_STATE = Join-Path $path 'state'
            try {
                { Start-WorkerPool -Count 1 { 1 } } | Should -Throw -ErrorId "PoolStartFailed,$command"
            }
            finally {
                $env:QUEUELOG_STATE = $before
            }
        }

        It 'ResultsUnusable: a handler of the job''s events throws' {
            $job = 1..3 | Start-WorkerPool -Count 1 { $_ }
            $job.Output.add_DataAdded({ })
            ($job | Wait-Job -Timeout (Get-TestLimit).TotalSeconds).State | Should -Be Failed
            $job.Error[-1].FullyQualifiedErrorId | Should -Be 'ResultsUnusable'
        }

        It 'refuses -Count <_>' -ForEach 0, -1 {
            { Start-WorkerPool -Count $_ { 1 } } | Should -Throw -ErrorId "ParameterArgumentValidationError,$command"
        }
    }
}
