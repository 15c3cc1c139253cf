using QueueLog.Tests.Support;

namespace QueueLog.Tests.Host;

public sealed class FileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Arguments_reach_the_parameters_of_the_script()
    {
        var script = Script("""
            param([int] $Count, [switch] $Fast, [bool] $Sure, [string] $Name)
            "$Count $Fast $Sure $Name rest=$args"
            """);

        var result = await HostProcess.RunAsync("-NoProfile", "-File", script, "-Count", "3", "-Fast", "-Sure:$true", "-Name:", "x y", "one", "-two");

        Assert.Equal("3 True True x y rest=one -two\n", result.Output);
        Assert.Equal(0, result.ExitCode);
    }

    [Fact]
    public async Task A_bare_path_is_a_script_too()
    {
        Script("'ran with ' + $args", "bare.ps1");

        var result = await HostProcess.RunAsync(["bare.ps1", "a"], folder: _folder.Path);

        Assert.Equal("ran with a\n", result.Output);
    }

    [Fact]
    public async Task A_script_knows_where_it_stands()
    {
        var script = Script("$PSScriptRoot; $PSCommandPath; $MyInvocation.MyCommand.Name");

        var result = await HostProcess.RunAsync("-File", script);

        Assert.Equal([_folder.Path, script, "script.ps1"], result.Lines);
    }

    [Fact]
    public async Task Exit_gives_the_exit_code()
    {
        var result = await HostProcess.RunAsync("-File", Script("'before'; exit 7; 'after'"));

        Assert.Equal(7, result.ExitCode);
        Assert.Equal("before\n", result.Output);
    }

    [Fact]
    public async Task An_error_that_nobody_catches_exits_with_1_and_says_where()
    {
        var result = await HostProcess.RunAsync("-File", Script("""
            'fine'
            throw 'the message'
            """));

        Assert.Equal(1, result.ExitCode);
        Assert.Equal("fine\n", result.Output);
        Assert.Contains("script.ps1:2", result.Error, StringComparison.Ordinal);
        Assert.Contains("throw 'the message'", result.Error, StringComparison.Ordinal);
        Assert.Contains("the message", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_error_that_stops_nothing_leaves_the_exit_code_alone()
    {
        var result = await HostProcess.RunAsync("-File", Script("Write-Error 'not so bad'"));

        Assert.Equal(0, result.ExitCode);
        Assert.Contains("not so bad", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task A_script_that_cannot_be_parsed_exits_with_1_and_says_where()
    {
        var result = await HostProcess.RunAsync("-File", Script("""
            'never'
            function broken {
            """));

        Assert.Equal(1, result.ExitCode);
        Assert.Contains("script.ps1:2", result.Error, StringComparison.Ordinal);
        Assert.Empty(result.Output);
    }

    [Fact]
    public async Task A_file_that_is_not_there_exits_with_64()
    {
        var result = await HostProcess.RunAsync("-File", _folder.Combine("missing.ps1"));

        Assert.Equal(64, result.ExitCode);
        Assert.Contains("missing.ps1", result.Error, StringComparison.Ordinal);
    }

    private string Script(string text, string name = "script.ps1")
    {
        File.WriteAllText(_folder.Combine(name), text);
        return _folder.Combine(name);
    }
}
