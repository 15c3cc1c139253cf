using CsCheck;
using QueueLog.Pool.Scheduling;

namespace QueueLog.Tests.Queue.History;

public sealed class HistoryModelTests
{
    private static readonly Gen<HistoryStepKind> Kind = Gen.Frequency(
        (4, Gen.Const(HistoryStepKind.Offer)),
        (10, Gen.Const(HistoryStepKind.Deliver)),
        (10, Gen.Const(HistoryStepKind.Begin)),
        (8, Gen.Const(HistoryStepKind.Report)),
        (3, Gen.Const(HistoryStepKind.Freeze)),
        (2, Gen.Const(HistoryStepKind.Die)),
        (4, Gen.Const(HistoryStepKind.GiveUp)),
        (8, Gen.Const(HistoryStepKind.Read)),
        (1, Gen.Const(HistoryStepKind.Resume)),
        (2, Gen.Const(HistoryStepKind.Lose)));

    private static readonly Gen<HistoryModelStep[]> Steps = Gen.Select(Kind, Gen.Int[0, 20], Gen.Int[0, 1000], static (kind, who, chance) => new HistoryModelStep(kind, who, chance)).Array[1, 100];

    [Fact]
    public void Whoever_dies_freezes_or_goes_on_every_item_ends_once_and_none_is_begun_more_often_than_allowed() => Check(losesMessages: false);

    [Fact]
    public void A_server_that_forgets_messages_makes_no_item_end_twice_or_never() => Check(losesMessages: true);

    private static void Check(bool losesMessages) =>
        Gen.Select(Gen.Int[1, 8], Gen.Int[0, 2], Steps).Sample(
            (items, retries, steps) =>
            {
                var model = new HistoryModel(new HistoryModelOptions(items, new RetryRule { Retries = retries }, losesMessages));
                foreach (var step in steps)
                {
                    model.Step(step);
                }

                model.Finish();
            },
            iter: 3000,
            threads: 1,
            print: history => $"{history.Item1} items, {history.Item2} retries\n{string.Join("\n", history.Item3.Select(static step => step.ToString()))}");
}
