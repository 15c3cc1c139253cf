using System.Management.Automation;
using QueueLog.PowerShell.Errors;
using QueueLog.Reading.Foreign;

namespace QueueLog.PowerShell.Arguments;

/// <summary>The pattern of another program's lines as an argument of a command: a name, or an expression.</summary>
internal static class LinePatternArgument
{
    /// <summary>Finds it, or ends the command with what is wrong with it.</summary>
    public static LinePattern? Resolve(Cmdlet command, string? pattern, string? template)
    {
        if (pattern is null)
        {
            return null;
        }

        if (template is not null)
        {
            command.ThrowTerminatingError(ReadingErrors.PatternWithTemplate(pattern));
        }

        if (LinePatterns.Find(pattern) is { } known)
        {
            return known;
        }

        try
        {
            var expression = LinePattern.OfExpression(pattern);
            if (!expression.HasNames)
            {
                command.ThrowTerminatingError(ReadingErrors.PatternWithoutGroups(pattern, LinePatterns.Names));
            }

            return expression;
        }
        catch (ArgumentException exception)
        {
            command.ThrowTerminatingError(ReadingErrors.InvalidPattern(pattern, "-Pattern", exception));
            throw;
        }
    }
}
