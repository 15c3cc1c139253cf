BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
}

AfterAll {
    Stop-TestSession
}

# What it shows on a terminal is tested on one: TerminalTests and WatchViewTests.
Describe 'Watch-WorkerPool without a terminal' {
    AfterEach {
        Get-Job | Where-Object PSJobTypeName -EQ QueueLogPool | Remove-Job -Force
    }

    It 'writes a line now and then, and ends with the pool' {
        $name = New-TestName
        $job = 1..3 | Start-WorkerPool -Count 1 -Name $name { $_; if ($_ -eq 2) { throw 'no' }; if ($_ -eq 3) { [System.Threading.Thread]::Sleep(-1) } } -ErrorAction SilentlyContinue
        $null = Wait-JobOutput $job 3
        $lines = Watch-WorkerPool $name -IntervalSeconds 0.1 | ForEach-Object { if ($job.State -eq 'Running') { Stop-Job $job }; $_ }
        $lines[0] | Should -Match "^\d\d:\d\d:\d\d $name running: 2 of 3 items \(66 %\), 1 failed, 0 retried, [\d.,]+ items/s.*, 1 of 1 workers busy$"
        $lines[-1] | Should -Match "^\d\d:\d\d:\d\d $name (ended|gone since)"
    }

    It 'sees the pools of other sessions' {
        $name = New-TestName
        $child = Start-Pwsh @"
`$job = 1 | Start-WorkerPool -Count 1 -Name $name { [System.Threading.Thread]::Sleep(-1) }
while ((Get-WorkerPool $name).Workers[0].State -ne 'Busy') { Start-Sleep -Milliseconds 20 }
'busy'
`$null = [Console]::In.ReadLine()
"@
        try {
            $null = $child.StandardOutput.ReadLine()
            Watch-WorkerPool $name -IntervalSeconds 0.1 | Select-Object -First 1 | Should -Match "$name running: 0 of 1 items.* 1 of 1 workers busy$"
        }
        finally {
            $child.Kill($true)
        }
    }

    It 'NothingToWatch: there is no such pool' {
        { Watch-WorkerPool (New-TestName) } | Should -Throw -ErrorId 'NothingToWatch,QueueLog.PowerShell.Commands.WatchWorkerPoolCommand'
    }

    It 'refuses -IntervalSeconds <_>' -ForEach 0, 0.01, 3601 {
        { Watch-WorkerPool -IntervalSeconds $_ } | Should -Throw -ErrorId 'ParameterArgumentValidationError,QueueLog.PowerShell.Commands.WatchWorkerPoolCommand'
    }
}
