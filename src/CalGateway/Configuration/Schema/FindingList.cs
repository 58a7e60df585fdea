namespace CalGateway.Configuration.Schema;

/// <summary>Collects the first fifty findings, and counts the rest, because nobody reads more.</summary>
internal sealed class FindingList(List<Finding> findings)
{
    private const int Limit = 50;

    private readonly int _before = findings.Count;
    private int _more;

    /// <param name="message">Called only for a finding that is kept.</param>
    public void Add(Place place, string? key, Func<string> message)
    {
        if (findings.Count - _before >= Limit)
            _more++;
        else
            findings.Add(new Finding(Severity.Error, message(), key, place.Line, place.Column));
    }

    /// <summary>Adds how many more there are.</summary>
    public void Close()
    {
        if (_more > 0)
            findings.Add(Finding.Error($"There are {_more} more errors of this kind in the file. Is it the right file?"));
    }
}
