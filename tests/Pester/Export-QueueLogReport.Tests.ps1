BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession

    $run = New-TestFolder
    $log = Join-Path $run 'run.log'
    $jobLog = Join-Path $run 'run.jsonl'
    Start-LogListener $log -Format Json -MinimumLevel Debug
    $null = 1..12 | Invoke-WorkerPool -Count 2 -JobLog $jobLog -Retry 1 -Quiet -ErrorAction SilentlyContinue -WarningAction SilentlyContinue -ScriptBlock {
        Write-QueueLog 'item {Number}' -ArgumentList $_
        if ($_ -eq 5) { throw 'number 5 is out' }
    }
    Stop-LogListener

    # What the page is made from.
    function Get-ReportData([string] $Path) {
        $page = [System.IO.File]::ReadAllText($Path)
        $page -match '<script type="application/json" id="data">(.*)</script>' | Should -BeTrue
        $Matches[1] | ConvertFrom-Json
    }
}

AfterAll {
    Stop-TestSession
}

Describe 'Export-QueueLogReport' {
    BeforeEach {
        $folder = New-TestFolder
        $out = Join-Path $folder 'report.html'
    }

    It 'makes a page of a log and its job log, and gives it with -PassThru alone' {
        Export-QueueLogReport $log $out -JobLog $jobLog -Title 'Twelve' | Should -BeNullOrEmpty
        (Export-QueueLogReport $log $out -JobLog $jobLog -Title 'Twelve' -PassThru).FullName | Should -Be $out
        @(Get-ChildItem $folder).Count | Should -Be 1 -Because 'nothing is left of the writing'
        $data = Get-ReportData $out
        $data.title | Should -Be 'Twelve'
        $data.statuses.Completed, $data.statuses.Failed, $data.retries | Should -Be 11, 1, 1
        $data.lanes.name | Should -Be 'Worker-1', 'Worker-2'
        ($data.lanes.items | Measure-Object -Sum).Sum | Should -Be 12
        $data.failures[0].count, $data.failures[0].template, "$($data.failures[0].items)", "$($data.failures[0].inputs)" | Should -Be 1, 'number # is out', '4', '5'
        ($data.levels | Measure-Object -Sum).Sum | Should -Be @(Get-QueueLog $log).Count
        $data.notes | Should -BeNullOrEmpty
    }

    It 'says where in the script an item failed' {
        Export-QueueLogReport -JobLog $jobLog -OutFile $out
        $data = Get-ReportData $out
        $data.texts -match 'at <ScriptBlock>, .*Export-QueueLogReport\.Tests\.ps1: line \d+' | Should -Not -BeNullOrEmpty
    }

    It 'makes do with either input, is named by it, and says what is missing' {
        Export-QueueLogReport -JobLog $jobLog -OutFile $out
        $data = Get-ReportData $out
        $data.title, $data.statuses.Completed | Should -Be 'run', 11
        "$($data.notes)" | Should -BeLike 'Made without the log:*'
        $data.records.message | Should -BeNullOrEmpty

        Export-QueueLogReport $log -OutFile $out
        $data = Get-ReportData $out
        "$($data.notes)" | Should -BeLike 'Made without the job log:*'
        $data.statuses.Completed, $data.statuses.Failed, $data.retries | Should -Be 11, 1, 1
        $data.items.input | Should -Contain '5' -Because 'the log says what failed'
    }

    It 'knows from the log alone how items ended, in <name>' -ForEach @(
        @{ name = 'Json'; format = @{ Format = 'Json' } }
        @{ name = 'Text'; format = @{ Template = '{Timestamp} [{Level}] {Process} {Worker} ({Pid}) #{Item}.{Attempt}: {Message}' } }
    ) {
        # Inputs and errors that look like such records themselves.
        $own = Join-Path $folder 'ends.log'
        Start-LogListener $own -MinimumLevel Debug @format
        $inputs = "a', failed after 5 ms: b", "c', took longer than 5 s", 'slow', 'dies', 'fine'
        $null = $inputs | Invoke-WorkerPool -Count 1 -TimeoutSeconds 2 -Quiet -ErrorAction SilentlyContinue -WarningAction SilentlyContinue -ScriptBlock {
            switch ($_) {
                'slow' { while ($true) { [System.Threading.Thread]::Sleep(50) } }
                'dies' { [System.Environment]::Exit(3) }
                'fine' { }
                default { throw 'bad luck' }
            }
        }
        Stop-LogListener
        Export-QueueLogReport $own -OutFile $out
        $data = Get-ReportData $out
        $data.statuses.Failed, $data.statuses.TimedOut, $data.statuses.Crashed, $data.statuses.Completed | Should -Be 2, 1, 1, 1
        @($data.statuses.PSObject.Properties).Count | Should -Be 4
        $data.items.input | Should -Be ($inputs[0..3] + '')
        $data.items.duration[0..1] | Should -Not -Contain 5000 -Because 'that is what the input says'
        ($data.failures | Where-Object { $_.kind -eq 'Items' -and $_.template -eq 'bad luck' }).count | Should -Be 2
    }

    It 'takes the log of the session, and paths from the pipeline' {
        $own = Join-Path $folder 'own.log'
        Start-LogListener $own
        Write-QueueLog 'the only one' -Wait
        Export-QueueLogReport -OutFile $out
        (Get-ReportData $out).records.message | Should -Be 'the only one'
        Get-LogListener | Export-QueueLogReport -OutFile $out
        (Get-ReportData $out).records.message | Should -Be 'the only one'
        Stop-EveryListener
        Export-QueueLogReport -LiteralPath $own -OutFile $out
        (Get-ReportData $out).records.message | Should -Be 'the only one'
    }

    It 'takes several logs and job logs as one run' {
        Copy-Item $jobLog (Join-Path $folder 'a.jsonl')
        [System.IO.File]::WriteAllText((Join-Path $folder 'b.jsonl'), '{"Index":99,"Status":"Completed","Attempt":1,"Worker":"Worker-3@web2","Pid":77,"Started":"2026-11-30T08:00:00+00:00","Ended":"2026-11-30T08:00:01+00:00"}')
        Export-QueueLogReport -JobLog (Join-Path $folder '*.jsonl') -OutFile $out
        $data = Get-ReportData $out
        $data.statuses.Completed | Should -Be 12
        $data.lanes.name | Should -Contain 'Worker-3@web2'
    }

    It 'makes a trace with -Format ChromeTrace, compressed if its name says so' {
        $trace = Join-Path $folder 'run.trace.json.gz'
        Export-QueueLogReport $log -JobLog $jobLog -OutFile $trace -Format ChromeTrace
        $stream = [System.IO.Compression.GZipStream]::new([System.IO.File]::OpenRead($trace), [System.IO.Compression.CompressionMode]::Decompress)
        try {
            $events = ([System.IO.StreamReader]::new($stream).ReadToEnd() | ConvertFrom-Json).traceEvents
        } finally {
            $stream.Dispose()
        }

        @($events | Where-Object ph -eq 'X').Count | Should -Be 13 -Because 'one item had two attempts'
        ($events | Where-Object name -eq 'process_name').args.name | Should -Be 'run', 'Worker-1', 'Worker-2'
    }

    It 'leaves a cut line out, and says so' {
        $cut = Join-Path $folder 'cut.jsonl'
        $text = [System.IO.File]::ReadAllText($jobLog)
        [System.IO.File]::WriteAllText($cut, $text.Substring(0, $text.Length - 40))
        Export-QueueLogReport -JobLog $cut -OutFile $out
        "$((Get-ReportData $out).notes)" | Should -BeLike '*1 lines of the job log cut.jsonl are cut*'
    }

    It 'tells a job log of another run' {
        $other = Join-Path $folder 'other.jsonl'
        [System.IO.File]::WriteAllText($other, '{"Index":0,"Status":"Completed","Attempt":1,"Worker":"Worker-1","Pid":1,"Started":"2026-11-30T08:00:00+00:00","Ended":"2026-11-30T08:00:01+00:00"}')
        Export-QueueLogReport $log -JobLog $other -OutFile $out
        "$((Get-ReportData $out).notes)" | Should -BeLike '*have no worker process in common*'
    }

    It 'makes a report of what there is where one of the inputs is missing' {
        Export-QueueLogReport (Join-Path $folder 'missing.log') -JobLog $jobLog -OutFile $out -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.FullyQualifiedErrorId | Should -Be 'LogNotFound,QueueLog.PowerShell.Commands.ExportQueueLogReportCommand'
        "$((Get-ReportData $out).notes)" | Should -BeLike 'Made without the log:*'
        Export-QueueLogReport $log -JobLog (Join-Path $folder 'missing.jsonl') -OutFile $out -ErrorAction SilentlyContinue -ErrorVariable problem
        $problem.FullyQualifiedErrorId | Should -Be 'JobLogUnreadable,QueueLog.PowerShell.Commands.ExportQueueLogReportCommand'
        "$((Get-ReportData $out).notes)" | Should -BeLike 'Made without the job log:*'
    }

    It 'NothingToReport: files of something else, and nothing is written' {
        $picture = Join-Path $folder 'picture.log'
        [System.IO.File]::WriteAllBytes($picture, [byte[]] (0..255 * 40))
        { Export-QueueLogReport $picture -OutFile $out } | Should -Throw -ErrorId 'NothingToReport,QueueLog.PowerShell.Commands.ExportQueueLogReportCommand'
        { Export-QueueLogReport -JobLog $picture -OutFile $out } | Should -Throw -ErrorId 'NothingToReport,QueueLog.PowerShell.Commands.ExportQueueLogReportCommand'
        { Export-QueueLogReport $jobLog -OutFile $out } | Should -Throw -ErrorId 'NothingToReport,QueueLog.PowerShell.Commands.ExportQueueLogReportCommand'
        $out | Should -Not -Exist
    }

    It 'ReportNotWritten: no such folder, a folder, one of the inputs, no file at all' {
        { Export-QueueLogReport $log -OutFile (Join-Path $folder 'no' 'report.html') } | Should -Throw -ErrorId 'ReportNotWritten,QueueLog.PowerShell.Commands.ExportQueueLogReportCommand'
        { Export-QueueLogReport $log -OutFile $folder } | Should -Throw -ErrorId 'ReportNotWritten,QueueLog.PowerShell.Commands.ExportQueueLogReportCommand'
        { Export-QueueLogReport $log -OutFile 'Variable:report' } | Should -Throw -ErrorId 'ReportNotWritten,QueueLog.PowerShell.Commands.ExportQueueLogReportCommand'
        $before = [System.IO.File]::ReadAllText($log)
        { Export-QueueLogReport $log -OutFile $log } | Should -Throw -ErrorId 'ReportNotWritten,QueueLog.PowerShell.Commands.ExportQueueLogReportCommand'
        [System.IO.File]::ReadAllText($log) | Should -BeExactly $before
        Get-ChildItem $folder | Should -BeNullOrEmpty
    }

    It 'ReportNotWritten: an old file of a log, a name that a log may yet take, no name' {
        $roll = Join-Path $folder 'roll.log'
        Copy-Item $log $roll
        Copy-Item $log "$roll.1"
        $id = 'ReportNotWritten,QueueLog.PowerShell.Commands.ExportQueueLogReportCommand'
        $before = [System.IO.File]::ReadAllText($roll)
        { Export-QueueLogReport $roll -OutFile "$roll.1" } | Should -Throw -ErrorId $id
        { Export-QueueLogReport $roll -OutFile "$roll.2" } | Should -Throw -ErrorId $id
        [System.IO.File]::ReadAllText("$roll.1") | Should -BeExactly $before
        { Export-QueueLogReport $log -OutFile (Join-Path $folder "a`0b") } | Should -Throw -ErrorId $id
        @(Get-ChildItem $folder).Count | Should -Be 2
    }

    It 'ReportNotWritten: a pipe, also by a link, which stays what it is' -Skip:$IsWindows {
        $pipe = Join-Path $folder 'pipe'
        & mkfifo $pipe
        $link = (New-Item -ItemType SymbolicLink -Path (Join-Path $folder 'link') -Target $pipe).FullName
        foreach ($path in $pipe, $link) {
            { Export-QueueLogReport $log -OutFile $path } | Should -Throw -ErrorId 'ReportNotWritten,QueueLog.PowerShell.Commands.ExportQueueLogReportCommand'
        }

        & test -p $pipe
        $LASTEXITCODE | Should -Be 0
        (Get-Item $link).LinkTarget | Should -Be $pipe
    }

    It 'writes through no link that somebody has laid beside the report' -Skip:$IsWindows {
        $victim = Join-Path $folder 'victim'
        [System.IO.File]::WriteAllText($victim, 'mine')
        $null = New-Item -ItemType SymbolicLink -Path "$out.$PID.tmp" -Target $victim
        Export-QueueLogReport $log -OutFile $out
        [System.IO.File]::ReadAllText($victim) | Should -BeExactly 'mine'
        $out | Should -Exist
    }

    It 'NoLogToRead: neither an input nor a listener' {
        { Export-QueueLogReport -OutFile $out } | Should -Throw -ErrorId 'NoLogToRead,QueueLog.PowerShell.Commands.ExportQueueLogReportCommand'
    }

    It '-Open: a report that nothing opens is written all the same, with a warning' -Skip:(-not $IsLinux) {
        $path = $env:PATH
        try {
            $env:PATH = $folder
            Export-QueueLogReport $log -OutFile $out -Open -WarningVariable why -WarningAction SilentlyContinue
        } finally {
            $env:PATH = $path
        }

        "$why" | Should -BeLike "*$out*was written*"
        $out | Should -Exist
    }
}
