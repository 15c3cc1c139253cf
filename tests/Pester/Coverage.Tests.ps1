BeforeDiscovery {
    Set-StrictMode -Version Latest
    $root = (Resolve-Path -LiteralPath "$PSScriptRoot/../..").Path
    Import-Module (Join-Path $root 'output' 'modules' 'QueueLog' 'QueueLog.psd1')
    $common = [System.Management.Automation.PSCmdlet]::CommonParameters + [System.Management.Automation.PSCmdlet]::OptionalCommonParameters
    $parameters = Get-Command -Module QueueLog* -Noun WorkerPool | ForEach-Object {
        $command = $_
        $command.Parameters.Keys | Where-Object { $_ -notin $common } | ForEach-Object { @{ Command = $command.Name; Parameter = $_ } }
    }

    # The factory of each error begins with its id.
    $ids = 'PoolErrors.cs', 'WorkerErrors.cs' | ForEach-Object { Get-Content -LiteralPath (Join-Path $root 'src' 'QueueLog.PowerShell' 'Errors' $_) } |
        Select-String -CaseSensitive -Pattern '<summary>((?:[A-Z][a-z]*){2,}(?:, (?:[A-Z][a-z]*){2,})*)(?=:| and)' |
        ForEach-Object { $_.Matches[0].Groups[1].Value -split ', ' }
    $ids = $ids | Sort-Object -Unique
}

Describe 'The suite' {
    It 'uses -<Parameter> of <Command>' -ForEach $parameters {
        # What is of queues is in a file of its own.
        "$Command.Tests.ps1", 'Queue.Tests.ps1' | ForEach-Object { Get-Content -Raw -LiteralPath (Join-Path $PSScriptRoot $_) } | Out-String | Should -Match "-$Parameter\b"
    }

    It 'asserts the error <_>' -ForEach $ids {
        $id = $_
        Get-ChildItem -LiteralPath $PSScriptRoot -Filter '*WorkerPool.Tests.ps1' | Where-Object { (Get-Content -LiteralPath $_ -Raw) -cmatch $id } | Should -Not -BeNullOrEmpty
    }
}
