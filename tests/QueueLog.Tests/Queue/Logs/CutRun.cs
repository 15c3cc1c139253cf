using System.Reflection;
using QueueLog.Queue;
using QueueLog.Queue.Logs;

namespace QueueLog.Tests.Queue.Logs;

/// <summary>A run whose log takes the first piece of a record that is longer than a packet, and never answers for the next.</summary>
public class CutRun : DispatchProxy
{
    private readonly TaskCompletionSource reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private IQueueRun inner = null!;

    internal static (IQueueRun Run, Task Reached) Of(IQueueRun inner)
    {
        var run = Create<IQueueRun, CutRun>();
        ((CutRun)run).inner = inner;
        return (run, ((CutRun)run).reached.Task);
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
    {
        if (targetMethod!.Name == nameof(IQueueRun.PublishLogAsync) && LogPacket.Decode((ReadOnlyMemory<byte>)args![1]!).IsContinued)
        {
            reached.TrySetResult();
            return Task.Delay(Timeout.Infinite, (CancellationToken)args[3]!);
        }

        return targetMethod.Invoke(inner, args);
    }
}
