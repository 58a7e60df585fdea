namespace CalGateway.Configuration.Schema;

/// <summary>
/// Collects findings up to a number that a person can read: the first fifty, and how many more there are.
/// </summary>
internal sealed class FindingList(List<Finding> findings)
{
    private const int Limit = 50;

    private readonly int _before = findings.Count;
    private int _more;

    /// <param name="message">Made only if there is room for it.</param>
    public void Add(Place place, string? key, Func<string> message)
    {
        if (findings.Count - _before >= Limit)
            _more++;
        else
            findings.Add(new Finding(Severity.Error, message(), key, place.Line, place.Column));
    }

    public void Close()
    {
        if (_more > 0)
            findings.Add(Finding.Error($"There are {_more} more errors of this kind in the file. Is it the right file?"));
    }
}
