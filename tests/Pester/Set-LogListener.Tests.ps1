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

    It 'changes what the session writes from then on' {
        $listener = Start-LogListener $path -Template '{Message}' -NoHeader
        Write-QueueLog 'before' -Level Debug
        Set-LogListener -MinimumLevel Debug
        Write-QueueLog 'between' -Level Debug
        (Get-QueueLogger -Listener $listener).Debug('logger')
        Set-LogListener -MinimumLevel Warning
        Write-QueueLog 'behind'
        $listener.MinimumLevel | Should -Be Warning
        $null = Stop-LogListener
        Read-Log $path | Should -Be 'between', 'logger'
    }

    It 'changes what other processes write: nothing that is kept back even takes a number' {
        $listener = Start-LogListener $path -Template '{Message}' -NoHeader
        $child = Start-Pwsh @'
$log = Get-QueueLogger
while ([Console]::In.ReadLine() -eq 'round') {
    1..5 | ForEach-Object { Write-QueueLog 'command' -Level Debug; $log.Debug('logger') }
    'done'
}
Write-QueueLog 'end'
'@
        Send-PwshLine $child 'round'
        $null = Wait-PwshLine $child 'done'
        Set-LogListener -MinimumLevel Debug
        Send-PwshLine $child 'round'
        $null = Wait-PwshLine $child 'done'
        Set-LogListener -MinimumLevel Information
        Send-PwshLine $child 'round'
        $null = Wait-PwshLine $child 'done'
        Send-PwshLine $child 'end'
        (Complete-Pwsh $child).ExitCode | Should -Be 0
        $null = Stop-LogListener
        ($listener.Clients | Where-Object Pid -EQ $child.Id).LastSequence | Should -Be 11
        @(Read-Log $path) | Should -HaveCount 11
    }

    It 'finds listeners by name, wildcard and object, and gives them with -PassThru' {
        $names = 'one', 'two' | ForEach-Object { New-TestName $_ }
        foreach ($name in $names) { $null = Start-LogListener (Join-Path $folder "$name.log") -Name $name }
        Set-LogListener 'one*' -MinimumLevel Error | Should -BeNullOrEmpty
        (Get-LogListener $names).MinimumLevel | Should -Be Error, Information
        (Get-LogListener | Set-LogListener -MinimumLevel Trace -PassThru).MinimumLevel | Should -Be Trace, Trace
    }

    It 'limits, and says what was left out' {
        $listener = Start-LogListener $path -Template '{Level} {Message}' -NoHeader
        Set-LogListener -Limit 1
        foreach ($item in 1..50) { Write-QueueLog 'item {Item}' -ArgumentList $item }
        $null = Stop-LogListener
        $log = Read-Log $path
        $log[0] | Should -Be 'Information item 1'
        $log[-1] | Should -Match "^Warning \d+ records like 'item \{Item\}' were left out: more than 1 came within a second$"
        $listener.Limited | Should -BeGreaterThan 0
        $listener.Written + $listener.Limited | Should -Be $listener.Received
    }

    It 'shows the place of a record where the template has it' {
        $script = Join-Path $folder 'caller.ps1'
        Set-Content $script "Write-QueueLog 'one'`n`n(Get-QueueLogger).Info('two')"
        $null = Start-LogListener $path -Template '{Caller} {Message}' -NoHeader
        & $script
        $null = Stop-LogListener
        Read-Log $path | Should -Be 'caller.ps1:1 one', 'caller.ps1:3 two'
    }

    It 'changes nothing with -WhatIf' {
        $listener = Start-LogListener $path
        Set-LogListener -MinimumLevel Debug -WhatIf
        $listener.MinimumLevel | Should -Be Information
    }

    It '<Id>: <When>' -ForEach @(
        @{ Id = 'NoListener,QueueLog.PowerShell.Commands.SetLogListenerCommand'; When = 'there is none'; Script = { Set-LogListener -MinimumLevel Debug } }
        @{ Id = 'ListenerNotFound,QueueLog.PowerShell.Commands.SetLogListenerCommand'; When = 'there is none of that name'; Script = { Set-LogListener missing -MinimumLevel Debug } }
        @{ Id = 'ListenerEnded,QueueLog.PowerShell.Commands.SetLogListenerCommand'; When = 'it has been stopped'; Script = { Start-LogListener $path | Stop-LogListener | Set-LogListener -MinimumLevel Debug } }
        @{ Id = 'ListenerHasNoConsole,QueueLog.PowerShell.Commands.SetLogListenerCommand'; When = 'it has no console'; Script = { Start-LogListener $path | Set-LogListener -ConsoleMinimumLevel Debug } }
        @{ Id = 'NothingToChange,QueueLog.PowerShell.Commands.SetLogListenerCommand'; When = 'nothing is given'; Script = { Start-LogListener $path | Set-LogListener } }
    ) {
        { $ErrorActionPreference = 'Stop'; . $Script } | Should -Throw -ErrorId $Id
    }
}
