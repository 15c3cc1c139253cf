using System.Reflection;
using System.Runtime.CompilerServices;
using QueueLog.Queue;

namespace QueueLog.Tests.Queue.Submission;

/// <summary>A run on a real server of which the first answer to each append is lost, and the connection after every second message of the histories.</summary>
public class LossyRun : DispatchProxy
{
    private readonly HashSet<string> appended = [];
    private IQueueRun inner = null!;
    private bool forgetsIds;

    /// <param name="inner">The run.</param>
    /// <param name="forgetsIds">Whether the server knows what it has, and not under which id it came.</param>
    internal static IQueueRun Of(IQueueRun inner, bool forgetsIds = false)
    {
        var run = Create<IQueueRun, LossyRun>();
        (((LossyRun)run).inner, ((LossyRun)run).forgetsIds) = (inner, forgetsIds);
        return run;
    }

    protected override object? Invoke(MethodInfo? targetMethod, object?[]? args) => targetMethod!.Name switch
    {
        nameof(IQueueRun.AppendAsync) => AppendAsync((string)args![0]!, (ReadOnlyMemory<byte>)args[1]!, (long)args[2]!, (string)args[3]!, (CancellationToken)args[4]!),
        nameof(IQueueRun.FollowHistoriesAsync) => FollowAsync((long)args![0]!, (CancellationToken)args[1]!),
        _ => targetMethod.Invoke(inner, args),
    };

    private async Task<AppendOutcome> AppendAsync(string chunk, ReadOnlyMemory<byte> payload, long expectedLast, string id, CancellationToken cancellation)
    {
        var isFirst = appended.Add(id);
        var outcome = await inner.AppendAsync(chunk, payload, expectedLast, isFirst || !forgetsIds ? id : $"{id}-again", cancellation);
        return isFirst ? throw new QueueException(QueueFault.Unreachable, "The answer is lost.") : outcome;
    }

    private async IAsyncEnumerable<HistoryMessage> FollowAsync(long fromSequence, [EnumeratorCancellation] CancellationToken cancellation)
    {
        var count = 0;
        await foreach (var message in inner.FollowHistoriesAsync(fromSequence, cancellation))
        {
            yield return ++count <= 2 ? message : throw new QueueException(QueueFault.Unreachable, "The connection is lost.");
        }
    }
}
