namespace QueueLog.Bench.Writers;

/// <summary>What one writer process writes its records with.</summary>
internal abstract class RecordWriter : IDisposable
{
    /// <param name="kind">One of the writers' names.</param>
    /// <param name="target">The file, or the listener's address.</param>
    /// <param name="name">What the records say of their process.</param>
    public static RecordWriter Create(string kind, string target, string name) => kind switch
    {
        SerilogWriter.Kind => new SerilogWriter(target, name),
        QueueLogWriter.Kind => new QueueLogWriter(target, name),
        QueueLogWriter.SyncedKind => new QueueLogWriter(target, name) { WaitsUntilSynced = true },
        AppendWriter.Kind => new AppendWriter(target, name),
        AppendWriter.SyncedKind => new AppendWriter(target, name) { SyncsEach = true },
        _ => throw new ArgumentException($"Unknown kind of writer '{kind}'."),
    };

    /// <summary>Writes "record <paramref name="number"/> of <paramref name="total"/>".</summary>
    public abstract void Write(int number, int total);

    public abstract void Dispose();
}
