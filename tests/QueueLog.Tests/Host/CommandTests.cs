using System.Text;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Host;

public sealed class CommandTests
{
    [Fact]
    public async Task The_words_after_command_are_one_command()
    {
        var result = await HostProcess.RunAsync("-NoLogo", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-c", "Write-Output", "a b", "c");

        Assert.Equal(["a", "b", "c"], result.Lines);
        Assert.Equal(0, result.ExitCode);
    }

    [Theory]
    [InlineData("1", 0)]
    [InlineData("exit 5", 5)]
    [InlineData("throw 'x'", 1)]
    [InlineData("Write-Error x", 1)]
    [InlineData("Write-Error x; 1", 0)]
    [InlineData("if (", 1)]
    public async Task The_exit_code_tells_how_the_command_ended(string command, int exitCode)
    {
        var result = await HostProcess.RunAsync("-Command", command);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Equal(command is "1" or "exit 5", result.Error.Length == 0);
    }

    [Fact]
    public async Task An_encoded_command_is_read()
    {
        var encoded = Convert.ToBase64String(Encoding.Unicode.GetBytes("'grüße'"));

        var result = await HostProcess.RunAsync("-EncodedCommand", encoded);

        Assert.Equal("grüße\n", result.Output);
    }

    [Theory]
    [InlineData("-")]
    [InlineData("-Command", "-")]
    [InlineData("-File", "-")]
    public async Task A_dash_reads_the_script_from_standard_input(params string[] arguments)
    {
        var result = await HostProcess.RunAsync(arguments, input: "foreach ($i in 1..2) {\n  $i\n}\nexit 4");

        Assert.Equal(["1", "2"], result.Lines);
        Assert.Equal(4, result.ExitCode);
    }

    [Theory]
    [InlineData(64)]
    [InlineData(64, "-NoSuchThing")]
    [InlineData(64, "-File")]
    [InlineData(64, "-EncodedCommand", "%%%")]
    [InlineData(0, "-Help")]
    public async Task Nothing_to_run_shows_the_usage(int exitCode, params string[] arguments)
    {
        var result = await HostProcess.RunAsync(arguments);

        Assert.Equal(exitCode, result.ExitCode);
        Assert.Contains("Usage: qlhost", exitCode == 0 ? result.Output : result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_that_of_the_engine()
    {
        var result = await HostProcess.RunAsync("-Version");

        Assert.Matches(@"PowerShell 7\.\d", result.Output);
    }
}
