using System.IO.Compression;
using Microsoft.Extensions.Time.Testing;
using QueueLog.Client;
using QueueLog.Listener;
using QueueLog.Records;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Listener;

/// <summary>Rolls of a whole listener, with writers that know nothing of them.</summary>
[Collection(nameof(FaultPointCollection))]
public sealed class RollTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TempFolder folder = new();
    private readonly FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 25, 22, 0, 0, TimeSpan.Zero));

    private RollingFileOptions Options => new() { Path = folder.Combine("run.log"), RollUtc = true, RollNames = RollNames.Date, MaxFiles = 1000, Time = time };

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_record_written_after_midnight_begins_the_next_days_file()
    {
        var listener = await StartAsync(Options with { RollInterval = RollInterval.Day });
        await using var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);
        await WriteAsync(client, "before");
        time.Advance(TimeSpan.FromHours(2));
        Assert.Equal(["run.log"], folder.FilesIn());
        await WriteAsync(client, "after");
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);

        Assert.Equal(["before"], folder.ReadLines("run.log.2026-11-25"));
        Assert.Equal(["after"], folder.ReadLines("run.log"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Whatever_rolls_how_often_every_record_is_there_once_and_in_order(bool compress)
    {
        const int Count = 3000;
        var listener = await StartAsync(Options with { RollInterval = RollInterval.Hour, MaxFileSize = 5000, Compress = compress });
        var writing = Enumerable.Range(0, 3).Select(writer => Task.Run(async () =>
        {
            await using var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);
            for (var i = 0; i < Count; i++)
            {
                Assert.Equal(WriteResult.Accepted, client.Write(new RecordDraft { Message = $"{writer} {i:D6}", Level = LogLevel.Information }));
                if (i % 500 == 0)
                {
                    Assert.True(await client.AcknowledgedAsync(None).WaitAsync(TestTimeout.Limit));
                    time.Advance(TimeSpan.FromMinutes(40));
                }
            }

            Assert.True(await client.AcknowledgedAsync(None).WaitAsync(TestTimeout.Limit));
        })).ToArray();
        await Task.WhenAll(writing);
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(2 * TestTimeout.Limit);
        Assert.Empty(listener.Failures);

        var path = new RollingPath(folder.Combine("run.log"), RollInterval.Hour);
        var names = folder.FilesIn().Where(name => name != "run.log").OrderBy(name => path.Parse(name)!.Value).Append("run.log").ToArray();
        Assert.True(names.Select(name => path.Parse(name)?.Date).Distinct().Count() > 5);
        var lines = names.SelectMany(Lines).ToLookup(line => line[0], line => int.Parse(line.AsSpan(2)));
        Assert.All("012", writer => Assert.Equal(Enumerable.Range(0, Count), lines[writer]));
    }

    [Fact]
    public async Task What_a_dead_listener_left_begins_a_new_file_when_the_old_one_is_of_an_earlier_day()
    {
        File.WriteAllText(folder.Combine("run.log"), "yesterday\n");
        File.SetLastWriteTimeUtc(folder.Combine("run.log"), time.GetUtcNow().UtcDateTime.AddDays(-1));
        var listener = await StartAsync(Options with { RollInterval = RollInterval.Day });
        Assert.Equal(["run.log"], folder.FilesIn());
        await using var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);
        await WriteAsync(client, "today");
        await listener.StopAsync(TestTimeout.Limit).WaitAsync(TestTimeout.Limit);

        Assert.Equal(["yesterday"], folder.ReadLines("run.log.2026-11-24"));
        Assert.Equal(["today"], folder.ReadLines("run.log"));
    }

    [Fact]
    public async Task A_stop_waits_for_what_is_being_compressed()
    {
        using var hold = new CompressionHold();
        var listener = await StartAsync(Options with { MaxFileSize = 1, Compress = true });
        await using var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);
        await WriteAsync(client, "1");
        await WriteAsync(client, "2");
        await hold.ReachedAsync();
        await WriteAsync(client, "held up by nothing");
        var stopping = listener.StopAsync(TestTimeout.Limit);
        Assert.False(stopping.IsCompleted);
        hold.Release();
        await stopping.WaitAsync(2 * TestTimeout.Limit);

        Assert.Equal(["run.log", "run.log.2026-11-25.1.gz", "run.log.2026-11-25.gz"], folder.FilesIn());
    }

    [Fact]
    public async Task A_stop_whose_time_is_over_leaves_it_to_the_next_listener_whatever_the_thread_still_does()
    {
        OpenFiles.SkipUnlessDeletedAtOnce();
        using var hold = new CompressionHold();
        var listener = await StartAsync(Options with { MaxFileSize = 1, Compress = true });
        await using (var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None))
        {
            await WriteAsync(client, "1");
            await WriteAsync(client, "2");
        }

        // It does not answer, as if its disk did not.
        await hold.ReachedAsync();
        await listener.StopAsync(TimeSpan.FromMilliseconds(200)).WaitAsync(TestTimeout.Limit);
        Assert.Equal(ListenerState.Stopped, listener.State);
        Assert.Equal("1\n", folder.Read("run.log.2026-11-25"));

        var next = await StartAsync(Options with { MaxFileSize = 1, Compress = true });
        hold.Release();
        await next.StopAsync(TestTimeout.Limit).WaitAsync(2 * TestTimeout.Limit);
        Assert.Equal(["run.log", "run.log.2026-11-25.gz"], folder.FilesIn());
        Assert.Equal(["1"], Lines("run.log.2026-11-25.gz"));
        Assert.Empty(next.Failures);
    }

    [Fact]
    public async Task A_durable_log_brings_its_rolled_and_compressed_files_to_the_disk()
    {
        var listener = await StartAsync(Options with { MaxFileSize = 1, Compress = true }, durable: true);
        await using var client = await LogClient.ConnectAsync(listener.Address, new ClientOptions(), None);
        for (var i = 0; i < 5; i++)
        {
            await WriteAsync(client, $"{i}");
        }

        await listener.StopAsync(TestTimeout.Limit).WaitAsync(2 * TestTimeout.Limit);
        Assert.Empty(listener.Failures);
        Assert.Equal(["0", "1", "2", "3", "4"], folder.FilesIn().SelectMany(Lines).Order());
    }

    private static Task<LogListener> StartAsync(RollingFileOptions file, bool durable = false) => ListenerFactory.StartAsync(new ListenerOptions
    {
        Name = TestListener.NewName(),
        File = file,
        Template = "{Message}",
        NoHeader = true,
        Durable = durable,
    });

    private static async Task WriteAsync(LogClient client, string message)
    {
        Assert.Equal(WriteResult.Accepted, client.Write(new RecordDraft { Message = message, Level = LogLevel.Information }));
        Assert.True(await client.AcknowledgedAsync(None).WaitAsync(TestTimeout.Limit));
    }

    private string[] Lines(string name)
    {
        if (!name.EndsWith(".gz", StringComparison.Ordinal))
        {
            return folder.ReadLines(name);
        }

        using var reader = new StreamReader(new GZipStream(File.OpenRead(folder.Combine(name)), CompressionMode.Decompress));
        return reader.ReadToEnd().TrimEnd('\n').Split('\n');
    }
}
