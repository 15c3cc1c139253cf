using System.Globalization;
using QueueLog.Journal;

namespace QueueLog.FaultActor;

/// <summary>The end a process is going to make: killed by itself, at its n-th arrival at a place.</summary>
// death = place arrival ruin when victims      when: "now", or "told" by a line "arm"; victims: a file of pids, or "-"
internal sealed class Death
{
    private readonly JournalFault place;
    private readonly int arrival;
    private readonly Ruin ruin;
    private readonly string? victims;

    private volatile bool armed;
    private int arrivals;

    // Of a writer's own ring, before the record under way.
    private long tail;

    private Death(ReadOnlySpan<string> arguments)
    {
        place = Enum.Parse<JournalFault>(arguments[0]);
        arrival = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        ruin = Enum.Parse<Ruin>(arguments[2]);
        armed = arguments[3] == "now";
        victims = arguments[4] == "-" ? null : arguments[4];
    }

    /// <summary>Takes the end that the arguments ask for; none when they are empty.</summary>
    public static Death? Await(ReadOnlySpan<string> arguments)
    {
        if (arguments.IsEmpty)
        {
            return null;
        }

        var death = new Death(arguments);
        FaultPoint.Reached = death.OnReached;
        return death;
    }

    public void Arm() => armed = true;

    private void OnReached(JournalFault reached)
    {
        if (!armed)
        {
            return;
        }

        switch (ruin, reached)
        {
            case (Ruin.CheckpointLost, JournalFault.CheckpointWritten):
                JournalDamage.ClearCheckpoint();
                break;
            case (Ruin.CommitLost, JournalFault.RecordCopied) when arrivals >= arrival:
                // The write before this one has returned, and its record is not there.
                End();
                break;
            case (Ruin.CommitLost, JournalFault.RecordCopied):
                tail = JournalDamage.ReadTail();
                break;
        }

        if (reached != place || Interlocked.Increment(ref arrivals) < arrival)
        {
            return;
        }

        switch (ruin)
        {
            case Ruin.RecordEmpty or Ruin.RecordTorn:
                if (!JournalDamage.TryCommitEarly(whole: ruin == Ruin.RecordEmpty))
                {
                    return;
                }

                break;
            case Ruin.BatchTorn:
                JournalDamage.WriteInPart();
                break;
            case Ruin.CommitLost:
                JournalDamage.WriteTail(tail);
                return;
        }

        End();
    }

    private void End()
    {
        foreach (var victim in victims is null ? [] : File.ReadAllLines(victims))
        {
            Killing.Kill(int.Parse(victim, CultureInfo.InvariantCulture));
        }

        Killing.Kill(Environment.ProcessId);
        Thread.Sleep(Timeout.Infinite);
    }
}
