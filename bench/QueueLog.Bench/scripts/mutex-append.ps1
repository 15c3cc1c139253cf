# One writer process of the comparison: what scripts do without a log module, a named mutex around each appended line.
param(
    [Parameter(Mandatory)] [ValidateSet('AddContent', 'AppendAllText')] [string] $With,
    [Parameter(Mandatory)] [string] $Path,
    [Parameter(Mandatory)] [string] $Mutex,
    [Parameter(Mandatory)] [string] $Name,
    [Parameter(Mandatory)] [int] $Records
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$gate = [System.Threading.Mutex]::new($false, $Mutex)
$process = $Name.PadRight(10)
[Console]::Out.WriteLine('ready')
$null = [Console]::In.ReadLine()
for ($number = 1; $number -le $Records; $number++) {
    $line = [datetime]::Now.ToString('yyyy-MM-dd HH:mm:ss,fff') + " $process Information record $number of $Records"
    $null = $gate.WaitOne()
    try {
        if ($With -eq 'AddContent') { Add-Content -LiteralPath $Path -Value $line }
        else { [System.IO.File]::AppendAllText($Path, "$line`n") }
    } finally {
        $gate.ReleaseMutex()
    }
}
