using QueueLog.Tests.Support;

namespace QueueLog.Tests.Workers;

public sealed class SessionCarryTests
{
    [Fact]
    public async Task A_script_block_named_with_using_arrives_as_one_that_can_be_called()
    {
        var lines = await Script.RunAsync("""
            function Twice($x) { 2 * $x }
            $block = { param($x) Twice ($x + 1) }
            $nested = @{ key = $block; list = @({ "in list $args" }, 3); plain = 7 }; $ordered = [ordered]@{ b = $block; a = 1 }
            1 | Invoke-WorkerPool -Count 1 { & $using:block 4; ($using:block).GetType().Name }
            1 | Invoke-WorkerPool -Count 1 { & $using:nested['key'] 5; & ($using:nested).list[0] 6; ($using:nested).plain; & $using:nested.key 7 }
            1 | Invoke-WorkerPool -Count 1 { @(($using:ordered).Keys) -join ','; & $using:ordered[0] 8 }
            1 | Invoke-WorkerPool -Count 1 -ArgumentList $block { param($item, $given) & $given 9 }
            1 | Invoke-WorkerPool -Count 1 -InitializationScript { $global:made = & $using:block 10 } { $made }
            """);
        Assert.Equal(["10", "ScriptBlock", "12", "in list 6", "7", "16", "b,a", "18", "20", "22"], lines);
    }

    [Fact]
    public async Task Members_and_elements_of_using_values_arrive()
    {
        var lines = await Script.RunAsync("""
            $x = @{ a = @{ b = 10, 20 } }; $list = 'p', 'q'; $env:QL_CARRY = 'env'; $i = 1
            1 | Invoke-WorkerPool -Count 1 { "$(($using:x).a.b[1]) $($using:x.a.b[0]) $($using:x['a'].b.Count) $($using:list[1]) $using:env:QL_CARRY ${using:list}" }
            """);
        Assert.Equal(["20 10 2 q env p q"], lines);
    }

    [Fact]
    public async Task Functions_the_block_uses_are_carried_with_all_that_they_use()
    {
        var lines = await Script.RunAsync("""
            function Outer($x) { "outer " + (Inner $x) }
            function Inner { param([int] $x) $x | Plus }
            filter Plus { $_ + 1 }
            function script:Scoped { 'scoped' }
            $function:FromBlock = { "from $args" }
            function Unused { }
            Set-Alias ou Outer; Set-Alias measured Measure-Object
            1 | Invoke-WorkerPool -Count 1 { Outer $_; ou 2; Scoped; FromBlock 3; (1, 2 | measured).Count; $null -eq $function:Unused }
            1 | Invoke-WorkerPool -Count 1 -InitializationScript { $global:made = Outer 4 } { $made }
            function Caller { function Local { 'local' }; 1 | Invoke-WorkerPool -Count 1 { Local } }
            Caller
            """);
        Assert.Equal(["outer 2", "outer 3", "scoped", "from 3", "2", "True", "outer 5", "local"], lines);
    }

    [Fact]
    public async Task Modules_from_outside_the_module_path_are_imported_and_those_in_memory_are_carried()
    {
        using var folder = new TempFolder();
        File.WriteAllText(
            Path.Combine(folder.Path, "Outside.psm1"),
            "$kept = 'kept'; function Get-Outside { \"$kept $(Get-Hidden) $(Split-Path -Leaf $PSScriptRoot)\" }; function Get-Hidden { 'hidden' }; Set-Alias gout Get-Outside; Export-ModuleMember -Function Get-Outside -Alias gout");
        var lines = await Script.RunAsync($$"""
            Import-Module '{{folder.Path}}/Outside.psm1'
            $null = New-Module InMemory { function Helper { 'helper' }; function Get-Dynamic { "dynamic $(Helper)" }; Export-ModuleMember Get-Dynamic }
            1 | Invoke-WorkerPool -Count 1 { Get-Outside; $null -eq (Get-Module InMemory) }
            1 | Invoke-WorkerPool -Count 1 { gout }
            1 | Invoke-WorkerPool -Count 1 { Get-Dynamic }
            1 | Invoke-WorkerPool -Count 1 { @(Get-Module Outside).Count }
            """);
        var name = Path.GetFileName(folder.Path);
        Assert.Equal([$"kept hidden {name}", "True", $"kept hidden {name}", "dynamic helper", "0"], lines);
    }

    [Fact]
    public async Task Only_what_the_session_has_beyond_the_engine_is_carried()
    {
        var lines = await Script.RunAsync("""
            $pool = Start-WorkerPool -Count 1 -Name warm
            1 | Invoke-WorkerPool -Name warm { 1, 2 | ForEach-Object { $_ } | Measure-Object | ForEach-Object Count; if ($false) { Write-QueueLog 'x' }; (Get-Module QueueLog*).Name -join ',' }
            function Mine { 'mine' }
            1 | Invoke-WorkerPool -Name warm { Mine }
            Remove-Item function:Mine
            1 | Invoke-WorkerPool -Name warm { $null -eq $function:Mine }
            """);
        Assert.Equal(["2", "QueueLog.PowerShell", "mine", "True"], lines);
    }

    [Fact]
    public async Task A_block_of_a_file_keeps_its_file_and_errors_name_their_true_line()
    {
        using var folder = new TempFolder();
        var file = Path.Combine(folder.Path, "caller.ps1");
        File.WriteAllText(file, """
            using namespace System.Text
            function Get-Place { Split-Path -Leaf $PSCommandPath }
            function Break-It {
                Get-Nothing-Like-This
            }
            1 | Invoke-WorkerPool -Count 1 { Split-Path -Leaf $PSScriptRoot; Split-Path -Leaf $PSCommandPath; Get-Place; [StringBuilder]::new('type').ToString() }
            $block = { Split-Path -Leaf $PSCommandPath }; 1 | Invoke-WorkerPool -Count 1 { & $using:block }
            1 | Invoke-WorkerPool -Count 1 -ErrorAction SilentlyContinue -ErrorVariable problems { Break-It
                      throw 'here' }
            foreach ($problem in $problems) { $problem.ScriptStackTrace.Split("`n")[0].Trim(); $problem.Exception.RemotePosition.Split("`n")[0].Trim() }
            try { 1 | Invoke-WorkerPool -Count 1 -InitializationScript {
                throw 'init' } { 1 } } catch { "$_".Split("`n")[0].Trim() }
            """);
        var lines = await Script.RunAsync($"$ErrorActionPreference = 'Continue'; & '{file}'");
        Assert.Equal(
            [
                Path.GetFileName(folder.Path), "caller.ps1", "caller.ps1", "type", "caller.ps1",
                $"at Break-It, {file}: line 4", $"At {file}:4 char:5",
                $"at <ScriptBlock>, {file}: line 9", $"At {file}:9 char:11",
                $"Worker-1 could not be initialized: init At {file}:12 char:5",
            ],
            lines);
    }

    [Fact]
    public async Task A_block_without_a_file_has_none_and_its_lines_count_from_1()
    {
        var lines = await Script.RunAsync("""


            1 | Invoke-WorkerPool -Count 1 -ErrorAction SilentlyContinue -ErrorVariable problems { "[$PSScriptRoot]"; throw 'here' }
            $problems[0].ScriptStackTrace
            """);
        Assert.Equal(["[]", "at <ScriptBlock>, <No file>: line 1"], lines);
    }

    [Fact]
    public async Task The_preference_variables_of_the_session_reach_the_block()
    {
        var lines = await Script.RunAsync("""
            $WarningPreference = 'SilentlyContinue'; $InformationPreference = 'Continue'; $ProgressPreference = 'SilentlyContinue'; $DebugPreference = 'Ignore'
            $ConfirmPreference = 'None'; $WhatIfPreference = $true; $PSNativeCommandUseErrorActionPreference = $true; $ErrorView = 'CategoryView'
            $OutputEncoding = [Text.Encoding]::Unicode; $OFS = '-'; $FormatEnumerationLimit = 9; $PSDefaultParameterValues = @{ 'Join-Path:ChildPath' = 'leaf' }
            1 | Invoke-WorkerPool -Count 1 {
                "$WarningPreference $InformationPreference $ProgressPreference $DebugPreference $ConfirmPreference $WhatIfPreference $PSNativeCommandUseErrorActionPreference $ErrorView"
                "$($OutputEncoding.WebName) $(1, 2) $FormatEnumerationLimit $(Join-Path 'root')"
            }
            """);
        Assert.Equal(["SilentlyContinue Continue SilentlyContinue Ignore None True True CategoryView", $"utf-16 1-2 9 {Path.Combine("root", "leaf")}"], lines);
    }

    [Fact]
    public async Task Preference_variables_that_change_between_the_calls_of_a_warm_pool_reach_each_call_as_they_are_then()
    {
        var lines = await Script.RunAsync("""
            $pool = Start-WorkerPool -Count 1
            $WarningPreference = 'SilentlyContinue'; $list = [Collections.ArrayList]@('+'); $OFS = $list; $PSDefaultParameterValues = @{ 'Join-Path:ChildPath' = 'leaf' }
            $block = { "$WarningPreference $(1, 2) $(Join-Path 'root')" }
            1 | Invoke-WorkerPool -Pool $pool $block
            $WarningPreference = 'Ignore'; $null = $list.Add('+'); $PSDefaultParameterValues['Join-Path:ChildPath'] = 'other'
            1 | Invoke-WorkerPool -Pool $pool $block
            $WarningPreference = 'SilentlyContinue'; $OFS = '-'
            1 | Invoke-WorkerPool -Pool $pool $block
            $OFS = [pscustomobject]@{ a = 1 }
            1 | Invoke-WorkerPool -Pool $pool $block
            """);
        Assert.Equal([$"SilentlyContinue 1+2 {Path.Combine("root", "leaf")}", $"Ignore 1+ +2 {Path.Combine("root", "other")}", $"SilentlyContinue 1-2 {Path.Combine("root", "other")}", $"SilentlyContinue 1@{{a=1}}2 {Path.Combine("root", "other")}"], lines);
    }

    [Fact]
    public async Task Verbose_and_Debug_of_the_command_are_the_items()
    {
        var lines = await Script.RunAsync("""
            1 | Invoke-WorkerPool -Count 1 -Verbose -Debug { Write-Verbose 'v'; Write-Debug 'd' } 4>&1 5>&1 | ForEach-Object { "$_" }
            $VerbosePreference = 'Continue'
            1 | Invoke-WorkerPool -Count 1 -Verbose:$false { Write-Verbose 'no'; 'out' } 4>&1 | ForEach-Object { "$_" }
            $job = 1 | Start-WorkerPool -Count 1 -Debug { Write-Debug 'j' }
            $null = $job | Wait-Job
            "$($job.Debug)"
            """);
        Assert.Equal(["v", "d", "out", "j"], lines);
    }

    [Fact]
    public async Task Modules_named_for_import_are_there_by_name_by_path_and_as_objects()
    {
        using var folder = new TempFolder();
        File.WriteAllText(Path.Combine(folder.Path, "ByPath.psm1"), "function Get-ByPath { 'by path' }");
        File.WriteAllText(Path.Combine(folder.Path, "AsObject.psm1"), "function Get-AsObject { 'as object' }");
        var lines = await Script.RunAsync($$"""
            Set-Location '{{folder.Path}}'
            $module = Import-Module ./AsObject.psm1 -PassThru
            $made = New-Module Made { function Get-Made { 'made' } }
            1 | Invoke-WorkerPool -Count 1 -ImportModule ./ByPath.psm1, $module, $made { & 'Get-ByPath'; & ('Get-' + 'AsObject'); & ('Get-' + 'Made') }
            $null = Start-WorkerPool -Name warm -Count 1 -ImportModule ByPath.psm1
            1, 2 | Invoke-WorkerPool -Name warm { & ('Get-' + 'ByPath') }
            1 | Invoke-WorkerPool -Name warm -ImportModule $module { & ('Get-' + 'AsObject') }
            try { 1 | Invoke-WorkerPool -Count 1 -ImportModule NoSuchModule { 1 } } catch { $_.FullyQualifiedErrorId.Split(',')[0]; "$_" -like "*'NoSuchModule'*" }
            """);
        Assert.Equal(["by path", "as object", "made", "by path", "by path", "as object", "InitializationFailed", "True"], lines);
    }

    [Fact]
    public async Task Environment_variables_are_set_and_removed_in_the_process_and_its_children()
    {
        var lines = await Script.RunAsync("""
            $env:QL_GONE = 'inherited'
            $variables = @{ QL_SET = 5; QL_GONE = $null; DOTNET_TieredPGO = '1' }
            $show = { "$env:QL_SET [$env:QL_GONE] $env:DOTNET_TieredPGO"; if ($IsWindows) { cmd /c 'echo %QL_SET%' } else { sh -c 'echo $QL_SET' } }
            1 | Invoke-WorkerPool -Count 1 -EnvironmentVariable $variables $show
            $null = Start-WorkerPool -Name warm -Count 1 -EnvironmentVariable $variables
            1 | Invoke-WorkerPool -Name warm $show
            Start-WorkerPool -Count 1 -EnvironmentVariable $variables $show | Receive-Job -Wait -AutoRemoveJob
            "$env:QL_SET$env:QL_GONE"
            foreach ($bad in @{ 'a=b' = 1 }, @{ '' = 1 }, @{ a = "x$([char]0)y" }) { try { 1 | Invoke-WorkerPool -Count 1 -EnvironmentVariable $bad { 1 } } catch { $_.FullyQualifiedErrorId.Split(',')[0] } }
            """);
        Assert.Equal(["5 [] 1", "5", "5 [] 1", "5", "5 [] 1", "5", "inherited", "InvalidEnvironmentVariable", "InvalidEnvironmentVariable", "InvalidEnvironmentVariable"], lines);
    }

    [Fact]
    public async Task Workers_are_where_the_session_is_whatever_its_drive_is_called()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.Combine("sub folder"));
        var lines = await Script.RunAsync($$"""
            $block = { [IO.Directory]::GetCurrentDirectory(); (Get-Location).ProviderPath }
            foreach ($location in '/', '{{folder.Path}}', '{{folder.Combine("sub folder")}}') {
                $null = $ExecutionContext.SessionState.Path.SetLocation($location)
                $here = $ExecutionContext.SessionState.Path.CurrentFileSystemLocation.ProviderPath
                @(1 | Invoke-WorkerPool -Count 1 $block).ForEach({ "$_/".Replace('//', '/') }) -eq "$here/".Replace('//', '/')
            }
            $drive = [System.Management.Automation.PSDriveInfo]::new('mine', $ExecutionContext.SessionState.Provider.GetOne('FileSystem'), '{{folder.Path}}', '', $null)
            $null = $ExecutionContext.SessionState.Drive.New($drive, 'local')
            foreach ($location in 'mine:/', 'mine:/sub folder') {
                $null = $ExecutionContext.SessionState.Path.SetLocation($location)
                $here = $ExecutionContext.SessionState.Path.CurrentFileSystemLocation.ProviderPath
                @(1 | Invoke-WorkerPool -Count 1 $block).ForEach({ "$_/".Replace('//', '/') }) -eq "$here/".Replace('//', '/')
            }
            """);
        string[] expected = ["/", folder.Path + "/", folder.Combine("sub folder") + "/", folder.Path + "/", folder.Combine("sub folder") + "/"];
        Assert.Equal(expected.SelectMany(path => new[] { path, path }), lines);
    }

    [Fact]
    public async Task The_working_directory_is_the_workers_and_that_of_a_warm_pool_goes_before_its_callers()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "sub [1]"));
        Directory.CreateDirectory(Path.Combine(folder.Path, "other"));
        var lines = await Script.RunAsync($$"""
            Set-Location '{{folder.Path}}'
            $show = { Split-Path -Leaf $PWD.ProviderPath; [IO.Path]::GetFileName([Environment]::CurrentDirectory) }
            1 | Invoke-WorkerPool -Count 1 -WorkingDirectory './sub [1]' $show
            $null = Start-WorkerPool -Name warm -Count 1 -WorkingDirectory 'sub [1]'
            1, 2 | Invoke-WorkerPool -Name warm { Split-Path -Leaf $PWD.ProviderPath }
            1 | Invoke-WorkerPool -Name warm -WorkingDirectory other { Split-Path -Leaf $PWD.ProviderPath }
            1 | Invoke-WorkerPool -Name warm { Split-Path -Leaf $PWD.ProviderPath }
            foreach ($bad in './missing', 'env:/', 'nodrive:/x') { try { 1 | Invoke-WorkerPool -Count 1 -WorkingDirectory $bad { 1 } } catch { $_.FullyQualifiedErrorId.Split(',')[0] } }
            """);
        Assert.Equal(
            ["sub [1]", "sub [1]", "sub [1]", "sub [1]", "other", "sub [1]", "WorkingDirectoryNotFound", "WorkingDirectoryNotFound", "WorkingDirectoryNotFound"],
            lines);
    }
}
