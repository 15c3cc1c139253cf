namespace QueueLog.HelpWriter;

/// <summary>One parameter set: its name, and the command line as the engine writes it.</summary>
internal sealed record HelpSyntax(string ParameterSet, string CommandLine);
