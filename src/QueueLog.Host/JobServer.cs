namespace QueueLog.Host;

/// <summary>
/// The other side of <c>Start-Job</c>. The engine starts the program <c>pwsh</c> beside itself for it; the build puts
/// this host there under that name.
/// </summary>
internal static class JobServer
{
    public static int Run(CommandLine command)
    {
        ModulePath.Extend();
        EngineInternals.ExplainUnknownCommands(EmbeddedShell.UnknownCommandHint);
        EngineInternals.ServeJob(command.Text, command.WorkingDirectory);
        return ExitCodes.Success;
    }
}
