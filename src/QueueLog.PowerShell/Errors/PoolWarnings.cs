namespace QueueLog.PowerShell.Errors;

/// <summary>What workers do without, and what was said of several items at once.</summary>
internal static class PoolWarnings
{
    /// <summary>A value that is shared in this session is copied to the workers.</summary>
    public static string NotShared(string what, Type type) =>
        $"{what} is a {type.Name.Split('`')[0]}, and each worker gets a copy of it: what items change in it does not come back. Return results from the items, and combine them in this session.";

    /// <summary>A script uses a variable of its file or module.</summary>
    public static string ScriptVariable(string name) =>
        $"'$script:{name}' has no value in the workers: variables of a script or module are not carried. Assign it to a variable of the caller, and use that with $using:.";

    /// <summary>A script block is a closure.</summary>
    public static string ClosureVariable(string name) =>
        $"'${name}' of the closure has no value in the workers: only the text of a script block is carried. Use '$using:{name}', and omit GetNewClosure().";

    /// <summary>A command was missing in more than the item whose error was shown.</summary>
    public static string CommandMissing(string command, long items) =>
        $"The command '{command}' was not found {items} more {(items == 1 ? "time" : "times")}; only the first error is shown. Import its module with -ImportModule, or define it in -InitializationScript.";
}
