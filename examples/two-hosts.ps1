# A queue with two hosts on one machine, to try it: with one link file it is the same on many machines. Needs nats-server.
param([int] $Port = 4222)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
Import-Module "$PSScriptRoot/../QueueLog.psd1"

# Once, on the machine of the queue; there nats-server is a service.
$link = (New-QueueServer ./queue -NoTls -Port $Port -Force).Link[0]
$nats = Start-Process nats-server -ArgumentList '-c', './queue/nats.conf', '-l', './nats.log' -PassThru
try {
    while (-not (Test-Connection 127.0.0.1 -TcpPort $Port)) { Start-Sleep -Milliseconds 100 }

    # On each machine that works.
    Start-WorkerHost $link -Count 2 -Name web1
    Start-WorkerHost $link -Count 2 -Name web2

    # The script, as on one machine.
    Start-LogListener ./run.log -Format Json
    $squares = 0..99 | Start-WorkerPool -Queue $link -ScriptBlock {
        param($i)
        Write-QueueLog 'item {Item} started' -ArgumentList $i
        Start-Sleep -Milliseconds 20
        $i * $i
    } | Receive-Job -Wait -AutoRemoveJob
    Stop-LogListener

    "$($squares.Count) results, the largest is $(($squares | Sort-Object)[-1])"
    "complete: $(-not (Test-QueueLog ./run.log | Where-Object Status -ne Complete))"
    Stop-WorkerHost
}
finally {
    $nats.Kill()
}
