using System.Collections;
using System.Management.Automation;
using System.Text;
using QueueLog.Records;

namespace QueueLog.PowerShell;

/// <summary>The preference variables of the session: what scripts do differently because of them, workers shall do too.</summary>
internal static class SessionPreferences
{
    private const string Encoding = "OutputEncoding";
    private const string Defaults = "PSDefaultParameterValues";

    // Enumerations, which would arrive as deserialized shadows of themselves: they travel as their names.
    private static readonly string[] Names =
    [
        "ErrorActionPreference", "WarningPreference", "InformationPreference", "VerbosePreference", "DebugPreference", "ProgressPreference",
        "ConfirmPreference", "ErrorView", "PSNativeCommandArgumentPassing",
    ];

    // Who asks a command for these wants them of what it runs.
    private static readonly (string Parameter, string Name)[] Switches = [("Verbose", "VerbosePreference"), ("Debug", "DebugPreference")];

    private static readonly string[] Flags = ["WhatIfPreference", "PSNativeCommandUseErrorActionPreference"];

    private static readonly string[] Values = ["FormatEnumerationLimit", "OFS", "PSEmailServer"];

    /// <summary>Takes those of a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="parameters">What the command was called with.</param>
    public static NamedValue[] Take(SessionState session, Dictionary<string, object> parameters)
    {
        var taken = new List<NamedValue>();
        foreach (var name in Names)
        {
            var value = session.PSVariable.GetValue(name)?.ToString();
            if (Array.Find(Switches, pair => pair.Name == name).Parameter is { } parameter && parameters.TryGetValue(parameter, out var given))
            {
                value = (LanguagePrimitives.IsTrue(given) ? ActionPreference.Continue : ActionPreference.SilentlyContinue).ToString();
            }

            if (value is { Length: > 0 })
            {
                taken.Add(new NamedValue(name, ValueSerializer.ToBytes(value)));
            }
        }

        foreach (var name in Flags)
        {
            if (session.PSVariable.GetValue(name) is { } value)
            {
                taken.Add(new NamedValue(name, ValueSerializer.ToBytes(LanguagePrimitives.IsTrue(value))));
            }
        }

        foreach (var name in Values)
        {
            if (session.PSVariable.GetValue(name) is { } value)
            {
                TryAdd(taken, name, value);
            }
        }

        if (RecordMapper.Unwrap(session.PSVariable.GetValue(Encoding)) is System.Text.Encoding encoding)
        {
            // With its preamble or without it is another object of the same name.
            taken.Add(new NamedValue(Encoding, ValueSerializer.ToBytes(encoding.Preamble.IsEmpty ? encoding.WebName : encoding.WebName + " bom")));
        }

        // Not as what it is but as what it holds: the engine makes its own of a plain table.
        if (RecordMapper.Unwrap(session.PSVariable.GetValue(Defaults)) is IDictionary { Count: > 0 } defaults)
        {
            TryAdd(taken, Defaults, new Hashtable(defaults, StringComparer.OrdinalIgnoreCase));
        }

        return [.. taken];
    }

    /// <summary>Sets them in a worker's session.</summary>
    public static void Set(SessionState session, NamedValue[] preferences)
    {
        foreach (var preference in preferences)
        {
            var variable = "global:" + preference.Name;
            var value = CarriedValue.Read(preference.Value);
            value = preference.Name switch
            {
                Encoding => ToEncoding((string)value!),
                Defaults => new DefaultParameterDictionary((IDictionary)RecordMapper.Unwrap(value)!),
                _ => value,
            };

            // Converting a name to what the variable takes is most of what a warm worker has to do for a call.
            if (!IsSame(RecordMapper.Unwrap(session.PSVariable.GetValue(variable)), value))
            {
                session.PSVariable.Set(variable, value);
            }
        }
    }

    private static bool IsSame(object? present, object? value) =>
        Equals(present, value) || (present is Enum && value is string name && present.ToString() == name);

    private static void TryAdd(List<NamedValue> taken, string name, object value)
    {
        try
        {
            taken.Add(new NamedValue(name, CarriedValue.ToBytes(value)));
        }
        catch (ValueNotSerializableException)
        {
            // A preference that cannot travel is no reason not to work.
        }
    }

    private static System.Text.Encoding ToEncoding(string text)
    {
        var name = text.Split(' ')[0];
        try
        {
            return name == System.Text.Encoding.UTF8.WebName ? new UTF8Encoding(encoderShouldEmitUTF8Identifier: text != name) : System.Text.Encoding.GetEncoding(name);
        }
        catch (ArgumentException)
        {
            return new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
        }
    }
}
