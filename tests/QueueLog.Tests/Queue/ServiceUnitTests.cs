using System.Diagnostics;
using System.Text.RegularExpressions;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Queue;

/// <summary>The units of systemd in docs/queue.md.</summary>
public sealed partial class ServiceUnitTests
{
    [Theory]
    [InlineData("queuelog-host.service")]
    [InlineData("queuelog-nats.service")]
    public async Task Systemd_takes_the_unit_as_it_stands(string unit)
    {
        Assert.SkipUnless(File.Exists("/usr/bin/systemd-analyze"), "systemd-analyze is not installed.");
        var page = File.ReadAllText(Path.Combine(Repository.Root, "docs", "queue.md"));
        var text = Assert.Single(Block().Matches(page), block => block.Groups["unit"].Value == unit).Groups["text"].Value;
        using var folder = new TempFolder();

        // What is started need not be here.
        File.WriteAllText(folder.Combine(unit), Program().Replace(text, "ExecStart=/bin/true"));
        using var process = Process.Start(new ProcessStartInfo("/usr/bin/systemd-analyze", ["verify", folder.Combine(unit)]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var said = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync()).WaitAsync(TestTimeout.Limit);
        await process.WaitForExitAsync().WaitAsync(TestTimeout.Limit);

        // Of a name that it does not know it only warns; and it tells of other units of the machine.
        Assert.DoesNotContain(string.Concat(said).Split('\n'), line => line.Contains(unit, StringComparison.Ordinal));
        Assert.Equal(0, process.ExitCode);
    }

    [GeneratedRegex("`/etc/systemd/system/(?<unit>[^`]+)`[^`]*```ini\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"ExecStart=\S+")]
    private static partial Regex Program();
}
