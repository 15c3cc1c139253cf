BeforeAll {
    Set-StrictMode -Version Latest
    Import-Module "$PSScriptRoot/Common.psm1" -Force
    Start-TestSession
    $command = 'QueueLog.PowerShell.Commands.GetQueueLoggerCommand'
}

AfterAll {
    Stop-TestSession
}

Describe 'Get-QueueLogger' {
    BeforeEach {
        $path = Join-Path (New-TestFolder) 'run.log'
    }

    AfterEach {
        Stop-EveryListener
    }

    It 'logs at the level of each method, with its category' {
        Start-LogListener $path -MinimumLevel Trace -Template '{Level}|{Category}|{Message}|{Properties}' -NoHeader
        $log = Get-QueueLogger Import
        $log.Category | Should -Be 'Import'
        foreach ($method in 'Trace', 'Debug', 'Info', 'Warning', 'Error', 'Critical') {
            $log.$method('plain')
            $log.$method('item {Item} of {Total}', 3, 9)
        }

        Stop-LogListener
        Read-Log $path | Should -Be ('Trace', 'Debug', 'Information', 'Warning', 'Error', 'Critical' | ForEach-Object {
                "$_|Import|plain|"
                "$_|Import|item 3 of 9|{Item=3, Total=9}"
            })
    }

    It 'logs at a level chosen at run time' {
        Start-LogListener $path -Template '{Level}|{Message}' -NoHeader
        (Get-QueueLogger).Log('Warning', 'item {Item}', 3)
        Stop-LogListener
        Read-Log $path | Should -Be 'Warning|item 3'
    }

    It 'logs errors and exceptions once, with type and stack' {
        Start-LogListener $path -Template '{Level}|{Message}' -NoHeader
        $log = Get-QueueLogger
        try { throw [System.InvalidOperationException]::new('it broke') } catch { $log.Error($_); $log.Critical($_.Exception) }
        Stop-LogListener
        $lines = Read-Log $path
        $lines[0..1] | Should -Be 'Error|it broke', '    System.InvalidOperationException: it broke'
        @($lines) -match 'at <ScriptBlock>, .*Get-QueueLogger\.Tests\.ps1: line \d+' | Should -HaveCount 1
        @($lines) -match '^Critical\|it broke$' | Should -HaveCount 1
    }

    It 'logs an error of a worker with its type' {
        Start-LogListener $path -Template '{Level}|{Worker}|{Message}' -NoHeader
        1 | Invoke-WorkerPool -Count 1 { try { throw 'no luck' } catch { (Get-QueueLogger).Error($_) } }
        Stop-LogListener
        (Read-Log $path)[0] | Should -Be 'Error|Worker-1|no luck'
        (Read-Log $path)[1] | Should -BeLike '*System.Management.Automation.RuntimeException*'
    }

    It 'takes null and numbers for a message' {
        Start-LogListener $path -Template '{Message}|{Properties}' -NoHeader
        $log = Get-QueueLogger
        $log.Info($null)
        $log.Info(5)
        $log.Info('a {X}', $null)
        Stop-LogListener
        Read-Log $path | Should -Be '|', '5|', 'a |{X=}'
    }

    It 'takes arguments one by one or as an array, and a list as one value' {
        Start-LogListener $path -Template '{Message}|{Properties}' -NoHeader
        $log = Get-QueueLogger
        $log.Info('{A}', 1)
        $log.Info('{A} {B}', 1, 'two')
        $log.Info('{A} {B} {C}', 1, 2.5, [long]3)
        $log.Info('{A} {B} {C} {D}', 1, 2, 3, 4)
        $log.Info('{A} {B}', @(1, 2))
        $log.Info('{A} {B}', [string[]]('p', 'q'))
        $log.Info('{A} {B}', [int[]](1, 2))
        $log.Info('{A} {B}', $null, 3)
        $log.Info('{A} {B}', ('wrapped' | Write-Output), @{ k = 1 })
        Stop-LogListener
        Read-Log $path | Should -Be '1|{A=1}', '1 two|{A=1, B=two}', '1 2.5 3|{A=1, B=2.5, C=3}', '1 2 3 4|{A=1, B=2, C=3, D=4}', '1 2|{A=1, B=2}', 'p q|{A=p, B=q}', '[1, 2] {B}|{A=[1, 2]}', ' 3|{A=, B=3}', 'wrapped {k=1}|{A=wrapped, B={k=1}}'
    }

    It 'says which levels are wanted' {
        Start-LogListener $path -MinimumLevel Warning
        $log = Get-QueueLogger
        $log.IsEnabled('Warning') | Should -BeTrue
        $log.IsEnabled('Information') | Should -BeFalse
    }

    It 'goes to the default of the moment, or to the listener it was made for' {
        $first = Start-LogListener -PassThru $path -Template '{Message}' -NoHeader
        $current = Get-QueueLogger
        $bound = Get-QueueLogger -Listener $first
        $second = Start-LogListener -PassThru "$path.second" -Template '{Message}' -NoHeader
        $current.Info('current')
        $bound.Info('bound')
        $first, $second | Stop-LogListener
        Read-Log $path | Should -Be 'bound'
        Read-Log $second.Path | Should -Be 'current'
    }

    It 'loses nothing in a hot loop' {
        $listener = Start-LogListener -PassThru $path -Template '{Message}' -NoHeader
        $log = Get-QueueLogger
        for ($i = 1; $i -le 20000; $i++) { $log.Info("line $i") }
        Stop-LogListener
        $listener.Written | Should -Be 20000
        $lines = Read-Log $path
        $lines.Count | Should -Be 20000
        $wrong = for ($i = 0; $i -lt 20000; $i++) { if ($lines[$i] -cne "line $($i + 1)") { $i } }
        $wrong | Should -BeNullOrEmpty
    }

    It 'works in other threads of the session' {
        Start-LogListener $path -Template '{Message}' -NoHeader
        $log = Get-QueueLogger
        1..20 | ForEach-Object -Parallel { ($using:log).Info("line $_") } -ThrottleLimit 4
        Stop-LogListener
        Read-Log $path | Sort-Object { [int] ($_ -split ' ')[1] } | Should -Be (1..20 | ForEach-Object { "line $_" })
    }

    It 'shows records from Information on where there is no listener, through the streams of the script, warns once, and never fails' {
        $result = Invoke-Pwsh @'
$ErrorActionPreference = 'Stop'
$log = Get-QueueLogger
$log.IsEnabled('Critical')
$log.Debug('details')
$log.Info('silent {Item}', 1) 3>$null 6>$null
& { $log.Warning('redirected') } 6>&1 | ForEach-Object { "got $_" }
$log.Info('item {Item}', 3)
Write-QueueLog 'by the cmdlet'
$InformationPreference = 'Ignore'
$log.Error('ignored')
'@
        $result.ExitCode | Should -Be 0
        $result.ErrorOutput | Should -BeNullOrEmpty
        $lines = $result.Output -split '\r?\n'
        $lines[0] | Should -Be 'False'
        $lines[1] | Should -BeLike 'got *Warning     redirected'
        $lines[2] | Should -BeLike '*Information item 3'
        $lines[3] | Should -BeLike '*Information by the cmdlet'
        $lines.Count | Should -Be 4
    }

    It 'warns once where there is no listener, whoever logs: the session, its workers, cmdlet or logger' {
        $result = Invoke-Pwsh @'
$shown = 1..6 | Invoke-WorkerPool -Count 3 -WarningVariable warnings -WarningAction SilentlyContinue { Write-QueueLog "cmdlet $_"; (Get-QueueLogger).Info("logger $_"); Write-QueueLog "none $_" -Level Debug } 6>&1
$shown | ForEach-Object { "$_" -replace '^.*Information ' }
$warnings.Count
(Get-QueueLogger).Info('here')
'@
        $result.ErrorOutput | Should -BeNullOrEmpty
        $lines = $result.Output -split '\r?\n'
        $lines[0..11] | Sort-Object | Should -Be @(1..6 | ForEach-Object { "cmdlet $_" }; 1..6 | ForEach-Object { "logger $_" })
        $lines[12] | Should -Be 1
        $lines[13] | Should -BeLike '*Information here'
        $lines.Count | Should -Be 14
    }

    It 'InvalidListenerArgument: something that is no listener' {
        { Get-QueueLogger -Listener 5 } | Should -Throw -ErrorId "InvalidListenerArgument,$command"
    }

    It 'InvalidListenerName: a name no listener can have' {
        { Get-QueueLogger -Listener 'a/b' } | Should -Throw -ErrorId "InvalidListenerName,$command"
    }
}
