namespace QueueLog.Records;

/// <summary>What a log keeps of an exception: text, so that it can cross processes without its type.</summary>
/// <param name="Type">Full type name, e.g. <c>System.IO.IOException</c>.</param>
/// <param name="Message">The exception's message.</param>
/// <param name="StackTrace">Script stack trace where there is one, otherwise the .NET stack trace; lines separated by line feeds.</param>
public sealed record ExceptionInfo(string Type, string Message, string? StackTrace)
{
    /// <summary>Type, message and stack trace, with escapes for control characters.</summary>
    public override string ToString() =>
        PrintableText.Of($"{nameof(ExceptionInfo)} {{ {nameof(Type)} = {Type}, {nameof(Message)} = {Message}, {nameof(StackTrace)} = {StackTrace} }}");
}
