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
        (1..50 | Invoke-WorkerPool -Name $job.Name { $_ } | Measure-Object -Sum).Sum | Should -Be 1275
        & $Set $job 1
        (Get-WorkerPool $job.Name).Count | Should -Be 1
        (Invoke-WorkerPool -Name $job.Name { $_ }) | Should -Be 0
        (1..50 | Invoke-WorkerPool -Name $job.Name { $_ } | Measure-Object -Sum).Sum | Should -Be 1275
    }

    It 'changes nothing with -WhatIf, and takes its job by position' {
        $job = Start-WorkerPool -Count 1 -Name (New-TestName)
        Set-WorkerPool $job 3 -WhatIf
        (Get-WorkerPool $job).Count | Should -Be 1
        Set-WorkerPool $job 2 -Confirm:$false
        (Get-WorkerPool $job).Count | Should -Be 2
    }

    It 'gives a running pool more workers' {
        # The items end when three are at it at once.
        $folder = New-TestFolder
        $job = 1..3 | Start-WorkerPool -Count 1 {
            [System.IO.File]::WriteAllText("$using:folder/$_", '')
            while ([System.IO.Directory]::GetFiles($using:folder).Count -lt 3) { Start-Sleep -Milliseconds 20 }
            $PID
        }
        Wait-Until { Get-ChildItem -LiteralPath $folder }
        (Set-WorkerPool $job.Name 3 -PassThru).Count | Should -Be 3
        $job | Receive-Job -Wait -AutoRemoveJob | Sort-Object -Unique | Should -HaveCount 3
    }

    It 'has workers that are too many finish their items and end although there is work' {
        $folder = New-TestFolder
        $job = 1..8 | Start-WorkerPool -Count 4 {
            $file = if ($_ -gt 4) { "$using:folder/go" } else { "$using:folder/shrunk" }
            while (-not [System.IO.File]::Exists($file)) { Start-Sleep -Milliseconds 20 }
        }
        Wait-Until { @((Get-WorkerPool $job.Name).Workers | Where-Object State -EQ Busy).Count -eq 4 }
        Set-WorkerPool $job.Name 1
        [System.IO.File]::WriteAllText("$folder/shrunk", '')
        Wait-Until { @((Get-WorkerPool $job.Name).Workers | Where-Object State -NE Ended).Count -eq 1 }
        "$($job.State) $((Get-WorkerPool $job.Name).Count)" | Should -Be 'Running 1'
        [System.IO.File]::WriteAllText("$folder/go", '')
        ($job | Wait-Job).State | Should -Be Completed
    }

    It 'has workers that are too many give back what they have not begun' {
        $job = 1..600 | Start-WorkerPool -Count 3 { Start-Sleep -Milliseconds 5; $_ }
        Wait-Until { (Get-WorkerPool $job.Name).ItemsDone -ge 50 }
        Set-WorkerPool $job.Name 1
        $job | Receive-Job -Wait -AutoRemoveJob | Sort-Object | Should -Be (1..600)
    }

    It 'leaves no worker''s own item behind, even when fewer workers are left before all have started' {
        $job = Start-WorkerPool -Count 4 { $PID }
        Set-WorkerPool $job.Name 1
        Wait-Until { $job.State -ne 'Running' }
        $job | Receive-Job -AutoRemoveJob -Wait | Should -HaveCount 4
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
