using QueueLog.Client;
using QueueLog.Formatting;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Listener;

/// <summary>Writers send properties only where someone shows them.</summary>
public sealed class WantedPropertiesTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("{Message} {Category} {Exception}", null, LogFormat.Text, false)]
    [InlineData("{Message} {Properties}", null, LogFormat.Text, true)]
    [InlineData("{Message} {Table}", null, LogFormat.Text, true)]
    [InlineData("{Message} {Item}", null, LogFormat.Text, true)]
    [InlineData("{Message} {Attempt}", null, LogFormat.Text, true)]
    [InlineData("{Message}", "{Message} {Properties}", LogFormat.Text, true)]
    [InlineData(null, null, LogFormat.Text, false)]
    [InlineData(null, null, LogFormat.Json, true)]
    [InlineData(null, null, LogFormat.Logfmt, true)]
    [InlineData(null, null, LogFormat.Csv, true)]
    public async Task A_listener_tells_its_clients_whether_a_file_or_console_shows_properties(string? template, string? consoleTemplate, LogFormat format, bool expected)
    {
        await using var listener = await StartAsync(template, consoleTemplate, format);
        await using var client = await RawClient.GreetAsync(listener.Address);
        Assert.Equal(expected, client.Listener!.WantsProperties);
    }

    [Theory]
    [InlineData("{Message} {Level}", "1 of 2 Information")]
    [InlineData("{Message} {Total}", "1 of 2 2")]
    public async Task What_a_line_shows_is_the_same_whether_or_not_they_are_sent(string template, string expected)
    {
        await using (var listener = await StartAsync(template, null, LogFormat.Text))
        await using (var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), CancellationToken.None))
        {
            client.Write(new RecordDraft { Level = LogLevel.Information, Message = "{Number} of {Total}", Arguments = new object?[] { 1, 2 } });
        }

        Assert.Equal([expected], folder.ReadLines("run.log"));
    }

    private Task<LogListener> StartAsync(string? template, string? consoleTemplate, LogFormat format) => ListenerFactory.StartAsync(new ListenerOptions
    {
        Name = TestListener.NewName(),
        File = new RollingFileOptions { Path = folder.Combine("run.log") },
        Format = format,
        Template = template ?? TemplateFormatter.DefaultTemplate,
        NoHeader = true,
        Console = consoleTemplate is not null,
        ConsoleTemplate = consoleTemplate,
    });
}
