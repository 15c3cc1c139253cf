using Microsoft.Extensions.Logging;
using OpenTelemetry.Exporter;
using OpenTelemetry.Logs;
using OpenTelemetry.Resources;

namespace OtlpExample;

/// <summary>Loggers whose records go to an OpenTelemetry collector, for New-LogSink -Logger.</summary>
public static class Collector
{
    /// <param name="endpoint">The collector, such as http://localhost:4318.</param>
    /// <param name="service">What the records are said to come from.</param>
    /// <returns>Dispose it behind the listener: it then sends what it still has.</returns>
    public static ILoggerFactory Connect(Uri endpoint, string service) => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(LogLevel.Trace)
        .AddOpenTelemetry(options =>
        {
            options.IncludeFormattedMessage = true;
            options.SetResourceBuilder(ResourceBuilder.CreateDefault().AddService(service));
            options.AddOtlpExporter(exporter =>
            {
                exporter.Endpoint = new Uri(endpoint, "/v1/logs");
                exporter.Protocol = OtlpExportProtocol.HttpProtobuf;
            });
        }));
}
