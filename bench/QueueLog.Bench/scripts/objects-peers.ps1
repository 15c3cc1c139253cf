# The same objects through ForEach-Object -Parallel or Start-ThreadJob and back, or emitted by one Start-Job. Prints {"items": ..., "seconds": ...}.
param(
    [Parameter(Mandatory)] [int] $Items,
    [int] $Threads,
    [switch] $ThreadJob,
    [switch] $StartJob
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$make = { [pscustomobject]@{ Id = $_; Name = "name $_"; City = 'Berlin'; Price = $_ * 1.5; When = [datetime]::UnixEpoch; Ok = $true; Count = $_ % 7; Text = 'some text of a row'; Code = "C$_"; Note = $null } }
$total = 0L
if ($StartJob) {
    $null = Start-Job { } | Receive-Job -Wait -AutoRemoveJob
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $job = Start-Job { 1..$args[0] | ForEach-Object ([scriptblock]::Create($args[1])) } -ArgumentList $Items, "$make"
    $job | Receive-Job -Wait -AutoRemoveJob | . { process { $total += $_.Id } }
}
elseif ($ThreadJob) {
    # One for each object, since that is how a thread job gets its input; as many at a time as the module has by default.
    $objects = 1..$Items | ForEach-Object $make
    $null = Start-ThreadJob { } | Receive-Job -Wait -AutoRemoveJob
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $jobs = $objects | ForEach-Object { Start-ThreadJob { $args[0] } -ArgumentList $_ }
    $jobs | Receive-Job -Wait -AutoRemoveJob | . { process { $total += $_.Id } }
}
else {
    $objects = 1..$Items | ForEach-Object $make
    $null = 1..($Threads * 2) | ForEach-Object -Parallel { $_ } -ThrottleLimit $Threads
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $objects | ForEach-Object -Parallel { $_ } -ThrottleLimit $Threads | . { process { $total += $_.Id } }
}

$watch.Stop()
if ($total -ne [long] $Items * ($Items + 1) / 2) { throw "The results of $Items items add up to $total" }

$seconds = $watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture)
[Console]::Out.WriteLine('{"items": ' + $Items + ', "seconds": ' + $seconds + '}')
