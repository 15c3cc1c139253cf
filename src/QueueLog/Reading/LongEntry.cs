using QueueLog.Reading.Files;
using QueueLog.Reading.Formats;

namespace QueueLog.Reading;

/// <summary>Passes over an entry that is too long, block by block, so that it is never held whole.</summary>
/// <param name="block">Where it stands.</param>
internal sealed class LongEntry(BlockBuffer block)
{
    private bool isWithinLine;

    /// <summary>Whether what comes next is still of the entry, as far as is known.</summary>
    public bool IsPassing { get; private set; }

    /// <summary>The block goes on somewhere within a line of such an entry.</summary>
    public void Begin() => IsPassing = isWithinLine = true;

    /// <summary>Moves on towards its end.</summary>
    /// <returns>False when more has to be read.</returns>
    public bool TryPass(EntryParser? parser)
    {
        while (IsPassing)
        {
            var rest = block.Rest;
            var lineEnd = rest.IndexOf((byte)'\n');
            if (isWithinLine)
            {
                block.Start += lineEnd < 0 ? rest.Length : lineEnd + 1;
                isWithinLine = lineEnd < 0;
                if (isWithinLine)
                {
                    block.Shrink();
                    return false;
                }
            }
            else if (lineEnd < 0 && rest.Length < ReadLimits.LineStart)
            {
                return false;
            }
            else
            {
                isWithinLine = IsPassing = Continues(parser);
            }
        }

        return true;
    }

    /// <summary>There is no more to read.</summary>
    /// <returns>Whether more of the entry may come.</returns>
    public bool EndBlock(EntryParser? parser, EndOfData atEnd)
    {
        // Nothing more belongs to an entry whose lines have all ended.
        IsPassing &= atEnd == EndOfData.More || isWithinLine || Continues(parser);
        return IsPassing;
    }

    private bool Continues(EntryParser? parser) => parser?.IsContinuation(block.Rest) == true;
}
