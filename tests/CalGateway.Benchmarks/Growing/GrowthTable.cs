using System.Globalization;

namespace CalGateway.Benchmarks.Growing;

/// <summary>Measurements by what was measured and for which case, printed as medians and as ratios to the first case.</summary>
internal sealed class GrowthTable(IReadOnlyList<string> cases)
{
    private readonly Dictionary<string, List<double>[]> _rows = [];

    public void Add(string row, int at, double value)
    {
        if (!_rows.TryGetValue(row, out var values))
            _rows[row] = values = [.. cases.Select(_ => new List<double>())];
        values[at].Add(value);
    }

    public void Print()
    {
        Console.WriteLine("\nGrowth: the median of the smallest, and beside it the medians of the ratios to it, round by round");
        for (var at = 0; at < cases.Count; at++)
            Console.WriteLine($"  {(char)('A' + at)}  {cases[at]}");
        foreach (var (row, values) in _rows)
        {
            var ratios = values.Skip(1).Select(others => Median(others.Zip(values[0], (other, smallest) => other / smallest)));
            Console.WriteLine($"  {row,-32} A {Text(Median(values[0])),9}   {string.Join("   ", ratios.Select((ratio, at) => $"{(char)('B' + at)} {ratio.ToString("0.00", CultureInfo.InvariantCulture),5}x"))}");
        }
    }

    private static string Text(double value) => value.ToString(value < 10 ? "0.000" : "0.0", CultureInfo.InvariantCulture);

    private static double Median(IEnumerable<double> values) => values.Order().ToList() is { Count: > 0 } sorted ? sorted[sorted.Count / 2] : double.NaN;
}
