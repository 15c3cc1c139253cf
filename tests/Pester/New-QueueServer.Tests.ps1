BeforeDiscovery {
    $hasServer = [bool] (Get-Command nats-server -CommandType Application -ErrorAction Ignore)
}

BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
    $command = 'QueueLog.PowerShell.Commands.NewQueueServerCommand'

    # The engine as commands have it: no other way leads to it.
    function Connect-Queue([string] $Link) {
        $core = [QueueLog.Records.LogLevel].Assembly
        $factory = [QueueLog.PowerShell.QueueLogCommand].Assembly.GetType('QueueLog.PowerShell.Queue.QueueEngines').GetProperty('Factory').GetValue($null)
        $connect = $core.GetType('QueueLog.Queue.IQueueEngineFactory').GetMethod('ConnectAsync')
        $options = [System.Activator]::CreateInstance($core.GetType('QueueLog.Queue.QueueEngineOptions'))
        $read = $core.GetType('QueueLog.Queue.QueueLink').GetMethod('Read').Invoke($null, @($Link))
        $task = $connect.Invoke($factory, @($read, $options, [System.Threading.CancellationToken]::None))
        $task.GetAwaiter().GetResult()
    }

    function Start-Server([string] $Configuration) {
        $start = [System.Diagnostics.ProcessStartInfo]::new('nats-server')
        $start.ArgumentList.Add('-c')
        $start.ArgumentList.Add($Configuration)
        $start.ArgumentList.Add('-l')
        $start.ArgumentList.Add((Join-Path (New-TestFolder) 'server.log'))
        $server = [System.Diagnostics.Process]::Start($start)
        $port = [int] [regex]::Match([System.IO.File]::ReadAllText($Configuration), 'listen: "[^:]+:(\d+)"').Groups[1].Value
        $limit = [datetime]::UtcNow + (Get-TestLimit)
        while ($true) {
            if ($server.HasExited) { throw "The server has ended: $(Get-Content -LiteralPath $start.ArgumentList[3])" }
            try {
                [System.Net.Sockets.TcpClient]::new('127.0.0.1', $port).Dispose()
                return $server
            } catch [System.Net.Sockets.SocketException] {
                if ([datetime]::UtcNow -gt $limit) { throw }
                Start-Sleep -Milliseconds 20
            }
        }
    }

    function Get-FreePort {
        $listener = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $listener.Start()
        $listener.LocalEndpoint.Port
        $listener.Stop()
    }
}

AfterAll {
    Stop-TestSession
}

Describe 'New-QueueServer' {
    BeforeEach {
        $folder = Join-Path (New-TestFolder) 'a folder "of" mine'
        if ($IsWindows) { $folder = Join-Path (New-TestFolder) 'a folder' }
        $server = $null
    }

    AfterEach {
        if ($server -and -not $server.HasExited) {
            $server.Kill()
            $server.WaitForExit()
        }
    }

    It 'gives a configuration that nats-server starts with, and a link that connects to it' -Skip:(-not $hasServer) {
        $files = New-QueueServer $folder -HostName 127.0.0.1 -Port (Get-FreePort)
        $files.UsesTls | Should -BeTrue
        $files.CertificateEnd | Should -BeGreaterThan ([datetimeoffset]::UtcNow.AddYears(9))
        $server = Start-Server $files.Configuration
        $engine = Connect-Queue $files.Link[0]
        try {
            $engine.Connection.IsConnected | Should -BeTrue
            $files.SyncsAlways | Should -Be ($engine.Server.Version -ge [version] '2.10')
            Join-Path $folder 'data' | Should -Exist
        } finally {
            $engine.DisposeAsync().AsTask().Wait()
        }
    }

    It 'does without TLS on loopback, with the key all the same' -Skip:(-not $hasServer) {
        $files = New-QueueServer $folder -NoTls -Port (Get-FreePort)
        $files.HostName | Should -Be '127.0.0.1'
        $server = Start-Server $files.Configuration
        (Connect-Queue $files.Link[0]).DisposeAsync().AsTask().Wait()
        $link = Get-Content -LiteralPath $files.Link[0] -Raw | ConvertFrom-Json
        $link.key = $null
        $stranger = Join-Path (New-TestFolder) 'stranger.qlink'
        $link | ConvertTo-Json | Set-Content -LiteralPath $stranger
        { Connect-Queue $stranger } | Should -Throw '*does not know the key*'
    }

    It 'writes what only its user can read' -Skip:$IsWindows {
        $null = New-QueueServer $folder -HostName build1
        (Get-Item -LiteralPath $folder).UnixFileMode | Should -Be ([System.IO.UnixFileMode] 'UserRead, UserWrite, UserExecute')
        (Get-ChildItem -LiteralPath $folder).Name | Should -Be 'authority.crt', 'authority.key', 'build1.qlink', 'nats.conf', 'server.crt', 'server.key'
        (Get-ChildItem -LiteralPath $folder).UnixFileMode | Sort-Object -Unique | Should -Be ([System.IO.UnixFileMode] 'UserRead, UserWrite')
    }

    It 'gives each account a link of its own' {
        $files = New-QueueServer $folder -HostName build1 -Account alice, bob
        Split-Path $files.Link -Leaf | Should -Be 'build1-alice.qlink', 'build1-bob.qlink'
        $keys = $files.Link | ForEach-Object { (Get-Content -LiteralPath $_ -Raw | ConvertFrom-Json).key }
        $keys[0] | Should -Not -Be $keys[1]
        Get-Content -LiteralPath $files.Configuration -Raw | Should -Not -Match ([regex]::Escape($keys[0]))
    }

    It 'replaces nothing without -Force, and keeps authority and keys with it' {
        $first = New-QueueServer $folder -HostName build1
        $before = Get-Content -LiteralPath $first.Link[0] -Raw
        $certificate = Get-Content -LiteralPath (Join-Path $folder 'server.crt') -Raw
        { New-QueueServer $folder -HostName build1 -Port 4333 } | Should -Throw -ErrorId "QueueServerExists,$command"
        $again = New-QueueServer $folder -HostName build1 -Force
        Get-Content -LiteralPath $again.Link[0] -Raw | Should -Be $before
        Get-Content -LiteralPath (Join-Path $folder 'server.crt') -Raw | Should -Not -Be $certificate
        $moved = New-QueueServer $folder -HostName build1 -Port 4333 -Force
        $link = Get-Content -LiteralPath $moved.Link[0] -Raw | ConvertFrom-Json
        $link.servers | Should -Be 'tls://build1:4333'
        $link.key | Should -Be ($before | ConvertFrom-Json).key
        $link.authority | Should -Be ($before | ConvertFrom-Json).authority
    }

    It 'gives a new key where the link file was deleted, and the old one is refused' -Skip:(-not $hasServer) {
        $port = Get-FreePort
        $files = New-QueueServer $folder -NoTls -Port $port
        $old = Join-Path (New-TestFolder) 'old.qlink'
        Move-Item -LiteralPath $files.Link[0] -Destination $old
        $files = New-QueueServer $folder -NoTls -Port $port -Force
        $server = Start-Server $files.Configuration
        { Connect-Queue $old } | Should -Throw '*does not know the key*'
        (Connect-Queue $files.Link[0]).DisposeAsync().AsTask().Wait()
    }

    It 'writes nothing with -WhatIf' {
        New-QueueServer $folder -HostName build1 -WhatIf | Should -BeNullOrEmpty
        $folder | Should -Not -Exist
    }

    It 'is reached by the name of the machine, and resolves its path by the location of the session' {
        Push-Location (New-TestFolder)
        try {
            $files = New-QueueServer ./queue
            $files.HostName | Should -Be ([System.Net.Dns]::GetHostName())
            Split-Path $files.Configuration | Should -Be (Join-Path (Get-Location) 'queue')
        } finally {
            Pop-Location
        }
    }

    It 'refuses <Because>' -ForEach @(
        @{ Because = 'other machines without TLS'; Arguments = @{ NoTls = $true; HostName = 'build1' }; Id = 'QueueNeedsTls,QueueLog.PowerShell.Commands.NewQueueServerCommand' }
        @{ Because = 'a name that no machine has'; Arguments = @{ HostName = 'build 1' }; Id = 'QueueHostNameInvalid,QueueLog.PowerShell.Commands.NewQueueServerCommand' }
        @{ Because = 'an address with a port'; Arguments = @{ HostName = 'build1:4222' }; Id = 'QueueHostNameInvalid,QueueLog.PowerShell.Commands.NewQueueServerCommand' }
        @{ Because = 'an account that subjects do not allow'; Arguments = @{ HostName = 'build1'; Account = 'a.b' }; Id = 'QueueAccountInvalid,QueueLog.PowerShell.Commands.NewQueueServerCommand' }
        @{ Because = 'an account twice'; Arguments = @{ HostName = 'build1'; Account = 'a', 'A' }; Id = 'QueueAccountInvalid,QueueLog.PowerShell.Commands.NewQueueServerCommand' }
    ) {
        { New-QueueServer $folder @Arguments } | Should -Throw -ErrorId $Id
        $folder | Should -Not -Exist
    }

    It 'says that a folder cannot be written' {
        $file = Join-Path (New-TestFolder) 'file'
        Set-Content -LiteralPath $file 'no folder'
        { New-QueueServer (Join-Path $file 'queue') -HostName build1 } | Should -Throw -ErrorId "QueueServerNotWritten,$command"
    }

    It 'says that <_> is damaged' -ForEach 'authority.crt', 'authority.key', 'build1.qlink' {
        $null = New-QueueServer $folder -HostName build1
        Set-Content -LiteralPath (Join-Path $folder $_) 'nonsense'
        { New-QueueServer $folder -HostName build1 -Force } | Should -Throw -ErrorId "QueueServerDamaged,$command"
    }

    It 'is all that loads the engine, with libraries of its own whatever copies the session has' {
        $result = Invoke-Pwsh @'
$bin = Join-Path (Get-Module QueueLog).ModuleBase bin Nats
function Get-Loaded { [System.Runtime.Loader.AssemblyLoadContext]::All | ForEach-Object { $context = $_.Name; $_.Assemblies | ForEach-Object { "$context/$($_.GetName().Name)" } | Where-Object { $_ -match 'NATS|Nats' } } | Sort-Object }
1 | Invoke-WorkerPool -Count 1 -Quiet { $_ }
"before: $(Get-Loaded)"
$null = [System.Reflection.Assembly]::LoadFrom((Join-Path $bin NATS.NKeys.dll))
$null = New-QueueServer ./queue -HostName build1
"after: $(Get-Loaded)"
'@ -WorkingDirectory (New-TestFolder)
        $result.ErrorOutput | Should -BeNullOrEmpty
        $result.Output -replace '\r' | Should -Be "1`nbefore: `nafter: Default/NATS.NKeys QueueLog.Nats/NATS.NKeys QueueLog.Nats/QueueLog.Nats"
    }
}
