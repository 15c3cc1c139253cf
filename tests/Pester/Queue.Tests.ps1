BeforeDiscovery {
    $hasServer = [bool] (Get-Command nats-server -CommandType Application -ErrorAction Ignore)

    # Each is run on this machine and on a queue, with what is splatted to say where: what comes of it must be the same.
    $cases = @(
        @{ Name = 'results'; Script = { 1..30 | Invoke-WorkerPool @where { $_ * $_ } | Sort-Object } }
        @{ Name = '-KeepOrder'; Script = { 1..30 | Invoke-WorkerPool @where -KeepOrder { $_; "text $_" } } }
        @{ Name = '-AsResult'; Script = { 1..4 | Invoke-WorkerPool @where -KeepOrder -AsResult { if ($_ -eq 2) { throw 'two' }; $_ } | ForEach-Object { "$($_.Input) $($_.Status) $($_.Attempt) $($_.Output) $($_.Errors)" } } }
        @{ Name = '-Retry'; Script = {
                $null = New-Item -ItemType Directory -Path $tries
                1..3 | Invoke-WorkerPool @where -KeepOrder -AsResult -Retry 2 {
                    $file = Join-Path $using:tries "$_"
                    [System.IO.File]::AppendAllText($file, 'x')
                    if ($_ -eq 2 -and (Get-Item -LiteralPath $file).Length -lt 3) { throw 'not yet' }
                    $_
                } | ForEach-Object { "$($_.Input) $($_.Status) $($_.Attempt) $((Get-Item -LiteralPath (Join-Path $tries "$($_.Input)")).Length)" }
            }
        }
        @{ Name = '-JobLog and -Resume'; Script = {
                1..3 | Invoke-WorkerPool @where -KeepOrder -JobLog $jobLog { $_ }
                '---'
                1..5 | Invoke-WorkerPool @where -KeepOrder -JobLog $jobLog -Resume { $_ }
                (Get-Content -LiteralPath $jobLog | ConvertFrom-Json).Input | Sort-Object
            }
        }
        @{ Name = '$using:, -ArgumentList and functions'; Script = {
                function Add-Three([int] $Number) { $Number + 3 }
                $factor = 2
                1..3 | Invoke-WorkerPool @where -KeepOrder -ArgumentList 'a' { param($item, $letter) "$letter$((Add-Three $item) * $using:factor)" }
            }
        }
        @{ Name = '-Splat and -Batch'; Script = {
                @{ a = 1; b = 2 }, @{ a = 3; b = 4 } | Invoke-WorkerPool @where -KeepOrder -Splat { param($a, $b) $a + $b }
                1..6 | Invoke-WorkerPool @where -KeepOrder -Batch 3 { "$_" }
            }
        }
        @{ Name = 'the streams'; Script = {
                1 | Invoke-WorkerPool @where { Write-Warning 'w'; Write-Verbose 'v' -Verbose; Write-Information 'i'; Write-Error 'e'; 'o' } -ErrorAction Continue *>&1 | ForEach-Object { "$($_.GetType().Name) $_" } | Sort-Object
            }
        }
        @{ Name = 'errors and their ids'; Script = {
                1..3 | Invoke-WorkerPool @where { if ($_ -eq 2) { throw 'bad' }; exit $_ } -ErrorAction SilentlyContinue -ErrorVariable failed
                $failed | ForEach-Object { "$($_.FullyQualifiedErrorId) $_" } | Sort-Object
            }
        }
        @{ Name = '-TimeoutSeconds'; Script = {
                1..2 | Invoke-WorkerPool @where -TimeoutSeconds 2 { if ($_ -eq 2) { Start-Sleep 60 }; $_ } -ErrorAction SilentlyContinue -ErrorVariable failed
                $failed.FullyQualifiedErrorId
            }
        }
        @{ Name = 'a worker that dies'; Script = {
                1..3 | Invoke-WorkerPool @where -KeepOrder { if ($_ -eq 2) { [System.Diagnostics.Process]::GetCurrentProcess().Kill() }; $_ } -ErrorAction SilentlyContinue -ErrorVariable failed
                $failed | ForEach-Object { "$($_.FullyQualifiedErrorId) $($_.TargetObject)" }
            }
        }
        @{ Name = '-Halt'; Script = {
                1..200 | Invoke-WorkerPool @where -Halt Soon -HaltAfter 1 { if ($_ -eq 1) { throw 'one' }; Start-Sleep -Milliseconds 20 } -ErrorAction SilentlyContinue -ErrorVariable failed
                $failed.FullyQualifiedErrorId -match 'RunHalted'
            }
        }
        @{ Name = 'a job and its state'; Script = {
                $job = 1..4 | Start-WorkerPool @where -Name $poolName { if ($_ -eq 3) { throw 'three' }; $_ }
                $null = Wait-Job $job -Timeout 120
                "$($job.Name -eq $poolName) $($job.State) $($job.StatusMessage)"
                Receive-Job $job -ErrorAction SilentlyContinue | Sort-Object
                Remove-Job $job
            }
        }
        @{ Name = 'Stop-Job'; Script = {
                $job = 1..100 | Start-WorkerPool @where { $_; Start-Sleep 60 }
                $null = Wait-JobOutput $job
                Stop-Job $job
                $job.State
                Remove-Job $job
            }
        }
        @{ Name = 'Select-Object -First'; Script = { @(1..100000 | Invoke-WorkerPool @where { $_ } | Select-Object -First 2).Count } }
    )
}

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
    $commands = 'QueueLog.PowerShell.Commands'

    function Get-FreePort {
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $listener.LocalEndpoint.Port
        $listener.Stop()
    }

    function Test-Port([int] $Port) {
        try {
            [System.Net.Sockets.TcpClient]::new('127.0.0.1', $Port).Dispose()
            $true
        } catch [System.Net.Sockets.SocketException] {
            $false
        }
    }

    # A server of its own, whose files the block makes.
    function Start-Nats([scriptblock] $Prepare) {
        $port = Get-FreePort
        $folder = Join-Path (New-TestFolder) 'queue'
        $null = & $Prepare $folder
        $start = [System.Diagnostics.ProcessStartInfo]::new('nats-server')
        foreach ($argument in '-c', (Join-Path $folder 'nats.conf'), '-l', (Join-Path $folder 'server.log')) { $start.ArgumentList.Add($argument) }
        $process = [System.Diagnostics.Process]::Start($start)
        Wait-Until { Test-Port $port }
        [pscustomobject]@{ Process = $process; Port = $port; Link = (Get-Item (Join-Path $folder '*.qlink')).FullName }
    }

    # Publishes one message, as any client of NATS may.
    function Send-Nats([int] $Port, [string] $Subject, [string] $Payload) {
        $client = [System.Net.Sockets.TcpClient]::new('127.0.0.1', $Port)
        try {
            $stream = $client.GetStream()
            $stream.Write([System.Text.Encoding]::ASCII.GetBytes("CONNECT {`"verbose`":false}`r`nPUB $Subject $($Payload.Length)`r`n$Payload`r`nPING`r`n"))
            $reader = [System.IO.StreamReader]::new($stream)
            while ($reader.ReadLine() -ne 'PONG') { }
        } finally {
            $client.Dispose()
        }
    }

    if (Get-Command nats-server -CommandType Application -ErrorAction Ignore) {
        $server = Start-Nats { param($folder) New-QueueServer $folder -HostName 127.0.0.1 -Port $port }
        $nats, $link = $server.Process, $server.Link
        Start-WorkerHost $link -Count 2 -Name web1
        Start-WorkerHost $link -Count 2 -Name web2
    } else {
        $nats = $null
    }
}

AfterAll {
    Get-WorkerHost | Stop-WorkerHost -GraceSeconds 0
    if ($nats) {
        $nats.Kill()
        $nats.WaitForExit()
    }

    Stop-TestSession
}

Describe 'A script on a queue' -Skip:(-not $hasServer) {
    It 'gives what it gives on one machine: <Name>' -ForEach $cases {
        $local, $queued = foreach ($where in @{}, @{ Queue = $link }) {
            $jobLog = Join-Path (New-TestFolder) 'jobs.jsonl'
            $tries = Join-Path (New-TestFolder) 'tries'
            $poolName = New-TestName
            , @(& $Script)
        }

        $local | Should -Not -BeNullOrEmpty
        $queued | Should -Be $local
    }

    It 'logs into the one file, each process with its host' {
        $log = Join-Path (New-TestFolder) 'run.log'
        Start-LogListener $log -Format Json
        try {
            1..20 | Invoke-WorkerPool -Queue $link -NoCapture { Write-QueueLog "item $_"; Start-Sleep -Milliseconds 50 }
        } finally {
            Stop-LogListener
        }

        $entries = Get-QueueLog $log
        $entries.Message | Sort-Object | Should -Be (1..20 | ForEach-Object { "item $_" } | Sort-Object)
        $entries.Process | ForEach-Object { $_ | Should -MatchExactly '^Worker-\d+@web[12]$' }
        (Test-QueueLog $log).Status | Sort-Object -Unique | Should -Be 'Complete'
    }

    It 'has the workers of its hosts log at the level that Set-LogListener sets while it runs' {
        $folder = New-TestFolder
        $log, $isSeen = 'run.log', 'seen' | ForEach-Object { Join-Path $folder $_ }
        Start-LogListener $log -Template '{Message}' -NoHeader
        try {
            $job = 1 | Start-WorkerPool -Queue $link -NoCapture -ArgumentList $isSeen {
                Write-QueueLog 'begun'
                while (-not (Test-Path $args[1])) { Write-QueueLog 'detail' -Level Debug; Start-Sleep -Milliseconds 50 }
            }
            Wait-Until { (Read-Log $log) -contains 'begun' }
            Read-Log $log | Should -Not -Contain 'detail'
            Set-LogListener -MinimumLevel Debug
            Wait-Until { (Read-Log $log) -contains 'detail' }
            $null = New-Item $isSeen
            $job | Receive-Job -Wait -AutoRemoveJob
        } finally {
            Stop-LogListener
        }
    }

    It 'runs on the hosts that -On names' {
        $log = Join-Path (New-TestFolder) 'run.log'
        Start-LogListener $log -Template '{Process}' -NoHeader
        try {
            1..20 | Invoke-WorkerPool -Queue $link -On '*2' -HostTimeoutSeconds 30 -NoCapture { Write-QueueLog 'x' }
        } finally {
            Stop-LogListener
        }

        Read-Log $log | Where-Object { $_ -like 'Worker*' } | ForEach-Object { $_ -replace '^.*@' } | Sort-Object -Unique | Should -Be 'web2'
    }

    It 'ends with NoHostTakesPart when -On matches nobody, and says what each host says' {
        $failure = { 1 | Invoke-WorkerPool -Queue $link -On nobody { 1 } } | Should -Throw -ErrorId "NoHostTakesPart,$commands.InvokeWorkerPoolCommand" -PassThru
        $failure | Should -BeLike '*web1: *web2: *Get-WorkerHost*'
    }

    It 'needs a script block, and has no number of workers that could be set' {
        { Start-WorkerPool -Queue $link } | Should -Throw -ErrorId "QueuePoolNotWarm,$commands.StartWorkerPoolCommand"
        $job = 1 | Start-WorkerPool -Queue $link { Start-Sleep 60 }
        try {
            { Set-WorkerPool $job.Name -Count 3 -ErrorAction Stop } | Should -Throw -ErrorId "QueuePoolNotResizable,$commands.SetWorkerPoolCommand"
        } finally {
            Stop-Job $job
            Remove-Job $job
        }
    }

    It 'goes on with the run of a session that was killed: each input ends once, and none is begun again: <Command>' -ForEach @(
        @{ Command = 'Start-WorkerPool -Name' }
        @{ Command = 'Invoke-WorkerPool -RunName' }
    ) {
        $folder = New-TestFolder
        $name = New-TestName
        $begun = (New-Item -ItemType Directory -Path (Join-Path $folder 'begun')).FullName
        $first, $second = 'first.jsonl', 'second.jsonl' | ForEach-Object { Join-Path $folder $_ }
        # A file for each begin: workers that append to one file refuse each other.
        $block = { $null = New-Item (Join-Path $args[1] "$_ $(New-Guid)"); Start-Sleep -Milliseconds 100; $_ }
        $child = Start-Pwsh "1..40 | $Command $name -Queue '$link' -JobLog '$first' -ArgumentList '$begun' { $block } | ForEach-Object { `$_ -is [System.Management.Automation.Job] ? (Receive-Job `$_ -Wait) : `$_ }"
        1..5 | ForEach-Object { $null = Wait-PwshLine $child }
        $child.Kill($true)
        $child.WaitForExit()
        Copy-Item -LiteralPath $first -Destination $second
        1..40 | & ([scriptblock]::Create("`$input | $Command $name -Queue '$link' -JobLog '$second' -Resume -ArgumentList '$begun' { $block }")) |
            Where-Object { $_ -is [System.Management.Automation.Job] } | Receive-Job -Wait -AutoRemoveJob | Out-Null
        Get-Content -LiteralPath $second | ConvertFrom-Json | ForEach-Object { [int] $_.Input } | Sort-Object | Should -Be (1..40)
        (Get-ChildItem $begun).Name | ForEach-Object { [int] ($_ -split ' ')[0] } | Sort-Object | Should -Be (1..40)
    }

    It 'does not go on with a run that another session is at' {
        $child = Start-Pwsh "`$job = 1 | Start-WorkerPool -Queue '$link' -Name shared { 'begun'; Start-Sleep 300 }; Receive-Job `$job -Wait"
        $null = Wait-PwshLine $child begun
        try {
            $jobLog = Join-Path (New-TestFolder) 'jobs.jsonl'
            { 1 | Start-WorkerPool -Queue $link -Name shared -JobLog $jobLog -Resume { 1 } } | Should -Throw -ErrorId "QueueRunInUse,$commands.StartWorkerPoolCommand"
        } finally {
            $child.Kill($true)
        }
    }

    It 'refuses a name that is in use here' {
        $job = 1 | Start-WorkerPool -Queue $link -Name taken { Start-Sleep 60 }
        try {
            { 1 | Start-WorkerPool -Queue $link -Name taken { 1 } } | Should -Throw -ErrorId "PoolNameInUse,$commands.StartWorkerPoolCommand"
        } finally {
            Stop-Job $job
            Remove-Job $job
        }
    }
}

Describe 'The hosts of a queue' -Skip:(-not $hasServer) {
    It 'are shown by session and by queue, with what they are' {
        (Get-WorkerHost).Name | Should -Be 'web1', 'web2'
        $shown = Get-WorkerHost $link web1
        $shown.State, $shown.Slots, $shown.Machine, $shown.Pid | Should -Be 'Running', 2, ([System.Environment]::MachineName), $PID
        $shown.EngineVersion | Should -Be "$($PSVersionTable.PSVersion)"
        $shown.ServerVersion | Should -BeGreaterOrEqual ([version] '2.9.10')
        $shown.ServerSyncsAlways | Should -Be ($shown.ServerVersion -ge [version] '2.10')
        Get-WorkerHost $link 'web*' | Out-String -Width 200 | Should -Match 'Name +State +Slots +Busy +Runs +Version +Machine +Pid +Refuses'
        { Get-WorkerHost $link nobody -ErrorAction Stop } | Should -Throw -ErrorId "WorkerHostNotRunning,$commands.GetWorkerHostCommand"
    }

    It 'complete by their names' {
        (TabExpansion2 'Stop-WorkerHost -Name w').CompletionMatches.CompletionText | Should -Be 'web1', 'web2'
    }

    It 'have a name each' {
        { Start-WorkerHost $link -Name web1 } | Should -Throw -ErrorId "WorkerHostNameInUse,$commands.StartWorkerHostCommand"
        { Start-WorkerHost $link -Name 'a/b' } | Should -Throw -ErrorId "WorkerHostNameInvalid,$commands.StartWorkerHostCommand"
        { Start-WorkerHost $link -Count 0 } | Should -Throw -ErrorId "ParameterArgumentValidationError,$commands.StartWorkerHostCommand"
    }

    It 'finish what they are at when they are stopped, and go' {
        $third = Start-WorkerHost $link -Name web3 -Count 1 -PassThru
        $third.Name | Should -Be 'web3'
        $job = 1 | Start-WorkerPool -Queue $link -On web3 { 'begun'; Start-Sleep -Milliseconds 500; 'finished' }
        $null = Wait-JobOutput $job
        Stop-WorkerHost web3 -WhatIf
        (Get-WorkerHost).Name | Should -Contain 'web3'
        Stop-WorkerHost web3
        Receive-Job $job -Wait -AutoRemoveJob | Should -Be 'begun', 'finished'
        (Get-WorkerHost $link).Name | Should -Be 'web1', 'web2'
        { Stop-WorkerHost web3 -ErrorAction Stop } | Should -Throw -ErrorId "WorkerHostNotRunning,$commands.StopWorkerHostCommand"
    }

    It 'stay with -Wait until they are told to stop' -Skip:$IsWindows {
        $child = Start-Pwsh "Start-WorkerHost '$link' -Name web4 -Wait -PassThru | ForEach-Object Name; 'ended'"
        $null = Wait-PwshLine $child web4
        (Get-WorkerHost $link).Name | Should -Contain 'web4'
        /bin/kill -TERM $child.Id
        $null = Wait-PwshLine $child ended
        (Complete-Pwsh $child).ErrorOutput | Should -BeNullOrEmpty
        (Get-WorkerHost $link).Name | Should -Not -Contain 'web4'
    }

    It 'say with -Wait what they refuse, and why' {
        $child = Start-Pwsh "`$env:QL_TEST_REFUSES = 1; Start-WorkerHost '$link' -Name web5 -Wait -PassThru 3>&1 | ForEach-Object { `$_.Name ?? `$_.Message }"
        $null = Wait-PwshLine $child web5
        try {
            $job = 1 | Start-WorkerPool -Queue $link -On web5 -InitializationScript { if ($env:QL_TEST_REFUSES) { throw 'not here' } } { 1 }
            Wait-PwshLine $child 'run *takes no part in it: *not here*' | Should -Not -BeNullOrEmpty
            Wait-Until { (Get-WorkerHost $link web5).Refuses -match 'not here' }
            $job | Stop-Job
            $job | Remove-Job
        } finally {
            $child.Kill($true)
        }
    }

    It 'refuse a run whose module they lack, and NoHostTakesPart names module and host' {
        $module = New-Item (Join-Path (New-TestFolder) 'QlAbsent.psm1') -Value 'function Get-Absent { 1 }'
        $job = 1 | Start-WorkerPool -Queue $link -On web8 -ImportModule $module.FullName { Get-Absent }
        Remove-Item -LiteralPath $module
        Start-WorkerHost $link -Name web8 -Count 1
        try {
            $null = Wait-Job $job -Timeout 120
            { Receive-Job $job -ErrorAction Stop } | Should -Throw -ErrorId 'NoHostTakesPart*' -PassThru | Should -BeLike '*web8: *QlAbsent*'
            Remove-Job $job
        } finally {
            Stop-WorkerHost web8 -GraceSeconds 0
        }
    }

    It 'that die are named, with the items that they had begun, and with a warning that their log is missing' {
        $child = Start-Pwsh "Start-WorkerHost '$link' -Name web6 -Count 1 -PassThru | ForEach-Object Name; Start-Sleep 300"
        $null = Wait-PwshLine $child web6
        Start-LogListener (Join-Path (New-TestFolder) 'run.log')
        $job = 1 | Start-WorkerPool -Queue $link -On web6 -HostTimeoutSeconds 10 { 'begun'; Start-Sleep 300 }
        try {
            $null = Wait-JobOutput $job
            Wait-Until { (Get-WorkerPool $job.Name).Workers.CurrentItem -eq '1 of 1 workers busy' }
            $child.Kill($true)
            $null = Wait-Job $job -Timeout 120
            $job.ChildJobs[0].Error[0].Exception.Message | Should -BeLike "Item 0, '1', was on host web6, which was lost. The item may*"
            $job.ChildJobs[0].Warning.Message | Should -BeLike 'The log of host web6 is missing since 20??-??-?? *Test-QueueLog*'
        } finally {
            if (-not $child.HasExited) { $child.Kill($true) }
            $job | Stop-Job
            $job | Remove-Job
            Stop-LogListener
        }
    }
}

Describe 'A server' -Skip:(-not $hasServer) {
    It 'without room for a run is full' {
        $server = Start-Nats { param($folder) New-QueueServer $folder -NoTls -Port $port | ForEach-Object {
                (Get-Content -Raw -LiteralPath $_.Configuration) -replace 'jetstream \{', "jetstream {`n  max_file_store: 1MB" | Set-Content -LiteralPath $_.Configuration
            } }
        try {
            { 1 | Invoke-WorkerPool -Queue $server.Link { 1 } } | Should -Throw -ErrorId "QueueFull,$commands.InvokeWorkerPoolCommand"
        } finally {
            $server.Process.Kill()
        }
    }

    It 'without JetStream is unsuitable' {
        $server = Start-Nats { param($folder) New-QueueServer $folder -NoTls -Port $port | ForEach-Object {
                (Get-Content -Raw -LiteralPath $_.Configuration) -replace 'jetstream: enabled, ' | Set-Content -LiteralPath $_.Configuration
            } }
        try {
            { Get-WorkerHost $server.Link } | Should -Throw -ErrorId "QueueUnsuitable,$commands.GetWorkerHostCommand"
            { 1 | Invoke-WorkerPool -Queue $server.Link { 1 } } | Should -Throw -ErrorId "QueueUnsuitable,$commands.InvokeWorkerPoolCommand"
        } finally {
            $server.Process.Kill()
        }
    }

    It 'that loses a run by another''s hand, or has another go on with it, ends it: <Id>' -ForEach @(
        @{ Id = 'QueueRunGone'; Subject = '$JS.API.STREAM.DELETE.QL-{0}-done'; Payload = ''; Text = '*-Resume*' }
        @{ Id = 'RunSuperseded'; Subject = '$KV.QL-runs.{0}'; Payload = '{"Pool":"p","Version":"1.0","Submitter":"other","Machine":"build9"}'; Text = 'Another session, on build9, *Follow it there.' }
    ) {
        # Without accounts: anybody may say anything to it.
        $server = Start-Nats { param($folder)
            $null = New-Item -ItemType Directory -Path $folder
            Set-Content -LiteralPath (Join-Path $folder 'nats.conf') "listen: `"127.0.0.1:$port`"`njetstream { store_dir: `"$folder/data`" }"
            Set-Content -LiteralPath (Join-Path $folder 'open.qlink') "{`"queueLogLink`":1,`"servers`":[`"nats://127.0.0.1:$port`"]}"
        }
        Start-WorkerHost $server.Link -Name web7 -Count 1
        try {
            $job = 1 | Start-WorkerPool -Queue $server.Link -Name p { 'begun'; Start-Sleep 300 }
            $null = Wait-JobOutput $job
            $run = (Get-WorkerHost $server.Link).Runs
            Send-Nats $server.Port ($Subject -f $run) $Payload
            $null = Wait-Job $job -Timeout 120
            $job.State | Should -Be 'Failed'
            { Receive-Job $job -ErrorAction Stop } | Should -Throw -ErrorId "$Id*" -PassThru | Should -BeLike $Text
            Remove-Job $job
        } finally {
            Stop-WorkerHost web7 -GraceSeconds 0
            $server.Process.Kill()
        }
    }
}

Describe 'A link' {
    It 'that is none is told apart: <Id>' -ForEach @(
        @{ Id = 'QueueLinkNotFound,QueueLog.PowerShell.Commands'; Content = $null }
        @{ Id = 'QueueLinkInvalid,QueueLog.PowerShell.Commands'; Content = 'no link' }
        @{ Id = 'QueueUnreachable,QueueLog.PowerShell.Commands'; Content = '{"queueLogLink":1,"servers":["nats://127.0.0.1:1"]}' }
    ) {
        $path = Join-Path (New-TestFolder) 'a.qlink'
        if ($Content) { [System.IO.File]::WriteAllText($path, $Content) }
        { Get-WorkerHost $path } | Should -Throw -ErrorId "$Id.GetWorkerHostCommand"
        { Start-WorkerHost $path } | Should -Throw -ErrorId "$Id.StartWorkerHostCommand"
        { 1 | Invoke-WorkerPool -Queue $path { 1 } } | Should -Throw -ErrorId "$Id.InvokeWorkerPoolCommand"
        { 1 | Start-WorkerPool -Queue $path { 1 } } | Should -Throw -ErrorId "$Id.StartWorkerPoolCommand"
    }

    It 'that cannot be read says so' {
        { Get-WorkerHost (New-TestFolder) } | Should -Throw -ErrorId "QueueLinkUnreadable,$commands.GetWorkerHostCommand"
    }

    It 'with another key is denied' -Skip:(-not $hasServer) {
        $other = New-QueueServer (Join-Path (New-TestFolder) 'other') -NoTls -Port $server.Port
        $content = Get-Content -Raw -LiteralPath $link | ConvertFrom-Json
        $content.key = (Get-Content -Raw -LiteralPath $other.Link[0] | ConvertFrom-Json).key
        $path = Join-Path (New-TestFolder) 'stranger.qlink'
        [System.IO.File]::WriteAllText($path, ($content | ConvertTo-Json))
        { Get-WorkerHost $path } | Should -Throw -ErrorId "QueueDenied,$commands.GetWorkerHostCommand"
    }
}
