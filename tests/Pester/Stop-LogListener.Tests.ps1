BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
}

AfterAll {
    Stop-TestSession
}

Describe 'Stop-LogListener' {
    BeforeEach {
        $folder = New-TestFolder
        $path = Join-Path $folder 'run.log'
    }

    AfterEach {
        Stop-EveryListener
    }

    It 'writes everything handed over before it returns' {
        Start-LogListener $path -Template '{Message}' -NoHeader
        1..5000 | Write-QueueLog
        $listener = Stop-LogListener -PassThru
        Read-Log $path | Should -Be (1..5000)
        $listener.State, $listener.Received, $listener.Written, $listener.Lost | Should -Be Stopped, 5000, 5000, 0
        @($listener.Clients) | Should -HaveCount 1
    }

    It 'writes what other processes handed over before, though they go on' {
        Start-LogListener $path -Template '{Message}' -NoHeader
        $child = Start-Pwsh '1..5000 | Write-QueueLog; "ready"; $null = [Console]::In.ReadLine(); Write-QueueLog "too late"'
        $null = Wait-PwshLine $child 'ready'
        $listener = Stop-LogListener -PassThru
        Read-Log $path | Should -Be (1..5000)
        $listener.Lost | Should -Be 0
        Send-PwshLine $child
        $result = Complete-Pwsh $child
        $result.ExitCode | Should -Be 0
        $result.Output | Should -Match 'no listener[\s\S]*too late'
    }

    It 'may be called twice, with the object or without' {
        $listener = Start-LogListener -PassThru $path
        $listener | Stop-LogListener
        ($listener | Stop-LogListener -PassThru).State | Should -Be Stopped
        Stop-LogListener -PassThru | Should -BeNullOrEmpty
    }

    It 'stops by name, by wildcard and by object' {
        $listeners = 1..3 | ForEach-Object { Start-LogListener -PassThru (Join-Path $folder "$_.log") -Name (New-TestName "stop$_") }
        (Stop-LogListener -PassThru $listeners[0].Name).Name | Should -Be $listeners[0].Name
        (Stop-LogListener -PassThru 'stop2*').Name | Should -Be $listeners[1].Name
        (Stop-LogListener -PassThru -Listener $listeners[2]).Name | Should -Be $listeners[2].Name
        Get-LogListener | Should -BeNullOrEmpty
    }

    It 'stops only the default without arguments' {
        $first = Start-LogListener -PassThru $path
        $second = Start-LogListener -PassThru (Join-Path $folder 'second.log')
        Stop-LogListener -PassThru | Should -Be $second
        $first.State | Should -Be Running
    }

    It 'gives the listeners with -PassThru only, and warns of nothing where nothing is lost' {
        Start-LogListener $path
        Write-QueueLog 'kept'
        Stop-LogListener -WarningVariable warnings | Should -BeNullOrEmpty
        $warnings | Should -BeNullOrEmpty
    }

    It 'stops nothing with -WhatIf' {
        $listener = Start-LogListener -PassThru $path
        $listener | Stop-LogListener -WhatIf
        $listener.State | Should -Be Running
        Get-LogListener | Should -Be $listener
    }

    It 'frees the name and the file' {
        $name = New-TestName
        foreach ($round in 1..3) {
            Start-LogListener $path -Name $name -Template '{Message}' -NoHeader
            Write-QueueLog "round $round"
            Stop-LogListener $name
        }

        Read-Log $path | Should -Be 'round 1', 'round 2', 'round 3'
    }

    It 'ListenerNotFound: no listener of that name' {
        Stop-LogListener 'missing' -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.FullyQualifiedErrorId | Should -Be 'ListenerNotFound,QueueLog.PowerShell.Commands.StopLogListenerCommand'
    }

    It 'cuts off a client that does not answer, says so, and keeps what it had sent (skipped on Windows, which cannot suspend a process)' -Skip:$IsWindows {
        Start-LogListener $path -Template '{Message}' -NoHeader
        $child = Start-Pwsh '1..10 | Write-QueueLog -Wait; "ready"; $null = [Console]::In.ReadLine()'
        $null = Wait-PwshLine $child 'ready'
        & /bin/kill -STOP $child.Id
        try {
            $listener = Stop-LogListener -PassThru -TimeoutSeconds 0 -WarningAction SilentlyContinue -WarningVariable warnings
        }
        finally {
            & /bin/kill -CONT $child.Id
        }

        $listener.State | Should -Be Stopped
        "$warnings" | Should -BeLike "*pid $($child.Id)*Cut off*"
        Read-Log $path | Should -Be (1..10)
    }

    It 'leaks no file descriptors over 200 listeners (skipped where there is no /proc)' -Skip:(-not $IsLinux) {
        $result = Invoke-Pwsh @'
function Invoke-Cycle {
    Start-LogListener ./run.log -Name cycle -Template '{Message}' -NoHeader
    Write-QueueLog 'once'
    Stop-LogListener
}
# Without assemblies: when the engine loads another is its own affair.
function Get-Count { @([System.IO.Directory]::GetFileSystemEntries("/proc/$PID/fd") | Where-Object { ([System.IO.FileInfo] $_).LinkTarget -notlike '*.dll' }).Count }
1..20 | ForEach-Object { Invoke-Cycle }
$before = Get-Count
1..200 | ForEach-Object { Invoke-Cycle }
(Get-Count) - $before
'@ -WorkingDirectory $folder
        $result.ErrorOutput | Should -BeNullOrEmpty
        [int] $result.Output | Should -BeLessThan 5
        @(Read-Log $path) | Should -HaveCount 220
    }

    Context 'where no one calls it' {
        It 'the listener stops with its session that ends by <End>, and everything is written' -ForEach @(
            @{ End = 'the end of its script'; Last = ''; ExitCode = 0 }
            @{ End = 'exit 3'; Last = 'exit 3'; ExitCode = 3 }
            @{ End = 'an exception'; Last = 'throw "over"'; ExitCode = 1 }
        ) {
            $result = Invoke-Pwsh "Start-LogListener ./run.log -Template '{Message}' -NoHeader; 1..2000 | Write-QueueLog; $Last" -WorkingDirectory $folder
            $result.ExitCode | Should -Be $ExitCode
            Read-Log $path | Should -Be (1..2000)
        }

        It 'the listener stops with its module, and everything is written' {
            $result = Invoke-Pwsh @'
$listener = Start-LogListener -PassThru ./run.log -Template '{Message}' -NoHeader
1..2000 | Write-QueueLog
Remove-Module QueueLog
"$($listener.State) $($listener.Written) [$env:QUEUELOG_PIPE]"
[System.Environment]::Exit(0)
'@ -WorkingDirectory $folder
            $result.ErrorOutput | Should -BeNullOrEmpty
            $result.Output | Should -Be 'Stopped 2000 []'
            Read-Log $path | Should -Be (1..2000)
        }

        It 'a nested runspace that removes the module stops nothing of the session''s' {
            $listener = Start-LogListener -PassThru $path -Template '{Message}' -NoHeader
            $shell = [powershell]::Create()
            $null = $shell.AddScript('param($Module) Import-Module $Module; Write-QueueLog inner; Remove-Module QueueLog').AddArgument((Get-StagedModule)).Invoke()
            $shell.Dispose()
            $listener.State | Should -Be Running
            Write-QueueLog 'outer'
            Stop-LogListener
            Read-Log $path | Should -Be 'inner', 'outer'
        }
    }
}
