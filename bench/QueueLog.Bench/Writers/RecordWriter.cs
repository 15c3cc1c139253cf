namespace QueueLog.Bench.Writers;

/// <summary>What one writer process writes its records with.</summary>
internal abstract class RecordWriter : IDisposable
{
    /// <summary>Writes "record <paramref name="number"/> of <paramref name="total"/>".</summary>
    public abstract void Write(int number, int total);

    public abstract void Dispose();
}
