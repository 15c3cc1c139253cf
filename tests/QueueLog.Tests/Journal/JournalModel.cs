using QueueLog.Diagnostics;
using QueueLog.Formatting;
using QueueLog.Journal;
using QueueLog.Listener;
using QueueLog.Sinks;
using QueueLog.Sinks.RollingFile;
using QueueLog.Tests.Support;
using QueueLog.Transport;

namespace QueueLog.Tests.Journal;

/// <summary>Writers and a listener that die, and beside them what they should have brought to the file. All on one thread.</summary>
internal sealed class JournalModel : IDisposable
{
    private const int Capacity = RingLayout.SmallestCapacity;

    // A batch of several records rolls more than once.
    private const int MaxFileSize = 3000;

    private static readonly JournalFault[] WriterFaults = [JournalFault.RecordCopied, JournalFault.RecordCommitted];

    private static readonly JournalFault[] ListenerFaults =
    [
        JournalFault.BatchFormatted, JournalFault.CheckpointWritten, JournalFault.BatchWritten, JournalFault.HeadsMoved,
    ];

    private static readonly JournalFault[] RecoveryFaults =
    [
        JournalFault.InRecovery, JournalFault.BatchFormatted, JournalFault.CheckpointWritten, JournalFault.BatchWritten, JournalFault.HeadsMoved,
    ];

    private readonly TempFolder folder = new();
    private readonly CrashSwitch crash = new();
    private readonly string log;

    // By the life of a writer: what it has handed over.
    private readonly List<List<string>> expected = [];
    private readonly List<(int Life, RingWriter Ring)> writers = [];

    private OrphanedJournals? journals;
    private SinkGuard? sink;
    private BatchWriter? batch;
    private RingSources? rings;
    private RingIntake? intake;
    private FailureLog failures = new();

    public JournalModel()
    {
        log = folder.Combine("run.log");
        StartListener();
    }

    public void Run(IEnumerable<ModelStep> steps)
    {
        foreach (var step in steps)
        {
            Run(step);
        }

        foreach (var (_, ring) in writers)
        {
            ring.Close();
            ring.Dispose();
        }

        writers.Clear();
        DrainAndCommit();
        Verify();
        Assert.Empty(journals!.Folders.SelectMany(journal => journal.Rings));
        Assert.All(journals.Folders, journal => Assert.DoesNotContain(Directory.EnumerateFiles(journal.Path), file => file.EndsWith(RingFiles.LargeExtension, StringComparison.Ordinal)));
    }

    public void Dispose()
    {
        crash.Dispose();
        writers.ForEach(writer => writer.Ring.Dispose());
        if (journals is not null)
        {
            journals.Folders.SelectMany(journal => journal.Rings).ToList().ForEach(RingFiles.Delete);
        }

        DropListener();
        folder.Dispose();
    }

    private void Run(ModelStep step)
    {
        switch (step.Kind)
        {
            case ModelStepKind.Append:
                Append(step);
                break;
            case ModelStepKind.AppendMany:
                for (var i = 0; i < 5; i++)
                {
                    Append(step with { Size = step.Size % 300 + i });
                }

                break;
            case ModelStepKind.Drain:
                rings!.FindUnknown();
                intake!.Drain();
                break;
            case ModelStepKind.Commit:
                batch!.Commit(sync: false);
                intake!.Retire();
                break;
            case ModelStepKind.CloseWriter when writers.Count > 0:
                var closed = writers[step.Writer % writers.Count];
                closed.Ring.Close();
                closed.Ring.Dispose();
                writers.Remove(closed);
                break;
            case ModelStepKind.KillWriter:
                KillWriter(step);
                break;
            case ModelStepKind.KillListener:
                KillListener(step, ListenerFaults[step.Place % ListenerFaults.Length]);
                StartListener();
                Verify();
                break;
            case ModelStepKind.KillListenerTwice:
                KillListener(step, ListenerFaults[step.Place % ListenerFaults.Length]);
                KillSuccessor(step, RecoveryFaults[step.Chance % RecoveryFaults.Length]);
                StartListener();
                Verify();
                break;
        }
    }

    private (int Life, RingWriter Ring) WriterOf(ModelStep step)
    {
        const int Most = 3;
        if (writers.Count < Most && step.Writer >= writers.Count)
        {
            expected.Add([]);
            var ring = RingWriter.Create(journals!.Folders[0].Path, TestRing.OwnerOf(Environment.ProcessId, ProcessStart.Own), Capacity);
            writers.Add((expected.Count - 1, ring));
            return writers[^1];
        }

        return writers[step.Writer % writers.Count];
    }

    private void Append(ModelStep step)
    {
        var (life, ring) = WriterOf(step);
        var message = MessageOf(life, step.Size);
        if (ring.TryAppend(Encoded.Record(message)))
        {
            expected[life].Add(message);
        }
    }

    private string MessageOf(int life, int size) => $"{life}:{expected[life].Count}:".PadRight(size, (char)('a' + size % 26));

    private void KillWriter(ModelStep step)
    {
        var writer = WriterOf(step);
        var message = MessageOf(writer.Life, step.Size);
        var place = WriterFaults[step.Place % WriterFaults.Length];
        crash.Arm(place);
        try
        {
            writer.Ring.TryAppend(Encoded.Record(message));
        }
        catch (SimulatedCrash)
        {
            if (place == JournalFault.RecordCommitted)
            {
                expected[writer.Life].Add(message);
            }
            else
            {
                TearCopy(writer.Ring.Path, step.Chance);
            }
        }

        crash.Disarm();
        writer.Ring.Dispose();
        writers.Remove(writer);
    }

    // Killed in mid-copy: what lies behind the tail is anything.
    private static void TearCopy(string path, int chance)
    {
        long tail, head;
        using (var reader = RingReader.Open(path))
        {
            (tail, head) = (reader.Tail, reader.Head);
        }

        var offset = (int)(tail & (Capacity - 1));
        var free = (int)Math.Min(Capacity - offset, Capacity - (tail - head));
        var garbage = new byte[Math.Min(free, chance % 200)];
        new Random(chance).NextBytes(garbage);
        TestRing.Poke(path, RingLayout.HeaderLength + offset, garbage);
    }

    private void StartListener()
    {
        failures = new FailureLog();
        journals = OrphanedJournals.Claim(RealPath.Of(log), TestListener.Locks, failures);
        var options = new RollingFileOptions { Path = log, MaxFileSize = MaxFileSize, MaxFiles = 100_000 };
        sink = new SinkGuard(FileSinkFactory.Create(options, new TemplateFormatter("{Message}"), new FileLockScope(StateFolder.Ensure(), "model"), failures), log, 0, failures);
        var parts = new ListenerParts { Name = "model", LogPath = log, Sinks = [sink], Journals = journals.Folders, LeftRings = journals.Rings };
        rings = new RingSources(journals.Folders, failures, new ClientTable());
        batch = new BatchWriter(new ListenerOptions(), parts, rings, failures, CancellationToken.None);
        var own = new ListenerEvents(batch);
        intake = new RingIntake(rings, batch, new ClientRecords(batch, own, TimeProvider.System, () => { }), own, failures);

        // As the dispatcher does before it takes connections.
        foreach (var ring in journals.Rings)
        {
            rings.Adopt(ring);
        }

        intake.DrainAll();
        batch.Commit(sync: false);
        intake.Retire();
    }

    private void DrainAndCommit()
    {
        rings!.FindUnknown();
        intake!.DrainAll();
        batch!.Commit(sync: false);
        intake.Retire();
    }

    private void KillListener(ModelStep step, JournalFault place)
    {
        crash.Arm(place, after: step.Chance % 3);
        try
        {
            DrainAndCommit();
        }
        catch (SimulatedCrash)
        {
            LeaveHalfDone(place, step.Chance);
        }

        crash.Disarm();
        DropListener();
    }

    private void KillSuccessor(ModelStep step, JournalFault place)
    {
        crash.Arm(place);
        try
        {
            StartListener();
        }
        catch (SimulatedCrash)
        {
            if (place != JournalFault.InRecovery)
            {
                LeaveHalfDone(place, step.Chance / 7);
            }
        }

        crash.Disarm();
        DropListener();
    }

    // Between two fault points a listener can be killed as well: in mid-append, and between two heads.
    private void LeaveHalfDone(JournalFault place, int chance)
    {
        if (place is not (JournalFault.CheckpointWritten or JournalFault.BatchWritten) || journals!.Folders[0].Checkpoint.Read() is not { } intent)
        {
            return;
        }

        if (place == JournalFault.CheckpointWritten)
        {
            foreach (var growth in intent.Files)
            {
                var part = new byte[chance % (growth.After - growth.Before)];
                Random.Shared.NextBytes(part);
                TestRing.Poke(growth.Path, growth.Before, part);
            }

            return;
        }

        foreach (var advance in intent.Rings)
        {
            chance >>= 1;
            var path = journals.Folders.SelectMany(journal => journal.Rings).Single(ring => ring.EndsWith($"-{advance.Id:x16}.ring", StringComparison.Ordinal));
            if ((chance & 1) != 0)
            {
                using var ring = RingReader.Open(path);
                ring.CommitTo(advance.Head, advance.Sequence);
            }
        }
    }

    // What a dead process holds is let go of, and nothing more: see what the sinks promise of Dispose.
    private void DropListener()
    {
        rings?.Release();
        sink?.Dispose();
        journals?.Dispose();
        (rings, intake, sink, journals, batch) = (null, null, null, null, null);
    }

    private void Verify()
    {
        Assert.Empty(failures.GetRecent());
        var lives = expected.Select(_ => new List<string>()).ToList();
        foreach (var line in Directory.EnumerateFiles(folder.Path).OrderByDescending(AgeOf).SelectMany(file => folder.ReadLines(Path.GetFileName(file))))
        {
            if (line.IndexOf(':') is > 0 and var colon && int.TryParse(line.AsSpan(0, colon), out var life))
            {
                lives[life].Add(line);
            }
            else
            {
                // The listener's own, about a writer that died. Anything else is what a torn batch left.
                Assert.Contains("ended without a goodbye", line);
            }
        }

        for (var life = 0; life < lives.Count; life++)
        {
            Assert.Equal(expected[life], lives[life]);
        }
    }

    private static int AgeOf(string file) => int.TryParse(Path.GetExtension(file).AsSpan(1), out var age) ? age : 0;
}
