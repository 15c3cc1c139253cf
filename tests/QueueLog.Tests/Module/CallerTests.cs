using QueueLog.Client;
using QueueLog.Listener;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Module;

/// <summary>The place that wrote a record, as the log shows it.</summary>
public sealed class CallerTests : IDisposable
{
    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_command_and_a_logger_name_the_script_and_line_that_called_them()
    {
        Write("inner.psm1", """
            function Write-Inner {

                Write-QueueLog 'of a module'
            }
            """);
        Write("main.ps1", """
            $log = Get-QueueLogger
            Write-QueueLog 'plain'
            $log.Info('logger'); $log.Warning('with {Hole}', 1)
            function Write-Here {
                Write-QueueLog 'of a function'
                1..2 | ForEach-Object {
                    $log.Debug('of a block')
                }
            }

            Write-Here
            'piped', 'twice' |
                Write-QueueLog
            Import-Module ./inner.psm1
            Write-Inner
            try { throw 'mistake' } catch {
                $_ | Write-QueueLog
                $log.Error($_)
            }
            """);
        Assert.Equal(
            [
                "main.ps1:2 plain", "main.ps1:3 logger", "main.ps1:3 with 1", "main.ps1:5 of a function", "main.ps1:7 of a block", "main.ps1:7 of a block",
                "main.ps1:13 piped", "main.ps1:13 twice", "inner.psm1:3 of a module", "main.ps1:17 mistake", "main.ps1:18 mistake",
            ],
            await EntriesOfAsync("Start-LogListener ./run.log -Template '{Caller} {Message}' -NoHeader -MinimumLevel Trace; ./main.ps1"));
    }

    [Fact]
    public async Task What_has_no_file_says_so_with_its_line() =>
        Assert.Equal(
            ["<No file>:2 typed", "<No file>:3 logger", "<No file>:2 of text"],
            await LogOfAsync("""
                Start-LogListener ./run.log -Template '{Caller} {Message}' -NoHeader; Write-QueueLog 'typed'
                (Get-QueueLogger).Info('logger')
                & ([scriptblock]::Create("`nWrite-QueueLog 'of text'"))
                """));

    [Fact]
    public async Task A_whole_record_keeps_its_own_place_and_gets_one_where_it_has_none() =>
        Assert.Equal(
            ["far.ps1:9 its own", "<No file>:4 none"],
            await LogOfAsync("""
                Start-LogListener ./run.log -Template '{Caller} {Message}' -NoHeader
                [QueueLog.Records.LogRecord]@{ Message = 'its own'; Caller = 'far.ps1:9' } | Write-QueueLog
                @{ Message = 'none' } | Write-QueueLog
                """));

    [Fact]
    public async Task In_a_pool_it_is_the_users_script_and_line_of_records_and_of_streams()
    {
        Write("pool.ps1", """
            function Get-Half($n) {
                (Get-QueueLogger).Info('logger')
                $n / 2
            }

            1 | Invoke-WorkerPool -Count 1 -ScriptBlock {
                Write-QueueLog 'command'
                Write-Warning 'warning'

                Write-Host 'host'
                Get-Half 8
                Write-Error 'error'
                Write-Host 'no end' -NoNewline
                throw 'failure'
            } -ErrorAction SilentlyContinue -WarningAction SilentlyContinue 6> $null
            """);
        var log = await EntriesOfAsync("Start-LogListener ./run.log -Template '{Caller} {Category} {Message}' -NoHeader; $null = ./pool.ps1");
        Assert.Equal(
            [
                "pool.ps1:7  command", "pool.ps1:8 Pool.Warning warning", "pool.ps1:10 Pool.Information host", "pool.ps1:2  logger", "pool.ps1:3 Pool.Output 4",
                "pool.ps1:12 Pool.Error error", "pool.ps1:14 Pool.Error failure", "pool.ps1:13 Pool.Information no end",
            ],
            log.Where(line => !line.Contains("QueueLog.Pool", StringComparison.Ordinal)));
    }

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
        QueueLogger.FindCaller = () => $"place:{++looked}";
        try
        {
            await using (var listener = await StartAsync("{Message}"))
            {
                new QueueLogger(null, listener.Address).Info("not asked");
                Assert.Equal(0, looked);
            }

            await using (var listener = await StartAsync("{Caller} {Message}", name: "asked.log"))
            {
                new QueueLogger(null, listener.Address).Info("asked");
                QueueLogger.FindCaller = () => null;
                new QueueLogger(null, listener.Address).Info("no script");
            }

            Assert.Equal(["place:1 asked", " no script"], folder.ReadLines("asked.log"));
        }
        finally
        {
            QueueLogger.FindCaller = null;
        }
    }

    private Task<LogListener> StartAsync(string template, bool include = false, string? consoleTemplate = null, string name = "run.log") => ListenerFactory.StartAsync(new ListenerSettings
    {
        Name = TestListener.NewName(),
        File = new RollingFileOptions { Path = folder.Combine(name) },
        Template = template,
        NoHeader = true,
        Console = consoleTemplate is not null,
        ConsoleTemplate = consoleTemplate,
        IncludeCaller = include,
    });

    private void Write(string name, string script) => File.WriteAllText(folder.Combine(name), script);

    // Without the lines of exceptions.
    private async Task<string[]> EntriesOfAsync(string script) => [.. (await LogOfAsync(script)).Where(line => !line.StartsWith("    ", StringComparison.Ordinal))];

    private async Task<string[]> LogOfAsync(string script)
    {
        var run = await Script.RunAsync(folder, $"{script}\n$null = Stop-LogListener");
        Assert.Equal("", run.Error);
        Assert.Equal(0, run.ExitCode);
        return folder.ReadLines("run.log");
    }
}
