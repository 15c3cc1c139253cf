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
            Wait-Until { $job.Progress | Where-Object Activity -EQ 'p' }
            "$($job.State) $($job.PSJobTypeName) $($job.Location) $($job.HasMoreData)" | Should -Be 'Running QueueLogPool localhost True'
            "$($job.Error.Exception.Message) $($job.Warning) $($job.Verbose) $($job.Debug) $($job.Information)" | Should -Be 'e w v d i'
            $VerbosePreference = $DebugPreference = 'Continue'
            $job | Receive-Job *>&1 | ForEach-Object { "$_" } | Sort-Object | Should -Be 'd', "e (item 0, '1')", 'i', 'o', 'v', 'w'
            $job | Receive-Job | Should -BeNullOrEmpty
            $job.State | Should -Be Running
        }

        It 'keeps what Receive-Job -Keep gave, and removes itself with -AutoRemoveJob' {
            $job = 1..3 | Start-WorkerPool -Count 1 { $_; Write-Warning "w$_" }
            ($job | Wait-Job).State | Should -Be Completed
            $job | Receive-Job -Keep 3>$null | Should -Be 1, 2, 3
            $job | Receive-Job -Keep 3>&1 | ForEach-Object { "$_" } | Sort-Object | Should -Be '1', '2', '3', 'w1', 'w2', 'w3'
            $job | Receive-Job -Wait -AutoRemoveJob 3>$null | Should -Be 1, 2, 3
            Get-Job -Id $job.Id -ErrorAction Ignore | Should -BeNullOrEmpty
        }

        It 'gives what was written in the order it was written, whatever the stream and whenever it is received' {
            $ErrorActionPreference = $WarningPreference = $VerbosePreference = $DebugPreference = 'Continue'
            $InformationPreference = 'SilentlyContinue'
            $block = {
                "o$_"; Write-Warning "w$_"; Write-Verbose "v$_"; $null; Write-Error "e$_"; Write-Information "i$_"; Write-Debug "d$_"; "p$_"
            }
            $expected = 1..3 | ForEach-Object { "o$_", "w$_", "v$_", '', "e$_ (item $($_ - 1), '$_')", "i$_", "d$_", "p$_" }
            $job = 1..3 | Start-WorkerPool -Count 1 $block
            $job | Wait-Job | Receive-Job -Keep *>&1 | ForEach-Object { "$_" } | Should -Be $expected
            $job.Output.Count, $job.Warning.Count, $job.ChildJobs[0].Error.Count | Should -Be 9, 3, 3

            # What somebody takes from a stream is received no more.
            $job.Verbose.ReadAll() | Should -HaveCount 3
            $job | Receive-Job -Wait *>&1 | ForEach-Object { "$_" } | Should -Be ($expected -notlike 'v*')
            $job.HasMoreData | Should -BeFalse
            $job.Output.Count, $job.Warning.Count, $job.ChildJobs[0].Error.Count | Should -Be 0, 0, 0
            $job | Receive-Job *>&1 | Should -BeNullOrEmpty

            1..3 | Start-WorkerPool -Count 1 $block | Receive-Job -Wait -AutoRemoveJob *>&1 | ForEach-Object { "$_" } | Should -Be $expected
        }

        It 'gives in that order what was there before Receive-Job -Wait, and what came then' {
            $ProgressPreference = 'SilentlyContinue'
            $go = Join-Path $folder 'go'
            $job = 1..3 | Start-WorkerPool -Count 1 { Write-Warning "w$_"; "a$_"; if ($_ -eq 1) { while (-not [System.IO.File]::Exists($using:go)) { Start-Sleep -Milliseconds 10 } } }
            $null = Wait-JobOutput $job
            $job | Receive-Job -Wait -AutoRemoveJob 3>&1 | ForEach-Object { [System.IO.File]::WriteAllText($go, ''); "$_" } | Should -Be w1, a1, w2, a2, w3, a3
        }

        It 'is removed by Receive-Job -AutoRemoveJob though it ends while the first results are shown' {
            # Without progress: whatever the job says meanwhile waits, in the engine, until the first results are shown.
            $ProgressPreference = 'SilentlyContinue'
            $go = Join-Path $folder 'go'
            $job = 1, 2 | Start-WorkerPool -Count 1 { if ($_ -eq 1) { 'first' } else { while (-not [System.IO.File]::Exists($using:go)) { Start-Sleep -Milliseconds 10 } } }
            $null = Wait-JobOutput $job
            $job | Receive-Job -Wait -AutoRemoveJob | ForEach-Object { [System.IO.File]::WriteAllText($go, ''); Wait-Until { $job.State -ne 'Running' }; $_ } | Should -Be 'first'
            Get-Job -Id $job.Id -ErrorAction Ignore | Should -BeNullOrEmpty
        }

        It 'is found by name, id, state and command' {
            $name = New-TestName
            $job = 1 | Start-WorkerPool -Name $name -Count 1 { [System.Threading.Thread]::Sleep(-1) }
            (Get-Job -Name $name).InstanceId | Should -Be $job.InstanceId
            (Get-Job -Id $job.Id).Name | Should -Be $name
            (Get-Job -InstanceId $job.InstanceId).Name | Should -Be $name
            (Get-Job -Name "$name*").Id | Should -Be $job.Id
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
            $job = 1..100 | Start-WorkerPool -Count 1 -Halt Soon -HaltAfter 3 { if ($_ -gt 5) { throw 'no' }; $_ }
            ($job | Wait-Job).State | Should -Be Failed
            $job | Receive-Job -ErrorAction SilentlyContinue -ErrorVariable problems | Should -Be 1, 2, 3, 4, 5
            $problems.Count | Should -BeIn (4..20)
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'no*'
            $problems[-1].FullyQualifiedErrorId | Should -BeLike 'RunHalted*'
        }

        It 'fails when the run takes longer than -RunTimeoutSeconds, with all results before' {
            $job = 1..10 | Start-WorkerPool -Count 1 -RunTimeoutSeconds 15 { if ($_ -gt 2) { Start-Sleep 600 }; $_ }
            ($job | Wait-Job).State | Should -Be Failed
            $job | Receive-Job -ErrorAction SilentlyContinue -ErrorVariable problems | Should -Be 1, 2
            $problems[-1].FullyQualifiedErrorId | Should -BeLike 'RunTimedOut*'
            $problems[-1].Exception.Message | Should -Match '2 items had ended, 1 was stopped, 7 were not run'
        }

        It 'runs a script file with -FilePath' {
            $file = Join-Path (New-TestFolder) 'work.ps1'
            Set-Content -LiteralPath $file -Value 'param($n) "$n $PSCommandPath"'
            1, 2 | Start-WorkerPool -Count 1 -FilePath $file | Receive-Job -Wait -AutoRemoveJob | Should -Be "1 $file", "2 $file"
        }

        It 'is told when it is halted of all that was not run' {
            $job = 1..100 | Start-WorkerPool -Count 1 -Halt Now { if ($_ -eq 50) { throw 'no' }; if ($_ -gt 50) { Start-Sleep 300 }; $_ }
            $null = $job | Wait-Job
            $job.Output | Should -Be (1..49)
            $job.Error[-1].Exception.Message | Should -MatchExactly '^1 of (\d+) items failed, so (\d+) others'
            $null = $job.Error[-1].Exception.Message -match '^1 of (\d+) items failed, so (\d+) others'
            [int] $Matches[1] + [int] $Matches[2] | Should -Be 100
        }

        It 'takes back what a worker holds and has not begun, with -Halt Soon' {
            Start-LogListener $path -MinimumLevel Debug
            $go = Join-Path $folder 'go'
            $job = 1..1000 | Start-WorkerPool -Count 1 -Halt Soon {
                if ($_ -eq 300) { throw 'no' }
                if ($_ -gt 300) { while (-not [System.IO.File]::Exists($using:go)) { Start-Sleep -Milliseconds 20 }; Start-Sleep -Milliseconds 200; $_ }
            }
            Wait-Until { (Get-Content -LiteralPath $path -Raw) -match 'items? failed' }
            [System.IO.File]::WriteAllText($go, '')
            $null = $job | Wait-Job

            # The one it had begun; a batch of items as quick as those before it holds dozens.
            $job.Output.Count | Should -BeIn (0..10)
        }

        It 'throws away no result of a finished item when it is stopped, and its workers end: at <_>' -ForEach '[System.Threading.Thread]::Sleep(-1)', 'Start-Sleep 600', 'while ($true) { }' {
            $block = [scriptblock]::Create("if (`$_ -eq 1 -or `$_ -gt 50) { [System.IO.File]::WriteAllText(`"`$using:folder/`$_ `$PID`", ''); $_ }; `$_")
            $job = 1..100 | Start-WorkerPool -Count 2 -AsResult -KeepOrder $block

            # One is at the first item, and the other ran all between them.
            Wait-Until { @(Get-ChildItem -LiteralPath $folder).Count -eq 2 }
            $workers = (Get-ChildItem -LiteralPath $folder).Name | ForEach-Object { [System.Diagnostics.Process]::GetProcessById([int] ($_ -split ' ')[1]) }
            $job | Stop-Job
            $job.State | Should -Be Stopped
            $workers | ForEach-Object { $_.WaitForExit(0) | Should -BeTrue }
            $results = $job | Receive-Job
            $results.Index | Should -Be (0..99)
            ($results | Where-Object Status -EQ Completed).Output | Should -Be (2..50)
            $results | Where-Object Status -EQ Stopped | Should -HaveCount 2
            $results | Where-Object Status -EQ Skipped | Should -HaveCount 49
            $results[0].Status | Should -Be Stopped
            $results[99].Status | Should -Be Skipped
        }

        It 'has not failed at an item that ends with an error because it is stopped, and runs it again with -Resume: <Name>' -ForEach @(
            @{ Name = 'a module that is being loaded'; Block = { Use-Loading }; Errors = 0 }
            @{ Name = 'an error of cleaning up'; Block = { try { [System.IO.File]::WriteAllText("$using:folder/begun", ''); Start-Sleep 600 } finally { throw 'cleanup' } }; Errors = 1 }
        ) {
            $module = [System.IO.Directory]::CreateDirectory((Join-Path $folder 'modules' 'Loading')).FullName
            New-ModuleManifest (Join-Path $module 'Loading.psd1') -RootModule Loading.psm1 -FunctionsToExport Use-Loading
            Set-Content (Join-Path $module 'Loading.psm1') "[System.IO.File]::WriteAllText('$folder/begun', ''); while (`$true) { }; function Use-Loading { }"
            $before = $env:PSModulePath
            try {
                $env:PSModulePath += [System.IO.Path]::PathSeparator + (Split-Path $module)
                $jobLog = Join-Path $folder 'items.json'
                $job = 1 | Start-WorkerPool -Count 1 -AsResult -JobLog $jobLog $Block
                Wait-Until { [System.IO.File]::Exists((Join-Path $folder 'begun')) }
                $job | Stop-Job
                $result = $job | Receive-Job
                $result.Status | Should -Be Stopped
                $result.Errors.Count | Should -Be $Errors
                1 | Invoke-WorkerPool -Count 1 -JobLog $jobLog -Resume { 'again' } | Should -Be again
            }
            finally {
                $env:PSModulePath = $before
            }
        }

        It 'keeps with -KeepOrder what was finished behind an unfinished item when it is stopped' {
            $job = 1..3 | Start-WorkerPool -Count 2 -KeepOrder { if ($_ -eq 1) { while ($true) { } }; $_ }
            Wait-Until { (Get-WorkerPool $job.Name).ItemsDone -eq 2 }
            $job.Output | Should -BeNullOrEmpty
            $job | Stop-Job
            $job | Receive-Job | Should -Be 2, 3
        }

        It 'frees its job log and ends its workers when it is removed by force' {
            $log = Join-Path $folder 'items.json'
            $job = 1..3 | Start-WorkerPool -Count 1 -JobLog $log { $PID; if ($_ -eq 2) { while ($true) { } } }
            $worker = [System.Diagnostics.Process]::GetProcessById((Wait-JobOutput $job)[0])
            $name = $job.Name
            Remove-Job $job -Force
            Get-Job -Name $name -ErrorAction Ignore | Should -BeNullOrEmpty
            Wait-Until { $worker.HasExited }
            Wait-Until { -not (Get-WorkerPool) }

            # The job lets go of the log a moment after its pool has ended.
            $results = [System.Collections.Generic.List[object]]::new()
            Wait-Until {
                try { 1..3 | Invoke-WorkerPool -Count 1 -JobLog $log -Resume { $_ } | ForEach-Object { $results.Add($_) }; $true }
                catch { if ($_.FullyQualifiedErrorId -notlike 'JobLogInUse*') { throw }; $false }
            }
            $results | Should -Be 2, 3
        }

        It 'ends its workers before it is Completed' {
            $job = 1..4 | Start-WorkerPool -Count 2 { $PID }
            ($job | Wait-Job).State | Should -Be Completed
            $job.Output | ForEach-Object { Get-Process -Id $_ -ErrorAction Ignore | Where-Object { -not $_.HasExited } } | Should -BeNullOrEmpty
        }

        It 'begins while its input still comes in' {
            $begun = Join-Path $folder 'begun'
            & { 1; Wait-Until { Test-Path -LiteralPath $begun }; 2 } | Start-WorkerPool -Count 1 { [System.IO.File]::WriteAllText($using:begun, ''); $_ } | Receive-Job -Wait -AutoRemoveJob | Should -Be 1, 2
        }

        It 'is not there when its input fails, and no worker is' {
            { & { 1; throw 'input' } | Start-WorkerPool -Count 1 { $_ } } | Should -Throw 'input'
            Get-Job | Where-Object PSJobTypeName -EQ QueueLogPool | Should -BeNullOrEmpty
            Wait-Until { -not (Get-WorkerPool) }
        }

        It 'gives all results, whatever -Total says' {
            1..4 | Start-WorkerPool -Count 1 -Total 2 -KeepOrder { $_ } | Receive-Job -Wait -AutoRemoveJob | Should -Be 1, 2, 3, 4
        }

        It 'shows how far it is, and keeps little of it' {
            $ProgressPreference = 'Continue'
            $job = 1..1000 | Start-WorkerPool -Count 2 { Start-Sleep -Milliseconds 20; Write-Progress mine "item $_" -PercentComplete 50 }
            Wait-Until {
                $shown = @($job.Progress)
                ($shown | Where-Object StatusDescription -Match '^\d+%, [1-9]\d* of 1,?000 items') -and ($shown | Where-Object Activity -EQ Worker-1) -and ($shown | Where-Object Activity -EQ Worker-2) -and ($shown | Where-Object Activity -EQ mine)
            }
            $shown = $job.Progress.ReadAll()
            @($shown | Where-Object Activity -EQ "Worker pool $($job.Name)") | Should -HaveCount 1
            ($shown | Where-Object Activity -Like 'Worker-*').Activity | Sort-Object -Unique | Should -Be 'Worker-1', 'Worker-2'
            $job | Stop-Job
            $job.Progress.Count | Should -BeLessThan 210
        }

        It 'has -Debug of the command' {
            $job = 1 | Start-WorkerPool -Count 1 -Debug { Write-Debug 'j' }
            $null = $job | Wait-Job
            "$($job.Debug)" | Should -Be 'j'
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

        It 'calls the number of workers -ThrottleLimit, too, as others do' {
            (Get-Command Start-WorkerPool).Parameters['Count'].Aliases | Should -Contain 'ThrottleLimit'
        }

        It 'starts workers as there is work for them' {
            $job = 1..2 | Start-WorkerPool -Count 50 { [System.Threading.Thread]::Sleep(-1) }
            Wait-Until { @((Get-WorkerPool $job.Name).Workers | Where-Object State -EQ Busy).Count -eq 2 }
            @((Get-WorkerPool $job.Name).Workers | Where-Object Pid -NE 0) | Should -HaveCount 2
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

        It 'gives the block so many inputs at once as -Batch says, as an array' {
            1..5 | Start-WorkerPool -Count 1 -Batch 2 -KeepOrder { "$_" } | Receive-Job -Wait -AutoRemoveJob | Should -Be '1 2', '3 4', '5'
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
        It 'stops what takes longer than -TimeoutSeconds, and kills it after -GraceSeconds: ItemTimedOut' {
            $results = 1..2 | Start-WorkerPool -Count 2 -AsResult -TimeoutSeconds 1 -GraceSeconds 600 { Start-Sleep -Seconds 600 } | Receive-Job -Wait -AutoRemoveJob
            $results.Status | Should -Be TimedOut, TimedOut
            $results.Errors.Exception.Message | Should -BeLike '*stopped it*'
            $result = 1 | Start-WorkerPool -Count 1 -AsResult -TimeoutSeconds 1 -GraceSeconds 0.1 { [System.Threading.Thread]::Sleep(-1) } | Receive-Job -Wait -AutoRemoveJob
            $result.Status | Should -Be TimedOut
            $result.Errors.FullyQualifiedErrorId | Should -Be 'ItemTimedOut'
            $result.Errors.Exception.Message | Should -BeLike '*was killed with its child processes*'
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
                1 | Start-WorkerPool -Count 1 -AsResult -Retry 9 -MaxCrashes $most { [System.Environment]::Exit(3) } | Receive-Job -Wait -AutoRemoveJob
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

        It '-Report: a page of a job that was stopped is there when the job is over' {
            $report = Join-Path $folder 'report.html'
            $job = 1..6 | Start-WorkerPool -Count 1 -Report $report { if ($_ -eq 4) { [System.Threading.Thread]::Sleep(-1) }; $_ }
            $null = Wait-JobOutput $job 3
            $job | Stop-Job
            $job | Remove-Job
            $report | Should -FileContentMatch '"statuses":\{"Completed":[23]'
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
            # Items come until another process has taken one.
            $count = [int[]]::new(1)
            $results = & { while (@(Get-ChildItem -LiteralPath $folder).Count -lt 2) { $count[0]++; $count[0]; Start-Sleep -Milliseconds 20 } } | Start-WorkerPool -Count 1 -MaxWorkerMemory 100MB {
                # Not in a variable: of those the next item finds nothing.
                if ($_ -le 4) {
                    $kept = [byte[]]::new(60MB)
                    [array]::Fill($kept, [byte] 1)
                    [System.AppDomain]::CurrentDomain.SetData("kept $_", $kept)
                }

                [System.IO.File]::WriteAllText("$using:folder/$PID", '')
                $_
            } | Receive-Job -Wait -AutoRemoveJob
            $results | Sort-Object | Should -Be (1..$count[0])
        }
    }

    Context 'the job' {
        It 'is a job that Get-Job, Wait-Job, Receive-Job and Remove-Job handle' {
            $name = New-TestName
            $job = 1..3 | Start-WorkerPool -Count 1 -Name $name { $_ }
            $job | Should -BeOfType System.Management.Automation.Job
            (Get-Job -Name $name).Id | Should -Be $job.Id
            (Wait-Job $job).State | Should -Be Completed
            Receive-Job $job -Keep | Should -Be 1, 2, 3
            Receive-Job $job | Should -Be 1, 2, 3
            $job.HasMoreData | Should -BeFalse
            Remove-Job $job
            Get-Job -Name $name -ErrorAction Ignore | Should -BeNullOrEmpty
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
                'DebugRecord: detail', "ErrorRecord: mistake (item 0, '1')", 'InformationRecord: fact', 'InformationRecord: shown',
                'String: output', 'VerboseRecord: chatty', 'WarningRecord: careful')
        }

        It 'has failed when an item has, and says how many' {
            $block = { $ErrorActionPreference = 'Continue'; if ($_ -in 3, 5, 7) { Write-Error "no $_" }; $_ }
            $job = 1..9 | Start-WorkerPool -Count 2 $block
            "$(($job | Wait-Job).State) $($job.StatusMessage)" | Should -Be 'Failed 3 of 9 items failed'
            $job | Receive-Job -ErrorAction SilentlyContinue -ErrorVariable problems | Sort-Object | Should -Be (1..9)
            $problems.Exception.Message | Sort-Object | Should -Be 'no 3', 'no 5', 'no 7'
            $job = 1..9 | Start-WorkerPool -Count 1 -FailOn Throw $block
            "$(($job | Wait-Job).State) $($job.StatusMessage)" | Should -Be 'Completed '

            # An item that completes in the end has not failed.
            $job = 1..3 | Start-WorkerPool -Count 1 -Retry 1 { if ($_ -eq 2 -and -not [System.IO.Directory]::Exists("$using:folder/flag")) { $null = New-Item -ItemType Directory "$using:folder/flag"; throw 'once' }; $_ }
            "$(($job | Wait-Job).State) $($job.StatusMessage)" | Should -Be 'Completed '
        }

        It 'goes on after an item that throws, and says which it was' {
            $job = 1..3 | Start-WorkerPool -Count 1 { if ($_ -eq 2) { throw 'two is bad' }; $_ }
            $results = $job | Receive-Job -Wait -AutoRemoveJob -ErrorAction SilentlyContinue -ErrorVariable problems
            $results | Should -Be 1, 3
            $job.State | Should -Be Failed
            $problems | Should -HaveCount 1
            $problems[0].Exception.Message | Should -Be 'two is bad'
            $problems[0].Exception.GetType().Name | Should -Be 'WorkerItemException'
            $problems[0].Exception.RemoteType | Should -Be 'System.Management.Automation.RuntimeException'
            $problems[0].ScriptStackTrace | Should -BeLike "at <ScriptBlock>, $PSCommandPath`: line *"
            $problems[0].TargetObject | Should -Be 2
            $problems[0].Exception.Worker | Should -Be 'Worker-1'
            $problems[0].Exception.Item | Should -Be 1
        }
    }

    Context 'the session of a job' {
        It 'has the variables of -Variable, and ends with -EndScript' {
            $qlValue = 5
            1 | Start-WorkerPool -Count 1 -Variable qlV* -EndScript { Set-Content "$using:folder/end" $qlValue } { $qlValue } | Receive-Job -Wait -AutoRemoveJob | Should -Be 5
            Get-Content "$folder/end" | Should -Be 5
        }
    }

    Context 'HasMoreData' {
        It 'is true until all has come and was read, and knows nothing of progress' {
            $job = 1..3 | Start-WorkerPool -Count 1 { $_; Start-Sleep -Milliseconds 50; Write-Progress 'p' }
            $all = while ($job.HasMoreData) { Receive-Job $job }
            $all | Should -Be 1, 2, 3
            $null = $job | Wait-Job
            $job.HasMoreData | Should -BeFalse
        }
    }

    Context 'a job on a warm pool' {
        BeforeEach {
            $pool = Start-WorkerPool -Count 2
        }

        It 'has its results, and leaves the pool for others' {
            $job = 1..4 | Start-WorkerPool -Pool $pool { $_ * 2 }
            $other = 5..8 | Start-WorkerPool -Pool $pool.Name -Name other -AsResult { $_ * 2 }
            $other.Name, $job.PSJobTypeName | Should -Be 'other', 'QueueLogPool'
            ($other | Receive-Job -Wait).Output | Sort-Object | Should -Be 10, 12, 14, 16
            $job | Receive-Job -Wait | Sort-Object | Should -Be 2, 4, 6, 8
            $job, $other | ForEach-Object State | Should -Be Completed, Completed
            $job, $other | Remove-Job
            9 | Invoke-WorkerPool -Pool $pool { $_ } | Should -Be 9
            (Get-WorkerPool $pool.Name).State | Should -Be Idle
        }

        It 'runs once in each worker without items' {
            Start-WorkerPool -Pool $pool { "$args" } | Receive-Job -Wait -AutoRemoveJob | Sort-Object | Should -Be '0', '1'
        }

        It 'has failed items as any job' {
            $job = 1..2 | Start-WorkerPool -Pool $pool { if ($_ -eq 2) { throw 'bad' }; $_ }
            ($job | Wait-Job).State, $job.StatusMessage | Should -Be Failed, '1 of 2 items failed'
            $job | Receive-Job -ErrorAction SilentlyContinue | Should -Be 1
        }

        It 'is stopped alone, while it runs and while it waits' {
            $running = 1..2 | Start-WorkerPool -Pool $pool { Add-Content "$using:folder/$_" ''; Start-Sleep 1000 } -GraceSeconds 60
            Wait-Until { Test-Path "$folder/1" }
            $waiting = 1..2 | Start-WorkerPool -Pool $pool { 'never' }
            $next = 1..2 | Start-WorkerPool -Pool $pool { "after $_" }
            $waiting | Stop-Job
            $waiting.State | Should -Be Stopped
            $running | Stop-Job
            $running.State | Should -Be Stopped
            $next | Receive-Job -Wait | Sort-Object | Should -Be 'after 1', 'after 2'
            $waiting | Receive-Job | Should -BeNullOrEmpty
        }

        It 'leaves the pool when it is removed while it runs' {
            $job = 1 | Start-WorkerPool -Pool $pool { Add-Content "$using:folder/begun" ''; Start-Sleep 1000 } -GraceSeconds 60
            Wait-Until { Test-Path "$folder/begun" }
            $job | Remove-Job -Force
            1 | Invoke-WorkerPool -Pool $pool { $_ } | Should -Be 1
        }

        It 'is refused what defines workers: -<Name>' -ForEach @(
            @{ Name = 'Count'; Value = 2 }
            @{ Name = 'MaxItemsPerWorker'; Value = 2 }
            @{ Name = 'EnvironmentVariable'; Value = @{ A = 1 } }
            @{ Name = 'EndScript'; Value = { 1 } }
        ) {
            $given = @{ $Name = $Value }
            { 1 | Start-WorkerPool -Pool $pool @given { 1 } } | Should -Throw -ErrorId "AmbiguousParameterSet,$command"
        }

        It 'leaves the pool alone when the job cannot be defined' {
            { 1 | Start-WorkerPool -Pool $pool { $using:noSuchVariable } } | Should -Throw -ErrorId "UsingVariableUndefined,$command"
            1 | Invoke-WorkerPool -Pool $pool { $_ } | Should -Be 1
        }

        It 'needs a pool and a script block' {
            { 1 | Start-WorkerPool -Pool nosuch { 1 } } | Should -Throw -ErrorId "PoolNotFound,$command"
            { Start-WorkerPool -Pool $pool } | Should -Throw -ErrorId "ScriptBlockMissing,$command"
            $job = 1 | Start-WorkerPool -Count 1 { 1 }
            { 1 | Start-WorkerPool -Pool $job { 1 } } | Should -Throw -ErrorId "PoolNotWarm,$command"
        }

        It 'fails with PoolEnded when the pool ends before its turn' {
            $running = 1 | Start-WorkerPool -Pool $pool { Add-Content "$using:folder/begun" ''; Start-Sleep 1000 }
            Wait-Until { Test-Path "$folder/begun" }
            $job = 1 | Start-WorkerPool -Pool $pool { 1 }
            Stop-WorkerPool $pool.Name
            $null = $running | Wait-Job
            ($job | Wait-Job).State | Should -Be Failed
            $null = $job | Receive-Job -ErrorAction SilentlyContinue -ErrorVariable problems
            $problems[0].FullyQualifiedErrorId | Should -BeLike 'PoolEnded*'
        }
    }

    Context 'the log' {
        It 'has the records of all workers, with their names and items' {
            Start-LogListener $path -Template '{Process} {Worker} {Item} {Message}' -NoHeader
            1..20 | Start-WorkerPool -Count 2 { Write-QueueLog 'item {Number}' $_ } | Receive-Job -Wait -AutoRemoveJob
            $listener = Stop-LogListener -PassThru
            $listener.Lost | Should -Be 0
            $lines = Read-Log $path
            $lines | ForEach-Object { $_ | Should -MatchExactly '^(Worker-[12]) \1 \d+ item \d+$' }
            $lines | ForEach-Object { [int] ($_ -split ' ')[-1] } | Sort-Object | Should -Be (1..20)
            $lines | ForEach-Object { $words = $_ -split ' '; [int] $words[-1] - [int] $words[2] } | Sort-Object -Unique | Should -Be 1
        }

        It 'may be another than the default with -Listener' {
            $first = Start-LogListener -PassThru $path -Template '{Message}' -NoHeader
            Start-LogListener (Join-Path $folder 'default.log')
            1..4 | Start-WorkerPool -Count 1 -Listener $first { Write-QueueLog "item $_" } | Receive-Job -Wait -AutoRemoveJob
            $first | Stop-LogListener
            Read-Log $path | Should -Be 'item 1', 'item 2', 'item 3', 'item 4'
        }

        It 'has the streams of the items, unless -NoCapture leaves them out' {
            Start-LogListener $path -Template '{Worker} {Item} {Level} {Category} {Message}' -NoHeader
            $null = 1 | Start-WorkerPool -Count 1 { 'out'; Write-Warning 'careful' } | Receive-Job -Wait -AutoRemoveJob 3>$null
            $null = 2 | Start-WorkerPool -Count 1 -NoCapture { 'quiet'; Write-QueueLog 'own' } | Receive-Job -Wait -AutoRemoveJob
            Stop-LogListener
            Read-Log $path | Should -Be 'Worker-1 0 Information Pool.Output out', 'Worker-1 0 Warning Pool.Warning careful', 'Worker-1 0 Information  own'
        }

        It 'tells of a worker that died, whose error has its last lines of the log' {
            Start-LogListener $path -Template '{Worker} {Item} {Level} {Category} {Message}' -NoHeader
            $null = 1 | Start-WorkerPool -Count 1 { 1..15 | ForEach-Object { Write-QueueLog "line $_" }; [System.Environment]::Exit(5) } | Receive-Job -Wait -AutoRemoveJob -ErrorAction SilentlyContinue -ErrorVariable problems
            Stop-LogListener
            Read-Log $path | Should -Contain "Worker-1 0 Warning QueueLog.Pool item 0, '1', failed: its worker died"
            $problems[0].Exception.Message | Should -BeLike '*Its last log lines: Information line 6 | *| Information line 15*'
        }

        It 'is whole where workers write much and end at once' {
            Start-LogListener $path -Template '{Message}' -NoHeader
            Start-WorkerPool -Count 3 { param($worker) $log = Get-QueueLogger; foreach ($line in 1..2000) { $log.Info("$worker`:$line") } } | Receive-Job -Wait -AutoRemoveJob
            $listener = Stop-LogListener -PassThru
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
            { Start-WorkerPool -Count 1 -JobLog (Join-Path $folder 'items.json') } | Should -Throw -ErrorId "ScriptBlockMissing,$command"
        }

        It 'PoolNameInUse: two pools of one name' {
            $name = New-TestName
            $null = Start-WorkerPool -Count 1 -Name $name
            { Start-WorkerPool -Count 1 -Name $name } | Should -Throw -ErrorId "PoolNameInUse,$command" -ExpectedMessage "*'$name'*"
            { Start-WorkerPool -Count 1 -Name $name.ToUpperInvariant() } | Should -Throw -ErrorId "PoolNameInUse,$command"
        }

        It 'ArgumentNotSerializable: what is too deep to be sent' {
            $deep = New-DeepValue
            { Start-WorkerPool -Count 1 { 1 } -ArgumentList 1, $deep } | Should -Throw -ErrorId "ArgumentNotSerializable,$command" -ExpectedMessage '*-ArgumentList`[1`]*'
            { Start-WorkerPool -Count 1 { $using:deep } } | Should -Throw -ErrorId "ArgumentNotSerializable,$command" -ExpectedMessage '*$using:deep*'
        }

        It 'ItemNotSerializable: the rest is done, and the job has failed' {
            $unsendable = New-DeepValue
            $job = 1, $unsendable, 3 | Start-WorkerPool -Count 1 { $_ }
            "$(($job | Wait-Job).State) $($job.StatusMessage)" | Should -Be 'Failed 1 of 3 items failed'
            "$($job.Error.FullyQualifiedErrorId) $([object]::ReferenceEquals($job.Error[0].TargetObject, $unsendable))" | Should -Be 'ItemNotSerializable True'
            $job.Output | Should -Be 1, 3
        }

        It 'PoolBusy: one pipeline asks twice for a warm pool, by a job and a call' {
            $pool = Start-WorkerPool -Count 1
            { 1 | Start-WorkerPool -Pool $pool { $_ } | Receive-Job -Wait | Invoke-WorkerPool -Pool $pool { $_ } } | Should -Throw -ErrorId 'PoolBusy,QueueLog.PowerShell.Commands.InvokeWorkerPoolCommand'
            { 1 | ForEach-Object { $_ | Invoke-WorkerPool -Pool $pool { $_ } } | Start-WorkerPool -Pool $pool { $_ } } | Should -Throw -ErrorId 'PoolBusy,QueueLog.PowerShell.Commands.InvokeWorkerPoolCommand'
            1..3 | Invoke-WorkerPool -Pool $pool { $_ } | Start-WorkerPool -Pool $pool { $_ * 10 } | Receive-Job -Wait -AutoRemoveJob | Sort-Object | Should -Be 10, 20, 30
            try { 1..3 | ForEach-Object { if ($_ -eq 3) { throw 'no more' }; $_ } | Start-WorkerPool -Pool $pool { $_ } } catch { "$_" | Should -Be 'no more' }
            1 | Invoke-WorkerPool -Pool $pool { $_ } | Should -Be 1 -Because 'the pool has lost no turn'
        }

        It 'gives -EndScript of a warm pool the time of its -GraceSeconds, whatever a later call has given its items' {
            $folder = New-TestFolder
            $pool = Start-WorkerPool -Count 1 -GraceSeconds 300 -EndScript { [System.Threading.Thread]::Sleep(500); Set-Content "$using:folder/end" 'whole' }
            1 | Invoke-WorkerPool -Pool $pool -GraceSeconds 0 { $_ } | Should -Be 1
            Stop-WorkerPool $pool
            Get-Content "$folder/end" | Should -Be 'whole'
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

        It 'ResultsUnusable: a handler of the job''s events throws: <_>' -ForEach Output, Error {
            # A script block is such a handler: the results come in on a thread without a runspace.
            $ErrorActionPreference = 'Stop'
            $job = 1..3 | Start-WorkerPool -Count 1 { $_; Write-Error 'soft' }
            $job.$_.add_DataAdded({ })
            ($job | Wait-Job).State | Should -Be Failed
            $job.Error[$job.Error.Count - 1].FullyQualifiedErrorId | Should -Be 'ResultsUnusable'
            Get-WorkerPool | Should -BeNullOrEmpty
        }

        It 'InitializationFailed: the job has failed and says why' {
            $job = 1..3 | Start-WorkerPool -Count 2 -InitializationScript { throw 'broken' } { $_ }
            ($job | Wait-Job).State | Should -Be Failed
            $job.Error[0].FullyQualifiedErrorId | Should -Be 'InitializationFailed'
        }

        It 'InvalidHaltAfter: <_>, and HaltModeMissing: a threshold without what it is for' -ForEach '0', 'many', '101%' {
            { 1 | Start-WorkerPool -Count 1 -Halt Soon -HaltAfter $_ { $_ } } | Should -Throw -ErrorId "InvalidHaltAfter,$command"
            { 1 | Start-WorkerPool -Count 1 -HaltAfter 3 { $_ } } | Should -Throw -ErrorId "HaltModeMissing,$command"
            Get-WorkerPool | Should -BeNullOrEmpty
        }

        It 'JobLogMissing: -ResumeFailed without a job log' {
            { 1 | Start-WorkerPool -Count 1 -ResumeFailed { $_ } } | Should -Throw -ErrorId "JobLogMissing,$command"
        }

        It 'refuses -Count <_>' -ForEach 0, -1, 1001 {
            { Start-WorkerPool -Count $_ { 1 } } | Should -Throw -ErrorId "ParameterArgumentValidationError,$command"
        }
    }
}
