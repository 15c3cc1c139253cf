using System.Reflection;
using System.Security.Cryptography;
using System.Text;

namespace QueueLog.Reporting.Page;

/// <summary>Writes a run as one HTML file that loads nothing: it contains style, code and data.</summary>
internal static class PageWriter
{
    // In this order: each uses only what stands before it.
    private static readonly string[] Scripts = ["data.js", "format.js", "view.js", "table.js", "timeline.js", "charts.js", "histogram.js", "details.js", "log.js", "main.js"];

    public static void Write(RunReport report, Stream stream)
    {
        var style = Content("report.css");
        var scripts = Scripts.Select(Content).ToArray();

        // Only these scripts and styles may run, and nothing may be fetched or sent.
        var policy = $"default-src 'none'; script-src {string.Join(' ', scripts.Select(HashOf))}; style-src {HashOf(style)}; base-uri 'none'; form-action 'none'";
        var page = Content("report.html").Split("<!-- data and scripts -->");
        WriteText(stream, page[0].Replace("<!-- policy -->", $"<meta http-equiv=\"Content-Security-Policy\" content=\"{policy}\">", StringComparison.Ordinal).Replace("<!-- style -->", $"<style>{style}</style>", StringComparison.Ordinal));
        WriteText(stream, "<script type=\"application/json\" id=\"data\">");
        new PageData(report).Write(stream);
        WriteText(stream, "</script>\n");
        foreach (var script in scripts)
        {
            WriteText(stream, $"<script>{script}</script>\n");
        }

        WriteText(stream, page[1]);
    }

    private static void WriteText(Stream stream, string text) => stream.Write(Encoding.UTF8.GetBytes(text));

    private static string HashOf(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    // Without the carriage returns of a checkout on Windows: browsers drop these before they compare the hash.
    private static string Content(string name)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream($"Report/{name}")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd().ReplaceLineEndings("\n");
    }
}
