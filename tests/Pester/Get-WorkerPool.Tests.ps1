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
