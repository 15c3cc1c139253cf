using System.Globalization;
using QueueLog.Client;
using QueueLog.Records;
using QueueLog.Transport;

namespace QueueLog.FaultActor;

/// <summary>A writer that reports what it has handed over: <c>write NAME WRITER REPORT THREADS BURST PAUSE LARGE-EVERY [death]</c>.</summary>
// On standard input: "arm", and "finish N", upon which each thread writes so many more. Each thread pauses so many milliseconds
// after each burst until then.
internal sealed class WriteActor
{
    // The listener may just be dead.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(60);

    // Now and then a thread waits for what it wrote; by then the listener may be another.
    private const int WaitEvery = 211;

    private readonly LogClient client;
    private readonly WriterReport report;
    private readonly string writer;
    private readonly int burst;
    private readonly int pause;
    private readonly int largeEvery;

    // Negative until they are to finish.
    private volatile int more = -1;

    private WriteActor(LogClient client, WriterReport report, string writer, ReadOnlySpan<int> numbers)
    {
        this.client = client;
        this.report = report;
        this.writer = writer;
        burst = numbers[1];
        pause = numbers[2];
        largeEvery = numbers[3];
    }

    public static async Task<int> RunAsync(string[] arguments)
    {
        var numbers = arguments[3..7].Select(argument => int.Parse(argument, CultureInfo.InvariantCulture)).ToArray();
        ProcessContext.Identity = new ProcessIdentity(arguments[1], null);
        var death = Death.Await(arguments.AsSpan(7));
        using var report = new WriterReport(arguments[2]);
        var client = await ConnectAsync(PipeName.ToAddress(arguments[0]));
        var actor = new WriteActor(client, report, arguments[1], numbers);
        Console.WriteLine("ready");
        var threads = Enumerable.Range(0, numbers[0]).Select(thread => Task.Factory.StartNew(() => actor.Write(thread), TaskCreationOptions.LongRunning)).ToArray();
        var line = await Orders.ReadAsync(death);
        actor.more = line is null ? 0 : int.Parse(line["finish ".Length..], CultureInfo.InvariantCulture);
        await Task.WhenAll(threads);
        if (!await client.AcknowledgedAsync(CancellationToken.None).WaitAsync(Timeout))
        {
            throw new InvalidOperationException("What was handed over is not in the file.");
        }

        return (int)await client.CloseAsync(Timeout);
    }

    private static async Task<LogClient> ConnectAsync(string address)
    {
        var options = new ClientOptions { ReconnectTimeout = Timeout };
        using var deadline = new CancellationTokenSource(Timeout);
        while (true)
        {
            try
            {
                return await LogClient.ConnectAsync(address, options, deadline.Token);
            }
            catch (Exception e) when (e is IOException or TimeoutException && !deadline.IsCancellationRequested)
            {
            }
        }
    }

    private void Write(int thread)
    {
        var left = int.MaxValue;
        for (var number = 1L; left > 0; number++)
        {
            var message = new FaultMessage(writer, thread, number, FaultMessage.LengthOf(number, largeEvery)).ToString();
            var result = client.Write(new RecordDraft { Level = LogLevel.Information, Message = message, Category = "Faults" });
            if (result != WriteResult.Accepted)
            {
                throw new InvalidOperationException($"Record {number} was not taken: {result}.");
            }

            report.Set(thread, number);
            if (number % WaitEvery == 0 && !client.WaitUntilAcknowledged(CancellationToken.None))
            {
                throw new InvalidOperationException($"Record {number} was not written.");
            }

            if (more >= 0)
            {
                left = left == int.MaxValue ? more : left - 1;
            }
            else if (number % burst == 0)
            {
                Thread.Sleep(pause);
            }
        }
    }
}
