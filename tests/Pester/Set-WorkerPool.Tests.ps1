BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
}

AfterAll {
    Stop-TestSession
}

Describe 'Set-WorkerPool' {
    AfterEach {
        Get-Job | Where-Object PSJobTypeName -EQ QueueLogPool | Remove-Job -Force
    }

    It 'gives a warm pool more workers, and fewer, by <How>' -ForEach @(
        @{ How = 'name'; Set = { param($job, $count) Set-WorkerPool $job.Name $count } }
        @{ How = 'its job'; Set = { param($job, $count) $job | Set-WorkerPool -Count $count } }
        @{ How = 'its status'; Set = { param($job, $count) Get-WorkerPool $job.Name | Set-WorkerPool -Count $count } }
    ) {
        $job = Start-WorkerPool -Count 1 -Name (New-TestName)
        & $Set $job 3
        (Invoke-WorkerPool -Name $job.Name { $PID } | Sort-Object -Unique) | Should -HaveCount 3
        & $Set $job 1
        (Get-WorkerPool $job.Name).Count | Should -Be 1
        (Invoke-WorkerPool -Name $job.Name { $_ }) | Should -Be 0
    }

    It 'gives the state of the pool with -PassThru' {
        $job = Start-WorkerPool -Count 1 -Name (New-TestName)
        (Set-WorkerPool $job.Name 2 -PassThru).Count | Should -Be 2
        Set-WorkerPool $job.Name 2 | Should -BeNullOrEmpty
    }

    It 'refuses <Count> workers' -ForEach @(@{ Count = 0 }, @{ Count = 1001 }) {
        { Set-WorkerPool any $Count } | Should -Throw -ErrorId 'ParameterArgumentValidationError,QueueLog.PowerShell.Commands.SetWorkerPoolCommand'
    }

    It 'PoolNotFound: no pool of that name' {
        Set-WorkerPool 'missing' 2 -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.FullyQualifiedErrorId | Should -Be 'PoolNotFound,QueueLog.PowerShell.Commands.SetWorkerPoolCommand'
    }
}
