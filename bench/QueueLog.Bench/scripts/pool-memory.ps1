# The memory of the pool's parent while items stream to Out-Null. Prints {"items": ..., "settled": ..., "highest": ...,
# "last": ...} in MB: after the first tenth of the items, the highest from there on, and after all of them.
param(
    [Parameter(Mandatory)] [int] $Processes,
    [Parameter(Mandatory)] [int] $Items,
    [switch] $Objects
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module "$PSScriptRoot/../../../QueueLog.psd1"

$seen = @{ Count = 0; Total = 0L }
$samples = [Collections.Generic.List[double]]::new()
$interval = $Items / 100
$make = { [pscustomobject]@{ Id = $_; Name = "name $_"; City = 'Berlin'; Price = $_ * 1.5; When = [datetime]::UnixEpoch; Ok = $true; Count = $_ % 7; Text = 'some text of a row'; Code = "C$_"; Note = $null } }
$inputs = $Objects ? { 1..$Items | ForEach-Object $make } : { 1..$Items }
& $inputs | Invoke-WorkerPool -Count $Processes -ScriptBlock { $_ } | & {
    process {
        $seen.Total += $Objects ? $_.Id : $_
        if (++$seen.Count % $interval -eq 0) { $samples.Add([Environment]::WorkingSet / 1e6) }
        $_
    }
} | Out-Null
if ($seen.Count -ne $Items -or $seen.Total -ne [long]$Items * ($Items + 1) / 2) {
    throw "$($seen.Count) results of $Items items add up to $($seen.Total)"
}

$figures = @{ settled = $samples[9]; highest = [Linq.Enumerable]::Max([double[]]$samples.GetRange(9, 91)); last = $samples[99] }
$parts = foreach ($name in $figures.Keys) { '"{0}": {1}' -f $name, $figures[$name].ToString([cultureinfo]::InvariantCulture) }
[Console]::Out.WriteLine('{"items": ' + $seen.Count + ', ' + ($parts -join ', ') + '}')
