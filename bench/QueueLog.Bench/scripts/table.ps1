# A table of CSV read row by row, alone or through a warm pool that answers with a number for each row. Prints {"items": ..., "seconds": ...}.
param(
    [Parameter(Mandatory)] [int] $Items,
    [int] $Processes
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$path = [IO.Path]::GetTempFileName()
try {
    1..$Items | ForEach-Object { [pscustomobject]@{ Id = $_; Name = "name $_"; City = 'Berlin'; Price = $_ * 1.5; Count = $_ % 7; Text = 'some text of a row'; Code = "C$_" } } | Export-Csv $path
    $null = Import-Csv $path | Select-Object -First 100
    $expected = 0L
    foreach ($id in 1..$Items) { $expected += "name $id".Length }
    $total = 0L
    if ($Processes) {
        Import-Module "$PSScriptRoot/../../../QueueLog.psd1"
        $pool = Start-WorkerPool -Count $Processes
        $null = Import-Csv $path | Select-Object -First ($Processes * 2000) | Invoke-WorkerPool -ScriptBlock { $_.Name.Length } -Pool $pool
        $watch = [Diagnostics.Stopwatch]::StartNew()
        foreach ($length in Import-Csv $path | Invoke-WorkerPool -ScriptBlock { $_.Name.Length } -Pool $pool) { $total += $length }
        $watch.Stop()
        $pool | Stop-WorkerPool -Confirm:$false
    }
    else {
        $watch = [Diagnostics.Stopwatch]::StartNew()
        foreach ($row in Import-Csv $path) { $total += $row.Name.Length }
        $watch.Stop()
    }
}
finally {
    Remove-Item $path
}

if ($total -ne $expected) { throw "The names of $Items rows have $total characters and not $expected" }

$seconds = $watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture)
[Console]::Out.WriteLine('{"items": ' + $Items + ', "seconds": ' + $seconds + '}')
