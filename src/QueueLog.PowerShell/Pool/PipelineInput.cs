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

            return type.GetFields(Inside).Select(member => member.GetValue(source)).OfType<ICollection>().FirstOrDefault(held => IsWhole(type, held))?.Count;
        }
    }

    // Only the enumerator of a collection gives all that is in it: a query holds its source, too, and so does a method that yields.
    private static bool IsWhole(Type enumerator, ICollection held) => held is Array
        ? enumerator.Name.Contains("ArrayEnumerator", StringComparison.Ordinal)
        : !enumerator.Name.StartsWith('<') && enumerator.DeclaringType is { } owner && held.GetType() is var type && owner == (type.IsGenericType ? type.GetGenericTypeDefinition() : type);

    /// <summary>Takes the next object.</summary>
    /// <returns>False when the engine has to be asked: it calls the command again where there is more.</returns>
    public bool TryRead(out object? input)
    {
        input = retrieve is null ? AutomationNull.Value : retrieve();
        return !ReferenceEquals(input, AutomationNull.Value);
    }
}
