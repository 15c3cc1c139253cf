using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Reflection;

namespace QueueLog.PowerShell.Pool;

/// <summary>
/// What a pipeline holds ready behind the object a command was called with. The engine looks at every parameter of a command for
/// each object, which is more than all else that a quick item takes here; for one that takes any object as it is that changes nothing.
/// </summary>
internal sealed class PipelineInput
{
    private const BindingFlags Inside = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    private readonly Func<object?>? retrieve;
    private readonly object? source;

    /// <param name="command">The command that is running.</param>
    public PipelineInput(Cmdlet command)
    {
        var runtime = command.CommandRuntime;
        var pipe = runtime.GetType().GetProperty("InputPipe", Inside)?.GetValue(runtime);
        source = pipe?.GetType().GetField("_enumeratorToProcess", Inside)?.GetValue(pipe);
        var method = pipe?.GetType().GetMethod("Retrieve", Inside, []);
        retrieve = method is null ? null : Delegate.CreateDelegate(typeof(Func<object?>), pipe, method, throwOnBindFailure: false) as Func<object?>;
    }

    /// <summary>How many objects there are, where they stand before the command as an array or a range, or in another collection; null where that is not known.</summary>
    public long? Count
    {
        get
        {
            if (source?.GetType() is not { } type)
            {
                return null;
            }

            if (type.GetField("_lowerBound", Inside)?.GetValue(source) is int first && type.GetField("_upperBound", Inside)?.GetValue(source) is int last)
            {
                return Math.Abs((long)last - first) + 1;
            }

            return Array.Find(type.GetFields(Inside), held => typeof(ICollection).IsAssignableFrom(held.FieldType))?.GetValue(source) is ICollection all ? all.Count : null;
        }
    }

    /// <summary>Takes the next object.</summary>
    /// <returns>False when the engine has to be asked: it calls the command again where there is more.</returns>
    public bool TryRead(out object? input)
    {
        input = retrieve is null ? AutomationNull.Value : retrieve();
        return !ReferenceEquals(input, AutomationNull.Value);
    }
}
