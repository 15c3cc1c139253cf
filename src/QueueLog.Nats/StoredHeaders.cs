using System.Text;

namespace QueueLog.Nats;

/// <summary>Headers of a message as the server stores them: base64 of <c>NATS/1.0</c>, then lines of <c>name: value</c>.</summary>
internal static class StoredHeaders
{
    /// <returns>Empty where there is none of this name.</returns>
    public static string Find(string? stored, string name)
    {
        foreach (var line in Encoding.ASCII.GetString(Convert.FromBase64String(stored ?? "")).Split("\r\n"))
        {
            if (line.Length > name.Length && line[name.Length] == ':' && line.StartsWith(name, StringComparison.OrdinalIgnoreCase))
            {
                return line[(name.Length + 1)..].Trim();
            }
        }

        return "";
    }
}
