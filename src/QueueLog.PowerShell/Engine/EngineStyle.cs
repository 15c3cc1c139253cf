using System.Globalization;
using System.Management.Automation;
using System.Reflection;
using System.Text;

namespace QueueLog.PowerShell.Engine;

/// <summary>The settings of <c>$PSStyle</c>, of which a process has one set. The reference assembly does not know them.</summary>
internal sealed class EngineStyle
{
    // A process has one set, and finding its settings takes a while.
    private static EngineStyle? known;

    private readonly object style;
    private readonly StyleSetting[] settings;

    private EngineStyle(object style)
    {
        this.style = style;
        settings = [.. Find("", style).OrderBy(static setting => setting.Name, StringComparer.Ordinal)];
    }

    /// <param name="style">The value of the variable.</param>
    /// <returns>Null when it is something else.</returns>
    public static EngineStyle? Of(object? style)
    {
        style = style is PSObject wrapped ? wrapped.BaseObject : style;
        if (known is { } found && ReferenceEquals(found.style, style))
        {
            return found;
        }

        return style?.GetType().FullName == "System.Management.Automation.PSStyle" ? known = new EngineStyle(style) : null;
    }

    /// <summary>All settings as text: a line for each, of a name and a value.</summary>
    public string ToText()
    {
        var text = new StringBuilder();
        foreach (var setting in settings)
        {
            text.Append(setting.Name).Append('=').Append(setting.Text).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Sets what <see cref="ToText"/> of another process has given, as far as this engine knows it.</summary>
    public void Apply(string text)
    {
        foreach (var line in text.Split('\n'))
        {
            var end = line.IndexOf('=', StringComparison.Ordinal);
            if (end > 0 && Array.Find(settings, setting => line.AsSpan(0, end).SequenceEqual(setting.Name)) is { } setting)
            {
                setting.Text = line[(end + 1)..];
            }
        }
    }

    /// <summary>The present settings, for <see cref="Restore"/>.</summary>
    public object?[] Save() => Array.ConvertAll(settings, static setting => setting.Save());

    /// <summary>Goes back to settings that were saved.</summary>
    public void Restore(object?[] saved)
    {
        for (var i = 0; i < saved.Length; i++)
        {
            settings[i].Restore(saved[i]);
        }
    }

    private static IEnumerable<StyleSetting> Find(string prefix, object owner)
    {
        foreach (var property in owner.GetType().GetProperties(BindingFlags.Instance | BindingFlags.Public))
        {
            if (property is { CanRead: true, CanWrite: true } && (property.PropertyType == typeof(string) || property.PropertyType.IsPrimitive || property.PropertyType.IsEnum))
            {
                yield return (StyleSetting)Activator.CreateInstance(typeof(StyleSetting<>).MakeGenericType(property.PropertyType), prefix + property.Name, owner, property)!;
            }
            else if (prefix.Length > 0 && property.GetValue(owner) is { } table && EntriesOf(table) is { } entries)
            {
                yield return new TableSetting(prefix + property.Name, entries);
            }
            else if (prefix.Length == 0 && property.Name is "Formatting" or "Progress" or "FileInfo" && property.GetValue(owner) is { } part)
            {
                foreach (var setting in Find(property.Name + ".", part))
                {
                    yield return setting;
                }
            }
        }
    }

    // The colours of file extensions are a type of their own around a table.
    private static Dictionary<string, string>? EntriesOf(object table) =>
        Array.Find(table.GetType().GetFields(BindingFlags.Instance | BindingFlags.NonPublic), static field => field.FieldType == typeof(Dictionary<string, string>))?.GetValue(table) as Dictionary<string, string>;

    private abstract class StyleSetting(string name)
    {
        public string Name => name;

        public abstract string Text { get; set; }

        public abstract object? Save();

        public abstract void Restore(object? saved);
    }

    private sealed class StyleSetting<T>(string name, object owner, PropertyInfo property) : StyleSetting(name)
    {
        private readonly Func<T> get = property.GetMethod!.CreateDelegate<Func<T>>(owner);
        private readonly Action<T> set = property.SetMethod!.CreateDelegate<Action<T>>(owner);

        public override string Text
        {
            get => Convert.ToString(get(), CultureInfo.InvariantCulture) ?? "";
            set
            {
                if (Text != value)
                {
                    set((T)LanguagePrimitives.ConvertTo(value, typeof(T), CultureInfo.InvariantCulture));
                }
            }
        }

        public override object? Save() => get();

        public override void Restore(object? saved)
        {
            if (!EqualityComparer<T>.Default.Equals(get(), (T?)saved))
            {
                set((T)saved!);
            }
        }
    }

    // Looked through for each item of a pool: nothing is made of it as long as nobody has changed it.
    private sealed class TableSetting(string name, Dictionary<string, string> entries) : StyleSetting(name)
    {
        // Between a key and its value, and between entries.
        private const char Separator = '\t';

        public override string Text
        {
            get => string.Join(Separator, entries.Where(static entry => !entry.Key.Any(char.IsControl)).Select(static entry => entry.Key + Separator + entry.Value));
            set
            {
                entries.Clear();
                var parts = value.Split(Separator);
                for (var i = 0; i + 1 < parts.Length; i += 2)
                {
                    entries[parts[i]] = parts[i + 1];
                }
            }
        }

        public override object? Save() => entries.ToArray();

        public override void Restore(object? saved)
        {
            var all = (KeyValuePair<string, string>[])saved!;
            if (IsSame(all))
            {
                return;
            }

            entries.Clear();
            foreach (var (key, value) in all)
            {
                entries.Add(key, value);
            }
        }

        private bool IsSame(KeyValuePair<string, string>[] all)
        {
            if (entries.Count != all.Length)
            {
                return false;
            }

            var i = 0;
            foreach (var (key, value) in entries)
            {
                if (key != all[i].Key || value != all[i].Value)
                {
                    return false;
                }

                i++;
            }

            return true;
        }
    }
}
