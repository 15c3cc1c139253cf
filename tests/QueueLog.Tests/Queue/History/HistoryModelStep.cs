using QueueLog.Pool.Scheduling;

namespace QueueLog.Tests.Queue.History;

internal sealed record HistoryModelStep(HistoryStepKind Kind, int Who, int Chance);

internal sealed record HistoryModelOptions(int Items, RetryRule Rule, bool LosesMessages);

internal enum HistoryStepKind
{
    Offer,
    Deliver,
    Begin,
    Report,
    Freeze,
    Die,
    GiveUp,
    Read,
    Resume,
    Lose,
}
