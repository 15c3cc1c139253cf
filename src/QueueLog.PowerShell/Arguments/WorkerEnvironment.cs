using System.Collections;
using System.Management.Automation;
using QueueLog.Pool;
using QueueLog.PowerShell.Errors;
using QueueLog.PowerShell.Logging;

namespace QueueLog.PowerShell.Arguments;

/// <summary>What -EnvironmentVariable accepts: names with values, and names with null for those that are to be absent.</summary>
internal static class WorkerEnvironment
{
    /// <returns>The error of a name or value that no environment can hold; null when all are well.</returns>
    public static ErrorRecord? Convert(IDictionary? given, out EnvironmentSetting[] settings)
    {
        settings = new EnvironmentSetting[given?.Count ?? 0];
        var i = 0;
        foreach (DictionaryEntry entry in given ?? new Hashtable())
        {
            var name = entry.Key.ToString() ?? "";
            var value = RecordMapper.Unwrap(entry.Value) is null ? null : LanguagePrimitives.ConvertTo<string>(entry.Value);
            if (name.Length == 0 || name.Contains('=', StringComparison.Ordinal) || name.Contains('\0', StringComparison.Ordinal))
            {
                return PoolErrors.InvalidEnvironmentVariable(name, "a name is not empty and has no '='");
            }

            if (value?.Contains('\0', StringComparison.Ordinal) == true)
            {
                return PoolErrors.InvalidEnvironmentVariable(name, "a value ends at its first null character");
            }

            settings[i++] = new EnvironmentSetting(name, value);
        }

        return null;
    }
}
