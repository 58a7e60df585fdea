using System.Globalization;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>Reads samples from the text of <c>/metrics</c>.</summary>
internal static class Exposition
{
    /// <param name="told">The text of <c>/metrics</c>.</param>
    /// <param name="sample">The name of a sample, with its suffix.</param>
    /// <param name="labels">Labels that the sample must have, each as <c>name="value"</c>.</param>
    public static double Sum(string told, string sample, params string[] labels) => told.Split('\n')
        .Where(line => line.StartsWith($"{sample}{{", StringComparison.Ordinal) && labels.All(line.Contains))
        .Sum(line => double.Parse(line[(line.LastIndexOf('}') + 2)..].Split(' ')[0], CultureInfo.InvariantCulture));
}
