using System.Text;

namespace QueueLog.Tests.Support;

/// <summary>Reads a process's output as it comes, so that a test can wait for a line of it.</summary>
internal sealed class LineReader
{
    private readonly object gate = new();
    private readonly StringBuilder text = new();
    private readonly List<(string Line, TaskCompletionSource Seen)> awaited = [];
    private readonly Task reading;

    public LineReader(StreamReader reader) => reading = Task.Run(() => ReadAsync(reader));

    public string Text
    {
        get
        {
            lock (gate)
            {
                return text.ToString();
            }
        }
    }

    public async Task WaitForAsync(string line, TimeSpan deadline)
    {
        var seen = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (gate)
        {
            if (text.ToString().Split('\n').Contains(line))
            {
                return;
            }

            awaited.Add((line, seen));
        }

        if (await Task.WhenAny(seen.Task, reading, Task.Delay(deadline)) != seen.Task && !seen.Task.IsCompleted)
        {
            throw new TimeoutException($"The line '{line}' did not come. What came: {Text}");
        }
    }

    public async Task<string> EndAsync(TimeSpan deadline)
    {
        await reading.WaitAsync(deadline);
        return Text;
    }

    private async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (gate)
            {
                text.Append(line).Append('\n');
                foreach (var (_, seen) in awaited.Where(wait => wait.Line == line))
                {
                    seen.TrySetResult();
                }
            }
        }
    }
}
