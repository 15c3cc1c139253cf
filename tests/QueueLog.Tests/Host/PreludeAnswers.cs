using System.Text;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Host;

/// <summary>Runs all the cases in one host, because starting one for each would take longer than they do.</summary>
public sealed class PreludeAnswers : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private Dictionary<string, string> _answers = [];

    public async ValueTask InitializeAsync()
    {
        var cases = PreludeTests.Cases.Select(row => row.Data.Item1).ToArray();
        var script = new StringBuilder("$ErrorActionPreference = 'Continue'\n");
        for (var i = 0; i < cases.Length; i++)
        {
            script.AppendLine($"$null = New-Item -ItemType Directory (Join-Path $PSScriptRoot {i}); Set-Location (Join-Path $PSScriptRoot {i})");
            script.AppendLine($"try {{ $answer = (& {{\n{cases[i]}\n}}) -join ',' }} catch {{ $answer = \"threw $_\" }}; 'answer {i}:' + $answer");
        }

        await File.WriteAllTextAsync(_folder.Combine("cases.ps1"), script.ToString());
        var result = await HostProcess.RunAsync("-File", _folder.Combine("cases.ps1"));
        _answers = result.Lines.Where(line => line.StartsWith("answer ", StringComparison.Ordinal))
            .Select(line => line["answer ".Length..].Split(':', 2))
            .ToDictionary(parts => cases[int.Parse(parts[0])], parts => parts[1]);
    }

    public ValueTask DisposeAsync()
    {
        _folder.Dispose();
        return ValueTask.CompletedTask;
    }

    internal string? To(string expression) => _answers.GetValueOrDefault(expression);
}
