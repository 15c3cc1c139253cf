using QueueLog.Tests.Support;

namespace QueueLog.Tests.Module;

/// <summary>The commands that read logs, in scripts of real processes.</summary>
public sealed class ReadingTests : IDisposable
{
    private readonly TempFolder folder = new();

    private string Log => folder.Combine("run.log");

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task What_was_written_is_read_with_the_filters_asked_for()
    {
        var lines = await Script.RunAsync($$"""
            $null = Start-LogListener '{{Log}}' -Format Json -MaxFileSize 1000 -MaxFiles 50 -MinimumLevel Trace
            1..30 | ForEach-Object { Write-QueueLog 'item {Item} of {Total}' -ArgumentList $_, 30 -Level @('Debug', 'Warning')[$_ % 2] }
            (Get-LogListener).StopAsync('00:00:10').Wait()
            (Get-QueueLog '{{Log}}').Count
            (Get-QueueLog '{{Log}}' -Level Warning).Count
            (Get-QueueLog '{{Log}}' -Match 'item 1\d of' -First 2).Message
            (Get-QueueLog '{{Log}}' -Property @{ Item = 7 }).Message
            (Get-QueueLog '{{Log}}' -Since 1h -Until 0s -Tail 1).Message
            (Get-QueueLog '{{Log}}' -Where { $_.Properties['Item'] -eq 9 }).Message
            (Get-QueueLog '{{folder.Combine("*.log*")}}').Count
            "$(Test-QueueLog '{{Log}}' -Quiet)"
            foreach ($count in (Get-QueueLog '{{Log}}' -Since 90s).Count, (Get-QueueLog '{{Log}}' -Since 1d).Count, @(Get-QueueLog '{{Log}}' -Until 1d).Count) { $count }
            """);
        Assert.Equal(["30", "15", "item 10 of 30", "item 11 of 30", "item 7 of 30", "item 30 of 30", "item 9 of 30", "30", "True", "30", "30", "0"], lines);
    }

    [Fact]
    public async Task A_log_is_followed_over_rolls_and_the_death_of_its_listener()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Signals are sent with kill.");
        using var reader = Script.Start($"'ready'; Get-QueueLog '{Log}' -Wait | ForEach-Object {{ $_.Message }}");
        Assert.Equal("ready", await reader.ReadLineAsync());
        for (var run = 0; run < 3; run++)
        {
            using var writer = Script.Start($$"""
                $null = Start-LogListener '{{Log}}' -MaxFileSize 300 -MaxFiles 100
                1..20 | ForEach-Object { Write-QueueLog "record $({{run}} * 20 + $_)" -Wait }
                'written'
                Start-Sleep 600
                """);
            Assert.Equal("written", await writer.ReadLineAsync());
            writer.Signal("KILL");
            await writer.CompleteAsync();
        }

        var read = new List<string?>();
        while (read.Count(line => line?.StartsWith("record ", StringComparison.Ordinal) == true) < 60)
        {
            read.Add(await reader.ReadLineAsync());
        }

        Assert.Equal(Enumerable.Range(1, 60).Select(number => $"record {number}"), read.Where(line => line!.StartsWith("record ", StringComparison.Ordinal)));

        reader.Signal("INT");
        Assert.Equal(130, (await reader.CompleteAsync()).ExitCode);
    }

    [Fact]
    public async Task What_cannot_be_read_is_said_and_the_rest_is_read()
    {
        File.WriteAllText(Log, "# QueueLog: text {Level} {Message}\nWarning x\n");
        var lines = await Script.RunAsync($$"""
            $found = Get-QueueLog '{{folder.Combine("no.log")}}', '{{Log}}' -ErrorAction SilentlyContinue -ErrorVariable problem
            $found.Message
            $problem[0].FullyQualifiedErrorId
            foreach ($call in { Get-QueueLog }, { Get-QueueLog '{{Log}}' -Match '(' }, { Get-QueueLog '{{Log}}' -Template '{' }, { Get-QueueLog '{{Log}}' -Since soon }) {
                try { & $call } catch { ($_.FullyQualifiedErrorId -split ',')[0] }
            }
            """);
        Assert.Equal(
            ["x", "LogNotFound,QueueLog.PowerShell.Commands.GetQueueLogCommand", "NoLogToRead", "InvalidPattern", "InvalidTemplate", "ParameterArgumentTransformationError"],
            lines);
    }

    [Theory]
    [InlineData("10m", 600)]
    [InlineData("90s", 90)]
    [InlineData("1h30m", 5400)]
    [InlineData("1.5d", 129600)]
    [InlineData("2 h", 7200)]
    [InlineData("500ms", 0.5)]
    [InlineData("-10m", 600)]
    public void A_span_is_how_long_ago_it_was(string text, double seconds)
    {
        var now = new DateTimeOffset(2026, 3, 4, 15, 0, 0, TimeSpan.Zero);
        Assert.Equal(now.AddSeconds(-seconds), QueueLog.PowerShell.TimeTransformationAttribute.Transform(text, now));
    }

    [Theory]
    [InlineData("soon")]
    [InlineData("")]
    [InlineData("10x")]
    [InlineData("m")]
    public void What_is_no_time_is_refused(string text) =>
        Assert.Throws<System.Management.Automation.ArgumentTransformationMetadataException>(() => QueueLog.PowerShell.TimeTransformationAttribute.Transform(text, DateTimeOffset.Now));
}
