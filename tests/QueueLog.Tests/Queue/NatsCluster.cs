using System.Text.RegularExpressions;
using QueueLog.Nats;
using QueueLog.Queue;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Queue;

/// <summary>Three servers that are one queue, as the documentation has them made: one authority, one key, and routes that prove who they are.</summary>
internal sealed partial class NatsCluster : IDisposable
{
    private readonly List<NatsServer> servers = [];

    public IReadOnlyList<NatsServer> Servers => servers;

    /// <summary>The link that names all three.</summary>
    public QueueLink Link => servers[0].Link with { Servers = [.. servers.Select(static server => server.Link.Servers[0])] };

    public static async Task<NatsCluster> StartAsync()
    {
        var cluster = new NatsCluster();
        try
        {
            int[] ports = [NatsServer.FreePort(), NatsServer.FreePort(), NatsServer.FreePort()];
            foreach (var port in ports)
            {
                cluster.servers.Add(await NatsServer.StartAsync(usesTls: true, reconfigure: text => Join(text, port, ports), former: cluster.servers.FirstOrDefault()));
            }

            return cluster;
        }
        catch
        {
            cluster.Dispose();
            throw;
        }
    }

    /// <summary>The server that leads a stream.</summary>
    public async Task<NatsServer> LeaderAsync(string stream)
    {
        await using var session = await NatsSession.ConnectAsync(Link, new QueueEngineOptions(), TestContext.Current.CancellationToken);
        var found = await session.JetStream.GetStreamAsync(stream, cancellationToken: TestContext.Current.CancellationToken).AsTask().WaitAsync(TestTimeout.Limit);
        return servers.Single(server => $"{server.Port}" == found.Info.Cluster!.Leader);
    }

    public void Dispose() => servers.ForEach(static server => server.Dispose());

    private static string Join(string text, int own, int[] ports)
    {
        var folder = StoreDirectory().Match(text).Groups[1].Value;
        var routes = string.Join(", ", ports.Select(static port => $"\"nats://127.0.0.1:{port}\""));
        return ServerName().Replace(text, $"server_name: \"{Listen().Match(text).Groups[1].Value}\"") + $$"""
            cluster {
              name: queue
              listen: "127.0.0.1:{{own}}"
              routes: [{{routes}}]
              tls { cert_file: "{{folder}}/server.crt", key_file: "{{folder}}/server.key", ca_file: "{{folder}}/authority.crt", verify: true }
            }
            """;
    }

    [GeneratedRegex("store_dir: \"(.*)[/\\\\]data\"")]
    private static partial Regex StoreDirectory();

    [GeneratedRegex("server_name: .*")]
    private static partial Regex ServerName();

    [GeneratedRegex("listen: \".*:(.*)\"")]
    private static partial Regex Listen();
}
