using QueueLog.Host;

// Whoever runs this host has not been asked whether the engine may report on them.
Environment.SetEnvironmentVariable("POWERSHELL_TELEMETRY_OPTOUT", "1");

var command = CommandLine.Parse(args);
if (command is { WorkingDirectory: { } folder, Mode: not RunMode.JobServer })
{
    Environment.CurrentDirectory = folder;
}

switch (command.Mode)
{
    case RunMode.Refused:
        Console.Error.WriteLine(command.Text);
        Console.Error.WriteLine(CommandLine.Usage);
        return ExitCodes.BadCommandLine;
    case RunMode.Help:
        Console.Out.WriteLine(CommandLine.Usage);
        return ExitCodes.Success;
    case RunMode.Version:
        Console.Out.WriteLine(CommandLine.Version);
        return ExitCodes.Success;
    case RunMode.JobServer:
        return JobServer.Run(command);
    default:
        using (var shell = new EmbeddedShell(command))
        {
            return shell.Run();
        }
}
