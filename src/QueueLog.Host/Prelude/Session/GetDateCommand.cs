using System.Globalization;
using System.Management.Automation;

namespace QueueLog.Host.Prelude.Session;

[Cmdlet(VerbsCommon.Get, "Date", DefaultParameterSetName = "Date")]
public sealed class GetDateCommand : PSCmdlet
{
    [Parameter(ParameterSetName = "Date", Position = 0, ValueFromPipeline = true)]
    public DateTime? Date { get; set; }

    [Parameter(ParameterSetName = "Unix", Mandatory = true)]
    [Alias("UnixTime")]
    public long UnixTimeSeconds { get; set; }

    [Parameter]
    public int? Year { get; set; }

    [Parameter]
    public int? Month { get; set; }

    [Parameter]
    public int? Day { get; set; }

    [Parameter]
    public int? Hour { get; set; }

    [Parameter]
    public int? Minute { get; set; }

    [Parameter]
    public int? Second { get; set; }

    [Parameter]
    public int? Millisecond { get; set; }

    [Parameter]
    public string? Format { get; set; }

    [Parameter]
    public SwitchParameter AsUTC { get; set; }

    protected override void ProcessRecord()
    {
        var date = WithParts(ParameterSetName == "Unix"
            ? DateTimeOffset.FromUnixTimeSeconds(UnixTimeSeconds).LocalDateTime
            : Date ?? DateTime.Now);
        date = AsUTC ? date.ToUniversalTime() : date;
        WriteObject(Format is null ? date : Text(date));
    }

    private DateTime WithParts(DateTime date) => new DateTime(
        Year ?? date.Year,
        Month ?? date.Month,
        Day ?? date.Day,
        Hour ?? date.Hour,
        Minute ?? date.Minute,
        Second ?? date.Second,
        date.Kind).AddMilliseconds(Millisecond ?? date.Millisecond).AddTicks(Millisecond is null ? date.Ticks % TimeSpan.TicksPerMillisecond : 0);

    private string Text(DateTime date) => Format!.ToUpperInvariant() switch
    {
        "FILEDATE" => date.ToString("yyyyMMdd", CultureInfo.InvariantCulture),
        "FILEDATEUNIVERSAL" => date.ToUniversalTime().ToString("yyyyMMddZ", CultureInfo.InvariantCulture),
        "FILEDATETIME" => date.ToString("yyyyMMddTHHmmssffff", CultureInfo.InvariantCulture),
        "FILEDATETIMEUNIVERSAL" => date.ToUniversalTime().ToString("yyyyMMddTHHmmssffffZ", CultureInfo.InvariantCulture),
        _ => date.ToString(Format, CultureInfo.CurrentCulture),
    };
}
