using System.Globalization;
using System.IO.Compression;
using Microsoft.Extensions.Time.Testing;
using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Journal;
using QueueLog.Sinks;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Sinks.RollingFile;

[Collection(nameof(FaultPointCollection))]
public sealed class CompressionTests : IDisposable
{
    private readonly TempFolder folder = new();
    private readonly TempFolder state = new();
    private readonly FailureLog failures = new();
    private readonly FakeTimeProvider time = new(DateTimeOffset.Parse("2026-11-25T12:00:00Z", CultureInfo.InvariantCulture));

    private RollingFileOptions Options => new() { Path = folder.Combine("run.log"), MaxFileSize = 1, MaxFiles = 1000, Compress = true, Time = time };

    public void Dispose()
    {
        FaultPoint.Reached = null;
        folder.Dispose();
        state.Dispose();
    }

    [Fact]
    public async Task What_is_rolled_is_compressed_and_the_current_file_is_not()
    {
        using var sink = Open(Options);
        Write(sink, "first", "second", "third");
        await WhenIdleAsync(sink);

        Assert.Equal(["run.log", "run.log.1.gz", "run.log.2.gz"], folder.FilesIn());
        Assert.Equal("second\n", Unpack("run.log.1.gz"));
        Assert.Equal("first\n", Unpack("run.log.2.gz"));
        Assert.Equal("third\n", folder.Read("run.log"));
        Assert.Equal(0, failures.Count);
    }

    [Fact]
    public async Task Dated_files_are_compressed_under_their_dates()
    {
        using var sink = Open(Options with { MaxFileSize = null, RollInterval = RollInterval.Day, RollNames = RollNames.Date, RollUtc = true });
        Write(sink, "first");
        time.Advance(TimeSpan.FromDays(1));
        Write(sink, "second");
        await WhenIdleAsync(sink);

        Assert.Equal(["run.log", "run.log.2026-11-25.gz"], folder.FilesIn());
        Assert.Equal("first\n", Unpack("run.log.2026-11-25.gz"));
    }

    [Fact]
    public async Task A_compressed_file_has_the_time_and_the_permissions_of_the_original()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("On Windows the permissions of a file come from its folder.");
            return;
        }

        var written = new DateTime(2026, 1, 2, 3, 4, 5, DateTimeKind.Utc);
        File.WriteAllText(folder.Combine("run.log.1"), "old\n");
        File.SetUnixFileMode(folder.Combine("run.log.1"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);
        File.SetLastWriteTimeUtc(folder.Combine("run.log.1"), written);
        using var sink = Open(Options);
        await WhenIdleAsync(sink);

        Assert.Equal(written, File.GetLastWriteTimeUtc(folder.Combine("run.log.1.gz")));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(folder.Combine("run.log.1.gz")));
    }

    [Theory]
    [InlineData(RollNames.Number)]
    [InlineData(RollNames.Date)]
    public async Task Rolls_while_a_file_is_compressed_mix_nothing_up(RollNames names)
    {
        using var hold = new CompressionHold();
        using var sink = Open(Options with { RollNames = names });
        Write(sink, "1", "2");
        await hold.ReachedAsync();
        Write(sink, "3", "4", "5");
        Assert.Equal("5\n", folder.Read("run.log"));
        hold.Release();
        await WhenIdleAsync(sink);

        var expected = names == RollNames.Number
            ? new[] { "run.log.4.gz=1", "run.log.3.gz=2", "run.log.2.gz=3", "run.log.1.gz=4" }
            : ["run.log.2026-11-25.gz=1", "run.log.2026-11-25.1.gz=2", "run.log.2026-11-25.2.gz=3", "run.log.2026-11-25.3.gz=4"];
        Assert.Equal(expected.Order(), folder.FilesIn().Where(name => name != "run.log").Select(name => $"{name}={Unpack(name).TrimEnd()}").Order());
        Assert.Equal(0, failures.Count);

        // Nothing was begun anew because of a new name.
        Assert.Equal(4, hold.Parts);
    }

    [Fact]
    public async Task A_file_that_is_deleted_while_it_is_compressed_leaves_nothing()
    {
        using var hold = new CompressionHold();
        using var sink = Open(Options with { MaxFiles = 1 });
        Write(sink, new string('1', 200_000), "2");
        await hold.ReachedAsync();
        Write(sink, "3", "4");
        hold.Release();
        await WhenIdleAsync(sink);

        Assert.Equal(["run.log", "run.log.1.gz"], folder.FilesIn());
        Assert.Equal("3\n", Unpack("run.log.1.gz"));
        Assert.Equal(0, failures.Count);

        // Of the deleted one no more than the part that was under way.
        Assert.Equal(2, hold.Parts);
    }

    [Fact]
    public async Task A_file_that_someone_takes_away_or_writes_to_while_it_is_compressed_is_left_alone()
    {
        using var hold = new CompressionHold();
        using var sink = Open(Options);
        Write(sink, "1", "2");
        await hold.ReachedAsync();
        File.Move(folder.Combine("run.log.1"), folder.Combine("taken"));
        File.WriteAllText(folder.Combine("run.log.1"), "of another\n");
        hold.Release();
        await WhenIdleAsync(sink);

        Assert.Equal(["run.log", "run.log.1.gz", "taken"], folder.FilesIn());
        Assert.Equal("1\n", folder.Read("taken"));
        Assert.Equal("of another\n", Unpack("run.log.1.gz"));
    }

    [Fact]
    public async Task Many_rolls_beside_the_compression_keep_every_record_once_and_in_order()
    {
        const int Count = 500;
        using (var sink = Open(Options with { MaxFileSize = 20, MaxFiles = int.MaxValue, RollNames = RollNames.Date }))
        {
            for (var i = 0; i < Count; i++)
            {
                sink.Deliver($"{i:D6}");
                if (i % 3 == 0)
                {
                    sink.Flush();
                }
            }

            sink.Flush();
            await WhenIdleAsync(sink);
        }

        var path = new RollingPath(folder.Combine("run.log"), RollInterval.Day);
        var names = folder.FilesIn().Where(name => name != "run.log").OrderBy(name => path.Parse(name)!.Value).ToArray();
        Assert.All(names, name => Assert.EndsWith(".gz", name));
        Assert.Equal(Enumerable.Range(0, Count).Select(i => $"{i:D6}"), names.SelectMany(name => Unpack(name).TrimEnd('\n').Split('\n')).Concat(folder.ReadLines("run.log")));
    }

    [Fact]
    public async Task Numbered_files_that_move_on_all_the_time_are_compressed_none_the_less()
    {
        using (var sink = Open(Options with { MaxFileSize = 7, MaxFiles = 20 }))
        {
            for (var i = 0; i < 1000; i++)
            {
                Write(sink, $"{i:D6}");
            }

            await WhenIdleAsync(sink);
        }

        var names = Enumerable.Range(1, 20).Reverse().Select(number => $"run.log.{number}.gz").ToArray();
        Assert.Equal(names.Append("run.log").Order(StringComparer.Ordinal), folder.FilesIn());
        Assert.Equal(Enumerable.Range(979, 20).Select(i => $"{i:D6}\n"), names.Select(Unpack));
    }

    [Fact]
    public async Task What_a_killed_compression_left_is_cleared_up_at_the_next_start()
    {
        File.WriteAllText(folder.Combine("run.log.queuelog-gz"), "in part");
        Pack("run.log.1.gz", "finished\n");
        File.WriteAllText(folder.Combine("run.log.1"), "finished\n");
        File.WriteAllText(folder.Combine("run.log.2"), "not begun\n");
        using var sink = Open(Options);
        await WhenIdleAsync(sink);

        Assert.Equal(["run.log", "run.log.1.gz", "run.log.2.gz"], folder.FilesIn());
        Assert.Equal("finished\n", Unpack("run.log.1.gz"));
        Assert.Equal("not begun\n", Unpack("run.log.2.gz"));
    }

    [Theory]
    [InlineData("another content\n")]
    [InlineData("same and mor")]
    [InlineData("same and more and more\n")]
    public async Task A_compressed_file_of_other_content_costs_no_original_its_life(string content)
    {
        Pack("run.log.1.gz", content);
        File.WriteAllText(folder.Combine("run.log.1"), "same and more\n");
        using var sink = Open(Options);
        await WhenIdleAsync(sink);

        Assert.Equal("same and more\n", folder.Read("run.log.1"));
        Assert.Equal(content, Unpack("run.log.1.gz"));
    }

    [Fact]
    public async Task Nor_does_one_that_is_broken()
    {
        File.WriteAllText(folder.Combine("run.log.1.gz"), "nonsense");
        File.WriteAllText(folder.Combine("run.log.1"), "precious\n");
        using var sink = Open(Options);
        await WhenIdleAsync(sink);
        Write(sink, "1", "2");
        await WhenIdleAsync(sink);

        Assert.Equal("precious\n", folder.Read("run.log.2"));
        Assert.Equal("nonsense", folder.Read("run.log.2.gz"));
        Assert.Equal("1\n", Unpack("run.log.1.gz"));
    }

    [Fact]
    public async Task A_log_that_does_not_roll_leaves_all_other_files_alone()
    {
        // As logrotate makes them.
        File.WriteAllText(folder.Combine("run.log.queuelog-gz"), "");
        for (var number = 1; number < 10; number++)
        {
            File.WriteAllText(folder.Combine($"run.log.{number}"), "theirs");
        }

        using var sink = Open(new RollingFileOptions { Path = folder.Combine("run.log") });
        Write(sink, "ours");
        await WhenIdleAsync(sink);

        Assert.Equal(11, folder.FilesIn().Length);
    }

    [Fact]
    public async Task A_disk_that_is_full_is_reported_once_and_the_original_stays_until_there_is_room()
    {
        using var disk = new SmallDisk();
        var noise = new char[12_000];
        var random = new Random(1);
        for (var i = 0; i < noise.Length; i++)
        {
            noise[i] = (char)random.Next('0', 'z');
        }

        var text = new string(noise);
        using var sink = Open(Options with { Path = disk.Combine("run.log") });
        using (var hold = new CompressionHold())
        {
            Write(sink, text, "small");
            await hold.ReachedAsync();
            disk.Fill(leave: 4096);
            hold.Release();
            await WhenIdleAsync(sink);
        }

        Assert.Equal([text], disk.ReadLines("run.log.1"));
        Assert.False(File.Exists(disk.Combine("run.log.1.gz")) || File.Exists(disk.Combine("run.log.queuelog-gz")));
        Assert.Contains("could not be compressed", Assert.Single(failures.GetRecent()).Message);

        disk.MakeRoom();
        Write(sink, "more");
        await WhenIdleAsync(sink);
        Assert.Equal(["run.log", "run.log.1.gz", "run.log.2.gz"], Directory.GetFiles(disk.Combine("")).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Equal(1, failures.Count);
    }

    [Fact]
    public async Task What_cannot_be_compressed_stays_as_it_is_and_is_tried_again_at_the_next_roll()
    {
        // A folder where the compressed form is to be written stands for whatever is in the way.
        Directory.CreateDirectory(folder.Combine("run.log.queuelog-gz"));
        using var sink = Open(Options);
        Write(sink, "1", "2");
        await WhenIdleAsync(sink);
        Assert.Equal(["run.log", "run.log.1"], folder.FilesIn());
        Assert.Equal(2, failures.Count);

        Directory.Delete(folder.Combine("run.log.queuelog-gz"));
        Write(sink, "3");
        await WhenIdleAsync(sink);
        Assert.Equal(["run.log", "run.log.1.gz", "run.log.2.gz"], folder.FilesIn());
    }

    [Fact]
    public async Task Closing_the_log_ends_the_compression_and_leaves_the_rest_to_the_next()
    {
        using (var hold = new CompressionHold())
        {
            var sink = Open(Options);
            Write(sink, "1", "2");
            await hold.ReachedAsync();
            var closing = Task.Run(sink.Dispose);
            hold.Release();
            await closing.WaitAsync(TestTimeout.Limit);
        }

        Assert.Contains("run.log.1", string.Join(' ', folder.FilesIn()));
        Assert.DoesNotContain("run.log.queuelog-gz", folder.FilesIn());
        using var next = Open(Options);
        await WhenIdleAsync(next);
        Assert.Equal(["run.log", "run.log.1.gz"], folder.FilesIn());
        Assert.Equal("1\n", Unpack("run.log.1.gz"));
    }

    [Fact]
    public async Task Files_by_token_are_compressed_by_one_thread_and_wait_for_it_when_one_of_them_is_closed()
    {
        var options = Options with { Path = folder.Combine("{Process}.log"), MaxOpenFiles = 1 };
        using var sink = new TokenFileSink(options, new TemplateFormatter("{Message}"), new FileLockScope(state.Path, "pipe"), failures);
        foreach (var process in "ABABAB")
        {
            sink.Deliver(Some.Record($"{process}", process: $"{process}"));
            sink.Flush();
        }

        await sink.WhenIdle.WaitAsync(TestTimeout.Limit);
        sink.Deliver(Some.Record("last", process: "A"));
        sink.Flush();
        await sink.WhenIdle.WaitAsync(TestTimeout.Limit);
        sink.Deliver(Some.Record("last", process: "B"));
        sink.Flush();
        await sink.WhenIdle.WaitAsync(TestTimeout.Limit);

        Assert.Equal(["A.log", "A.log.1.gz", "A.log.2.gz", "A.log.3.gz", "B.log", "B.log.1.gz", "B.log.2.gz", "B.log.3.gz"], folder.FilesIn());
        Assert.Equal(0, failures.Count);
    }

    [Fact]
    public async Task A_reader_keeps_what_it_has_open()
    {
        OpenFiles.SkipUnlessDeletedAtOnce();
        using var hold = new CompressionHold();
        using var sink = Open(Options);
        Write(sink, "1", "2");
        await hold.ReachedAsync();
        using var reader = new StreamReader(new FileStream(folder.Combine("run.log.1"), FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        hold.Release();
        await WhenIdleAsync(sink);

        Assert.Equal("1\n", await reader.ReadToEndAsync());
        Assert.Equal(["run.log", "run.log.1.gz"], folder.FilesIn());
    }

    private static async Task WhenIdleAsync(RollingFileSink sink) => await sink.WhenIdle.WaitAsync(TestTimeout.Limit);

    private static void Write(RollingFileSink sink, params string[] messages)
    {
        foreach (var message in messages)
        {
            sink.Deliver(message);
            sink.Flush();
        }
    }

    private void Pack(string name, string content)
    {
        using var file = new GZipStream(File.Create(folder.Combine(name)), CompressionLevel.Fastest);
        file.Write(System.Text.Encoding.UTF8.GetBytes(content));
    }

    private string Unpack(string name)
    {
        using var reader = new StreamReader(new GZipStream(File.OpenRead(folder.Combine(name)), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    private RollingFileSink Open(RollingFileOptions options) => new(options, new TemplateFormatter("{Message}"), new FileLockScope(state.Path, "pipe"), failures);
}
