using System.Diagnostics;
using System.Text.Json;

namespace QueueLog.Bench.Processes;

/// <summary>Runs a script that measures itself and answers with one JSON line.</summary>
internal static class ScriptRun
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMinutes(5);

    public static JsonElement Answer(string program, IEnumerable<string> arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment = { ["NO_COLOR"] = "1" },
        })!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        if (!process.WaitForExit(Timeout))
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"No answer within {Timeout.TotalMinutes} minutes.");
        }

        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"Exit code {process.ExitCode}. {Tail(errors.Result)}");
        }

        var answer = LastLine(output.Result);
        return answer.StartsWith('{')
            ? JsonDocument.Parse(answer).RootElement
            : throw new InvalidOperationException($"No answer. {Tail(errors.Result)}");
    }

    private static string Tail(string text)
    {
        var line = string.Join(' ', text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return line[Math.Max(0, line.Length - 300)..];
    }

    private static string LastLine(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).LastOrDefault() ?? "";
}
