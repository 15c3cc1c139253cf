// Packs an order, as programs do that know nothing of PowerShell: dotnet dotnet-program.dll ORDER
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var order = args[0];
var builder = Host.CreateApplicationBuilder(args);
builder.Logging.ClearProviders().AddQueueLog();
using var host = builder.Build();
var logger = host.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Packing");

using (logger.BeginScope(new Dictionary<string, object> { ["Order"] = order }))
{
    logger.LogInformation("packing {Parts} parts", 3);
    try
    {
        throw new InvalidOperationException("the box is too small");
    }
    catch (InvalidOperationException e)
    {
        logger.LogWarning(e, "trying a larger box");
    }

    logger.LogInformation("packed");
}
