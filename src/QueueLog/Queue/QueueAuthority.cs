using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace QueueLog.Queue;

/// <summary>An authority of one queue: its certificate is in every link, and no other is trusted.</summary>
internal sealed class QueueAuthority : IDisposable
{
    // Nobody notices a certificate that is about to end, and a queue whose certificate has ended stands still.
    private const int Years = 10;
    private readonly X509Certificate2 certificate;

    private QueueAuthority(X509Certificate2 certificate) => this.certificate = certificate;

    /// <summary>Its certificate, as PEM.</summary>
    public string Certificate => certificate.ExportCertificatePem();

    /// <summary>When it ends.</summary>
    public DateTimeOffset End => certificate.NotAfter;

    /// <summary>Makes an authority from chance.</summary>
    public static QueueAuthority Create(string name, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request($"QueueLog authority of {name}", key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        return new QueueAuthority(request.CreateSelfSigned(Start(now), now.AddYears(2 * Years)));
    }

    /// <summary>Takes an authority from what <see cref="Certificate"/> and <see cref="ExportKey"/> gave.</summary>
    /// <exception cref="CryptographicException">They are not, or do not belong together.</exception>
    public static QueueAuthority Load(string certificatePem, string keyPem) => new(X509Certificate2.CreateFromPem(certificatePem, keyPem));

    /// <summary>Its secret, as PEM.</summary>
    public string ExportKey()
    {
        using var key = certificate.GetECDsaPrivateKey()!;
        return key.ExportPkcs8PrivateKeyPem();
    }

    /// <summary>Gives a server a certificate.</summary>
    /// <param name="host">The name or the address by which it is reached.</param>
    /// <param name="now">From when.</param>
    /// <returns>Certificate and secret, as PEM.</returns>
    public IssuedCertificate Issue(string host, DateTimeOffset now)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = Request(host, key);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], critical: false));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(certificate, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var names = new SubjectAlternativeNameBuilder();
        if (IPAddress.TryParse(host, out var address))
        {
            names.AddIpAddress(address);
        }
        else
        {
            names.AddDnsName(host);
        }

        request.CertificateExtensions.Add(names.Build());
        var serial = RandomNumberGenerator.GetBytes(16);
        serial[0] = (byte)((serial[0] & 0x7F) | 1);
        var end = now.AddYears(Years) < End ? now.AddYears(Years) : End;
        using var issued = request.Create(certificate, Start(now), end, serial);
        return new IssuedCertificate(issued.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem(), end);
    }

    public void Dispose() => certificate.Dispose();

    private static CertificateRequest Request(string name, ECDsa key)
    {
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name.Length > 64 ? name[..64] : name);
        return new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
    }

    // The clocks of other machines may be behind.
    private static DateTimeOffset Start(DateTimeOffset now) => now.AddDays(-1);
}

/// <param name="Certificate">As PEM.</param>
/// <param name="Key">As PEM.</param>
/// <param name="End">Until when it is valid.</param>
internal sealed record IssuedCertificate(string Certificate, string Key, DateTimeOffset End);
