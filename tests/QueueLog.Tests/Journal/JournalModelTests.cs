using CsCheck;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Journal;

[Collection(nameof(FaultPointCollection))]
public sealed class JournalModelTests
{
    private static readonly Gen<int> Size = Gen.Frequency((6, Gen.Int[1, 150]), (2, Gen.Int[150, 1000]), (1, Gen.Int[1000, 6000]));

    private static readonly Gen<ModelStepKind> Kind = Gen.Frequency(
        (10, Gen.Const(ModelStepKind.Append)),
        (4, Gen.Const(ModelStepKind.AppendMany)),
        (4, Gen.Const(ModelStepKind.Drain)),
        (4, Gen.Const(ModelStepKind.Commit)),
        (1, Gen.Const(ModelStepKind.CloseWriter)),
        (2, Gen.Const(ModelStepKind.KillWriter)),
        (2, Gen.Const(ModelStepKind.KillListener)),
        (1, Gen.Const(ModelStepKind.KillListenerTwice)));

    private static readonly Gen<ModelStep> Step = Gen.Select(Kind, Gen.Int[0, 3], Size, Gen.Int[0, 100], Gen.Int[0, 100_000], (kind, writer, size, place, chance) => new ModelStep(kind, writer, size, place, chance));

    [Fact]
    public void Whoever_dies_and_whenever_every_record_is_in_the_file_once_and_in_order() =>
        Step.Array[1, 60].Sample(
            steps =>
            {
                using var model = new JournalModel();
                model.Run(steps);
            },
            iter: 300,
            threads: 1,
            print: steps => string.Join("\n", steps));
}
