using CsCheck;
using QueueLog.Pool;
using QueueLog.Pool.Scheduling;

namespace QueueLog.Tests.Pool.State;

public sealed class PoolModelTests
{
    private static readonly Gen<PoolStepKind> Kind = Gen.Frequency(
        (10, Gen.Const(PoolStepKind.Add)),
        (1, Gen.Const(PoolStepKind.CompleteAdding)),
        (2, Gen.Const(PoolStepKind.BeginRun)),
        (2, Gen.Const(PoolStepKind.StopRun)),
        (1, Gen.Const(PoolStepKind.Resize)),
        (8, Gen.Const(PoolStepKind.Supervise)),
        (10, Gen.Const(PoolStepKind.Deliver)),
        (20, Gen.Const(PoolStepKind.Work)),
        (8, Gen.Const(PoolStepKind.Send)),
        (1, Gen.Const(PoolStepKind.Die)),
        (4, Gen.Const(PoolStepKind.Look)),
        (6, Gen.Const(PoolStepKind.Read)),
        (3, Gen.Const(PoolStepKind.CancellationTimesOut)));

    private static readonly Gen<ModelStep> Step = Gen.Select(Kind, Gen.Int[0, 20], Gen.Int[0, 1000], (kind, worker, chance) => new ModelStep(kind, worker, chance));

    private static readonly Gen<HaltRule> Halt = Gen.Frequency(
        (3, Gen.Const(HaltRule.None)),
        (1, Gen.Const(new HaltRule { Mode = HaltMode.Soon, Failures = 2 })),
        (1, Gen.Const(new HaltRule { Mode = HaltMode.Now, Failures = 2 })));

    private static readonly Gen<ModelOptions> Options = Gen.Select(Gen.Int[1, 3], Gen.Bool, Gen.Frequency((3, Gen.Const(long.MaxValue)), (1, Gen.Const(3L))), Gen.Int[0, 2], Gen.Bool, Halt, (workers, warm, most, retries, hasTimeout, halt) =>
        new ModelOptions(workers, warm, most, new RunOptions
        {
            Retry = new RetryRule { Retries = retries },
            Halt = halt,
            ReportsEnds = true,
            ItemTimeout = hasTimeout ? TimeSpan.FromHours(1) : null,
            Grace = TimeSpan.FromHours(1),
        }));

    [Fact]
    public void Whatever_happens_and_whenever_every_item_ends_once_and_none_is_begun_twice_and_the_run_comes_to_its_end() =>
        Gen.Select(Options, Step.Array[1, 120]).Sample(
            (options, steps) =>
            {
                using var model = new PoolModel(options);
                foreach (var step in steps)
                {
                    model.Step(step);
                }

                model.Finish();
            },
            iter: 1500,
            threads: 1,
            print: history => $"{history.Item1}\n{string.Join("\n", history.Item2)}");
}
