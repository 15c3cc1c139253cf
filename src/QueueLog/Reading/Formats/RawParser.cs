namespace QueueLog.Reading.Formats;

/// <summary>For what follows a heading that names a format nobody here knows: every line is raw.</summary>
internal sealed class RawParser : EntryParser
{
    public override string Name => "unknown";

    protected override EntryState Read(ReadOnlySpan<byte> text, ref EntryView entry) => EntryState.Raw;
}
