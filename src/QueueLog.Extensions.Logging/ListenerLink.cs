using System.Diagnostics;
using QueueLog.Client;
using QueueLog.Records;
using QueueLog.Transport;

namespace QueueLog.Extensions.Logging;

/// <summary>The way to the listener: connected when first needed, and again after a listener has stopped and another came.</summary>
internal sealed class ListenerLink
{
    // How often records look for a listener that was not there. A look costs some microseconds, and a wait nobody.
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromMilliseconds(250);

    private readonly object gate = new();
    private readonly string? chosen;
    private readonly WithoutListener without;
    private volatile LogClient? client;
    private bool hasLooked;
    private long failedAt;
    private int warned;

    /// <exception cref="PipeNameException">The listener's name cannot be one.</exception>
    /// <exception cref="InvalidOperationException">There has to be a listener, and is none.</exception>
    public ListenerLink(QueueLogLoggerOptions options)
    {
        chosen = string.IsNullOrWhiteSpace(options.Listener) ? null : ToAddress(options.Listener);
        without = options.WithoutListener;
        if (without == WithoutListener.Fail && Client is null)
        {
            throw new InvalidOperationException($"{Missing} Start one with Start-LogListener, or set {nameof(QueueLogLoggerOptions.WithoutListener)} to another value to run without.");
        }
    }

    /// <summary>The client of the listener; null while there is none.</summary>
    public LogClient? Client => client is { IsClosed: false } living ? living : Find();

    private string? Address => chosen ?? ClientRegistry.DefaultAddress;

    private string Missing => Address is { } address
        ? ClientRegistry.RefusalOf(address) is { } refusal ? $"QueueLog: {refusal}" : $"QueueLog: no listener answers at '{address}'."
        : $"QueueLog: there is no listener, since {ClientRegistry.AddressVariable} is not set and no {nameof(QueueLogLoggerOptions.Listener)} was named.";

    /// <summary>Hands a record over, or shows it.</summary>
    /// <param name="target">The client when the record was begun; null for a record that is only to be shown.</param>
    /// <param name="draft">The record.</param>
    public void HandOver(LogClient? target, scoped in RecordDraft draft)
    {
        if (target is null)
        {
            Console.Error.WriteLine(PlainLine.Of(draft));
            return;
        }

        if (target.Write(draft) == WriteResult.NoListener && (Client is not { } next || next.Write(draft) == WriteResult.NoListener) && Miss(draft.Level))
        {
            Console.Error.WriteLine(PlainLine.Of(draft));
        }
    }

    /// <summary>A record finds no listener: it is counted, and the first one warned of.</summary>
    /// <returns>Whether it is to be shown.</returns>
    public bool Miss(LogLevel level)
    {
        ClientRegistry.CountLost(Address ?? "", level);
        if (MustWarn())
        {
            Console.Error.WriteLine($"{Missing} {(without == WithoutListener.Show ? "Records are shown here and not kept." : "Records are not kept.")} Start one with Start-LogListener.");
        }

        return without == WithoutListener.Show;
    }

    /// <summary>A record could not be handed over for another reason.</summary>
    public void Fail(Exception e)
    {
        ClientRegistry.CountLost(Address ?? "", LogLevel.Critical);
        if (MustWarn())
        {
            Console.Error.WriteLine($"QueueLog: a record could not be handed over: {e.Message}");
        }
    }

    /// <summary>Waits until everything handed over is written.</summary>
    public void Flush(TimeSpan timeout)
    {
        if (client is not { IsClosed: false } living)
        {
            return;
        }

        using var deadline = new CancellationTokenSource(timeout);
        try
        {
            living.WaitUntilAcknowledged(deadline.Token);
        }
        catch (OperationCanceledException) when (deadline.IsCancellationRequested)
        {
            // Handed over all the same.
        }
    }

    private static string ToAddress(string listener) => Path.IsPathRooted(listener) ? listener : PipeName.ToAddress(listener);

    private LogClient? Find()
    {
        if (IsTooEarly())
        {
            return null;
        }

        // Whoever comes while another connects waits for the outcome: its record is not lost for having been too early.
        lock (gate)
        {
            if (client is { IsClosed: false } living)
            {
                return living;
            }

            if (IsTooEarly() || Address is not { } address)
            {
                return null;
            }

            // The first look is patient, since a machine may be busy; later ones must not hold up a program that runs without.
            if (!hasLooked || PipeConnector.IsAnswering(address))
            {
                ClientRegistry.Forget(address);
                client = ClientRegistry.Get(address);
            }

            hasLooked = true;
            var found = client is { IsClosed: false } connected ? connected : null;
            Volatile.Write(ref failedAt, found is null ? Stopwatch.GetTimestamp() : 0);
            return found;
        }
    }

    private bool IsTooEarly() => Volatile.Read(ref failedAt) is not 0 and var failed && Stopwatch.GetElapsedTime(failed) < LookAgainAfter;

    private bool MustWarn() => without != WithoutListener.Ignore && Interlocked.Exchange(ref warned, 1) == 0;
}
