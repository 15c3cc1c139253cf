using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using QueueLog.Queue;

namespace QueueLog.Nats;

/// <summary>The file that nats-server is started with.</summary>
internal static class NatsConfiguration
{
    private static readonly TimeSpan Wait = TimeSpan.FromSeconds(10);

    public static string Compose(QueueServerSettings settings, IReadOnlyDictionary<string, string> keys, (string Path, string KeyPath)? certificate)
    {
        var text = new StringBuilder();
        text.Append("# The server of a QueueLog queue, as New-QueueServer made it. Start it with: nats-server -c <this file>\n");
        text.Append(CultureInfo.InvariantCulture, $"server_name: {Quote(settings.HostName)}\n");
        text.Append(CultureInfo.InvariantCulture, $"listen: {Quote($"{(settings.UsesTls ? "0.0.0.0" : "127.0.0.1")}:{settings.Port}")}\n\n");
        text.Append("jetstream {\n");
        text.Append(CultureInfo.InvariantCulture, $"  store_dir: {Quote(Path.Combine(settings.Folder, "data"))}\n");
        text.Append(settings.SyncsAlways
            ? "  # Writes to the disk before it acknowledges. A nats-server before 2.10 does not know this line and does not start with it.\n  sync_interval: always\n"
            : "  # From nats-server 2.10 on, this makes it write to the disk before it acknowledges:\n  # sync_interval: always\n");
        text.Append("}\n\n");
        if (certificate is { } files)
        {
            text.Append("tls {\n");
            text.Append(CultureInfo.InvariantCulture, $"  cert_file: {Quote(files.Path)}\n");
            text.Append(CultureInfo.InvariantCulture, $"  key_file: {Quote(files.KeyPath)}\n");
            text.Append("}\n\n");
        }

        text.Append("# One account for each person: an account sees nothing of the others. The secret of each key is in a link file.\n");
        text.Append("accounts {\n");
        foreach (var (account, key) in keys)
        {
            text.Append(CultureInfo.InvariantCulture, $"  {Quote(account)}: {{ jetstream: enabled, users: [ {{ nkey: {key} }} ] }}\n");
        }

        return text.Append("}\n").ToString();
    }

    public static Version? FindInstalledServer()
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo("nats-server", ["--version"]) { RedirectStandardOutput = true, RedirectStandardError = true });
            var output = process!.StandardOutput.ReadToEndAsync();
            if (!process.WaitForExit(Wait) || !output.Wait(Wait))
            {
                process.Kill();
                return null;
            }

            // As in "nats-server: v2.9.10".
            return Version.TryParse(output.Result.Split('v')[^1].Trim().Split('-')[0], out var version) ? version : null;
        }
        catch (Exception e) when (e is Win32Exception or IOException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string Quote(string text) => $"\"{text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
