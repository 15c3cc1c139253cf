using System.Collections.ObjectModel;
using System.Globalization;
using System.Management.Automation;
using System.Management.Automation.Host;
using System.Security;

namespace QueueLog.Host.Terminal;

/// <summary>Writes what the engine renders: output to standard output, errors to standard error, each at once.</summary>
internal sealed class ConsoleInterface(bool mayPrompt) : PSHostUserInterface
{
    private static readonly bool Colors = Environment.GetEnvironmentVariable("NO_COLOR") is null or ""
        && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    private static readonly bool OutputInColor = Colors && !Console.IsOutputRedirected;
    private static readonly bool ErrorInColor = Colors && !Console.IsErrorRedirected;

    public override PSHostRawUserInterface RawUI { get; } = new ConsoleScreen();

    public override bool SupportsVirtualTerminal => OutputInColor;

    public override void Write(string value) => Console.Out.Write(GetOutputString(value, OutputInColor));

    public override void Write(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        Write(Paint(foregroundColor, backgroundColor, value));

    public override void WriteLine(string value) => Console.Out.WriteLine(GetOutputString(value, OutputInColor));

    public override void WriteLine(ConsoleColor foregroundColor, ConsoleColor backgroundColor, string value) =>
        WriteLine(Paint(foregroundColor, backgroundColor, value));

    public override void WriteLine() => Console.Out.WriteLine();

    public override void WriteErrorLine(string value)
    {
        // The engine ends its view of an error with an empty line; pwsh does not print it either.
        if (!string.IsNullOrEmpty(value))
        {
            Console.Error.WriteLine(ErrorInColor
                ? $"{PSStyle.Instance.Formatting.Error}{value}{PSStyle.Instance.Reset}"
                : GetOutputString(value, supportsVirtualTerminal: false));
        }
    }

    public override void WriteWarningLine(string message) => WriteMessage("WARNING", PSStyle.Instance.Formatting.Warning, message);

    public override void WriteVerboseLine(string message) => WriteMessage("VERBOSE", PSStyle.Instance.Formatting.Verbose, message);

    public override void WriteDebugLine(string message) => WriteMessage("DEBUG", PSStyle.Instance.Formatting.Debug, message);

    /// <summary>A progress bar needs a screen of its own; scripts and logs are better off without.</summary>
    public override void WriteProgress(long sourceId, ProgressRecord record)
    {
    }

    public override string? ReadLine() => Console.In.ReadLine();

    public override SecureString ReadLineAsSecureString()
    {
        var secret = new SecureString();
        foreach (var character in ReadLine() ?? string.Empty)
        {
            secret.AppendChar(character);
        }

        return secret;
    }

    public override Dictionary<string, PSObject> Prompt(string caption, string message, Collection<FieldDescription> descriptions)
    {
        EnsureMayPrompt(descriptions.FirstOrDefault()?.Name ?? message);
        var answers = new Dictionary<string, PSObject>();
        foreach (var field in descriptions)
        {
            Write($"{field.Name}: ");
            answers[field.Name] = PSObject.AsPSObject(ReadLine());
        }

        return answers;
    }

    public override int PromptForChoice(string caption, string message, Collection<ChoiceDescription> choices, int defaultChoice)
    {
        EnsureMayPrompt(message);
        WriteLine(caption);
        WriteLine(message);
        var labels = choices.Select(choice => choice.Label.Replace("&", string.Empty, StringComparison.Ordinal)).ToArray();
        while (true)
        {
            Write(string.Join("  ", labels) + ": ");
            var answer = ReadLine();
            if (string.IsNullOrEmpty(answer))
            {
                return defaultChoice;
            }

            var found = Array.FindIndex(labels, label => label.StartsWith(answer, true, CultureInfo.CurrentCulture));
            if (found >= 0)
            {
                return found;
            }
        }
    }

    public override PSCredential PromptForCredential(string caption, string message, string userName, string targetName) =>
        throw new NotSupportedException("This host cannot ask for credentials.");

    public override PSCredential PromptForCredential(
        string caption,
        string message,
        string userName,
        string targetName,
        PSCredentialTypes allowedCredentialTypes,
        PSCredentialUIOptions options) => PromptForCredential(caption, message, userName, targetName);

    private static string Paint(ConsoleColor foreground, ConsoleColor background, string value)
    {
        var style = PSStyle.Instance;
        var behind = background == ConsoleScreen.Background ? string.Empty : PSStyle.MapBackgroundColorToEscapeSequence(background);
        return $"{PSStyle.MapForegroundColorToEscapeSequence(foreground)}{behind}{value}{style.Reset}";
    }

    private void WriteMessage(string prefix, string color, string message) =>
        WriteLine($"{color}{prefix}: {message}{PSStyle.Instance.Reset}");

    private void EnsureMayPrompt(string what)
    {
        if (!mayPrompt || Console.IsInputRedirected)
        {
            throw new HostException($"Nobody is there to answer the prompt for '{what}': give the value on the command line.");
        }
    }
}
