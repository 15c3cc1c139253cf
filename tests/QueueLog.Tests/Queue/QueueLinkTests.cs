using System.Text;
using CsCheck;
using QueueLog.Queue;
using QueueLog.Tests.Support;

namespace QueueLog.Tests.Queue;

public sealed class QueueLinkTests
{
    [Fact]
    public void A_link_comes_back_as_it_was_written()
    {
        using var folder = new TempFolder();
        using var authority = QueueAuthority.Create("build1", DateTimeOffset.UtcNow);
        var link = new QueueLink { Servers = [new Uri("tls://build1:4222"), new Uri("tls://build2:4222")], Authority = authority.Certificate, Key = "SUA", SyncsAlways = true };
        link.Write(folder.Combine("a.qlink"));
        Assert.Equivalent(link, QueueLink.Read(folder.Combine("a.qlink")), strict: true);
        Assert.True(link.IsSecure);
    }

    [Fact]
    public void Only_its_user_can_read_it_whatever_was_there()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("There an access list says it.");
            return;
        }

        using var folder = new TempFolder();
        var path = folder.Combine("a.qlink");
        File.WriteAllText(path, "open to all");
        File.SetUnixFileMode(path, (UnixFileMode)0b110_100_100);
        new QueueLink { Servers = [new Uri("nats://127.0.0.1:4222")] }.Write(path);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal(["a.qlink"], folder.FilesIn());
    }

    [Fact]
    public void A_link_with_one_server_that_is_not_encrypted_is_not_secure() =>
        Assert.False(new QueueLink { Servers = [new Uri("tls://a:1"), new Uri("nats://a:1")] }.IsSecure);

    [Theory]
    [InlineData("", "JSON")]
    [InlineData("no link at all", "JSON")]
    [InlineData("[]", "JSON")]
    [InlineData("null", "queueLogLink")]
    [InlineData("{}", "queueLogLink")]
    [InlineData("""{"queueLogLink":2,"servers":["tls://a:1"]}""", "version 2")]
    [InlineData("""{"queueLogLink":1}""", "no server")]
    [InlineData("""{"queueLogLink":1,"servers":[]}""", "no server")]
    [InlineData("""{"queueLogLink":1,"servers":["a:1"]}""", "'a:1'")]
    [InlineData("""{"queueLogLink":1,"servers":["https://a"]}""", "https://a")]
    [InlineData("""{"queueLogLink":1,"servers":["tls://user:word@a:1"]}""", "no address")]
    [InlineData("""{"queueLogLink":1,"servers":["tls://a:1/b"]}""", "no address")]
    [InlineData("""{"queueLogLink":1,"servers":[null]}""", "no address")]
    [InlineData("""{"queueLogLink":1,"servers":["tls://a:1"],"authority":"none"}""", "no certificate")]
    [InlineData("""{"queueLogLink":1,"servers":["tls://a:1"],"authority":"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"}""", "no certificate")]
    public void What_no_link_is_says_why(string content, string reason) =>
        Assert.Contains(reason, Assert.Throws<QueueLinkException>(() => QueueLink.Parse(Encoding.UTF8.GetBytes(content))).Message, StringComparison.Ordinal);

    [Fact]
    public void A_huge_file_is_not_read()
    {
        using var folder = new TempFolder();
        File.WriteAllBytes(folder.Combine("a"), new byte[1024 * 1024 + 1]);
        Assert.Contains("too large", Assert.Throws<QueueLinkException>(() => QueueLink.Read(folder.Combine("a"))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Damage_anywhere_is_told_as_such_or_does_no_harm()
    {
        var whole = """{"queueLogLink":1,"servers":["tls://a:1","nats://b:2"],"authority":null,"key":"SUA","syncsAlways":true}"""u8.ToArray();
        Gen.Select(Gen.Int[0, whole.Length - 1], Gen.Byte, Gen.Int[0, whole.Length]).Sample((place, value, length) =>
        {
            var damaged = whole[..length];
            if (place < length)
            {
                damaged[place] = value;
            }

            try
            {
                Assert.NotEmpty(QueueLink.Parse(damaged).Servers);
            }
            catch (QueueLinkException)
            {
            }
        });
    }
}
