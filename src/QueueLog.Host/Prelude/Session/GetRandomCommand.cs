using System.Management.Automation;

namespace QueueLog.Host.Prelude.Session;

/// <summary>A number between two bounds, or some of the objects given.</summary>
[Cmdlet(VerbsCommon.Get, "Random", DefaultParameterSetName = "Number")]
public sealed class GetRandomCommand : PSCmdlet
{
    private static readonly object SeededKey = new();
    private static Random? s_seeded;
    private readonly List<object?> _objects = [];

    [Parameter(ParameterSetName = "Number", Position = 0)]
    public object? Maximum { get; set; }

    [Parameter(ParameterSetName = "Number")]
    public object? Minimum { get; set; }

    [Parameter(ParameterSetName = "Objects", Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [Parameter(ParameterSetName = "Shuffle", Mandatory = true, Position = 0, ValueFromPipeline = true)]
    [AllowNull]
    public object?[]? InputObject { get; set; }

    [Parameter(ParameterSetName = "Number")]
    [Parameter(ParameterSetName = "Objects")]
    [ValidateRange(1, int.MaxValue)]
    public int Count { get; set; } = 1;

    [Parameter(ParameterSetName = "Shuffle", Mandatory = true)]
    public SwitchParameter Shuffle { get; set; }

    [Parameter]
    public int? SetSeed { get; set; }

    protected override void BeginProcessing()
    {
        if (SetSeed is { } seed)
        {
            Interlocked.Exchange(ref s_seeded, new Random(seed));
        }
    }

    protected override void ProcessRecord()
    {
        if (ParameterSetName != "Number")
        {
            _objects.AddRange(InputObject ?? [null]);
        }
    }

    protected override void EndProcessing()
    {
        // A seeded generator is shared by the runspaces of the process, and is not safe for that by itself.
        lock (SeededKey)
        {
            var random = s_seeded ?? Random.Shared;
            if (ParameterSetName == "Number")
            {
                for (var i = 0; i < Count; i++)
                {
                    WriteNext(random);
                }

                return;
            }

            var chosen = _objects.ToArray();
            random.Shuffle(chosen);
            WriteObject(Shuffle ? chosen : chosen.Take(Count), enumerateCollection: true);
        }
    }

    private void WriteNext(Random random)
    {
        var low = Plain(Minimum, 0);
        var high = Plain(Maximum, int.MaxValue);
        if (LanguagePrimitives.Compare(low, high) >= 0)
        {
            ThrowTerminatingError(new ErrorRecord(
                new ArgumentException($"The Minimum value ({low}) cannot be greater than or equal to the Maximum value ({high})."),
                "MinGreaterThanOrEqualMax",
                ErrorCategory.InvalidArgument,
                null));
        }

        if (low is double || high is double)
        {
            var from = LanguagePrimitives.ConvertTo<double>(low);
            WriteObject(from + (random.NextDouble() * (LanguagePrimitives.ConvertTo<double>(high) - from)));
            return;
        }

        var value = random.NextInt64(LanguagePrimitives.ConvertTo<long>(low), LanguagePrimitives.ConvertTo<long>(high));
        if (low is long || high is long)
        {
            WriteObject(value);
        }
        else
        {
            WriteObject((int)value);
        }
    }

    /// <summary>Numbers in text count as numbers, and fractions as doubles.</summary>
    private static object Plain(object? bound, int otherwise) => (bound is PSObject wrapped ? wrapped.BaseObject : bound) switch
    {
        null => otherwise,
        string text => Plain(LanguagePrimitives.ConvertTo<double>(text) is var number && number == Math.Truncate(number) ? (long)number : number, otherwise),
        float or double or decimal => LanguagePrimitives.ConvertTo<double>(bound),
        long value when value is >= int.MinValue and <= int.MaxValue => (int)value,
        int or short or byte or sbyte or ushort => LanguagePrimitives.ConvertTo<int>(bound),
        _ => LanguagePrimitives.ConvertTo<long>(bound),
    };
}
