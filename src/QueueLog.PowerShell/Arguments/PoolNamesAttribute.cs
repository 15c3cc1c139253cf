using System.Collections;
using System.Management.Automation;
using QueueLog.Pool;
using QueueLog.PowerShell.Logging;

namespace QueueLog.PowerShell.Arguments;

/// <summary>Accepts pools and their jobs where names of pools are asked for.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class PoolNamesAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        RecordMapper.Unwrap(inputData) is IList list ? list.Cast<object?>().Select(NameOf).ToArray() : NameOf(inputData)!;

    private static object? NameOf(object? value) => RecordMapper.Unwrap(value) switch
    {
        PoolJob job => job.Pool.Name,
        PoolStatus status when status.Pid is var pid && pid != Environment.ProcessId =>
            throw new ArgumentTransformationMetadataException($"The pool '{status.Name}' belongs to process {pid}. Only a session's own pools can be stopped or changed."),
        PoolStatus status => status.Name,
        _ => value,
    };
}
