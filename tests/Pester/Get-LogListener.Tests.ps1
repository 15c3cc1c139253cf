BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
}

AfterAll {
    Stop-TestSession
}

Describe 'Get-LogListener' {
    BeforeEach {
        $folder = New-TestFolder
    }

    AfterEach {
        Stop-EveryListener
    }

    It 'gives nothing where none runs' {
        Get-LogListener | Should -BeNullOrEmpty
    }

    It 'gives all, oldest first, or those whose names match' {
        $names = 'gamma', 'alpha', 'beta' | ForEach-Object { New-TestName $_ }
        foreach ($name in $names) { Start-LogListener (Join-Path $folder "$name.log") -Name $name }
        (Get-LogListener).Name | Should -Be $names
        (Get-LogListener 'ALPHA*').Name | Should -Be $names[1]
        (Get-LogListener $names[2], $names[0]).Name | Should -Be $names[2], $names[0]
        Get-LogListener 'delta*' | Should -BeNullOrEmpty
    }

    It 'does not give one that has stopped' {
        $listener = Start-LogListener -PassThru (Join-Path $folder 'run.log')
        $listener | Stop-LogListener
        Get-LogListener | Should -BeNullOrEmpty
    }

    It 'ListenerNotFound: no listener of that name, and the rest is given' {
        $name = New-TestName
        Start-LogListener (Join-Path $folder 'run.log') -Name $name
        $found = Get-LogListener 'missing', $name -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.FullyQualifiedErrorId | Should -Be 'ListenerNotFound,QueueLog.PowerShell.Commands.GetLogListenerCommand'
        $found.Name | Should -Be $name
    }

    It 'shows what went wrong once, and how often it came' {
        $listener = Start-LogListener -PassThru (Join-Path $folder 'run.log')
        foreach ($time in 1..3) {
            $pipe = [System.IO.Pipes.NamedPipeClientStream]::new('.', $listener.Address.Replace('\\.\pipe\', ''), [System.IO.Pipes.PipeDirection]::InOut)
            $pipe.Connect()
            # A frame that no client sends. The listener reports it before it ends the connection.
            $pipe.Write([byte[]] (1, 0, 0, 0, 10))
            $pipe.ReadByte() | Should -Be -1
            $pipe.Dispose()
        }

        $failure = @((Get-LogListener).Failures)
        $failure | Should -HaveCount 1
        $failure[0].Count | Should -Be 3
        $failure[0].FirstTime | Should -BeLessOrEqual $failure[0].Time
        $shown = $failure | Out-String -Width 200
        $shown | Should -Match 'Last +Count +Severity +Source +Message'
        $shown | Should -Match ' 3 +Final +client without a greeting +Cut off: '
    }

    It 'counts what each client sent' {
        $listener = Start-LogListener -PassThru (Join-Path $folder 'run.log')
        1..3 | Write-QueueLog -Wait
        $child = Start-Pwsh '1..5 | Write-QueueLog -Wait; $PID; $null = [Console]::In.ReadLine()'
        $null = Wait-PwshLine $child "$($child.Id)"

        $listener.Received | Should -Be 8
        $listener.Written | Should -Be 8
        $listener.Lost | Should -Be 0
        $own, $other = ($listener.Clients | Sort-Object { $_.Pid -ne $PID })
        $own.Pid, $own.Written, $own.IsConnected | Should -Be $PID, 3, $true
        $other.Pid, $other.Written, $other.IsConnected | Should -Be $child.Id, 5, $true
        $listener.Clients[0].Pid, $listener.Clients[1].Pid | Sort-Object | Should -Be ($PID, $child.Id | Sort-Object)

        (Complete-Pwsh $child).ExitCode | Should -Be 0
        $listener | Stop-LogListener
        $listener.Clients.IsConnected | Should -Be $false, $false
        $listener.Written | Should -Be 8
    }

    It 'completes names' {
        $name = New-TestName 'complete'
        Start-LogListener (Join-Path $folder 'run.log') -Name $name
        foreach ($line in 'Get-LogListener compl', 'Get-LogListener -Name compl', 'Stop-LogListener -Name compl', 'Write-QueueLog x -Listener compl', 'Get-QueueLogger -Listener compl') {
            (TabExpansion2 -inputScript $line -cursorColumn $line.Length).CompletionMatches.CompletionText | Should -Be $name
        }
    }
}
