using QueueLog.Bench.Compare;

namespace QueueLog.Bench.Ours;

internal sealed class EmptyCmdletCall() : Contender(Contest.Call, "empty compiled cmdlet, same parameters")
{
    private readonly Lazy<CallLoop> loop = new(() => new CallLoop("Write-EmptyQueueLog", typeof(EmptyQueueLogCommand), "'item done'"));

    public override double Run() => loop.Value.Nanoseconds();
}
