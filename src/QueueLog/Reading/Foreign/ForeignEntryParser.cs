using QueueLog.Formatting;
using QueueLog.Reading.Formats;

namespace QueueLog.Reading.Foreign;

/// <summary>Reads entries of another program, and follows which fields they have: nothing else tells.</summary>
internal abstract class ForeignEntryParser(TimePlacer placer) : EntryParser
{
    private bool sawLevel;
    private bool sawProcess;
    private bool sawCategory;

    /// <summary>Knows what times leave out.</summary>
    protected TimePlacer Placer => placer;

    /// <summary>Of dates that do not tell it themselves.</summary>
    public DateOrder Order { get; set; }

    public override bool Shows(AskedField asked) => asked.Field switch
    {
        TemplateField.Level => sawLevel,
        TemplateField.Process => sawProcess,
        TemplateField.Category => sawCategory,
        TemplateField.Property => ShowsProperty(asked.Name),
        _ => false,
    };

    /// <summary>An entry has shown its level, and nothing else of it was looked at.</summary>
    protected void SeeLevel() => sawLevel = true;

    protected virtual bool ShowsProperty(string name) => true;

    /// <summary>Makes the fields of an entry of the values that were found.</summary>
    protected void Fill(scoped ref ForeignRecord record, ref EntryView entry)
    {
        record.Fill(ref entry, placer);
        sawLevel |= entry.Has(EntryFields.Level);
        sawProcess |= !entry.Record.Process.IsEmpty;
        sawCategory |= !entry.Record.Category.IsEmpty;
    }
}
