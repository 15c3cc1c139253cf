BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
}

AfterAll {
    Stop-TestSession
}

Describe 'Set-LogListener' {
    BeforeEach {
        $folder = New-TestFolder
        $path = Join-Path $folder 'run.log'
    }

    AfterEach {
        Stop-EveryListener
    }

    It 'changes what the session and its workers write from then on' {
        $listener = Start-LogListener -PassThru $path -Template '{Level} {Message}' -NoHeader
        $log = Get-QueueLogger
        $named = Get-QueueLogger -Listener $listener
        $pool = Start-WorkerPool -Name (New-TestName) -Count 2
        function Write-Everywhere($Word) {
            Write-QueueLog "command $Word" -Level Debug
            $log.Debug("logger $Word")
            $named.Debug("named $Word")
            1..2 | Invoke-WorkerPool -Name $pool.Name -NoCapture { Write-QueueLog "worker $using:Word" -Level Debug }
        }

        try {
            Write-Everywhere before
            Set-LogListener -MinimumLevel Debug
            Write-Everywhere between
            $listener | Set-LogListener -MinimumLevel Warning
            Write-Everywhere behind
            Write-QueueLog 'behind'
        }
        finally {
            Stop-WorkerPool $pool.Name
            $pool | Remove-Job -Force
        }

        $listener.MinimumLevel | Should -Be Warning
        Stop-LogListener
        Read-Log $path | Where-Object { $_ -notlike '* item *' } |
            Should -Be 'Debug command between', 'Debug logger between', 'Debug named between', 'Debug worker between', 'Debug worker between'
    }

    It 'changes what other processes write: nothing that is kept back even takes a number' {
        $listener = Start-LogListener -PassThru $path -Template '{Message}' -NoHeader
        $child = Start-Pwsh @'
$log = Get-QueueLogger
while ([Console]::In.ReadLine() -eq 'round') {
    1..5 | ForEach-Object { Write-QueueLog 'command' -Level Debug; $log.Debug('logger {Number}', $_) }
    'done'
}
Write-QueueLog 'end'
'@
        Send-PwshLine $child 'round'
        $null = Wait-PwshLine $child 'done'
        ($listener.Clients | Where-Object Pid -EQ $child.Id).LastSequence | Should -Be 0
        Set-LogListener -MinimumLevel Debug
        Send-PwshLine $child 'round'
        $null = Wait-PwshLine $child 'done'
        Set-LogListener -MinimumLevel Information
        Send-PwshLine $child 'round'
        $null = Wait-PwshLine $child 'done'
        Send-PwshLine $child 'end'
        $result = Complete-Pwsh $child
        $result.ErrorOutput | Should -BeNullOrEmpty
        $result.ExitCode | Should -Be 0
        Stop-LogListener
        ($listener.Clients | Where-Object Pid -EQ $child.Id).LastSequence | Should -Be 11
        Read-Log $path | Should -Be (@(1..5 | ForEach-Object { 'command', "logger $_" }) + 'end')
    }

    It 'finds listeners by name, wildcard and object, and gives them with -PassThru' {
        $names = 'one', 'two' | ForEach-Object { New-TestName $_ }
        foreach ($name in $names) { Start-LogListener (Join-Path $folder "$name.log") -Name $name }
        Set-LogListener 'one*' -MinimumLevel Error | Should -BeNullOrEmpty
        (Get-LogListener $names).MinimumLevel | Should -Be Error, Information
        (Get-LogListener | Set-LogListener -MinimumLevel Trace -PassThru).MinimumLevel | Should -Be Trace, Trace
    }

    It 'changes the default listener where none is named' {
        $first = Start-LogListener -PassThru $path
        $second = Start-LogListener -PassThru (Join-Path $folder 'second.log')
        Set-LogListener -MinimumLevel Debug
        $first.MinimumLevel, $second.MinimumLevel | Should -Be Information, Debug
        Set-LogListener -Listener $first -MinimumLevel Error -WhatIf:$false
        $first.MinimumLevel, $second.MinimumLevel | Should -Be Error, Debug
        Set-LogListener -MinimumLevel Trace -PassThru | Should -Be $second
        $first | Stop-LogListener
        $second | Set-LogListener -MinimumLevel Error | Should -BeNullOrEmpty
        $second.MinimumLevel | Should -Be Error
    }

    It 'changes the level of a console on its own' {
        $result = Invoke-Pwsh @'
Start-LogListener ./run.log -Console -Template '{Message}' -NoHeader
Set-LogListener -ConsoleMinimumLevel Warning
Write-QueueLog 'only in the file'
Write-QueueLog 'in both' -Level Warning
$listener = Stop-LogListener -PassThru
"$($listener.MinimumLevel) $($listener.ConsoleMinimumLevel)"
'@ -WorkingDirectory $folder
        $result.Output | Should -Be 'Information Warning'
        $result.ErrorOutput | Should -Be 'in both'
        Read-Log $path | Should -Be 'only in the file', 'in both'
    }

    It 'limits, and says what was left out' {
        $listener = Start-LogListener -PassThru $path -Template '{Level} {Message}' -NoHeader
        Set-LogListener -Limit 1
        foreach ($item in 1..50) { Write-QueueLog 'item {Item}' -ArgumentList $item }
        Stop-LogListener

        # However many seconds it took.
        $log = Read-Log $path
        $log[0] | Should -Be 'Information item 1'
        $written, $told = $log.Where({ $_ -match '^Information item \d+$' }, 'Split')
        $told | ForEach-Object { $_ | Should -Match "^Warning \[QueueLog\] \d+ records like 'item \{Item\}' were left out: more than 1 came within a second$" }
        ($told | ForEach-Object { [int] ($_ -split ' ')[2] } | Measure-Object -Sum).Sum | Should -Be (50 - $written.Count)
        $listener.Limited | Should -Be (50 - $written.Count)
        $listener.Limited | Should -BeGreaterThan 0
        $listener.Written + $listener.Limited | Should -Be $listener.Received
    }

    It 'changes a limit, what it counts by and spares, and lifts it' {
        $listener = Start-LogListener -PassThru $path -Template '{Count} {Message}' -NoHeader -Limit 2 -LimitLevel Warning
        "$($listener.Limit) $($listener.LimitBy) $($listener.LimitLevel)" | Should -Be '2 Template Warning'
        Set-LogListener -Limit 1 -LimitBy Category
        1..50 | Write-QueueLog -Category a
        Write-QueueLog 'warning' -Level Warning -Category a
        Set-LogListener -Limit 0
        51..60 | Write-QueueLog -Category a
        "$($listener.Limit) $($listener.LimitBy) $($listener.LimitLevel)" | Should -Be '0 Category Warning'
        Stop-LogListener
        $log = Read-Log $path
        $leftOut = ($log -match "records of category 'a' were left out: more than 1 came within a second$" | ForEach-Object { [int] ($_ -split ' ')[0] } | Measure-Object -Sum).Sum
        $leftOut | Should -BeGreaterThan 0
        $listener.Received, $listener.Lost, $listener.Written, $listener.Limited | Should -Be 61, 0, (61 - $leftOut), $leftOut
        $log | Should -Contain ' warning'
        $log[-10..-1] | Should -Be (51..60 | ForEach-Object { " $_" })
    }

    It 'changes nothing with -WhatIf' {
        $listener = Start-LogListener -PassThru $path
        Set-LogListener -MinimumLevel Debug -WhatIf
        $listener.MinimumLevel | Should -Be Information
    }

    It '<Id>: <When>' -ForEach @(
        @{ Id = 'NoListener,QueueLog.PowerShell.Commands.SetLogListenerCommand'; When = 'there is none'; Script = { Set-LogListener -MinimumLevel Debug } }
        @{ Id = 'ListenerNotFound,QueueLog.PowerShell.Commands.SetLogListenerCommand'; When = 'there is none of that name'; Script = { Set-LogListener missing -MinimumLevel Debug } }
        @{ Id = 'ListenerEnded,QueueLog.PowerShell.Commands.SetLogListenerCommand'; When = 'it has been stopped'; Script = { Start-LogListener -PassThru $path | Stop-LogListener -PassThru | Set-LogListener -MinimumLevel Debug } }
        @{ Id = 'ListenerHasNoConsole,QueueLog.PowerShell.Commands.SetLogListenerCommand'; When = 'it has no console'; Script = { Start-LogListener -PassThru $path | Set-LogListener -ConsoleMinimumLevel Debug } }
        @{ Id = 'NothingToChange,QueueLog.PowerShell.Commands.SetLogListenerCommand'; When = 'nothing is given'; Script = { Start-LogListener -PassThru $path | Set-LogListener } }
        @{ Id = 'ParameterArgumentTransformationError,QueueLog.PowerShell.Commands.SetLogListenerCommand'; When = 'a level that there is not'; Script = { Start-LogListener $path; Set-LogListener -MinimumLevel Loud } }
        @{ Id = 'ParameterArgumentValidationError,QueueLog.PowerShell.Commands.SetLogListenerCommand'; When = 'a limit below zero'; Script = { Start-LogListener $path; Set-LogListener -Limit -1 } }
    ) {
        { $ErrorActionPreference = 'Stop'; . $Script } | Should -Throw -ErrorId $Id
    }

    It 'changes nothing where it cannot change everything' {
        $listener = Start-LogListener -PassThru $path
        Set-LogListener -MinimumLevel Debug -ConsoleMinimumLevel Debug -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.FullyQualifiedErrorId | Should -Be 'ListenerHasNoConsole,QueueLog.PowerShell.Commands.SetLogListenerCommand'
        $listener.MinimumLevel | Should -Be Information
    }

    It 'calls a stopped listener by its name' {
        $name = New-TestName
        $stopped = Start-LogListener -PassThru $path -Name $name | Stop-LogListener -PassThru
        { Set-LogListener $stopped -MinimumLevel Debug -ErrorAction Stop } | Should -Throw -ExpectedMessage "*'$name'*"
    }
}
