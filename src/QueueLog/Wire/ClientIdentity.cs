using System.Text;

namespace QueueLog.Wire;

/// <summary>Who a client is; said once in its greeting, so that records need not repeat it.</summary>
internal sealed record ClientIdentity(int Pid, string Process, string? Worker)
{
    public byte[] ProcessUtf8 { get; } = Encoding.UTF8.GetBytes(Process);

    public byte[] WorkerUtf8 { get; } = Worker is null ? [] : Encoding.UTF8.GetBytes(Worker);
}
