using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using QueueLog.Client;

namespace QueueLog.Extensions.Logging;

/// <summary>Makes loggers whose records go to a QueueLog listener.</summary>
/// <remarks>A record is kept from the moment its call returns, whatever becomes of the process. Loggers go on after <see cref="Dispose"/>.</remarks>
[ProviderAlias("QueueLog")]
public sealed class QueueLogLoggerProvider : ILoggerProvider, ISupportExternalScope
{
    private readonly QueueLogLoggerOptions options;

    /// <summary>As a program's services make it.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="InvalidOperationException">There has to be a listener, and is none.</exception>
    public QueueLogLoggerProvider(IOptions<QueueLogLoggerOptions> options)
        : this((options ?? throw new ArgumentNullException(nameof(options))).Value)
    {
    }

    /// <summary>For a logger factory made by hand.</summary>
    /// <param name="options">The options.</param>
    /// <exception cref="InvalidOperationException">There has to be a listener, and is none.</exception>
    public QueueLogLoggerProvider(QueueLogLoggerOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        this.options = options;
        if (!string.IsNullOrWhiteSpace(options.ProcessName))
        {
            // Before the first connection: that is where a listener learns it.
            ProcessContext.Identity = ProcessContext.Identity with { Name = options.ProcessName };
        }

        Link = new ListenerLink(options);
    }

    internal ListenerLink Link { get; }

    internal bool IncludesScopes => options.IncludeScopes;

    /// <summary>The program's scopes; those of this provider alone until it is told them.</summary>
    internal IExternalScopeProvider Scopes { get; private set; } = new LoggerExternalScopeProvider();

    /// <inheritdoc/>
    public ILogger CreateLogger(string categoryName) => new QueueLogCategoryLogger(categoryName, this);

    /// <inheritdoc/>
    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => Scopes = scopeProvider;

    /// <summary>Waits until what was logged is in the file, for no longer than the options say.</summary>
    public void Dispose() => Link.Flush(options.FlushTimeout);
}
