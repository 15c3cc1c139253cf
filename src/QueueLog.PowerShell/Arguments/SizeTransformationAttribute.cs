using System.Management.Automation;
using QueueLog.PowerShell.Logging;

namespace QueueLog.PowerShell.Arguments;

/// <summary>Accepts a number of bytes, also with a unit in quotes: '10MB'.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
internal sealed class SizeTransformationAttribute : ArgumentTransformationAttribute
{
    public override object Transform(EngineIntrinsics engineIntrinsics, object inputData) =>
        LanguagePrimitives.TryConvertTo<long>(RecordMapper.Unwrap(inputData), out var bytes)
            ? bytes
            : throw new ArgumentTransformationMetadataException($"'{inputData}' is no size. Give a number of bytes, or one with KB, MB, GB or TB: 10MB.");
}
