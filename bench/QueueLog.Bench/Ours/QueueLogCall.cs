using QueueLog.Bench.Compare;

namespace QueueLog.Bench.Ours;

/// <summary>A call of Write-QueueLog in a session whose listener runs.</summary>
internal sealed class QueueLogCall() : Contender(Contest.Call, "Write-QueueLog")
{
    public override string? Missing => BenchListener.Missing;

    public override double Run() => throw new NotSupportedException(Missing);
}
