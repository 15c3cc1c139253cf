using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging.Configuration;
using QueueLog.Extensions.Logging;

// Where programs look for what adds to their builder.
namespace Microsoft.Extensions.Logging;

/// <summary>Adds a QueueLog listener to what a program logs to.</summary>
public static class QueueLogLoggingBuilderExtensions
{
    /// <summary>Logs to the QueueLog listener that the process inherited, or that the configuration names.</summary>
    /// <param name="builder">The program's logging.</param>
    /// <returns>The builder.</returns>
    public static ILoggingBuilder AddQueueLog(this ILoggingBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.AddConfiguration();
        builder.Services.TryAddEnumerable(ServiceDescriptor.Singleton<ILoggerProvider, QueueLogLoggerProvider>());
        LoggerProviderOptions.RegisterProviderOptions<QueueLogLoggerOptions, QueueLogLoggerProvider>(builder.Services);
        return builder;
    }

    /// <summary>Logs to a QueueLog listener.</summary>
    /// <param name="builder">The program's logging.</param>
    /// <param name="configure">Changes what the configuration says.</param>
    /// <returns>The builder.</returns>
    public static ILoggingBuilder AddQueueLog(this ILoggingBuilder builder, Action<QueueLogLoggerOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        builder.AddQueueLog();
        builder.Services.Configure(configure);
        return builder;
    }
}
