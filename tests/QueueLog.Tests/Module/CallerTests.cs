using QueueLog.Client;
using QueueLog.Listener;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Module;

/// <summary>Who asks for the place that wrote a record, and who is asked.</summary>
public sealed class CallerTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Where_no_template_asks_for_it_there_is_none_unless_the_user_wants_it()
    {
        foreach (var include in new[] { false, true })
        {
            await using var listener = await StartAsync(template: "{Message}", include);
            await using var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), CancellationToken.None);
            Assert.Equal(include, client.WantsCaller);
        }
    }

    [Theory]
    [InlineData("{Message}", null, false)]
    [InlineData("{Message} {Caller}", null, true)]
    [InlineData("{Message}", "{caller,20} {Message}", true)]
    public async Task A_listener_tells_its_clients_whether_a_template_of_file_or_console_has_it(string template, string? consoleTemplate, bool expected)
    {
        await using var listener = await StartAsync(template, consoleTemplate: consoleTemplate);
        await using var client = await RawClient.GreetAsync(listener.Address);
        Assert.Equal(expected, client.Listener!.WantsCaller);
    }

    [Fact]
    public async Task A_logger_without_a_script_writes_none_and_one_that_is_not_asked_does_not_look()
    {
        var looked = 0;
        var engine = new LoggerEngine(_ => null, value => value, () => $"place:{++looked}", _ => false);
        await using (var listener = await StartAsync("{Message}"))
        {
            new QueueLogger(null, listener.Address, engine).Info("not asked");
            Assert.Equal(0, looked);
        }

        await using (var listener = await StartAsync("{Caller} {Message}", name: "asked.log"))
        {
            new QueueLogger(null, listener.Address, engine).Info("asked");
            new QueueLogger(null, listener.Address, engine with { FindCaller = () => null }).Info("no script");
        }

        Assert.Equal(["place:1 asked", " no script"], folder.ReadLines("asked.log"));
    }

    private Task<LogListener> StartAsync(string template, bool include = false, string? consoleTemplate = null, string name = "run.log") => ListenerFactory.StartAsync(new ListenerOptions
    {
        Name = TestListener.NewName(),
        File = new RollingFileOptions { Path = folder.Combine(name) },
        Template = template,
        NoHeader = true,
        Console = consoleTemplate is not null,
        ConsoleTemplate = consoleTemplate,
        IncludeCaller = include,
    });
}
