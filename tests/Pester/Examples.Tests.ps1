BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession

    function Invoke-Example([string] $Name, [string] $Folder, [string] $Arguments) {
        $result = Invoke-Pwsh "& '$(Join-Path (Get-RepositoryRoot) 'examples' $Name)' $Arguments" -WorkingDirectory $Folder -NoImport
        if ($result.ExitCode -ne 0) {
            throw "$Name ended with exit code $($result.ExitCode): $($result.ErrorOutput)"
        }

        $result
    }

    # field = key:varint (varint | 8 bytes | length:varint bytes | 4 bytes), as Protocol Buffers have it
    function Read-ProtobufField([byte[]] $Bytes, [int[]] $Path) {
        $readVarint = {
            $value = 0L
            for ($shift = 0; ; $shift += 7) {
                $byte = $Bytes[$script:at++]
                $value = $value -bor (([long] ($byte -band 127)) -shl $shift)
                if ($byte -lt 128) { return $value }
            }
        }
        $script:at = 0
        while ($script:at -lt $Bytes.Length) {
            $key = & $readVarint
            $value = switch ($key -band 7) {
                0 { & $readVarint }
                1 { $script:at += 8 }
                5 { $script:at += 4 }
                2 { $length = & $readVarint; $start = $script:at; $script:at += $length; , ([System.ArraySegment[byte]]::new($Bytes, $start, $length).ToArray()) }
            }
            if (($key -shr 3) -eq $Path[0]) {
                if ($Path.Count -eq 1) {
                    , $value
                }
                else {
                    $behind = $script:at
                    Read-ProtobufField $value $Path[1..($Path.Count - 1)]
                    $script:at = $behind
                }
            }
        }
    }
}

AfterAll {
    Stop-TestSession
}

Describe 'The examples' {
    BeforeEach {
        $folder = New-TestFolder
    }

    It 'other-processes.ps1: any process of the session logs into its file' {
        $result = Invoke-Example other-processes.ps1 $folder
        $result.Output | Should -Not -Match 'no listener'
        $lines = Read-Log (Join-Path $folder 'logs' 'others.log')
        $lines -replace '^.* Information ' | Should -Be 'from the session itself', 'plain line 1', 'plain line 2', 'plain line 3', 'from a job'
    }

    It 'plain-script.ps1: a script that only logs works with a listener and without' {
        $alone = Invoke-Pwsh "& '$(Join-Path (Get-RepositoryRoot) 'examples' 'plain-script.ps1')' -Count 2" -WorkingDirectory $folder
        $alone.ExitCode | Should -Be 0
        $alone.Output | Should -Match 'plain line 1[\s\S]*plain line 2'
    }

    It 'record-by-hand.ps1: records from elsewhere keep their own time and origin' {
        $null = Invoke-Example record-by-hand.ps1 $folder "-Path './by-hand.log'"
        $header, $lines = Read-Log (Join-Path $folder 'by-hand.log')
        $header | Should -BeLike '# QueueLog: text {Timestamp:*'
        $lines[0] | Should -BeExactly '2026-01-31 04:05:06 sensor-7   Warning  Cooling temperature is 81 degrees'
        $lines[1] | Should -MatchExactly '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d sensor-7   Information Cooling fan restarted$'
    }

    It 'report.ps1: a page and a trace of a run' {
        $result = Invoke-Example report.ps1 $folder
        ($result.Output -split '\r?\n')[-1] | Should -Be 'written: report.html, run.trace.json.gz'
        [System.IO.File]::ReadAllText((Join-Path $folder 'report' 'report.html')) | Should -BeLike '*"statuses":{"Completed":57,"Failed":3}*'
    }

    It 'several-sinks.ps1: errors in a file of their own, and a script that counts' {
        $result = Invoke-Example several-sinks.ps1 $folder
        $output = $result.Output -split '\r?\n'
        $output[0] | Should -Be '48 records, 9 warnings, 3 errors'
        $output[-1] | Should -Be 'Script counter: 60 written, 0 left out'
        $header, $errors = Read-Log (Join-Path $folder 'logs' 'errors.log')
        $header | Should -BeLike '# QueueLog: text *'
        $errors -replace '^.*: ' | Sort-Object | Should -Be 'row 20', 'row 40', 'row 60'
    }

    It 'quickstart.ps1: ten workers, a hundred items, one log' {
        $result = Invoke-Example quickstart.ps1 $folder
        ($result.Output -split '\r?\n')[-1] | Should -Be '100 results, the largest is 9801'
        $lines = Read-Log (Join-Path $folder 'run.log')
        $lines | ForEach-Object { $_ | Should -MatchExactly '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} Worker-\d+ +Information (item \d+ started|\d+)$' }
        $lines -match 'started$' | ForEach-Object { [int] ($_ -split ' ')[-2] } | Sort-Object | Should -Be (0..99)
        $lines -notmatch 'started$' | ForEach-Object { [int] ($_ -split ' ')[-1] } | Sort-Object | Should -Be (0..99 | ForEach-Object { $_ * $_ })
        $result.ErrorOutput -split '\r?\n' | Sort-Object | Should -Be ($lines | Sort-Object)
    }

    It 'ten-processes.ps1: ten processes into a rolling file and onto the console' {
        $result = Invoke-Example ten-processes.ps1 $folder
        $console = $result.ErrorOutput -split '\r?\n'
        $console | Should -HaveCount 160
        foreach ($worker in 1..10) {
            $item = $worker - 1
            $own = @($console -like "Worker-$worker *" -replace "^Worker-$worker ")
            $own[0..12] | Should -Be (@("item $item started", 'started') + (1..10 | ForEach-Object { "line $_ of 10" }) + 'finished')
            $own[13] | Should -BeLike "item $item completed in *"
            $own | Should -HaveCount 14
        }

        $files = 'ten.log.5', 'ten.log.4', 'ten.log.3', 'ten.log.2', 'ten.log.1', 'ten.log' | ForEach-Object { Join-Path $folder 'logs' $_ } | Where-Object { Test-Path -LiteralPath $_ }
        $files.Count | Should -BeGreaterThan 2
        @(Get-ChildItem -LiteralPath (Join-Path $folder 'logs')) | Should -HaveCount $files.Count
        $files | ForEach-Object { (Get-Item -LiteralPath $_).Length | Should -BeIn (1..3000) }
        $files | ForEach-Object { (Read-Log $_)[0] | Should -Be '# QueueLog: text {Timestamp:yyyy-MM-dd HH:mm:ss,fff} {Process,-10} {Level,-8} {Message}' }
        $lines = $files | ForEach-Object { Read-Log $_ | Select-Object -Skip 1 }
        $lines | ForEach-Object { $_ | Should -MatchExactly '^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (Worker-\d+|pwsh) +(Debug   |Information) (started|finished|line \d+ of 10|item \d .*|Worker-.*)$' }
        ($lines -replace '^\S+ \S+ (Worker-\d+|pwsh) +(Debug   |Information) ', '$1 ') | Should -Be $console
    }

    It 'argument-tuples.ps1: a longer list of tuples over ten processes' {
        $result = Invoke-Example argument-tuples.ps1 $folder "-Path './tuples.log'"
        ($result.Output -split '\r?\n')[0] | Should -Be '100 checked'
        $lines = Read-Log (Join-Path $folder 'tuples.log')
        $expected = foreach ($region in 'north', 'south', 'east', 'west') {
            foreach ($number in 1..25) { "checking $region-$number, deep: $("$($number % 3 -eq 0)".ToLowerInvariant())" }
        }

        $lines -replace '^.* Information ' | Sort-Object | Should -Be ($expected | Sort-Object)
    }

    It 'file-per-worker.ps1: one file for each worker' {
        $null = Invoke-Example file-per-worker.ps1 $folder "-Folder './workers'"
        $files = @(Get-ChildItem -LiteralPath (Join-Path $folder 'workers'))
        $files.Count | Should -BeGreaterThan 0
        $files.Name | ForEach-Object { $_ | Should -MatchExactly '^Worker-[1-4]\.log$' }
        foreach ($file in $files) {
            Read-Log $file.FullName | ForEach-Object { $_ | Should -Match " $($file.BaseName) +Information item \d+$" }
        }

        $files | ForEach-Object { Read-Log $_.FullName } | ForEach-Object { [int] ($_ -split ' ')[-1] } | Sort-Object | Should -Be (1..40)
    }

    It 'dotnet-program.ps1: a .NET program, started for each item, logs into the same file' {
        $null = Invoke-Example dotnet-program.ps1 $folder
        $log = Read-Log (Join-Path $folder 'logs' 'orders.log')
        @($log -eq '    System.InvalidOperationException: the box is too small') | Should -HaveCount 4
        $lines = $log | Select-Object -Skip 1 | Where-Object { $_ -notmatch '^ ' } | ForEach-Object { $_ -replace '^\S+ (\S+) +(\w+) +', '$1 $2 ' }
        $lines | Should -HaveCount 16
        foreach ($order in 1..4) {
            $lines -match " $order came in$" | Should -MatchExactly "^Worker-[12] Information $order order $order came in$"
            $lines -cmatch " Packing $order " | Should -Be @(
                "dotnet-program Information Packing $order packing 3 parts"
                "dotnet-program Warning Packing $order trying a larger box"
                "dotnet-program Information Packing $order packed"
            )
        }
    }

    It 'otlp.ps1: the records reach a collector, by OTLP over HTTP' {
        # On a port that was free a moment ago.
        $free = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $free.Start()
        $port = $free.LocalEndpoint.Port
        $free.Stop()
        $http = [System.Net.HttpListener]::new()
        $http.Prefixes.Add("http://localhost:$port/")
        $http.Start()
        $receiver = Start-ThreadJob {
            $http = $using:http
            while ($http.IsListening) {
                try { $context = $http.GetContext() } catch { return }
                $body = [System.IO.MemoryStream]::new()
                $context.Request.InputStream.CopyTo($body)
                [pscustomobject]@{ Path = $context.Request.Url.AbsolutePath; Type = $context.Request.ContentType; Body = $body.ToArray() }
                $context.Response.ContentType = 'application/x-protobuf'
                $context.Response.Close()
            }
        }
        try {
            $null = Invoke-Example otlp.ps1 $folder "-Endpoint 'http://localhost:$port'"
        }
        finally {
            $http.Close()
            $requests = @($receiver | Receive-Job -Wait -AutoRemoveJob)
        }

        $requests.Path | Sort-Object -Unique | Should -Be '/v1/logs'
        $requests.Type | Sort-Object -Unique | Should -Be 'application/x-protobuf'

        # ExportLogsServiceRequest.resource_logs.scope_logs.log_records, and of each severity_number and body.string_value
        $records = foreach ($request in $requests) {
            foreach ($record in Read-ProtobufField $request.Body 1, 2, 2) {
                "$(Read-ProtobufField $record 2) $([System.Text.Encoding]::UTF8.GetString((Read-ProtobufField $record 5, 1)))"
            }
        }

        $records -like '*order*' | Where-Object { $_ -match 'came in|large' } | Sort-Object | Should -Be '13 order 3 is too large', '9 order 1 came in', '9 order 2 came in', '9 order 3 came in', '9 order 4 came in'
        [System.Text.Encoding]::UTF8.GetString([byte[]] ($requests.Body | ForEach-Object { $_ })) | Should -BeLike '*service.name*orders*'
        @(Read-Log (Join-Path $folder 'logs' 'otlp.log')) -match 'came in$' | Should -HaveCount 4
    }

    It 'python-program.ps1: a Python program, started for each item, logs into the same file' {
        if (-not (Get-Command python3 -CommandType Application -ErrorAction Ignore)) {
            Set-ItResult -Skipped -Because 'python3 is not installed'
            return
        }

        $result = Invoke-Example python-program.ps1 $folder
        $result.ErrorOutput | Should -BeNullOrEmpty
        $result.Output -split '\r?\n' | Sort-Object | Should -Be '100', '200', '300', '400'
        $lines = @(Read-Log (Join-Path $folder 'logs' 'convert.log')) -match ' convert ' -replace '^\S+ '
        $lines | Sort-Object | Should -Be @(@(1..4 | ForEach-Object { "convert    Information convert converting file $_" }) + 'convert    Warning     convert file 3 is empty' | Sort-Object)
        [array]::IndexOf($lines, 'convert    Warning     convert file 3 is empty') | Should -BeGreaterThan ([array]::IndexOf($lines, 'convert    Information convert converting file 3'))
    }

    It 'read-the-log.ps1: what went wrong, how long things took, and whether the log is complete' {
        $result = Invoke-Example read-the-log.ps1 $folder
        $lines = $result.Output -split '\r?\n'
        ($lines[0] -replace '^warnings: ') -split '; ' | Sort-Object | Should -Be (60, 70, 80, 90 | ForEach-Object { "disk is $_ % full" })
        $lines | Select-Object -Skip 1 | Should -Be 'slow: 2', 'part-7: copied part-7.csv in 0.7 s', 'complete: True'
    }

    It 'two-hosts.ps1: one script over the hosts of a queue, one log' {
        if (-not (Get-Command nats-server -CommandType Application -ErrorAction Ignore)) {
            Set-ItResult -Skipped -Because 'nats-server is not installed'
            return
        }

        $free = [System.Net.Sockets.TcpListener]::new([System.Net.IPAddress]::Loopback, 0)
        $free.Start()
        $port = $free.LocalEndpoint.Port
        $free.Stop()
        $result = Invoke-Example two-hosts.ps1 $folder "-Port $port"
        ($result.Output -split '\r?\n')[-2..-1] | Should -Be '100 results, the largest is 9801', 'complete: True'
        $entries = @(Read-Log (Join-Path $folder 'run.log') | ConvertFrom-Json) | Where-Object '@m' -Like '* started'
        $entries.Process | ForEach-Object { $_ | Should -MatchExactly '^Worker-\d@web[12]$' }
        $entries | ForEach-Object { $_.Item } | Sort-Object | Should -Be (0..99)
    }

    It 'every script is run by a test' {
        $text = [System.IO.File]::ReadAllText((Join-Path $PSScriptRoot 'Examples.Tests.ps1'))
        Get-ChildItem -LiteralPath (Join-Path (Get-RepositoryRoot) 'examples') -File | ForEach-Object { $text | Should -Match ([regex]::Escape("'$($_.Name): ")) }
    }
}
