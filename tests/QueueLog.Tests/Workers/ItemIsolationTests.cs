using QueueLog.Tests.Support;

namespace QueueLog.Tests.Workers;

public sealed class ItemIsolationTests
{
    [Fact]
    public async Task Variables_that_an_item_made_changed_or_removed_are_as_before_for_the_next()
    {
        var lines = await Script.RunAsync("""
            1..3 | Invoke-WorkerPool -Count 1 -InitializationScript { $global:kept = 'kept'; $global:gone = 'there'; [int] $global:typed = 7; $global:empty = $null; $plain = 'init' } {
                "$kept $gone $typed $plain [$made$scoped$fixed$local] $(Test-Path variable:empty) $ErrorActionPreference [$($PSDefaultParameterValues.Count)]"
                $global:kept = 1; Remove-Variable gone, empty -Scope Global; [string] $global:typed = 'text'; $global:made = 1; $script:scoped = 2
                $local = 4; $script:plain = 5
                $global:ErrorActionPreference = 'SilentlyContinue'; $global:PSDefaultParameterValues['Join-Path:ChildPath'] = 'x'
                $ExecutionContext.SessionState.PSVariable.Set('global:fixed', 1); $ExecutionContext.SessionState.PSVariable.Get('global:fixed').Options = 'ReadOnly'
            }
            """);
        Assert.Equal(Enumerable.Repeat("kept there 7 init [] True Stop [0]", 3), lines);
    }

    [Fact]
    public async Task A_variable_that_was_removed_keeps_its_conditions()
    {
        var lines = await Script.RunAsync("""
            1..2 | Invoke-WorkerPool -Count 1 -InitializationScript { [ValidateRange(1, 9)] [int] $global:ranged = 5 } {
                try { $global:ranged = 10; 'accepted' } catch { "refused $ranged" }
                Remove-Variable ranged -Scope Global
            }
            """);
        Assert.Equal(["refused 5", "refused 5"], lines);
    }

    [Fact]
    public async Task Errors_exit_codes_and_success_do_not_reach_the_next_item()
    {
        var lines = await Script.RunAsync("""
            1..3 | Invoke-WorkerPool -Count 1 -ErrorAction SilentlyContinue {
                "$? $($Error.Count) [$LASTEXITCODE]"
                if ($IsWindows) { cmd /c 'exit 3' } else { sh -c 'exit 3' }
                $ErrorActionPreference = 'Continue'; Write-Error 'left behind'
                if ($_ -eq 2) { throw 'and ended' }
            }
            $null = 'the script itself succeeds'
            """);
        Assert.Equal(["True 0 []", "True 0 []", "True 0 []"], lines);
    }

    [Fact]
    public async Task Locations_and_their_stack_are_as_before_for_the_next_item()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(Path.Combine(folder.Path, "deep"));
        var lines = await Script.RunAsync($$"""
            Set-Location '{{folder.Path}}'
            1..3 | Invoke-WorkerPool -Count 1 -InitializationScript { Push-Location deep } {
                $before = Split-Path -Leaf $PWD
                Set-Location function:; $drive = "$PWD"
                Set-Location env:; Push-Location; Push-Location '/'
                "$before $drive"
            }
            1..2 | Invoke-WorkerPool -Count 1 -InitializationScript { Push-Location deep } { Pop-Location; Split-Path -Leaf $PWD }
            1..2 | Invoke-WorkerPool -Count 1 { Pop-Location; Split-Path -Leaf $PWD; Push-Location }
            """);
        var name = Path.GetFileName(folder.Path);
        Assert.Equal([.. Enumerable.Repeat($"deep Function:{Path.DirectorySeparatorChar}", 3), name, name, name, name], lines);
    }

    [Fact]
    public async Task The_culture_is_the_sessions_for_every_item()
    {
        var lines = await Script.RunAsync("""
            [cultureinfo]::CurrentCulture = 'de-DE'
            1..2 | Invoke-WorkerPool -Count 1 { [cultureinfo]::CurrentCulture.Name; [cultureinfo]::CurrentCulture = 'fr-FR'; [cultureinfo]::CurrentUICulture = 'fr-FR' }
            """);
        Assert.Equal(["de-DE", "de-DE"], lines);
    }

    [Fact]
    public async Task An_item_that_fails_or_leaves_by_break_leaves_nothing_either()
    {
        var lines = await Script.RunAsync("""
            1..4 | Invoke-WorkerPool -Count 1 -ErrorAction SilentlyContinue { "[$left]"; $global:left = $_; if ($_ -eq 1) { throw 'x' } elseif ($_ -eq 2) { break } elseif ($_ -eq 3) { break nowhere } }
            $null = 'the script itself succeeds'
            """);
        Assert.Equal(["[]", "[]", "[]", "[]"], lines);
    }

    [Fact]
    public async Task A_variable_that_came_with_a_module_stays_with_it()
    {
        using var folder = new TempFolder();
        File.WriteAllText(Path.Combine(folder.Path, "Late.psm1"), "$Exported = 'exported'; Export-ModuleMember -Variable Exported");
        var lines = await Script.RunAsync($$"""
            1..3 | Invoke-WorkerPool -Count 1 { if ($_ -eq 1) { Import-Module '{{folder.Path}}/Late.psm1' -Global; $global:other = 1 }; "$Exported [$other]"; $global:Exported = 'changed' }
            """);
        Assert.Equal("exported [1]", lines[0]);
        Assert.EndsWith("[]", lines[1], StringComparison.Ordinal);
        Assert.Equal(lines[1], lines[2]);
    }

    [Fact]
    public async Task A_warm_pools_call_sees_what_its_pool_prepared_and_nothing_of_the_call_before()
    {
        var lines = await Script.RunAsync("""
            $null = Start-WorkerPool -Name warm -Count 1 -InitializationScript { $global:base = 40; function Prepared { 'prepared' } }
            function Carried { 'carried' }; Set-Alias ca Carried; $OFS = '-'
            1 | Invoke-WorkerPool -Name warm -InitializationScript { $global:base = 50; $global:call = 1 } { "$base $call $(Prepared) $(ca) $(1, 2)"; $global:item = 1 }
            Remove-Item function:Carried, alias:ca; Remove-Variable OFS
            1 | Invoke-WorkerPool -Name warm { "$base [$call$item] $(Prepared) $($null -eq $function:Carried) $(Test-Path alias:ca) $(1, 2)" }
            function Prepared { 'mine' }
            1 | Invoke-WorkerPool -Name warm { Prepared }
            Remove-Item function:Prepared
            1 | Invoke-WorkerPool -Name warm { Prepared }
            """);
        Assert.Equal(["50 1 prepared carried 1-2", "40 [] prepared True False 1 2", "mine", "prepared"], lines);
    }

    [Fact]
    public async Task The_engine_shows_its_inside_so_that_nothing_of_this_falls_back()
    {
        var lines = await Script.RunAsync("""
            $assembly = [AppDomain]::CurrentDomain.GetAssemblies() | Where-Object { $_.GetName().Name -eq 'QueueLog.PowerShell' }
            $method = $assembly.GetType('QueueLog.PowerShell.EngineState').GetMethod('Of')
            $null -ne $method.Invoke($null, @($ExecutionContext.SessionState))
            """);
        Assert.Equal(["True"], lines);
    }
}
