using QueueLog.Tests.Support;
using QueueLog.Transport;

namespace QueueLog.Tests.Transport;

public sealed class BusyFileTests : IDisposable
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly TempFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_file_that_others_look_at_again_and_again_is_replaced_and_each_of_them_finds_it_whole()
    {
        const int Turns = 200;
        var path = folder.Combine("address");
        BusyFile.Replace(path, new string('a', 100));
        using var done = new CancellationTokenSource();
        var reads = new int[4];
        var readers = Enumerable.Range(0, reads.Length).Select(reader => Task.Factory.StartNew(() => Read(reader), None, TaskCreationOptions.LongRunning, TaskScheduler.Default)).ToArray();
        for (var turn = 0; turn < Turns || reads.Any(count => count < Turns / 10); turn++)
        {
            BusyFile.Replace(path, new string((char)('a' + (turn % 26)), 100));
            Assert.DoesNotContain(readers, reader => reader.IsFaulted);
        }

        await done.CancelAsync();
        await Task.WhenAll(readers).WaitAsync(TestTimeout.Limit);
        Assert.Equal(["address"], folder.FilesIn());

        void Read(int reader)
        {
            while (!done.IsCancellationRequested)
            {
                try
                {
                    var text = BusyFile.Read(path);
                    Assert.Equal(new string(text[0], 100), text);
                    reads[reader]++;
                }
                catch (Exception e) when (BusyFile.IsBusy(e) || (e is FileNotFoundException && OperatingSystem.IsWindows()))
                {
                    // Windows may show the moment between two files.
                }

                // As a writer that looks for its listener does, only more often.
                Thread.Sleep(1);
            }
        }
    }

    [Theory]
    [InlineData(5)]
    [InlineData(32)]
    public void Windows_waits_a_moment_for_a_busy_file_and_Unix_knows_none(int error)
    {
        var calls = 0;
        void Act()
        {
            if (++calls < 3)
            {
                throw new IOException("busy", unchecked((int)0x80070000) | error);
            }
        }

        if (OperatingSystem.IsWindows())
        {
            BusyFile.Retry(Act);
            Assert.Equal(3, calls);
        }
        else
        {
            Assert.Throws<IOException>(() => BusyFile.Retry(Act));
            Assert.Equal(1, calls);
        }
    }

    [Fact]
    public void Another_error_is_told_at_once()
    {
        var calls = 0;
        Assert.Throws<FileNotFoundException>(() => BusyFile.Retry(() =>
        {
            calls++;
            throw new FileNotFoundException();
        }));
        Assert.Equal(1, calls);
    }
}
