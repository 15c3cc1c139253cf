# One import of a module into a session that has imported others before. Prints {"items": ..., "seconds": ...}.
param(
    [Parameter(Mandatory)] [string] $Module,
    [Parameter(Mandatory)] [int] $Items
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

Import-Module Microsoft.PowerShell.Management, Microsoft.PowerShell.Archive
$watch = [Diagnostics.Stopwatch]::StartNew()
Import-Module $Module
$watch.Stop()

$seconds = $watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture)
[Console]::Out.WriteLine('{"items": ' + $Items + ', "seconds": ' + $seconds + '}')
