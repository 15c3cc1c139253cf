using QueueLog.Bench.Compare;
using QueueLog.Bench.Processes;
using QueueLog.Client;
using QueueLog.PowerShell.Commands;

namespace QueueLog.Bench.Ours;

/// <summary>A call of Write-QueueLog in a session whose listener runs.</summary>
internal sealed class QueueLogCall() : Contender(Contest.Call, "Write-QueueLog")
{
    private readonly Lazy<CallLoop> loop = new(() => new CallLoop("Write-QueueLog", typeof(WriteQueueLogCommand), "'item done'"));

    public override double Run()
    {
        using var file = new RecordFile();
        using var listener = new BenchListener(file.Path);
        Environment.SetEnvironmentVariable(ClientRegistry.AddressVariable, listener.Address);
        try
        {
            return loop.Value.Nanoseconds();
        }
        finally
        {
            Environment.SetEnvironmentVariable(ClientRegistry.AddressVariable, null);
        }
    }
}
