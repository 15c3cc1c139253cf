BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
}

AfterAll {
    Stop-TestSession
}

Describe 'Measure-QueueLog' {
    BeforeEach {
        $path = Join-Path (New-TestFolder) 'run.json'
        Start-LogListener $path -Format Json
        $at = [DateTimeOffset] '2026-03-04T05:06:00+00:00'
        $record = { param($seconds, $message, $more) Write-QueueLog ([pscustomobject] (@{ Message = $message; Timestamp = $at.AddSeconds($seconds) } + $more)) }
        & $record 0 'begins' @{ Item = 1; Worker = 'Worker-1'; Pid = 5; Process = 'Worker-1' }
        & $record 1 'begins' @{ Item = 2; Worker = 'Worker-1'; Pid = 5; Process = 'Worker-1' }
        & $record 3 'ends' @{ Item = 2; Worker = 'Worker-1'; Pid = 5; Process = 'Worker-1' }
        & $record 90 'ends' @{ Item = 1; Worker = 'Worker-1'; Pid = 5; Process = 'Worker-1' }
        & $record 91 'row 3 is bad' @{ Level = 'Error'; Category = 'Db' }
        & $record 95 'row 12 is bad' @{ Level = 'Error'; Category = 'Db' }
        & $record 92 'disk 1 is full' @{ Level = 'Critical'; Template = 'disk {Disk} is full'; Exception = [System.IO.IOException]::new('full') }
        Stop-LogListener
    }

    AfterEach {
        Stop-EveryListener
    }

    It 'counts records by level, process, category and minute' {
        $measure = Measure-QueueLog $path
        $measure.Records, $measure.Raw | Should -Be 7, 0
        $measure.From, $measure.To | Should -Be $at, $at.AddSeconds(95)
        $measure.Levels | ForEach-Object { "$($_.Name) $($_.Count)" } | Should -Be 'Critical 1', 'Error 2', 'Information 4'
        $measure.Processes | ForEach-Object { "$($_.Name) $($_.Count)" } | Should -Be 'Worker-1 4', 'pwsh 3'
        $measure.Categories | ForEach-Object { "$($_.Name) $($_.Count)" } | Should -Be ' 5', 'Db 2'
        $measure.Minutes | ForEach-Object { "$($_.Name) $($_.Count)" } | Should -Be '2026-03-04 05:06 3', '2026-03-04 05:07 4'
    }

    It 'groups errors by template, with the first and the last time' {
        $errors = (Measure-QueueLog -LiteralPath $path).Errors
        $errors | ForEach-Object { "$($_.Count) $($_.Template) $($_.ExceptionType)" } | Should -Be '2 row # is bad ', '1 disk {Disk} is full System.IO.IOException'
        $errors[0].First, $errors[0].Last, $errors[0].Message | Should -Be $at.AddSeconds(91), $at.AddSeconds(95), 'row 3 is bad'
    }

    It 'has the slowest items first' {
        $items = (Measure-QueueLog $path -Slowest 1).Items
        $items | Should -HaveCount 1
        $items[0].Item, $items[0].Worker, $items[0].Duration.TotalSeconds, $items[0].Records | Should -Be 1, 'Worker-1', 90, 2
    }

    It 'counts what Get-QueueLog gives, and nothing for nothing' {
        (Get-QueueLog $path -MinimumLevel Error | Measure-QueueLog).Records | Should -Be 3
        (Get-QueueLog $path -Match 'nowhere' | Measure-QueueLog).Records | Should -Be 0
    }

    It 'reads a file in the format that it is told' {
        $text = Join-Path (Split-Path $path) 'text.log'
        '05:06:07 hello' | Set-Content $text
        (Measure-QueueLog $text -Template '{Timestamp:HH:mm:ss} {Message}').Raw | Should -Be 0
        (Measure-QueueLog $text -Pattern '(?<time>\S+) (?<message>.*)').Raw | Should -Be 0
    }
}
