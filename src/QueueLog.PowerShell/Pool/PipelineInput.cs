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

    /// <param name="command">The command that is running.</param>
    public PipelineInput(Cmdlet command)
    {
        var runtime = command.CommandRuntime;
        var pipe = runtime.GetType().GetProperty("InputPipe", Inside)?.GetValue(runtime);
        var method = pipe?.GetType().GetMethod("Retrieve", Inside, []);
        retrieve = method is null ? null : Delegate.CreateDelegate(typeof(Func<object?>), pipe, method, throwOnBindFailure: false) as Func<object?>;
    }

    /// <summary>Takes the next object.</summary>
    /// <returns>False when the engine has to be asked: it calls the command again where there is more.</returns>
    public bool TryRead(out object? input)
    {
        input = retrieve is null ? AutomationNull.Value : retrieve();
        return !ReferenceEquals(input, AutomationNull.Value);
    }
}
