using System.Management.Automation.Runspaces;

namespace QueueLog.Host;

/// <summary>
/// The arguments after a script's name, as <c>pwsh -File</c> takes them: <c>-Name value</c>, <c>-Name:value</c>,
/// <c>-Switch</c>, and everything else by position. The engine joins a name with the value that follows it.
/// </summary>
internal static class ScriptArguments
{
    public static List<CommandParameter> Parse(ReadOnlySpan<string> arguments)
    {
        var parameters = new List<CommandParameter>(arguments.Length);
        string? pending = null;
        foreach (var argument in arguments)
        {
            if (pending is not null)
            {
                parameters.Add(new CommandParameter(pending, argument));
                pending = null;
            }
            else if (argument.Length < 2 || argument[0] != '-')
            {
                parameters.Add(new CommandParameter(null, argument));
            }
            else if (argument.IndexOf(':') is var colon && colon < 0)
            {
                parameters.Add(new CommandParameter(argument));
            }
            else if (colon == argument.Length - 1)
            {
                pending = argument[..colon];
            }
            else
            {
                parameters.Add(new CommandParameter(argument[..colon], BooleanOrText(argument[(colon + 1)..])));
            }
        }

        return parameters;
    }

    private static object BooleanOrText(string text) =>
        bool.TryParse(text.StartsWith('$') ? text.AsSpan(1) : text, out var value) ? value : text;
}
