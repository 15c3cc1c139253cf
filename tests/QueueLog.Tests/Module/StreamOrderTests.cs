using System.Management.Automation;
using System.Management.Automation.Remoting.Internal;
using QueueLog.PowerShell.Pool;

namespace QueueLog.Tests.Module;

public sealed class StreamOrderTests
{
    [Fact]
    public void What_comes_between_the_count_and_the_copy_is_left_for_the_next_copy()
    {
        using var job = new IdleJob();
        var order = new StreamOrder(job);
        var array = new PSStreamObject[2];
        foreach (var value in new[] { 1, 2, 3 })
        {
            job.Output.Add(value);
            order.Add(new PSStreamObject(PSStreamObjectType.Output, value));
        }

        order.CopyTo(array, 0);
        Assert.All(array, record => Assert.Equal(PSStreamObjectType.Output, record.ObjectType));
    }

    private sealed class IdleJob : Job
    {
        public override bool HasMoreData => false;

        public override string Location => "";

        public override string StatusMessage => "";

        public override void StopJob()
        {
        }
    }
}
