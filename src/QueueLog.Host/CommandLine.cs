using System.Management.Automation;
using System.Management.Automation.Runspaces;
using System.Text;

namespace QueueLog.Host;

/// <summary>The command line, read as pwsh reads it.</summary>
internal sealed record CommandLine
{
    public required RunMode Mode { get; init; }

    /// <summary>The script file, the command text, or why the command line was refused.</summary>
    public string Text { get; init; } = string.Empty;

    public IReadOnlyList<CommandParameter> Arguments { get; init; } = [];
    public string? WorkingDirectory { get; init; }
    public string? ExecutionPolicy { get; init; }
    public bool MayPrompt { get; init; } = true;

    public static string Version => $"QueueLog embedded engine, PowerShell {EngineVersion}";

    public static string Usage => """
        Usage: qlhost [-File] script.ps1 [arguments...]
               qlhost -Command text [more text...]
               qlhost -Command -            reads the script from standard input; so does a bare -
               qlhost -EncodedCommand base64
               qlhost -Version | -Help

        Also: -WorkingDirectory path, -ExecutionPolicy name, -NonInteractive. Accepted and without effect: -NoProfile,
        -NoLogo.
        This is QueueLog's embedded PowerShell engine: the language, the core commands and the everyday ones. It is for
        machines without PowerShell; https://aka.ms/powershell has all of it.
        """;

    private static string EngineVersion =>
        typeof(PSObject).Assembly.GetName().Version is { } version ? version.ToString(3) : "7";

    public static CommandLine Parse(string[] args)
    {
        var options = new CommandLine { Mode = RunMode.Refused, Text = "Nothing to run." };
        for (var i = 0; i < args.Length; i++)
        {
            var rest = args.AsSpan(i + 1);
            switch (OptionName(args[i]))
            {
                case null when args[i] == "-":
                    return options with { Mode = RunMode.StandardInput };
                case null:
                    return options.WithFile(args[i], rest);
                case "file" or "f":
                    return rest.IsEmpty ? options.Refuse("-File needs the path of a script.") : options.WithFile(rest[0], rest[1..]);
                case "command" or "c":
                    return rest.IsEmpty ? options.Refuse("-Command needs a command.") : options.WithCommand(rest);
                case "encodedcommand" or "ec" or "e" or "enc":
                    if (rest.IsEmpty)
                    {
                        return options.Refuse("-EncodedCommand needs a command.");
                    }

                    options = options.WithEncodedCommand(rest[0]);
                    i++;
                    break;
                case "executionpolicy" or "ex" or "ep":
                    options = options with { ExecutionPolicy = rest.IsEmpty ? null : rest[0] };
                    i++;
                    break;
                case "workingdirectory" or "wd" or "wo":
                    if (rest.IsEmpty || !Directory.Exists(rest[0]))
                    {
                        return options.Refuse("-WorkingDirectory needs a folder that is there.");
                    }

                    options = options with { WorkingDirectory = Path.GetFullPath(rest[0]) };
                    i++;
                    break;
                case "inputformat" or "if" or "outputformat" or "of" or "o":
                    i++;
                    break;
                case "noninteractive" or "noni":
                    options = options with { MayPrompt = false };
                    break;
                case "noprofile" or "nop" or "nologo" or "nol" or "mta" or "login" or "l":
                    break;
                case "servermode" or "s":
                    options = options with { Mode = RunMode.JobServer, Text = string.Empty };
                    break;
                case "worker":
                    return options with { Mode = RunMode.Worker, MayPrompt = false };
                case "version" or "v":
                    return options with { Mode = RunMode.Version };
                case "help" or "h" or "?":
                    return options with { Mode = RunMode.Help };
                default:
                    return options.Refuse($"'{args[i]}' is not a parameter of this host.");
            }
        }

        return options;
    }

    private static string? OptionName(string argument) => argument.Length < 2 || argument[0] != '-'
        ? null
        : argument.TrimStart('-').ToLowerInvariant();

    private CommandLine Refuse(string reason) => this with { Mode = RunMode.Refused, Text = reason };

    private CommandLine WithFile(string path, ReadOnlySpan<string> arguments)
    {
        if (path == "-")
        {
            return this with { Mode = RunMode.StandardInput };
        }

        var file = Path.GetFullPath(path);
        return File.Exists(file)
            ? this with { Mode = RunMode.File, Text = file, Arguments = ScriptArguments.Parse(arguments) }
            : Refuse($"There is no script file '{path}'.");
    }

    private CommandLine WithCommand(ReadOnlySpan<string> words) => words[0] == "-" && words.Length == 1
        ? this with { Mode = RunMode.StandardInput }
        : this with { Mode = RunMode.Command, Text = string.Join(' ', words.ToArray()) };

    /// <summary>In server mode the text is the initialization script of the job.</summary>
    private CommandLine WithEncodedCommand(string encoded)
    {
        try
        {
            var text = Encoding.Unicode.GetString(Convert.FromBase64String(encoded));
            return this with { Mode = Mode == RunMode.JobServer ? Mode : RunMode.Command, Text = text };
        }
        catch (FormatException)
        {
            return Refuse("-EncodedCommand needs Base64 of UTF-16 text.");
        }
    }
}
