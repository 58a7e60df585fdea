using System.Globalization;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>What a scrape of <c>/metrics</c> said.</summary>
internal static class Exposition
{
    /// <param name="told">The text.</param>
    /// <param name="sample">The name of a sample, its suffix included.</param>
    /// <param name="labels">As they are written, <c>name="value"</c>: only samples that have them all.</param>
    public static double Sum(string told, string sample, params string[] labels) => told.Split('\n')
        .Where(line => line.StartsWith($"{sample}{{", StringComparison.Ordinal) && labels.All(line.Contains))
        .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 2)..].Split(' ')[0], CultureInfo.InvariantCulture));
}
