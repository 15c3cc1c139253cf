using System.Management.Automation;

namespace QueueLog.PowerShell.Logging;

/// <summary>The text of an output, as <c>"$value"</c> gives it.</summary>
internal static class OutputText
{
    public static string Of(object? value)
    {
        if (RecordMapper.Unwrap(value) is string text)
        {
            return text;
        }

        try
        {
            return LanguagePrimitives.ConvertTo<string>(value) ?? "";
        }
#pragma warning disable CA1031 // the value's own code runs here, and its text never fails whoever asks for it
        catch (Exception e) when (e is not PipelineStoppedException)
#pragma warning restore CA1031
        {
            return $"({RecordMapper.Unwrap(value)!.GetType().Name} has no text: {e.GetType().Name})";
        }
    }
}
