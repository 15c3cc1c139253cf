using System.Collections;
using System.Management.Automation;
using QueueLog.PowerShell;
using QueueLog.PowerShell.Errors;

namespace QueueLog.Tests.Module;

/// <summary>How an item is named in errors and progress, which is asked for again and again while it runs.</summary>
public sealed class ItemTextTests
{
    [Fact]
    public void Of_a_long_list_only_the_beginning_is_looked_at()
    {
        var list = new CountingList(10_000_000);
        var text = PoolErrors.Shorten(new PSObject(list));
        Assert.StartsWith("[0, 1, 2, ", text);
        Assert.EndsWith("…", text);
        Assert.InRange(list.Looked, 1, 100);
    }

    [Fact]
    public void A_sequence_that_may_be_endless_is_not_walked()
    {
        Assert.Equal(typeof(Endless).ToString(), PoolErrors.Shorten(new PSObject(new Endless())));
    }

    [Theory]
    [InlineData(null, "$null")]
    [InlineData("text", "text")]
    [InlineData(3, "3")]
    [InlineData(new[] { 1, 2 }, "[1, 2]")]
    public void A_short_value_is_shown_whole(object? value, string expected)
    {
        Assert.Equal(expected, PoolErrors.Shorten(value));
        Assert.Equal(expected, PoolErrors.Shorten(value is null ? null : new PSObject(value)));
    }

    private sealed class CountingList(int count) : ICollection
    {
        public int Looked { get; private set; }

        public int Count => count;

        public bool IsSynchronized => false;

        public object SyncRoot => this;

        public void CopyTo(Array array, int index) => throw new NotSupportedException();

        public IEnumerator GetEnumerator()
        {
            for (var i = 0; i < count; i++)
            {
                Looked++;
                yield return i;
            }
        }
    }

    private sealed class Endless : IEnumerable
    {
        public IEnumerator GetEnumerator() => throw new InvalidOperationException("walked");
    }
}
