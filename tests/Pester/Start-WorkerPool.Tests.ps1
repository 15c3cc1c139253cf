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

    Context 'the job' {
        It 'is a job that Get-Job, Wait-Job, Receive-Job and Remove-Job handle' {
            $name = New-TestName
            $job = 1..3 | Start-WorkerPool -Count 1 -Name $name { $_ }
            $job | Should -BeOfType System.Management.Automation.Job
            (Get-Job -Name $name).Id | Should -Be $job.Id
            (Wait-Job $job -Timeout 60).State | Should -Be Completed
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
            $workers | ForEach-Object { $_.WaitForExit(30000) | Should -BeTrue }
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
            $null = Start-LogListener $path -Template '{Process} {Worker} {Item} {Message}'
            1..20 | Start-WorkerPool -Count 2 { Write-QueueLog 'item {Number}' $_ } | Receive-Job -Wait -AutoRemoveJob
            $listener = Stop-LogListener
            $listener.Lost | Should -Be 0
            $lines = Read-Log $path
            $lines | ForEach-Object { $_ | Should -MatchExactly '^(Worker-[12]) \1 \d+ item \d+$' }
            $lines | ForEach-Object { [int] ($_ -split ' ')[-1] } | Sort-Object | Should -Be (1..20)
            $lines | ForEach-Object { $words = $_ -split ' '; [int] $words[-1] - [int] $words[2] } | Sort-Object -Unique | Should -Be 1
        }

        It 'may be another than the default with -Listener' {
            $first = Start-LogListener $path -Template '{Message}'
            $null = Start-LogListener (Join-Path $folder 'default.log')
            1..4 | Start-WorkerPool -Count 1 -Listener $first { Write-QueueLog "item $_" } | Receive-Job -Wait -AutoRemoveJob
            $null = $first | Stop-LogListener
            Read-Log $path | Should -Be 'item 1', 'item 2', 'item 3', 'item 4'
        }

        It 'is whole where workers write much and end at once' {
            $null = Start-LogListener $path -Template '{Message}'
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
while ($job.Output.Count -lt 2) { Wait-Event written -Timeout 60 | Remove-Event }
$job.Output
if ([Console]::In.ReadLine() -eq 'remove') { Remove-Module QueueLog; $null = [Console]::In.ReadLine() }
'@
            $workers = 1..2 | ForEach-Object { [System.Diagnostics.Process]::GetProcessById((Wait-PwshLine $child)) }
            & $Do $child
            $workers | ForEach-Object { $_.WaitForExit(30000) | Should -BeTrue }
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

        It 'ScriptBlockMissing: input and nothing to run' {
            { 1 | Start-WorkerPool } | Should -Throw -ErrorId "ScriptBlockMissing,$command"
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

        It 'refuses -Count <_>' -ForEach 0, -1 {
            { Start-WorkerPool -Count $_ { 1 } } | Should -Throw -ErrorId "ParameterArgumentValidationError,$command"
        }
    }
}
