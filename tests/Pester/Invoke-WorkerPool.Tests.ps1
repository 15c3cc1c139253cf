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

        It 'stops at the first error with -ErrorAction Stop' {
            { 1..3 | Invoke-WorkerPool -Count 1 { throw "item $_" } -ErrorAction Stop } | Should -Throw '*item 1*'
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

        It 'WorkerStartFailed: the engine does not start' {
            $env:DOTNET_GCHeapHardLimit = '1000'
            try {
                { 1 | Invoke-WorkerPool -Count 1 { $_ } } | Should -Throw -ErrorId "WorkerStartFailed,$command"
            }
            finally {
                $env:DOTNET_GCHeapHardLimit = $null
            }
        }

        It 'NotAWorker: the worker''s side called by hand' {
            $result = Invoke-Pwsh "Import-Module '$(Join-Path (Split-Path (Get-StagedModule)) 'bin' 'QueueLog.PowerShell.dll')'; try { Invoke-WorkerLoop } catch { `$_.FullyQualifiedErrorId }" -NoImport
            $result.Output | Should -Be 'NotAWorker,QueueLog.PowerShell.Commands.InvokeWorkerLoopCommand'
        }
    }
}
