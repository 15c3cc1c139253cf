using System.Text;
using QueueLog.Sinks.RollingFile;

namespace QueueLog.Tests.Sinks.RollingFile;

public sealed class PendingEntriesTests
{
    [Theory]
    [InlineData(0, 0, "aabbbcc", new[] { 2, 5 })]
    [InlineData(2, 0, "bbbcc", new[] { 0, 3 })]
    [InlineData(2, 1, "bbbcc", new[] { 3 })]
    [InlineData(5, 2, "cc", new int[0])]
    [InlineData(7, 2, "", new int[0])]
    public void What_is_left_after_a_partial_success_keeps_its_roll_points(int bytes, int points, string rest, int[] rollPoints)
    {
        var pending = new PendingEntries(keepCapacity: 1024);
        pending.Buffer.WriteBytes("aabbbcc"u8);
        pending.RollBefore(2);
        pending.RollBefore(5);

        pending.Drop(bytes, points);

        Assert.Equal(rest, Encoding.UTF8.GetString(pending[..]));
        Assert.Equal(rollPoints, pending.RollPoints);
    }
}
