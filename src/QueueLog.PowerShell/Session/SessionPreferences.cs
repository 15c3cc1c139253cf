using System.Collections;
using System.Management.Automation;
using System.Text;
using QueueLog.PowerShell.Engine;
using QueueLog.PowerShell.Logging;
using QueueLog.Records;

namespace QueueLog.PowerShell.Session;

/// <summary>The preference variables of the session: what scripts do differently because of them, workers shall do too.</summary>
internal static class SessionPreferences
{
    private const string Encoding = "OutputEncoding";
    private const string Style = "PSStyle";
    private const string ConsoleEncoding = "[Console]::OutputEncoding";
    private const string Defaults = "PSDefaultParameterValues";

    private static readonly SessionPreference[] All =
    [
        // Enumerations, which would arrive as deserialized shadows of themselves: they travel as their names.
        .. new[]
        {
            "ErrorActionPreference", "WarningPreference", "InformationPreference", "VerbosePreference", "DebugPreference", "ProgressPreference",
            "ConfirmPreference", "ErrorView", "PSNativeCommandArgumentPassing",
        }.Select(static name => new SessionPreference(name, static value => value.ToString() is { Length: > 0 } text ? text : null)),

        .. new[] { "WhatIfPreference", "PSNativeCommandUseErrorActionPreference" }
            .Select(static name => new SessionPreference(name, static value => LanguagePrimitives.IsTrue(value))),

        .. new[] { "FormatEnumerationLimit", "OFS", "PSEmailServer" }
            .Select(static name => new SessionPreference(name, static value => value)),

        // With its preamble or without it is another object of the same name.
        new SessionPreference(Encoding, NameOf),

        // By which the engine reads what programs write.
        new SessionPreference(ConsoleEncoding, NameOf, static () => Console.OutputEncoding),

        new SessionPreference(Style, static value => EngineStyle.Of(value)?.ToText()),

        // Not as what it is but as what it holds: the engine makes its own of a plain table.
        new SessionPreference(Defaults, static value => RecordMapper.Unwrap(value) is IDictionary { Count: > 0 } defaults ? new Hashtable(defaults, StringComparer.OrdinalIgnoreCase) : null),
    ];

    // Who asks a command for these wants them of what it runs.
    private static readonly (string Parameter, string Name)[] Switches = [("Verbose", "VerbosePreference"), ("Debug", "DebugPreference")];

    /// <summary>Takes those of a session.</summary>
    /// <param name="session">The session.</param>
    /// <param name="parameters">What the command was called with.</param>
    public static NamedValue[] Encode(SessionState session, Dictionary<string, object> parameters)
    {
        var taken = new List<NamedValue>(All.Length);
        foreach (var preference in All)
        {
            var value = Asked(preference.Name, parameters) ?? preference.Read(session);
            if (preference.Encode(value) is { } named)
            {
                taken.Add(named);
            }
        }

        return [.. taken];
    }

    /// <summary>Sets them in a worker's session.</summary>
    public static void Set(SessionState session, NamedValue[] preferences)
    {
        foreach (var preference in preferences)
        {
            var variable = "global:" + preference.Name;
            var value = SerializedValue.Read(preference.Value);
            if (preference.Name is Style)
            {
                EngineStyle.Of(session.PSVariable.GetValue(variable))?.Apply((string)value!);
                continue;
            }

            if (preference.Name is ConsoleEncoding)
            {
                SavedConsole.SetOutputEncoding(ToEncoding((string)value!));
                continue;
            }

            value = preference.Name switch
            {
                Encoding => ToEncoding((string)value!),
                Defaults => new DefaultParameterDictionary((IDictionary)RecordMapper.Unwrap(value)!),
                _ => value,
            };

            // Converting a name to what the variable takes is most of what a warm worker has to do for a call.
            if (!IsSame(RecordMapper.Unwrap(session.PSVariable.GetValue(variable)), value))
            {
                TrySet(session, variable, value);
            }
        }
    }

    private static void TrySet(SessionState session, string variable, object? value)
    {
        try
        {
            session.PSVariable.Set(variable, value);
        }
        catch (RuntimeException)
        {
            // A local variable of the caller's may hold what none of its name can: it means nothing there, and nothing here.
        }
    }

    private static bool IsSame(object? present, object? value) =>
        Equals(present, value) || (present is Enum && value is string name && present.ToString() == name);

    private static object? Asked(string name, Dictionary<string, object> parameters)
    {
        foreach (var (parameter, asked) in Switches)
        {
            if (asked == name && parameters.TryGetValue(parameter, out var given))
            {
                return LanguagePrimitives.IsTrue(given) ? ActionPreference.Continue : ActionPreference.SilentlyContinue;
            }
        }

        return null;
    }

    private static string? NameOf(object value) =>
        RecordMapper.Unwrap(value) is System.Text.Encoding encoding ? encoding.Preamble.IsEmpty ? encoding.WebName : encoding.WebName + " bom" : null;

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
