BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
}

AfterAll {
    Stop-TestSession
}

Describe 'New-LogSink' {
    BeforeEach {
        $folder = New-TestFolder
        $path = Join-Path $folder 'run.log'
        $plain = @{ Template = '{Message}'; NoHeader = $true }
    }

    AfterEach {
        Stop-EveryListener
    }

    It 'describes a sink that can be read' {
        $sink = New-LogSink (Join-Path $folder 'side.log') -MinimumLevel Warning -Filter { $_.Category -eq 'x' } -MaxFileSize 1KB -QueueSize 1MB
        $sink.Kind | Should -Be File
        $sink.Name | Should -Be $sink.Path
        $sink.MinimumLevel | Should -Be Warning
        $sink.Filter | Should -Match 'Category'
        $sink.MaxFileSize | Should -Be 1KB
        $sink.QueueSize | Should -Be 1MB
        $sink | Out-String | Should -Match 'side\.log\s+File\s+Warning'
    }

    It 'resolves its path by the location of the session' {
        Push-Location $folder
        try {
            (New-LogSink ./side.log).Path | Should -Be (Join-Path $folder 'side.log')
        }
        finally {
            Pop-Location
        }
    }

    It 'writes files with levels, filters and forms of their own' {
        $sinks = @(
            New-LogSink (Join-Path $folder 'errors.log') -MinimumLevel Error @plain
            New-LogSink (Join-Path $folder 'db.json') -MinimumLevel Debug -Filter { $_.Category -like 'Db*' } -Format Json -NoHeader
            New-LogSink (Join-Path $folder 'by-{Category}.log') @plain
        )
        $listener = Start-LogListener $path @plain -Sink $sinks
        Write-QueueLog 'a' -Level Error
        Write-QueueLog 'b' -Category Db.Import -Level Debug
        Write-QueueLog 'c' -Category Web
        $null = Stop-LogListener
        Read-Log $path | Should -Be 'a', 'c'
        Read-Log (Join-Path $folder 'errors.log') | Should -Be 'a'
        (Read-Log (Join-Path $folder 'db.json') | ConvertFrom-Json).'@m' | Should -Be 'b'
        Read-Log (Join-Path $folder 'by-Web.log') | Should -Be 'c'
        $listener.Sinks.Written | Should -Be 2, 1, 1, 2
        $listener.Sinks | Out-String | Should -Match 'Taken\s+Written\s+Filtered\s+LeftOut'
    }

    It 'gives records to a script, which sees what it names' {
        function Get-Short([string] $Text) { $Text.Substring(0, 3) }
        $seen = [System.Collections.Concurrent.ConcurrentQueue[string]]::new()
        $sinks = @(
            New-LogSink -ScriptBlock { ($using:seen).Enqueue((Get-Short $_.Message)) }
            New-LogSink -ScriptBlock { param([QueueLog.Records.LogRecord[]] $records) ($using:seen).Enqueue("$($records.Count) of $($records[0].Level)") }
        )
        Push-Location $folder
        try {
            $sinks += New-LogSink -ScriptBlock { Add-Content -LiteralPath ./added.txt -Value $_.Message }
        }
        finally {
            Pop-Location
        }

        $listener = Start-LogListener $path -Sink $sinks
        Write-QueueLog 'message'
        $null = Stop-LogListener
        $listener.Failures | Should -BeNullOrEmpty
        $seen | Sort-Object | Should -Be '1 of Information', 'mes'
        Get-Content (Join-Path $folder 'added.txt') | Should -Be 'message'
    }

    It 'stops a script that hangs when the time is over' {
        $listener = Start-LogListener $path @plain -Sink (New-LogSink -Name hung -ScriptBlock { Start-Sleep -Seconds 3600 })
        Write-QueueLog 'one'
        $listener | Stop-LogListener -TimeoutSeconds 1 -WarningVariable warnings -WarningAction SilentlyContinue | Out-Null
        "$warnings" | Should -BeLike "hung: 1 record was left out of 'hung' at the end*"
        Read-Log $path | Should -Be 'one', '1 records were left out of sink hung, which did not take them before the listener ended'
    }

    It 'works without a log of the listener''s own' {
        $side = Join-Path $folder 'side.log'
        $listener = Start-LogListener -Sink (New-LogSink $side @plain)
        $listener.Path | Should -BeNullOrEmpty
        Write-QueueLog 'one'
        $null = Stop-LogListener
        Read-Log $side | Should -Be 'one'
    }

    Context 'errors' {
        BeforeAll {
            $command = 'QueueLog.PowerShell.Commands.NewLogSinkCommand'
        }

        It 'InvalidTemplate' {
            { New-LogSink $path -Template '{Level' } | Should -Throw -ErrorId "InvalidTemplate,$command"
        }

        It 'InvalidTemplate, for the tokens of a path' {
            { New-LogSink (Join-Path $folder '{Nonsense}.log') } | Should -Throw -ErrorId "InvalidTemplate,$command"
        }

        It 'TemplateNeedsText' {
            { New-LogSink $path -Template '{Message}' -Format Csv } | Should -Throw -ErrorId "TemplateNeedsText,$command"
        }

        It 'LogPathNotInFileSystem' {
            { New-LogSink 'env:x' } | Should -Throw -ErrorId "LogPathNotInFileSystem,$command"
        }

        It 'UsingVariableUndefined' {
            { New-LogSink -ScriptBlock { $using:thereIsNoSuchThing } } | Should -Throw -ErrorId "UsingVariableUndefined,$command"
        }

        It 'NotALogger' {
            { New-LogSink -Logger 'text' } | Should -Throw -ErrorId "NotALogger,$command"
        }

        It 'SinkScriptUnusable: a module that the script names is gone' {
            $file = Join-Path $folder 'Gone.psm1'
            Set-Content -LiteralPath $file 'function Get-Gone { }'
            Import-Module $file
            try {
                $sink = New-LogSink -ScriptBlock { Get-Gone }
                Remove-Item -LiteralPath $file
                { Start-LogListener $path -Sink $sink } | Should -Throw -ErrorId 'SinkScriptUnusable,QueueLog.PowerShell.Commands.StartLogListenerCommand'
                Test-Path -LiteralPath $path | Should -BeFalse
            }
            finally {
                Remove-Module Gone
            }
        }

        It 'LoggerUnusable: the part of the module that knows loggers is missing' {
            $copy = Join-Path $folder 'QueueLog'
            $module = Split-Path (Get-StagedModule)
            Copy-Item -LiteralPath $module -Destination $copy -Recurse
            Remove-Item -LiteralPath (Join-Path $copy 'bin' 'Logging') -Recurse
            $result = Invoke-Pwsh -NoImport @"
Import-Module '$(Join-Path $copy 'QueueLog.psd1')'
`$library = [System.Reflection.Assembly]::LoadFrom('$(Join-Path $module 'bin' 'Logging' 'Microsoft.Extensions.Logging.Abstractions.dll')')
`$factory = `$library.GetType('Microsoft.Extensions.Logging.Abstractions.NullLoggerFactory')::new()
try { New-LogSink -Logger `$factory } catch { `$_.FullyQualifiedErrorId }
"@
            $result.Output | Should -Be "LoggerUnusable,$command"
        }

        It 'LogFileInUse, where two sinks want one file' {
            { Start-LogListener $path -Sink (New-LogSink $path) } | Should -Throw -ErrorId 'LogFileInUse,QueueLog.PowerShell.Commands.StartLogListenerCommand'
        }
    }
}
