using System.Management.Automation;
using QueueLog.Formatting;
using QueueLog.PowerShell.Errors;

namespace QueueLog.PowerShell.Arguments;

/// <summary>A template as an argument of a command.</summary>
internal static class LogTemplate
{
    /// <summary>Ends the command if the template is none, and warns of names that look like misspelt tokens.</summary>
    public static void Check(Cmdlet command, string? template)
    {
        if (template is null)
        {
            return;
        }

        try
        {
            foreach (var (written, token) in TemplateSpelling.Find(TemplateParser.Parse(template)))
            {
                command.WriteWarning(LogWarnings.MisspeltToken(written, token.ToString()));
            }
        }
        catch (TemplateException e)
        {
            command.ThrowTerminatingError(LogErrors.InvalidTemplate(template, e));
        }
    }
}
