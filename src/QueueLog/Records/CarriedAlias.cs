namespace QueueLog.Records;

/// <summary>An alias of the session, and the command it stands for.</summary>
internal sealed record CarriedAlias(string Name, string Definition);
