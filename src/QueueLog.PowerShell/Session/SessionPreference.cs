using System.Management.Automation;
using QueueLog.Records;

namespace QueueLog.PowerShell.Session;

/// <summary>One preference variable, or a setting like one, on its way to the workers.</summary>
/// <param name="name">The variable's name.</param>
/// <param name="convert">Makes what travels of its value; null for nothing.</param>
/// <param name="read">Reads what is no variable; null for a variable.</param>
internal sealed class SessionPreference(string name, Func<object, object?> convert, Func<object>? read = null)
{
    // What it was taken for last. A session asks for the same ones at each call; several may do so at once, so it is changed as a whole.
    private EncodedValue? last;

    public string Name => name;

    /// <summary>Its value in a session.</summary>
    public object? Read(SessionState session) => read is null ? session.PSVariable.GetValue(name) : read();

    /// <summary>Encodes a value.</summary>
    /// <param name="value">The variable's value.</param>
    /// <returns>Null when there is nothing to carry.</returns>
    public NamedValue? Encode(object? value)
    {
        if (value is null)
        {
            return null;
        }

        if (last is { } taken && ReferenceEquals(taken.Value, value))
        {
            return taken.Encoded;
        }

        NamedValue? encoded = null;
        try
        {
            encoded = convert(value) is { } travelling ? new NamedValue(name, SerializedValue.ToBytes(travelling)) : null;
        }
        catch (ValueNotSerializableException)
        {
            // A preference that cannot travel is no reason not to work.
        }

        // What may change inside is looked at each time.
        if (value is Enum or string or bool or int or System.Text.Encoding)
        {
            last = new EncodedValue(value, encoded);
        }

        return encoded;
    }

    private sealed record EncodedValue(object Value, NamedValue? Encoded);
}
