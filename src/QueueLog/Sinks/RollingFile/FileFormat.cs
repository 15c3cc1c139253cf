using QueueLog.Formatting;

namespace QueueLog.Sinks.RollingFile;

/// <summary>What must stand in a file before its next entry so that a reader knows the entry's format.</summary>
// It goes into the file in one append with that entry. So the checkpoint covers it, an empty file stays one until there is an
// entry, and no file holds a header alone, whatever dies when.
internal sealed class FileFormat(FormatLines? lines)
{
    private bool differs;

    /// <summary>The lines to be written first.</summary>
    /// <param name="length">Of the file; 0 where it has yet to be made.</param>
    public ReadOnlySpan<byte> LinesBefore(long length) =>
        lines is null ? default : length == 0 ? lines.Header : differs ? lines.Change : default;

    /// <summary>They are in the file.</summary>
    public void SetWritten() => differs = false;

    /// <summary>Finds out in what format a file that was just opened goes on. One that holds such lines only is begun anew.</summary>
    /// <param name="file">The file.</param>
    /// <param name="isOurs">Whether the last to write it was this very listener: then there is no need to look.</param>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public void Look(LogFile file, bool isOurs)
    {
        differs = false;
        if (lines is null || isOurs || file.Length == 0)
        {
            return;
        }

        var search = new FormatSearch(file);
        if (search.HoldsNoEntry())
        {
            file.Empty();
        }
        else
        {
            differs = !search.Follow(lines);
        }
    }
}
