BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
}

AfterAll {
    Stop-TestSession
}

Describe 'Stop-WorkerPool' {
    AfterEach {
        Get-Job | Where-Object PSJobTypeName -EQ QueueLogPool | Remove-Job -Force
    }

    It 'ends the workers before it returns, by <How>' -ForEach @(
        @{ How = 'name'; Stop = { param($job) Stop-WorkerPool $job.Name } }
        @{ How = 'wildcard'; Stop = { param($job) Stop-WorkerPool "$($job.Name)*" } }
        @{ How = 'its job by position'; Stop = { param($job) Stop-WorkerPool $job } }
        @{ How = 'its status by position'; Stop = { param($job) Stop-WorkerPool -Name @(Get-WorkerPool $job.Name) } }
        @{ How = 'its job'; Stop = { param($job) $job | Stop-WorkerPool } }
        @{ How = 'its status'; Stop = { param($job) Get-WorkerPool $job.Name | Stop-WorkerPool } }
    ) {
        $job = Start-WorkerPool -Count 2 -Name (New-TestName)
        $workers = Invoke-WorkerPool -Name $job.Name { $PID } | ForEach-Object { [System.Diagnostics.Process]::GetProcessById($_) }
        $workers | Should -HaveCount 2
        & $Stop $job
        $workers | ForEach-Object { $_.WaitForExit(0) | Should -BeTrue }
        (Wait-Job $job).State | Should -Be Stopped
        Get-WorkerPool | Should -BeNullOrEmpty
    }

    It 'stops nothing with -WhatIf' {
        $job = Start-WorkerPool -Count 1
        Stop-WorkerPool $job.Name -WhatIf
        (Get-WorkerPool).Name | Should -Be $job.Name
    }

    It 'is quiet about a pool that has ended: <Name>' -ForEach @(@{ Name = 'QlTwice' }, @{ Name = $null }) {
        $given = if ($Name) { @{ Name = $Name } } else { @{} }
        $job = Start-WorkerPool -Count 1 @given
        Stop-WorkerPool $job.Name
        Stop-WorkerPool $job.Name -ErrorAction Stop
        $job | Stop-WorkerPool -ErrorAction Stop
    }

    It 'PoolNotFound: no pool of that name' {
        Stop-WorkerPool 'missing' -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.FullyQualifiedErrorId | Should -Be 'PoolNotFound,QueueLog.PowerShell.Commands.StopWorkerPoolCommand'
    }
}
