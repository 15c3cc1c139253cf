# A script that never heard of a pool or a listener: it only logs.
param([int] $Count = 3)
foreach ($number in 1..$Count) {
    Write-QueueLog 'plain line {Number}' -ArgumentList $number
}
