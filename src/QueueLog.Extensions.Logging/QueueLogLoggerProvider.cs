using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using QueueLog.Client;
using QueueLog.Transport;

namespace QueueLog.Extensions.Logging;

/// <summary>Makes loggers whose records go to a QueueLog listener.</summary>
/// <remarks>A record is kept from the moment its call returns, whatever becomes of the process. Loggers go on after <see cref="Dispose"/>.</remarks>
[ProviderAlias("QueueLog")]
public sealed class QueueLogLoggerProvider : ILoggerProvider, ISupportExternalScope
{
    private readonly IDisposable? changes;
    private volatile ProviderSettings settings;

    /// <summary>As a program's services make it. What changes in the options later, as by a reload of the configuration, reaches the next record.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="InvalidOperationException">There has to be a listener, and is none.</exception>
    public QueueLogLoggerProvider(IOptionsMonitor<QueueLogLoggerOptions> options)
        : this((options ?? throw new ArgumentNullException(nameof(options))).CurrentValue) => changes = options.OnChange(Change);

    /// <summary>For a logger factory made by hand.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="InvalidOperationException">There has to be a listener, and is none.</exception>
    public QueueLogLoggerProvider(QueueLogLoggerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        settings = new ProviderSettings(options, NameOf(options), new ListenerLink(options));
    }

    internal ListenerLink Link => settings.Link;

    /// <summary>Name of the process in each record; null where the listener knows it.</summary>
    internal string? ProcessName => settings.ProcessName;

    internal bool IncludesScopes => settings.Options.IncludeScopes;

    /// <summary>The program's scopes; those of this provider alone until it is told them.</summary>
    internal IExternalScopeProvider Scopes { get; private set; } = new LoggerExternalScopeProvider();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new QueueLogCategoryLogger(categoryName, this);

    /// <inheritdoc/>
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => Scopes = scopeProvider;

    /// <summary>Waits until what was logged is in the file, for no longer than the options say.</summary>
    public void Dispose()
    {
        changes?.Dispose();
        Link.Flush(settings.Options.FlushTimeout);
    }

    // Before the first connection: that is where a listener learns the name of a process.
    private static string? NameOf(QueueLogLoggerOptions options) =>
        string.IsNullOrWhiteSpace(options.ProcessName) || ProcessContext.TryName(options.ProcessName) ? null : options.ProcessName;

    private void Change(QueueLogLoggerOptions options)
    {
        var old = settings;
        try
        {
            var isSame = options.Listener == old.Options.Listener && options.WithoutListener == old.Options.WithoutListener;
            settings = new ProviderSettings(options, NameOf(options), isSame ? old.Link : new ListenerLink(options));
        }
        catch (Exception e) when (e is InvalidOperationException or PipeNameException)
        {
            // A program that runs is not ended by a change of its configuration.
            Console.Error.WriteLine($"QueueLog: the changed options cannot be applied, and the former ones stay: {e.Message}");
        }
    }

    private sealed record ProviderSettings(QueueLogLoggerOptions Options, string? ProcessName, ListenerLink Link);
}
