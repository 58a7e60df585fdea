using CalGateway.Configuration;

namespace CalGateway.Telemetry.Logs;

/// <summary>Whether people or programs read the log.</summary>
/// <param name="revisions">Whose settings may say so.</param>
/// <param name="forPeople">What holds where they do not.</param>
internal sealed class LogForm(Revisions revisions, bool forPeople)
{
    public bool IsJson => revisions.Current.Options<LogOptions>().Format switch
    {
        LogFormat.Json => true,
        LogFormat.Text => false,
        _ => !forPeople,
    };
}
