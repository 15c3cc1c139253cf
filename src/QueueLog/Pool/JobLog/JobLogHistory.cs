using System.Text;
using System.Text.Json;
using QueueLog.Records;

namespace QueueLog.Pool.JobLog;

/// <summary>What former runs have finished, by their job log.</summary>
internal sealed class JobLogHistory
{
    private static readonly JsonDocumentOptions Options = new() { MaxDepth = 256 };

    // Of each finished item whether it completed, the last time it was run.
    private readonly Dictionary<InputKey, bool> finished = [];

    /// <summary>Whether an item was finished, and completed if that is asked for.</summary>
    public bool Has(InputKey key, bool mustBeCompleted) => finished.TryGetValue(key, out var isCompleted) && (isCompleted || !mustBeCompleted);

    /// <summary>Reads a job log. Incomplete lines are skipped: their writer was killed.</summary>
    public static JobLogHistory Read(Stream stream)
    {
        var history = new JobLogHistory();
        using var reader = new StreamReader(stream, Encoding.UTF8, detectEncodingFromByteOrderMarks: true, bufferSize: 64 * 1024, leaveOpen: true);
        while (reader.ReadLine() is { } line)
        {
            history.Apply(line);
        }

        return history;
    }

    private void Apply(string line)
    {
        try
        {
            using var document = JsonDocument.Parse(line, Options);
            if (TextOf(document.RootElement, "Key") is { } text
                && InputKey.Parse(text) is { } key
                && TextOf(document.RootElement, "Status") is { } status
                && Enum.TryParse<ItemStatus>(status, out var parsed)
                && parsed is not (ItemStatus.Stopped or ItemStatus.Skipped))
            {
                finished[key] = parsed == ItemStatus.Completed;
            }
        }
        catch (JsonException)
        {
            // Torn, or not ours.
        }
    }

    private static string? TextOf(JsonElement line, string name) =>
        line.ValueKind == JsonValueKind.Object && line.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
