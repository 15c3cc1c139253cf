using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Runspaces;

namespace QueueLog.PowerShell.Logging;

/// <summary>A place in a script as records have it: <c>import.ps1:42</c>.</summary>
internal static class CallerLocation
{
    // What was typed at a prompt or made of text is called as in the engine's own stack traces.
    private const string NoFile = "<No file>";

    // A loop logs from the same line again and again.
    [ThreadStatic]
    private static (string? File, int Line, string Text) last;

    /// <summary>The line that is running on this thread; null where no script is.</summary>
    public static string? OfRunningScript()
    {
        if (Runspace.DefaultRunspace is not { RunspaceIsRemote: false, Debugger: { } debugger })
        {
            return null;
        }

        // The first frame is the innermost; the others are not even made.
        foreach (var frame in debugger.GetCallStack())
        {
            return Of(frame.ScriptName, frame.ScriptLineNumber);
        }

        return null;
    }

    /// <summary>The line a command was called at; null when no script called it.</summary>
    public static string? Of(InvocationInfo? invocation) => invocation is null ? null : Of(invocation.ScriptName, invocation.ScriptLineNumber);

    private static string? Of(string? file, int line)
    {
        if (line < 1)
        {
            return null;
        }

        var known = last;
        if (known.Line != line || !string.Equals(known.File, file, StringComparison.Ordinal))
        {
            var name = string.IsNullOrEmpty(file) ? NoFile : Path.GetFileName(file);
            last = known = (file, line, string.Create(CultureInfo.InvariantCulture, $"{name}:{line}"));
        }

        return known.Text;
    }
}
