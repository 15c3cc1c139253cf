# What QueueLog promises, in the PowerShell of Windows: each check is a line "passed scene: ..." or "failed scene: ...: why", and the last line
# says that the script came to its end. Imports the module as it was staged.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

# Long enough for a busy machine: a deadline only says that something hangs.
$deadline = 300

$root = (Resolve-Path -LiteralPath "$PSScriptRoot/../..").Path
$module = Join-Path $root 'output/modules/QueueLog/QueueLog.psd1'
$folder = [System.IO.Directory]::CreateTempSubdirectory('ql-').FullName
$env:QUEUELOG_STATE = Join-Path $folder 's'
$env:QUEUELOG_PIPE = $null

function Invoke-Check {
    # Runs a check with a log of its own; what it throws is why it failed, and the errors before it may say what led there.
    param([string] $Name, [scriptblock] $Check)
    $path = Join-Path $folder "$([guid]::NewGuid().ToString('N').Substring(0, 8))/run.log"
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    $Error.Clear()
    try {
        & $Check $path
        "passed scene: $Name ($([int] $clock.Elapsed.TotalSeconds) s)"
    }
    catch {
        $before = $Error | Select-Object -Skip 1 -First 5 | ForEach-Object { " Before: $_" }
        "failed scene: $Name`: $("$($_.Exception.Message) (line $($_.InvocationInfo.ScriptLineNumber)).$before" -replace '\s+', ' ')"
    }
    finally {
        Get-Job | Remove-Job -Force
        Get-LogListener | Stop-LogListener
    }
}

function Assert-Equal {
    param($Actual, $Expected, [string] $What)
    if ("$Actual" -cne "$Expected") {
        throw "$What`: '$Actual' instead of '$Expected'"
    }
}

function Assert-Complete {
    # What Test-QueueLog says of every process and every file.
    param([string] $Path)
    $faults = Test-QueueLog $Path | Where-Object Status -ne 'Complete'
    if ($faults) {
        throw "Test-QueueLog: $(($faults | ForEach-Object { "$($_.Subject) $($_.Name) is $($_.Status), $($_.Missing) missing. $($_.Note)" }) -join '; ')"
    }
}

function Receive-All {
    # What a job gives, when it has ended by itself.
    param([System.Management.Automation.Job] $Job, [System.Management.Automation.ActionPreference] $OnError = 'Stop')
    if (-not ($Job | Wait-Job -Timeout $deadline)) {
        throw "The job did not end within $deadline s."
    }

    $Job | Receive-Job -Wait -AutoRemoveJob -ErrorAction $OnError
}

function Stop-Listener {
    # Stops the only listener; gives its counts.
    $listener = Get-LogListener
    $listener | Stop-LogListener
    $listener
}

function Get-Message {
    # The messages in a log, with its rolled files, that match a pattern.
    param([string] $Path, [string] $Pattern)
    Get-QueueLog $Path | Where-Object Message -match $Pattern | ForEach-Object Message
}

function Start-Child {
    # A process that runs a script with the module imported, and goes on after [Console]::In.ReadLine() when it is told to.
    param([string] $Script)
    $file = Join-Path $folder "$([guid]::NewGuid().ToString('N')).ps1"
    [System.IO.File]::WriteAllText($file, "Import-Module '$module'`n$Script`n")
    $start = [System.Diagnostics.ProcessStartInfo]::new((Join-Path $PSHOME 'pwsh.exe'))
    foreach ($argument in '-NoProfile', '-NonInteractive', '-File', $file) {
        $start.ArgumentList.Add($argument)
    }

    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    [System.Diagnostics.Process]::Start($start)
}

function Wait-Line {
    # The next line of a child's output.
    param([System.Diagnostics.Process] $Child)
    $reading = $Child.StandardOutput.ReadLineAsync()
    if (-not $reading.Wait([timespan]::FromSeconds($deadline))) {
        throw "A child wrote no line within $deadline s."
    }

    $reading.Result
}

Import-Module $module
"PowerShell $($PSVersionTable.PSVersion) on $([System.Environment]::OSVersion.VersionString)"

Invoke-Check 'ten workers write ten lines each into one file that rolls' {
    param($path)
    $template = '{Timestamp:yyyy-MM-dd HH:mm:ss,fff} {Process,-10} {Pid} {Sequence} {Level,-11} {Message}'
    Start-LogListener $path -MaxFileSize 3000 -MaxFiles 20 -MinimumLevel Debug -Template $template -Console

    # run.sh looks for it in what the console showed.
    Write-QueueLog 'Größe des Pools: 10'
    Receive-All (Start-WorkerPool -Count 10 -ScriptBlock {
        param($worker)
        foreach ($line in 1..10) {
            Start-Sleep -Milliseconds (Get-Random -Minimum 1 -Maximum 20)
            Write-QueueLog 'worker {Number} line {Line} of 10' -ArgumentList $worker, $line -Level Debug
        }
    })
    $stopped = Stop-Listener
    Assert-Equal $stopped.Lost 0 'records lost'
    foreach ($worker in 0..9) {
        $lines = Get-Message $path "^worker $worker line"
        Assert-Equal ($lines -join '|') ((1..10 | ForEach-Object { "worker $worker line $_ of 10" }) -join '|') "the lines of worker $worker"
    }

    $files = @(Get-ChildItem (Split-Path $path) -Filter 'run.log*' | Where-Object Name -notlike '*.lock')
    if ($files.Count -lt 3) {
        throw "There are only $($files.Count) files: $($files.Name)"
    }

    $large = $files | Where-Object Length -gt 3000
    if ($large) {
        throw "Larger than 3000 bytes: $($large.Name)"
    }

    Assert-Complete $path
}

Invoke-Check '200 of 200 records of ten workers at once are in the file' {
    param($path)
    Start-LogListener $path -Format Json
    $squares = Receive-All (0..99 | Start-WorkerPool -Count 10 -ScriptBlock {
        param($i)
        Write-QueueLog 'item {Item} started' -ArgumentList $i
        $i * $i
    })
    $stopped = Stop-Listener
    Assert-Equal @($squares).Count 100 'results'
    Assert-Equal "$($stopped.Received) $($stopped.Written) $($stopped.Lost)" '200 200 0' 'records received, written and lost'
    Assert-Equal @(Get-QueueLog $path).Count 200 'records in the file'
    foreach ($i in 0..99) {
        Assert-Equal @(Get-Message $path "^item $i started$").Count 1 "records of item $i"
    }

    Assert-Complete $path
}

Invoke-Check 'a worker that is killed is replaced, and its item fails' {
    param($path)
    Start-LogListener $path -Format Json
    $results = Receive-All -OnError SilentlyContinue (1..6 | Start-WorkerPool -Count 2 -ScriptBlock {
        param($i)
        Write-QueueLog "item $i"
        if ($i -eq 3) {
            [System.Diagnostics.Process]::GetCurrentProcess().Kill()
        }

        $i
    })
    $null = Stop-Listener
    Assert-Equal (($results | Sort-Object) -join ' ') '1 2 4 5 6' 'results'
    Assert-Equal @(Get-Message $path '^item \d$').Count 6 'records of items'
    Assert-Equal @(Get-Message $path 'its worker died').Count 1 'records of a death'
}

Invoke-Check 'what a killed listener had not written is written by the next one, once and in order' {
    param($path)
    $listening = Start-Child "Start-LogListener '$path' -Format Json; `$env:QUEUELOG_PIPE; `$null = [Console]::In.ReadLine()"
    $writing = $null
    try {
        $address = Wait-Line $listening
        $writing = Start-Child @"
`$env:QUEUELOG_PIPE = '$address'
1..500 | ForEach-Object { Write-QueueLog "line `$_" }
'written'
`$null = [Console]::In.ReadLine()
501..1000 | ForEach-Object { Write-QueueLog "line `$_" }
'more'
`$null = [Console]::In.ReadLine()
1001..1500 | ForEach-Object { Write-QueueLog "line `$_" }
Write-QueueLog 'the end' -Wait
"@
        Assert-Equal (Wait-Line $writing) 'written' 'what the writer says'
        $listening.Kill()
        $listening.WaitForExit()
        $writing.StandardInput.WriteLine('go')
        Assert-Equal (Wait-Line $writing) 'more' 'what the writer says'
        Start-LogListener $path -Format Json
        $writing.StandardInput.WriteLine('go')
        if (-not $writing.WaitForExit($deadline * 1000)) {
            throw "The writer did not end within $deadline s."
        }
    }
    finally {
        $listening, $writing | Where-Object { $_ -and -not $_.HasExited } | ForEach-Object Kill
    }

    $stopped = Stop-Listener
    Assert-Equal $stopped.Lost 0 'records lost'
    $lines = Get-Message $path '^(line|the end)'
    Assert-Equal ($lines -join '|') ((@(1..1500 | ForEach-Object { "line $_" }) + 'the end') -join '|') 'lines'
    Assert-Complete $path
}

Invoke-Check 'Stop-Job ends a pool and its workers, and what they logged is in the file' {
    param($path)
    Start-LogListener $path -Format Json
    $job = Start-WorkerPool -Count 3 -ScriptBlock {
        Write-QueueLog "worker $PID"
        $PID
        [System.Threading.Thread]::Sleep(-1)
    }
    $clock = [System.Diagnostics.Stopwatch]::StartNew()
    while (@(Get-Message $path '^worker \d+$').Count -lt 3) {
        if ($clock.Elapsed.TotalSeconds -gt $deadline) {
            throw "The workers did not start within $deadline s."
        }

        Start-Sleep -Milliseconds 200
    }

    $workers = Get-Message $path '^worker \d+$' | ForEach-Object { [System.Diagnostics.Process]::GetProcessById($_.Substring('worker '.Length)) }
    $job | Stop-Job
    $null = $job | Wait-Job -Timeout $deadline
    Assert-Equal $job.State 'Stopped' 'the state of the job'
    foreach ($worker in $workers) {
        if (-not $worker.WaitForExit($deadline * 1000)) {
            throw "Worker $($worker.Id) is still there."
        }
    }

    $null = Stop-Listener
    Assert-Equal @(Get-Message $path '^worker \d+$').Count 3 'records of workers'
}

Remove-Module QueueLog
Remove-Item -LiteralPath $folder -Recurse -Force -ErrorAction Ignore
'The scene is over.'
