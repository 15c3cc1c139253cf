BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
}

AfterAll {
    Stop-TestSession
}

Describe 'Get-WorkerPool' {
    AfterEach {
        Get-Job | Where-Object PSJobTypeName -EQ QueueLogPool | Remove-Job -Force
    }

    It 'gives nothing where there is none' {
        Get-WorkerPool | Should -BeNullOrEmpty
    }

    It 'shows a pool and what its workers are doing' {
        $name = New-TestName
        $null = Start-WorkerPool -Count 2 -Name $name
        $null = 1..4 | Invoke-WorkerPool -Name $name { $_ }
        $pool = Get-WorkerPool $name
        $pool.Name, $pool.Count, $pool.State, $pool.ItemsDone, $pool.ItemsWaiting | Should -Be $name, 2, 'Idle', 4, 0
        $pool.Workers.Name | Should -Be 'Worker-1', 'Worker-2'
        ($pool.Workers | Measure-Object ItemsDone -Sum).Sum | Should -Be 4
        $pool | Out-String | Should -Match $name
    }

    It 'shows which items its workers are at' {
        $job = 'slow', 'slow', 'queued' | Start-WorkerPool -Count 2 -Name (New-TestName) { $_; if ($_ -eq 'slow') { [System.Threading.Thread]::Sleep(-1) } }
        $null = Wait-JobOutput $job 2
        $status = Get-WorkerPool $job.Name
        "$($status.Name) $($status.State) $($status.Count) $($status.ItemsDone) $($status.ItemsWaiting)" | Should -Be "$($job.Name) Running 2 0 3"
        $status.Workers | ForEach-Object { "$($_.Name) $($_.State) $($_.Pid -gt 0) $($_.CurrentItem) $($_.Started -gt [datetimeoffset]::Now.AddHours(-1))" } | Should -Be 'Worker-1 Busy True slow True', 'Worker-2 Busy True slow True'
    }

    It 'shows how many items of the run have failed, and since when each worker is at its item' {
        $before = [datetimeoffset]::Now
        $job = 'bad', 'slow' | Start-WorkerPool -Count 1 -Name (New-TestName) { if ($_ -eq 'bad') { throw 'bad' }; $_; [System.Threading.Thread]::Sleep(-1) }
        $null = Wait-JobOutput $job 1
        $status = Get-WorkerPool $job.Name
        $status.ItemsFailed, $status.Pid | Should -Be 1, $PID
        $status.Workers[0].ItemStarted | Should -BeGreaterThan $before
        $status.Workers[0].ItemStarted | Should -BeLessOrEqual ([datetimeoffset]::Now)
        $status | Out-String | Should -Match 'Name +State +Workers +Busy +Done +Failed +Waiting +Items/s +Started +Pid'
        $status.Workers | Out-String | Should -Match "Worker-1 +\d+ +Busy +1 +\d\d:\d\d:\d\d +0:\d\d:\d\d +slow"
    }

    It 'shows the pools of the user''s other sessions with -All, and not what a killed one has left' {
        $name = New-TestName
        $own = Start-WorkerPool -Count 1 -Name (New-TestName)
        $child = Start-Pwsh "`$null = @{ Id = 7 } | Start-WorkerPool -Count 2 -Name $name { [System.Threading.Thread]::Sleep(-1) }; while (-not (Get-WorkerPool).Workers.Where({ `$_.State -eq 'Busy' -and `$_.ItemStarted })) { Start-Sleep -Milliseconds 5 }; 'ready'; `$null = [Console]::In.ReadLine()"
        $null = Wait-PwshLine $child 'ready'
        Get-WorkerPool | ForEach-Object Name | Should -Be $own.Name
        $status = Get-WorkerPool $name -All
        $status.Name, $status.Pid, $status.State, $status.Count, $status.ItemsWaiting | Should -Be $name, $child.Id, 'Running', 2, 1
        $worker = @($status.Workers | Where-Object State -EQ Busy)
        $worker.CurrentItem | Should -BeOfType string
        $worker.ItemStarted | Should -BeLessOrEqual ([datetimeoffset]::Now)
        (Get-WorkerPool -All).Name | Should -Contain $own.Name
        $status | Stop-WorkerPool -ErrorAction SilentlyContinue -ErrorVariable refused
        "$refused" | Should -BeLike "*belongs to process $($child.Id)*"
        Stop-Process -Id $child.Id -Force
        Wait-Until { -not (Get-WorkerPool "$name*" -All) }
        { Get-WorkerPool $name -All -ErrorAction Stop } | Should -Throw -ErrorId 'PoolNotFound,QueueLog.PowerShell.Commands.GetWorkerPoolCommand'
    }

    It 'shows a worker as starting that still loads what its items need' {
        $folder = New-TestFolder
        $job = 1 | Start-WorkerPool -Count 1 -InitializationScript {
            [System.IO.File]::WriteAllText("$using:folder/begun", '')
            while (-not [System.IO.File]::Exists("$using:folder/go")) { Start-Sleep -Milliseconds 5 }
        } { $_; [System.Threading.Thread]::Sleep(-1) }
        Wait-Until { Test-Path -LiteralPath "$folder/begun" }
        (Get-WorkerPool $job.Name).Workers.State | Should -Be Starting
        [System.IO.File]::WriteAllText("$folder/go", '')
        $null = Wait-JobOutput $job
        (Get-WorkerPool $job.Name).Workers.State | Should -Be Busy
    }

    It 'gives those whose names match' {
        $names = 1..2 | ForEach-Object { New-TestName "match$_" }
        foreach ($name in $names) { $null = Start-WorkerPool -Count 1 -Name $name }
        (Get-WorkerPool 'MATCH1*').Name | Should -Be $names[0]
        (Get-WorkerPool).Name | Sort-Object | Should -Be $names
    }

    It 'PoolNotFound: no pool of that name' {
        Get-WorkerPool 'missing' -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.FullyQualifiedErrorId | Should -Be 'PoolNotFound,QueueLog.PowerShell.Commands.GetWorkerPoolCommand'
    }
}
