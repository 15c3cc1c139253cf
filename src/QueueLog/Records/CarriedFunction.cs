namespace QueueLog.Records;

/// <summary>A function or filter of the session.</summary>
/// <param name="Name">Its name, without a scope.</param>
/// <param name="Text">Its definition, or only its body.</param>
/// <param name="IsBody">Whether the text is the body alone, as of a block that was assigned to the function drive.</param>
/// <param name="Place">Where it was written.</param>
internal sealed record CarriedFunction(string Name, string Text, bool IsBody, ScriptLocation Place);
