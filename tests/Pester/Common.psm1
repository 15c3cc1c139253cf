# What all test files share: the staged module, a folder of their own, and child processes with a deadline.
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'

$root = (Resolve-Path -LiteralPath "$PSScriptRoot/../..").Path
$staged = Join-Path $root 'output' 'modules' 'QueueLog'
# How this PowerShell is started once more: as a .NET tool it runs as dotnet.
$shell = @([System.Environment]::ProcessPath; if ((Split-Path ([System.Environment]::ProcessPath) -LeafBase) -eq 'dotnet') { Join-Path $PSHOME 'pwsh.dll' })
$folder = $null
$children = [System.Collections.Generic.List[System.Diagnostics.Process]]::new()

# How long a test waits for what must come: no measure of speed, only the end of a test that waits in vain, and so long
# enough for a machine that is ten times slower and has other work.
$limit = [timespan]::FromMinutes(5)

function Get-RepositoryRoot {
    $root
}

function Get-StagedModule {
    Join-Path $staged 'QueueLog.psd1'
}

function Get-TestLimit {
    <#
    .SYNOPSIS
    How long a test waits for what must come.
    #>
    [OutputType([timespan])]
    param()
    $limit
}

function Get-PwshCommand {
    <#
    .SYNOPSIS
    The program that runs this PowerShell, and what stands before the arguments of pwsh.
    #>
    [OutputType([string])]
    param()
    $shell
}

function Start-TestSession {
    <#
    .SYNOPSIS
    Imports the staged module and gives the test file a folder of its own, for its state too. Called in BeforeAll.
    #>
    if (-not (Test-Path -LiteralPath (Get-StagedModule))) {
        throw "The module is not staged in '$staged'. Run: dotnet build -c Release"
    }

    $script:folder = Join-Path ([System.IO.Path]::GetTempPath()) "ql-$([guid]::NewGuid().ToString('N').Substring(0, 8))"
    [void] [System.IO.Directory]::CreateDirectory($folder)
    $env:QUEUELOG_STATE = Join-Path $folder 's'
    $env:QUEUELOG_PIPE = $null
    $env:QUEUELOG_PROCESS = $null
    Import-Module (Get-StagedModule) -Global -Force
}

function Stop-TestSession {
    <#
    .SYNOPSIS
    Ends what the test file left: children, listeners, files. Called in AfterAll.
    #>
    foreach ($child in $children) {
        if (-not $child.HasExited) {
            $child.Kill($true)
        }

        $child.Dispose()
    }

    $children.Clear()
    Remove-Module QueueLog -Force -ErrorAction Ignore
    $env:QUEUELOG_STATE = $null
    $env:QUEUELOG_PIPE = $null
    if ($folder) {
        [System.IO.Directory]::Delete($folder, $true)
        $script:folder = $null
    }
}

function Stop-EveryListener {
    <#
    .SYNOPSIS
    Stops the listeners a test left running. Called in AfterEach.
    #>
    Get-LogListener | Stop-LogListener
}

function New-TestFolder {
    $new = Join-Path $folder ([guid]::NewGuid().ToString('N').Substring(0, 8))
    [System.IO.Directory]::CreateDirectory($new).FullName
}

function New-TestName {
    param([string] $Prefix = 'test')
    "$Prefix-$([guid]::NewGuid().ToString('N').Substring(0, 8))"
}

function Read-Log {
    <#
    .SYNOPSIS
    The lines of a log.
    #>
    [OutputType([string])]
    param([Parameter(Mandatory)] [string] $Path)
    [System.IO.File]::ReadAllLines($Path)
}

function Start-Pwsh {
    <#
    .SYNOPSIS
    Starts a child pwsh that runs a script with the staged module imported. Complete-Pwsh ends it.
    .DESCRIPTION
    The module path is as if no listener had ever been started here: what the child finds, it finds by its own means.
    #>
    [OutputType([System.Diagnostics.Process])]
    param(
        [Parameter(Mandatory)] [string] $Script,
        [hashtable] $Environment = @{},
        [string] $WorkingDirectory = $folder,
        [switch] $NoImport,
        [switch] $KeepModulePath
    )

    $import = if ($NoImport) { '' } else { "Import-Module '$(Get-StagedModule)'" }
    $file = Join-Path $folder "$([guid]::NewGuid().ToString('N')).ps1"
    [System.IO.File]::WriteAllText($file, "$import`n$Script`n")

    $start = [System.Diagnostics.ProcessStartInfo]::new($shell[0])
    foreach ($argument in @($shell | Select-Object -Skip 1) + @('-NoProfile', '-NonInteractive', '-File', $file)) {
        $start.ArgumentList.Add($argument)
    }

    $start.WorkingDirectory = $WorkingDirectory
    $start.RedirectStandardInput = $true
    $start.RedirectStandardOutput = $true
    $start.RedirectStandardError = $true
    if (-not $KeepModulePath) {
        $separator = [System.IO.Path]::PathSeparator
        $start.Environment['PSModulePath'] = ($env:PSModulePath -split $separator | Where-Object { $_ -ne (Split-Path $staged) }) -join $separator
    }

    foreach ($name in $Environment.Keys) {
        if ($null -eq $Environment[$name]) { [void] $start.Environment.Remove($name) } else { $start.Environment[$name] = $Environment[$name] }
    }

    $child = [System.Diagnostics.Process]::Start($start)
    $children.Add($child)
    $child | Add-Member -NotePropertyName ErrorTask -NotePropertyValue $child.StandardError.ReadToEndAsync()
    $child
}

function Wait-PwshLine {
    <#
    .SYNOPSIS
    Waits for the next line of a child's output, which must match; gives the line.
    #>
    [OutputType([string])]
    param([Parameter(Mandatory)] [System.Diagnostics.Process] $Child, [string] $Like = '*')
    $reading = $Child.StandardOutput.ReadLineAsync()
    if (-not $reading.Wait($limit)) {
        throw "The child process did not write a line within $limit."
    }

    if ($null -eq $reading.Result) {
        throw "The child process ended instead of writing '$Like': $($Child.ErrorTask.Result)"
    }

    if ($reading.Result -notlike $Like) {
        throw "The child process wrote '$($reading.Result)' instead of '$Like'."
    }

    $reading.Result
}

function Send-PwshLine {
    <#
    .SYNOPSIS
    Lets a child go on that waits in [Console]::In.ReadLine().
    #>
    param([Parameter(Mandatory)] [System.Diagnostics.Process] $Child, [string] $Line = 'go')
    $Child.StandardInput.WriteLine($Line)
    $Child.StandardInput.Flush()
}

function Complete-Pwsh {
    <#
    .SYNOPSIS
    Waits for a child's end; gives its exit code and all it wrote.
    #>
    param([Parameter(Mandatory)] [System.Diagnostics.Process] $Child)
    $output = $Child.StandardOutput.ReadToEndAsync()
    $Child.StandardInput.Close()
    if (-not $Child.WaitForExit([int] $limit.TotalMilliseconds)) {
        $Child.Kill($true)
        throw "The child process did not end within $limit. It wrote: $($output.Result) $($Child.ErrorTask.Result)"
    }

    # A grandchild that outlives it would hold its output open.
    if (-not [System.Threading.Tasks.Task]::WaitAll(@($output, $Child.ErrorTask), $limit)) {
        throw 'The child process ended, but something it started holds its output open.'
    }

    [pscustomobject]@{
        ExitCode    = $Child.ExitCode
        Output      = $output.Result.TrimEnd()
        ErrorOutput = $Child.ErrorTask.Result.TrimEnd()
    }
}

function Invoke-Pwsh {
    <#
    .SYNOPSIS
    Runs a script in a child pwsh to its end. Parameters as Start-Pwsh.
    #>
    param(
        [Parameter(Mandatory)] [string] $Script,
        [hashtable] $Environment = @{},
        [string] $WorkingDirectory = $folder,
        [switch] $NoImport,
        [switch] $KeepModulePath
    )

    Complete-Pwsh (Start-Pwsh @PSBoundParameters)
}

function Wait-DataAdded {
    <#
    .SYNOPSIS
    Waits until a stream of a job or a shell holds what a condition asks for: it is looked at whenever something is added.
    #>
    param([Parameter(Mandatory)] [AllowEmptyCollection()] [System.Collections.IList] $Collection, [Parameter(Mandatory)] [scriptblock] $Until)
    $source = [guid]::NewGuid().ToString()
    $null = Register-ObjectEvent -InputObject $Collection -EventName DataAdded -SourceIdentifier $source
    try {
        while (-not (& $Until)) {
            $added = Wait-Event -SourceIdentifier $source -Timeout ([int] $limit.TotalSeconds)
            if (-not $added) {
                throw "It did not come to this within $limit`: {$Until}."
            }

            $added | Remove-Event
        }
    }
    finally {
        Unregister-Event -SourceIdentifier $source
        Get-Event -SourceIdentifier $source -ErrorAction Ignore | Remove-Event
    }
}

function Wait-JobOutput {
    <#
    .SYNOPSIS
    Waits until a job has written so many objects; gives them, and leaves them with the job.
    #>
    param([Parameter(Mandatory)] [System.Management.Automation.Job] $Job, [int] $Count = 1)
    Wait-DataAdded $Job.Output { $Job.Output.Count -ge $Count }
    $Job.Output
}

function Wait-Until {
    <#
    .SYNOPSIS
    Waits for what only the progress of other threads or processes can bring about and nothing announces.
    #>
    param([Parameter(Mandatory)] [scriptblock] $Condition)
    $since = [System.Diagnostics.Stopwatch]::StartNew()
    while (-not (& $Condition)) {
        if ($since.Elapsed -gt $limit) {
            throw "It did not come to this within $limit`: {$Condition}."
        }

        [System.Threading.Thread]::Sleep(5)
    }
}

function New-DeepValue {
    <#
    .SYNOPSIS
    Makes a value of more levels than may travel.
    #>
    $deep = 0
    for ($i = 0; $i -lt 2000; $i++) { $deep = @{ n = $deep } }
    $deep
}

Export-ModuleMember -Function *
