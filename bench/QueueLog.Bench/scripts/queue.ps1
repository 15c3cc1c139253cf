# Items over a queue: a nats-server and two hosts on this machine, each a process. Prints {"items": ..., "seconds": ...}.
#   Here     empty items in a pool on this machine, the start of its workers included
#   Items    empty items, the start of the hosts' workers included
#   Sleep    items of 100 ms on 2 x 8 workers, from the first begin to the last end
#   Memory   empty items streaming to Out-Null; the memory of this process and of a host besides, in MB: after the first tenth of the
#            items, the highest from there on, and after all of them
#   Records  records of the hosts' workers until all are in the file here, the start included; each item logs 100
param(
    [Parameter(Mandatory)] [int] $Processes,
    [Parameter(Mandatory)] [int] $Items,
    [ValidateSet('Here', 'Items', 'Sleep', 'Memory', 'Records')] [string] $What = 'Items'
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$module = "$PSScriptRoot/../../../QueueLog.psd1"
Import-Module $module
function Measure-Items([hashtable] $Where) {
    $total = 0L
    $watch = [Diagnostics.Stopwatch]::StartNew()
    1..$Items | Invoke-WorkerPool @Where { $_ } | . { process { $total += $_ } }
    if ($total -ne [long] $Items * ($Items + 1) / 2) { throw "The results of $Items items add up to $total" }
    $watch.Elapsed.TotalSeconds
}

function Write-Result([Collections.IDictionary] $Figures) {
    $parts = foreach ($name in $Figures.Keys) { '"{0}": {1}' -f $name, $Figures[$name].ToString([cultureinfo]::InvariantCulture) }
    [Console]::Out.WriteLine('{"items": ' + $Items + ', ' + ($parts -join ', ') + '}')
}

if ($What -eq 'Here') {
    Write-Result @{ seconds = Measure-Items @{ Count = $Processes } }
    return
}

$folder = (New-Item -ItemType Directory (Join-Path ([IO.Path]::GetTempPath()) ([IO.Path]::GetRandomFileName()))).FullName
$started = [Collections.Generic.List[Diagnostics.Process]]::new()
function Start-Quietly([string] $Program, [string[]] $Arguments) {
    $start = [Diagnostics.ProcessStartInfo] @{ FileName = $Program; RedirectStandardOutput = $true; RedirectStandardError = $true; RedirectStandardInput = $true }
    foreach ($argument in $Arguments) { $start.ArgumentList.Add($argument) }
    $process = [Diagnostics.Process]::Start($start)
    $process.BeginOutputReadLine()
    $process.BeginErrorReadLine()
    $started.Add($process)
}

try {
    $probe = [Net.Sockets.TcpListener]::new([Net.IPAddress]::Loopback, 0)
    $probe.Start()
    $port = $probe.LocalEndpoint.Port
    $probe.Stop()
    $server = New-QueueServer "$folder/queue" -NoTls -Port $port
    $link = $server.Link[0]
    Start-Quietly nats-server '-c', $server.Configuration, '-l', "$folder/server.log"
    foreach ($name in 'host1', 'host2') {
        Start-Quietly dotnet "$PSHOME/pwsh.dll", '-NoProfile', '-Command', "Import-Module '$module'; while (-not (Start-WorkerHost '$link' -Name $name -Count $Processes -PassThru -ErrorAction Ignore)) { }; [Threading.Thread]::Sleep(-1)"
    }

    $watch = [Diagnostics.Stopwatch]::StartNew()
    while (@(Get-WorkerHost $link -ErrorAction Ignore).Count -lt 2) {
        if ($watch.Elapsed.TotalSeconds -gt 60) { throw 'The hosts have not come.' }
        [Threading.Thread]::Sleep(50)
    }

    $watch.Restart()
    $figures = switch ($What) {
        Items { @{ seconds = Measure-Items @{ Queue = $link } } }
        Sleep {
            $results = 1..$Items | Invoke-WorkerPool -Queue $link -AsResult { [Threading.Thread]::Sleep(100) }
            $begin = ($results | Measure-Object -Property Started -Minimum).Minimum
            $end = ($results | ForEach-Object { $_.Started + $_.Duration } | Measure-Object -Maximum).Maximum
            @{ seconds = ($end - $begin).TotalSeconds }
        }
        Memory {
            $seen = @{ Count = 0; Total = 0L }
            $own, $host1 = [Collections.Generic.List[double]]::new(), [Collections.Generic.List[double]]::new()
            1..$Items | Invoke-WorkerPool -Queue $link { $_ } | & {
                process {
                    $seen.Total += $_
                    if (++$seen.Count % ($Items / 100) -eq 0) {
                        $own.Add([Environment]::WorkingSet / 1e6)
                        $started[1].Refresh()
                        $host1.Add($started[1].WorkingSet64 / 1e6)
                    }
                    $_
                }
            } | Out-Null
            if ($seen.Total -ne [long] $Items * ($Items + 1) / 2) { throw "The results of $Items items add up to $($seen.Total)" }
            @{
                settled = $own[9]; highest = [Linq.Enumerable]::Max([double[]] $own.GetRange(9, 91)); last = $own[99]
                hostSettled = $host1[9]; hostHighest = [Linq.Enumerable]::Max([double[]] $host1.GetRange(9, 91)); hostLast = $host1[99]
            }
        }
        Records {
            Start-LogListener "$folder/run.log"
            1..($Items / 100) | Invoke-WorkerPool -Queue $link -NoCapture { $log = Get-QueueLogger; foreach ($i in 1..100) { $log.Info('a record as long as most are, with a number') } }
            $seconds = $watch.Elapsed.TotalSeconds
            Stop-LogListener
            $count = [Linq.Enumerable]::Count([IO.File]::ReadLines("$folder/run.log"))
            if ($count -lt $Items) { throw "Of $Items records $count came" }
            @{ seconds = $seconds }
        }
    }
}
finally {
    $started | ForEach-Object { $_.Kill($true); $_.WaitForExit() }
    Remove-Item -Recurse -Force $folder
}

Write-Result $figures
