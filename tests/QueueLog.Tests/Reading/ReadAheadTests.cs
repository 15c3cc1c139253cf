using QueueLog.Reading;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Reading;

public sealed class ReadAheadTests
{
    private const int Many = 20_000;

    private readonly List<string> told = [];
    private bool isClosed;
    private int read;

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(500)]
    [InlineData(501)]
    [InlineData(Many)]
    public void Entries_and_problems_come_in_their_order_on_the_thread_of_the_caller(int count)
    {
        var thread = Environment.CurrentManagedThreadId;
        var query = new LogQuery
        {
            Report = problem =>
            {
                Assert.Equal(thread, Environment.CurrentManagedThreadId);
                told.Add(problem.Path);
            },
        };
        foreach (var entry in ReadAhead.Of(query, query => Entries(query, count, problemEach: 700)))
        {
            told.Add(entry.Message);
        }

        Assert.Equal(Enumerable.Range(0, count).SelectMany(i => i % 700 == 699 ? new[] { $"problem {i}", $"{i}" } : [$"{i}"]), told);
        Assert.True(isClosed);
    }

    [Fact]
    public void What_is_read_ahead_is_bounded_and_its_files_are_closed_when_the_caller_has_enough()
    {
        using (var entries = ReadAhead.Of(new LogQuery(), query => Entries(query, int.MaxValue)).GetEnumerator())
        {
            for (var i = 0; i < 1_000; i++)
            {
                Assert.True(entries.MoveNext());
            }

            Assert.False(isClosed);
        }

        Assert.True(isClosed);
        Assert.InRange(read, 1_000, 10_000);
    }

    [Fact]
    public async Task An_entry_is_given_though_the_next_is_long_in_coming()
    {
        using var goOn = new ManualResetEventSlim();
        using var entries = ReadAhead.Of(new LogQuery(), query => Entries(query, 1_000, before: i =>
        {
            if (i == 901)
            {
                goOn.Wait(TestTimeout.Limit);
            }
        })).GetEnumerator();
        await Task.Run(() =>
        {
            for (var i = 0; i <= 900; i++)
            {
                Assert.True(entries.MoveNext());
                Assert.Equal($"{i}", entries.Current.Message);
            }
        }).WaitAsync(TestTimeout.Limit);
        goOn.Set();
        Assert.True(entries.MoveNext());
    }

    [Fact]
    public void What_ends_the_reading_reaches_the_caller_behind_the_entries_before_it()
    {
        var given = 0;
        Assert.Throws<FormatException>(() =>
        {
            foreach (var entry in ReadAhead.Of(new LogQuery(), query => Entries(query, Many, before: i => _ = i == 3_000 ? throw new FormatException() : i)))
            {
                given++;
            }
        });
        Assert.Equal(3_000, given);
        Assert.True(isClosed);
    }

    [Fact]
    public void A_cancelled_reading_ends()
    {
        using var stop = new CancellationTokenSource();
        var query = new LogQuery { Cancellation = stop.Token };
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (var entry in ReadAhead.Of(query, query => Entries(query, int.MaxValue)))
            {
                if (entry.Message == "5000")
                {
                    stop.Cancel();
                }
            }
        });
        Assert.True(isClosed);
    }

    private IEnumerable<LogEntry> Entries(LogQuery query, int count, int problemEach = int.MaxValue, Action<int>? before = null)
    {
        try
        {
            for (var i = 0; i < count; i++)
            {
                before?.Invoke(i);
                query.Cancellation.ThrowIfCancellationRequested();
                if (i % problemEach == problemEach - 1)
                {
                    query.Report(new ReadProblem(ReadFault.Unreadable, $"problem {i}", null));
                }

                read++;
                yield return new LogEntry { Message = $"{i}" };
            }
        }
        finally
        {
            isClosed = true;
        }
    }
}
