BeforeDiscovery {
    Set-StrictMode -Version Latest
    $pages = Get-ChildItem -LiteralPath "$PSScriptRoot/../../docs/en-US" -Filter *.md
    $examples = @(foreach ($page in $pages) {
            $text = [System.IO.File]::ReadAllText($page.FullName) -replace '\r'
            $pattern = '(?m)^#{2,3} (?<title>.+)$|^```powershell\n(?<code>[\s\S]*?)^```$(\n\n```Output\n(?<output>[\s\S]*?)^```$)?'
            foreach ($match in [regex]::Matches($text, $pattern)) {
                if (-not $match.Groups['code'].Success) {
                    $title = $match.Groups['title'].Value
                    continue
                }

                @{ Page = $page.BaseName; Title = $title; Code = $match.Groups['code'].Value; Shown = $match.Groups['output'].Value }
            }
        })
    for ($i = 0; $i -lt $examples.Count; $i++) { $examples[$i].Index = $i }
}

Describe 'The help' -ForEach @{ Examples = $examples } {
    BeforeAll {
        Set-StrictMode -Version Latest
        Import-Module "$PSScriptRoot/Common.psm1" -Force
        Start-TestSession
        $running = @{}

        # As a user would: the module is installed and nothing is imported. What is left at the end is in the way of the next.
        # Only the host puts a word before a warning.
        $script = @'
            $PSStyle.OutputRendering = 'PlainText'
            $ProgressPreference = 'SilentlyContinue'
            . ([scriptblock]::Create([System.IO.File]::ReadAllText($env:EXAMPLE))) *>&1 |
                ForEach-Object { if ($_ -is [System.Management.Automation.WarningRecord]) { "WARNING: $_" } else { $_ } } |
                Out-String -Width 100 -Stream
            @(Get-LogListener; Get-WorkerPool; Get-Job | Where-Object State -eq Running) | ForEach-Object { "left running: $($_.Name)" }
'@

        function Start-Example([hashtable] $Example) {
            $file = Join-Path (New-TestFolder) 'example.ps1'
            [System.IO.File]::WriteAllText($file, $Example.Code)
            $environment = @{
                EXAMPLE        = $file
                QUEUELOG_STATE = Join-Path (New-TestFolder) 's'
                PSModulePath   = (Split-Path (Split-Path (Get-StagedModule))) + [System.IO.Path]::PathSeparator + $env:PSModulePath
            }
            Start-Pwsh $script -Environment $environment -WorkingDirectory (New-TestFolder) -NoImport
        }

        # What differs each time: the time of a record, how long something took.
        function Get-Comparable([string] $Text) {
            $lines = $Text -replace '\r' -replace '\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}', '<time>' -replace '\b\d:\d\d:\d\d\.\d{3}\b', '<duration>' -split '\n'
            ($lines | ForEach-Object TrimEnd) -join "`n" -replace '^\n+|\n+$'
        }
    }

    AfterAll {
        Stop-TestSession
    }

    It '<Page>: <Title>' -ForEach $examples {
        if ($Code -match 'nats-server -Arg' -and -not (Get-Command nats-server -CommandType Application -ErrorAction Ignore)) {
            Set-ItResult -Skipped -Because 'nats-server is not installed'
            return
        }

        # The next ones start meanwhile.
        foreach ($next in $Examples | Select-Object -Skip $Index -First 4) {
            if (-not $running.ContainsKey($next.Index)) { $running[$next.Index] = Start-Example $next }
        }

        $result = Complete-Pwsh $running[$Index]
        $result.ExitCode | Should -Be 0 -Because $result.ErrorOutput
        Get-Comparable "$($result.Output)`n$($result.ErrorOutput)" | Should -BeExactly (Get-Comparable $Shown)
    }
}
