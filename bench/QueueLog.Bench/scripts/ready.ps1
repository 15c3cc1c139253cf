# A bare engine: says that it runs, and ends when told to.
[Console]::Out.WriteLine('ready')
$null = [Console]::In.ReadLine()
