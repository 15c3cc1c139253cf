using QueueLog.Reading.Formats;

namespace QueueLog.Reading;

/// <summary>Follows which of the fields that entries are chosen by none of them could show, whatever was written.</summary>
internal sealed class HiddenFields(IReadOnlyList<AskedField> asked)
{
    private IReadOnlyList<AskedField>? hidden;
    private EntryParser? last;

    /// <summary>Their names; none before the first record.</summary>
    public IEnumerable<string> Names => (hidden ?? []).Select(lacked => lacked.Name);

    /// <summary>A record was read.</summary>
    /// <param name="parser">What has read it.</param>
    public void See(EntryParser parser)
    {
        if (!ReferenceEquals(parser, last))
        {
            last = parser;
            hidden = [.. (hidden ?? asked).Where(sought => !parser.Shows(sought))];
        }
    }
}
