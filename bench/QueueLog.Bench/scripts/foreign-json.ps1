# Lines of JSON as pino writes them, one in a hundred an error, read as objects or searched for errors. Prints {"items": ..., "seconds": ...}.
param(
    [Parameter(Mandatory)] [ValidateSet('Get-QueueLog', 'ConvertFrom-Json', 'jq', 'errors', 'grep')] [string] $How,
    [Parameter(Mandatory)] [int] $Items
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$folder = [System.IO.Directory]::CreateTempSubdirectory('queuelog-bench-').FullName
try {
    $path = Join-Path $folder 'app.log'
    $file = [System.IO.StreamWriter]::new($path)
    for ($i = 0; $i -lt $Items; $i++) {
        $file.Write("{""level"":$($i % 100 ? 30 : 50),""time"":$(1772629200000 + $i),""pid"":7,""hostname"":""box"",""reqId"":""r-$i"",""method"":""GET"",""url"":""/orders/$i"",""status"":200,""msg"":""request completed""}`n")
    }

    $file.Dispose()
    if ($How -in 'Get-QueueLog', 'errors') { Import-Module "$PSScriptRoot/../../../QueueLog.psd1" }
    $watch = [Diagnostics.Stopwatch]::StartNew()
    $found = switch ($How) {
        'Get-QueueLog' { (Get-QueueLog $path | Measure-Object).Count }
        'ConvertFrom-Json' { (Get-Content $path | ConvertFrom-Json | Measure-Object).Count }
        'jq' { [int] (sh -c 'jq -c "{time, level, msg, reqId}" "$0" | wc -l' $path) }
        'errors' { (Get-QueueLog $path -MinimumLevel Error | Measure-Object).Count }
        'grep' { [int] (sh -c 'grep -E "\"level\":(50|60)" "$0" | wc -l' $path) }
    }
    $watch.Stop()
}
finally {
    Remove-Item -LiteralPath $folder -Recurse
}

$expected = $How -in 'errors', 'grep' ? [Math]::Ceiling($Items / 100) : $Items
if ($found -ne $expected) { throw "$found entries where there are $expected" }

$seconds = $watch.Elapsed.TotalSeconds.ToString([cultureinfo]::InvariantCulture)
[Console]::Out.WriteLine('{"items": ' + $Items + ', "seconds": ' + $seconds + '}')
