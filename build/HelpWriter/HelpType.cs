namespace QueueLog.HelpWriter;

/// <summary>A type that goes in or comes out of the pipeline.</summary>
internal sealed record HelpType(string Name, IReadOnlyList<string> Description);
