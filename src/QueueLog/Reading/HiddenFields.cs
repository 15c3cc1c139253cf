using QueueLog.Reading.Formats;

namespace QueueLog.Reading;

/// <summary>Follows which of the fields that entries are chosen by none of them could show, whatever was written.</summary>
internal sealed class HiddenFields(IReadOnlyList<AskedField> asked)
{
    // By none of the formats before the last.
    private IReadOnlyList<AskedField> hidden = asked;
    private EntryParser? last;
    private bool sawRaw;

    /// <summary>Their names; none before the first entry. Lines that are no records show none.</summary>
    public IEnumerable<string> Names => last is null && !sawRaw ? [] : Hidden().Select(lacked => lacked.Name);

    /// <summary>A record was read.</summary>
    /// <param name="parser">What has read it.</param>
    public void See(EntryParser parser)
    {
        if (!ReferenceEquals(parser, last))
        {
            hidden = [.. Hidden()];
            last = parser;
        }
    }

    /// <summary>A line was read that is no record.</summary>
    public void SeeRaw() => sawRaw = true;

    private IEnumerable<AskedField> Hidden() => hidden.Where(sought => last?.Shows(sought) != true);
}
