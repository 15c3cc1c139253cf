using System.Globalization;
using QueueLog.Pool.Processes;

namespace QueueLog.Pool.Child;

/// <summary>Whose worker this process is, as its pool says it in the environment: see <see cref="WorkerCommandLine.WorkerVariable"/>.</summary>
internal sealed record WorkerIdentity(string Address, int Index, string Token, int PoolPid)
{
    /// <summary>The worker's name: <c>Worker-1</c> and so on.</summary>
    public string Name => "Worker-" + (Index + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>What marks the processes that the worker starts; empty where nothing does.</summary>
    public string Mark { get; init; } = "";

    /// <returns>Null when no pool has started this process.</returns>
    public static WorkerIdentity? FromEnvironment()
    {
        var parts = Environment.GetEnvironmentVariable(WorkerCommandLine.WorkerVariable)?.Split('|');
        return parts is { Length: 4 }
            && int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var index)
            && int.TryParse(parts[3], NumberStyles.None, CultureInfo.InvariantCulture, out var pid)
            ? new WorkerIdentity(parts[0], index, parts[2], pid) { Mark = Environment.GetEnvironmentVariable(ProcessMark.Variable) ?? "" }
            : null;
    }
}
