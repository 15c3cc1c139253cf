using System.Text;
using QueueLog.Formatting;
using QueueLog.Records;
using QueueLog.Wire;

namespace QueueLog.Reading;

/// <summary>Which entries are wanted, by their fields. An entry without a field that is asked for is not.</summary>
internal sealed record EntryFilter
{
    /// <summary>A bit for each wanted level; 0 for all, and for entries without a level.</summary>
    public int Levels { get; init; }

    public TextFilter? Process { get; init; }

    public TextFilter? Worker { get; init; }

    public TextFilter? Category { get; init; }

    public IReadOnlyCollection<long>? Items { get; init; }

    /// <summary>UTC ticks; an entry at that very moment is wanted.</summary>
    public long Since { get; init; } = long.MinValue;

    /// <summary>UTC ticks; an entry at that very moment is wanted.</summary>
    public long Until { get; init; } = long.MaxValue;

    public IReadOnlyList<PropertyFilter> Properties { get; init; } = [];

    public bool HasTimes => Since != long.MinValue || Until != long.MaxValue;

    /// <summary>The wanted levels, where the level of an entry alone can say that it is not wanted, and nothing else of it is asked; otherwise 0.</summary>
    public int OnlyLevels() => HasTimes || AskedFields().Count > 1 ? 0 : Levels;

    /// <summary>What an entry has to show to be found.</summary>
    public IReadOnlyList<AskedField> AskedFields()
    {
        List<AskedField> asked = [];
        Add(Levels != 0, TemplateField.Level);
        Add(Process?.Accepts(default) == false, TemplateField.Process);
        Add(Worker?.Accepts(default) == false, TemplateField.Worker);
        Add(Category?.Accepts(default) == false, TemplateField.Category);
        Add(Items is not null, TemplateField.Item);
        asked.AddRange(Properties
            .Where(filter => !filter.IsWanted(null))
            .Select(filter => new AskedField(TemplateField.Property, Encoding.UTF8.GetString(filter.Name))));
        return asked;

        void Add(bool isAsked, TemplateField field)
        {
            if (isAsked)
            {
                asked.Add(new AskedField(field, field.ToString()));
            }
        }
    }

    public static int BitOf(LogLevel level) => 1 << (int)level;

    /// <summary>Tests all but the time.</summary>
    /// <param name="entry">The entry.</param>
    /// <param name="workerIsProcess">Whether the log shows a worker's name only as that of its process.</param>
    public bool AcceptsFields(scoped in EntryView entry, bool workerIsProcess = false)
    {
        ref readonly var record = ref entry.Record;
        return (Levels == 0 || (entry.Has(EntryFields.Level) && (Levels & BitOf(record.Level)) != 0))
            && (Process is null || Process.Accepts(record.Process))
            && (Worker is null || Worker.Accepts(workerIsProcess ? record.Process : record.Worker))
            && (Category is null || Category.Accepts(record.Category))
            && (Items is null || (record.Item >= 0 && Items.Contains(record.Item)))
            && (Properties.Count == 0 || AcceptsProperties(in entry));
    }

    public bool AcceptsTime(long utcTicks) => utcTicks >= Since && utcTicks <= Until;

    private bool AcceptsProperties(scoped in EntryView entry)
    {
        foreach (var filter in Properties)
        {
            if (!filter.IsWanted(Find(in entry, filter.Name)))
            {
                return false;
            }
        }

        return true;
    }

    private static object? Find(scoped in EntryView entry, byte[] name)
    {
        var properties = entry.Record.ReadProperties();
        while (properties.Read())
        {
            if (properties.Name.SequenceEqual(name) || Ascii.EqualsIgnoreCase(properties.Name, name))
            {
                return PropertyValue.Of(in properties);
            }
        }

        return null;
    }
}

/// <summary>A field by which entries are chosen, so that those which do not show it are never found.</summary>
/// <param name="Field">The field.</param>
/// <param name="Name">Its name in a template; of a property its own.</param>
internal readonly record struct AskedField(TemplateField Field, string Name);

/// <summary>A test of one property.</summary>
/// <param name="Name">Its name in UTF-8, case ignored.</param>
/// <param name="IsWanted">Tests its value; asked with null where the record has no such property.</param>
internal sealed record PropertyFilter(byte[] Name, Func<object?, bool> IsWanted);
