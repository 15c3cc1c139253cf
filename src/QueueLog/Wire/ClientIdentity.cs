using System.Text;
using QueueLog.Records;

namespace QueueLog.Wire;

/// <summary>Who a client is; said once in its greeting, so that records need not repeat it.</summary>
// Its names stand in counts, failures and warnings, too. So they are made printable once, here, whatever a client calls itself.
internal sealed record ClientIdentity
{
    public ClientIdentity(int pid, string process, string? worker)
    {
        Pid = pid;
        Process = OnOneLine(process);
        Worker = worker is null ? null : OnOneLine(worker);
        ProcessUtf8 = Encoding.UTF8.GetBytes(Process);
        WorkerUtf8 = Worker is null ? [] : Encoding.UTF8.GetBytes(Worker);
    }

    public int Pid { get; }

    public string Process { get; }

    public string? Worker { get; }

    public byte[] ProcessUtf8 { get; }

    public byte[] WorkerUtf8 { get; }

    private static string OnOneLine(string name) => PrintableText.Of(name.ReplaceLineEndings(" ").Replace('\t', ' '));
}
