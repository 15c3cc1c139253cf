using System.Text;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Tests.Sinks.RollingFile;

public sealed class PendingEntriesTests
{
    private readonly PendingEntries pending = new(keepCapacity: 1024);

    public PendingEntriesTests()
    {
        Add("aa");
        Add("bbb");
        Add("cc");
    }

    [Fact]
    public void Without_the_last_entry_it_is_what_is_left()
    {
        Assert.Equal("aabbb", Text(pending.Due(withoutLast: true)));

        pending.Drop(withoutLast: true);

        Assert.Equal("cc", Text(pending.Due(withoutLast: false)));
        Assert.Equal("", Text(pending.Due(withoutLast: true)));
        Add("d");
        Assert.Equal("cc", Text(pending.Due(withoutLast: true)));
        Assert.Equal("ccd", Text(pending.Due(withoutLast: false)));
    }

    [Fact]
    public void With_it_nothing_is_left()
    {
        pending.Drop(withoutLast: false);
        Assert.Equal(0, pending.Length);

        Add("d");
        Assert.Equal("", Text(pending.Due(withoutLast: true)));
        Assert.Equal("d", Text(pending.Due(withoutLast: false)));
    }

    [Fact]
    public void An_entry_that_was_taken_back_is_not_the_last_and_neither_is_the_one_before()
    {
        pending.Begin();
        pending.Buffer.WriteBytes("half of an ent"u8);
        pending.RemoveLast();

        Assert.Equal("aabbbcc", Text(pending.Due(withoutLast: true)));
        Assert.Equal("aabbbcc", Text(pending.Due(withoutLast: false)));
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes);

    private void Add(string entry)
    {
        pending.Begin();
        pending.Buffer.WriteUtf8(entry);
    }
}
