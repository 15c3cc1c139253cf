using System.Collections;
using System.Management.Automation;
using System.Management.Automation.Internal;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace QueueLog.PowerShell.Engine;

/// <summary>
/// The one place that reaches into the engine for the state of a session: asking it in public ways takes a hundred times as
/// long as an item may cost. An engine that keeps it elsewhere is told by <see cref="Of"/> giving null.
/// </summary>
internal sealed class EngineState
{
    private const BindingFlags Inside = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    // The engine's number for errors that go where those of the running command go.
    private const int ToErrorsOfCommand = 1;

    private readonly object state;
    private readonly object globalScope;
    private readonly PropertyInfo currentScope;
    private readonly PropertyInfo variables;
    private readonly BlockCall? call;
    private readonly Action<bool>? setSuccess;
    private readonly object? context;
    private readonly PropertyInfo? currentCommand;

    private EngineState(object state, object globalScope, PropertyInfo currentScope, PropertyInfo variables, IDictionary<string, PSVariable> global, Dictionary<string, Stack<PathInfo>> locationStacks)
    {
        this.state = state;
        this.globalScope = globalScope;
        this.currentScope = currentScope;
        this.variables = variables;
        GlobalVariables = global;
        LocationStacks = locationStacks;
        call = FindCall();
        setSuccess = FindSuccess(state);
        context = ContextOf(state);
        currentCommand = context?.GetType().GetProperty("CurrentCommandProcessor", Inside);
    }

    private delegate void BlockCall(ScriptBlock block, Cmdlet command, bool useLocalScope, int errors, object? dollarUnder, object? input, object? scriptThis, object?[] arguments);

    /// <summary>Whether <see cref="Call"/> is available.</summary>
    public bool CanCall => call is not null && setSuccess is not null;

    /// <summary>The variables of the global scope; taking one out or putting one in asks nobody.</summary>
    public IDictionary<string, PSVariable> GlobalVariables { get; }

    /// <summary>What Push-Location has pushed, by the names of the stacks.</summary>
    public Dictionary<string, Stack<PathInfo>> LocationStacks { get; }

    /// <summary>The variables of the scope that is now running.</summary>
    public IDictionary<string, PSVariable>? CurrentVariables => variables.GetValue(currentScope.GetValue(state)) as IDictionary<string, PSVariable>;

    /// <returns>Null when the engine is built otherwise.</returns>
    public static EngineState? Of(SessionState session)
    {
        try
        {
            var state = typeof(SessionState).GetProperty("Internal", Inside)?.GetValue(session);
            var currentScope = state?.GetType().GetProperty("CurrentScope", Inside);
            var global = state?.GetType().GetProperty("GlobalScope", Inside)?.GetValue(state);
            var variables = global?.GetType().GetProperty("Variables", Inside);
            var probe = new PSVariable("probe", value: 1);
            return currentScope is not null
                && variables?.GetValue(global) is IDictionary<string, PSVariable> found
                && state!.GetType().GetField("_workingLocationStack", Inside)?.GetValue(state) is Dictionary<string, Stack<PathInfo>> stacks
                && ValueOf(probe) is 1 && !WasRemoved(probe) && OptionsOf(probe) == ScopedItemOptions.None
                ? new EngineState(state, global!, currentScope, variables, found, stacks)
                : null;
        }
        catch (Exception e) when (e is MissingMemberException or TargetInvocationException or AmbiguousMatchException)
        {
            return null;
        }
    }

    /// <summary>
    /// Runs a block as <c>ForEach-Object</c> does, but in a scope of its own: what it writes goes to the command's output at that
    /// moment, and no pipeline is made for it. What ends it is thrown.
    /// </summary>
    /// <param name="block">The block; see <see cref="PlainBlock"/>.</param>
    /// <param name="command">The command that is running.</param>
    /// <param name="item">The block's <c>$_</c>.</param>
    /// <param name="arguments">What its parameters and <c>$args</c> are.</param>
    public void Call(ScriptBlock block, Cmdlet command, object? item, object?[] arguments)
    {
        setSuccess!(true);
        call!(block, command, true, ToErrorsOfCommand, item, AutomationNull.Value, AutomationNull.Value, arguments);
    }

    /// <summary>Gives <c>$using:</c> its values, by the engine's keys, wherever no call of its own has brought any.</summary>
    /// <returns>False when the engine is built otherwise.</returns>
    public bool TrySetUsing(IDictionary values)
    {
        var engine = typeof(PSObject).Assembly;
        var locals = globalScope.GetType().GetProperty("LocalsTuple", Inside)?.GetValue(globalScope);
        var setter = locals?.GetType().GetMethod("SetAutomaticVariable", Inside);
        var carrier = engine.GetType("System.Management.Automation.PSBoundParametersDictionary");
        var property = carrier?.GetProperty("ImplicitUsingParameters", Inside);
        if (setter is null || property is null || !Enum.TryParse(setter.GetParameters()[0].ParameterType, "PSBoundParameters", out var variable))
        {
            return false;
        }

        var bound = Activator.CreateInstance(carrier!, nonPublic: true);
        property.SetValue(bound, values);
        setter.Invoke(locals, [variable, bound, ContextOf(state)]);
        return true;
    }

    /// <summary>Whether the command that is running shows what it writes to the information stream.</summary>
    public bool ShowsInformation
    {
        get
        {
            var command = currentCommand?.GetValue(context);
            var runtime = command?.GetType().GetProperty("CommandRuntime", Inside)?.GetValue(command);
            return runtime?.GetType().GetProperty("InformationPreference", Inside)?.GetValue(runtime) is ActionPreference.Continue;
        }
    }

    /// <summary>A variable's value, without what reading or assigning it sets off.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_value")]
    public static extern ref object? ValueOf(PSVariable variable);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_options")]
    public static extern ref ScopedItemOptions OptionsOf(PSVariable variable);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_wasRemoved")]
    public static extern ref bool WasRemoved(PSVariable variable);

    private static BlockCall? FindCall()
    {
        var method = typeof(ScriptBlock).GetMethod("InvokeUsingCmdlet", Inside);
        return method is null ? null : Delegate.CreateDelegate(typeof(BlockCall), method, throwOnBindFailure: false) as BlockCall;
    }

    private static object? ContextOf(object state) => state.GetType().GetProperty("ExecutionContext", Inside)?.GetValue(state);

    // What $? says.
    private static Action<bool>? FindSuccess(object state)
    {
        var context = ContextOf(state);
        var setter = context?.GetType().GetProperty("QuestionMarkVariableValue", Inside)?.SetMethod;
        return setter is null ? null : Delegate.CreateDelegate(typeof(Action<bool>), context, setter, throwOnBindFailure: false) as Action<bool>;
    }
}
