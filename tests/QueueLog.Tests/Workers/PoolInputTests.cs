using QueueLog.Tests.Support;

namespace QueueLog.Tests.Workers;

public sealed class PoolInputTests
{
    [Fact]
    public async Task Every_item_of_a_thousand_runs_once_and_the_processes_are_kept()
    {
        var lines = await Script.RunAsync("""
            $results = 1..1000 | Invoke-WorkerPool -Count 4 { [pscustomobject]@{ Number = $_; Pid = $PID } }
            ($results.Number | Sort-Object) -join ','
            @($results.Pid | Sort-Object -Unique).Count
            """);
        Assert.Equal(string.Join(',', Enumerable.Range(1, 1000)), lines[0]);
        Assert.InRange(int.Parse(lines[1]), 1, 4);
    }

    [Fact]
    public async Task Without_input_the_block_runs_once_in_every_worker_with_its_number()
    {
        var lines = await Script.RunAsync("""
            $results = Invoke-WorkerPool -Count 3 { param($number) [pscustomobject]@{ Number = $number; Same = $number -eq $_; Pid = $PID } }
            ($results.Number | Sort-Object) -join ','
            ($results.Same | Sort-Object -Unique) -join ','
            @($results.Pid | Sort-Object -Unique).Count
            (Start-WorkerPool -Count 2 { $_ } | Receive-Job -Wait -AutoRemoveJob | Sort-Object) -join ','
            """);
        Assert.Equal(["0,1,2", "True", "3", "0,1"], lines);
    }

    [Fact]
    public async Task An_item_is_the_first_argument_and_the_current_object_and_further_arguments_follow()
    {
        var lines = await Script.RunAsync("1, 2 | Invoke-WorkerPool -Count 1 -ArgumentList 'x', $null, 3 { param($item, $a, $b, $c) \"$item$_$a$($null -eq $b)$c\" }");
        Assert.Equal(["11xTrue3", "22xTrue3"], lines);
    }

    [Fact]
    public async Task Items_are_splatted_by_position_and_by_name()
    {
        var lines = await Script.RunAsync("""
            @(1, 2), @(3, 4) | Invoke-WorkerPool -Count 1 -Splat -ArgumentList 'more' { param($a, $b, $c) "$a $b $c" }
            @{ B = 2; a = 1 }, [ordered]@{ A = 3; B = 4 } | Invoke-WorkerPool -Count 1 -Splat { param($a, [int] $b) "$a $b" }
            5 | Invoke-WorkerPool -Count 1 -Splat { param($a) "$a" }
            """);
        Assert.Equal(["1 2 more", "3 4 more", "1 2", "3 4", "5"], lines);
    }

    [Fact]
    public async Task Using_expressions_of_every_kind_have_the_callers_values()
    {
        var lines = await Script.RunAsync("""
            $plain = 5; $object = @{ a = @{ b = 10, 20 } }; $list = 1, 2; $empty = $null; $env:QL_TEST = 'from env'
            function Inner { $local = 'local'; 1 | Invoke-WorkerPool -Count 1 { $using:local } }
            1 | Invoke-WorkerPool -Count 1 { "$using:plain ${using:PLAIN} $($using:object.a.b[1]) $($using:list.Count) $($null -eq $using:empty) $using:env:QL_TEST" }
            1 | Invoke-WorkerPool -Count 1 { & { function f { $using:plain + 1 }; f } }
            @{ x = 7 } | Invoke-WorkerPool -Count 1 -Splat { param($x) $x + $using:plain }
            1 | Invoke-WorkerPool -Count 1 -InitializationScript { $global:made = $using:plain * 2 } { $made }
            Inner
            """);
        Assert.Equal(["5 5 20 2 True from env", "6", "12", "10", "local"], lines);
    }

    [Fact]
    public async Task The_initialization_runs_once_in_each_worker_and_what_it_makes_stays()
    {
        var lines = await Script.RunAsync("""
            $results = 1..20 | Invoke-WorkerPool -Count 2 -InitializationScript { function Double($x) { $x * 2 }; $global:runs++ } { [pscustomobject]@{ Value = Double $_; Runs = $runs } }
            ($results.Value | Sort-Object) -join ','
            ($results.Runs | Sort-Object -Unique) -join ','
            """);
        Assert.Equal([string.Join(',', Enumerable.Range(1, 20).Select(i => i * 2)), "1"], lines);
    }

    [Fact]
    public async Task ThrottleLimit_is_what_others_call_the_number_of_workers()
    {
        var lines = await Script.RunAsync("""
            (Invoke-WorkerPool -ThrottleLimit 2 { param($number) $number } | Sort-Object) -join ','
            (Start-WorkerPool -ThrottleLimit 2 { param($number) $number } | Receive-Job -Wait -AutoRemoveJob | Sort-Object) -join ','
            """);
        Assert.Equal(["0,1", "0,1"], lines);
    }

    [Theory]
    [InlineData("$made = 1; break; $made = 2")]
    [InlineData("$made = 1; continue elsewhere; $made = 2")]
    [InlineData("$made = 1; return; $made = 2")]
    public async Task An_initialization_may_end_early(string script)
    {
        var lines = await Script.RunAsync($"1..2 | Invoke-WorkerPool -Count 1 -InitializationScript {{ {script} }} {{ $made }}");
        Assert.Equal(["1", "1"], lines);
    }

    [Fact]
    public async Task Workers_start_where_the_session_is_and_with_its_preferences()
    {
        using var folder = new TempFolder();
        var lines = await Script.RunAsync($$"""
            Set-Location '{{folder.Path}}'; $VerbosePreference = 'Continue'; $ErrorActionPreference = 'Continue'
            1 | Invoke-WorkerPool -Count 1 { $PWD.ProviderPath; "$VerbosePreference $ErrorActionPreference" }
            """);
        Assert.EndsWith(Path.GetFileName(folder.Path), lines[0], StringComparison.Ordinal);
        Assert.Equal("Continue Continue", lines[1]);
    }

    [Fact]
    public async Task An_endless_input_ends_with_the_first_results()
    {
        var lines = await Script.RunAsync("""
            $global:read = 0
            $results = & { while ($true) { $global:read++; $global:read } } | Invoke-WorkerPool -Count 2 { $_ } | Select-Object -First 10
            $results.Count
            (Get-WorkerPool | Measure-Object).Count
            """);
        Assert.Equal(["10", "0"], lines);
    }

    [Fact]
    public async Task The_input_is_read_only_as_far_as_the_workers_follow()
    {
        var lines = await Script.RunAsync("""
            $global:read = 0
            $results = 1..1000 | ForEach-Object { $global:read++; $_ } | Invoke-WorkerPool -Count 2 { Start-Sleep -Milliseconds 200; $_ } | Select-Object -First 3
            $global:read
            """);

        // Three results, one item under way and one waiting for each worker, and the one in hand.
        Assert.InRange(int.Parse(Assert.Single(lines)), 3, 9);
    }

    [Fact]
    public async Task A_list_given_by_name_is_a_list_of_items_and_a_piped_list_is_one()
    {
        var lines = await Script.RunAsync("""
            (Invoke-WorkerPool -Count 1 { "[$_]" } -InputObject 1, 2, 3) -join ''
            , @(1, 2, 3) | Invoke-WorkerPool -Count 1 { $_.Count }
            $null, '' | Invoke-WorkerPool -Count 1 { $null -eq $_ }
            @() | Invoke-WorkerPool -Count 1 { 'never' }
            'end'
            """);
        Assert.Equal(["[1][2][3]", "3", "True", "False", "end"], lines);
    }

    [Fact]
    public async Task What_is_piped_in_arrives_as_it_is_whether_it_comes_from_a_list_or_from_a_command()
    {
        var lines = await Script.RunAsync("""
            $folder = [IO.DirectoryInfo]::new('/'); $folder.psobject.Properties.Add([psnoteproperty]::new('Note', 'noted'))
            $line = [psobject] 'text'; $line.psobject.Properties.Add([psnoteproperty]::new('Note', 'line'))
            $inputs = @(1, $null, @(1, 2), $folder, $line, [pscustomobject] @{ Note = 'custom' }, @{ Note = 'table' }, 'plain', $true)
            function Get-Input { foreach ($one in $inputs) { , $one } }
            $block = { if ($null -eq $_) { 'null' } elseif ($_.Note) { $_.Note } else { "$_" } }
            ($inputs | Invoke-WorkerPool -Count 1 -KeepOrder $block) -join ','
            (Get-Input | Invoke-WorkerPool -Count 1 -KeepOrder $block) -join ','
            (@() | Invoke-WorkerPool -Count 1 $block).Count
            $inputs | Invoke-WorkerPool -Count 1 -AsResult $block | ForEach-Object { if ($_.Input -is [IO.DirectoryInfo]) { "$($_.Input.Note) $([object]::ReferenceEquals($_.Input, $folder))" } }
            """);
        Assert.Equal(["1,null,1 2,noted,line,custom,table,plain,True", "1,null,1 2,noted,line,custom,table,plain,True", "0", "noted True"], lines);
    }
}
