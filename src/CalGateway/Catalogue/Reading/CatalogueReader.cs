using System.Globalization;
using CalGateway.Catalogue.Matching;

namespace CalGateway.Catalogue.Reading;

/// <summary>
/// Reads operations.txt; the head of that file explains its format. The file is part of the gateway, so an error in it is a bug, and the
/// <see cref="InvalidDataException"/> names its line.
/// </summary>
internal sealed class CatalogueReader
{
    private const string Resource = "operations.txt";

    private readonly List<string> versions = [];
    private readonly List<string> hostedOnly = [];
    private readonly Dictionary<string, ShapeMarks> shapes = [];
    private readonly List<Operation> operations = [];
    private readonly PathNode paths = new();
    private DateOnly? date;
    private string? defaultVersion;

    public static CalComCatalogue ReadEmbedded()
    {
        using var stream = typeof(CatalogueReader).Assembly.GetManifestResourceStream(typeof(CalComCatalogue), Resource)
            ?? throw new InvalidOperationException($"{Resource} is not embedded in the assembly.");
        using var text = new StreamReader(stream);
        return Read(text);
    }

    public static CalComCatalogue Read(TextReader text)
    {
        var reader = new CatalogueReader();
        for (var number = 1; text.ReadLine() is { } line; number++)
        {
            try
            {
                reader.Take(line);
            }
            catch (FormatException fault)
            {
                throw new InvalidDataException($"{Resource}, line {number}: {fault.Message}", fault);
            }
        }

        return reader.Finish();
    }

    private void Take(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (words)
        {
            case [] or [['#', ..], ..]:
                break;
            case ["date", var day]:
                date = DateOnly.ParseExact(day, "yyyy-MM-dd", CultureInfo.InvariantCulture);
                break;
            case ["version", var version, .. var marks]:
                TakeVersion(version, marks);
                break;
            case ["shape", var family, var marks]:
                shapes.Add(family, ShapeMarks.Parse(marks));
                break;
            default:
                TakeOperation(words);
                break;
        }
    }

    private void TakeVersion(string version, string[] marks)
    {
        if (versions.Count > 0 && string.CompareOrdinal(version, versions[^1]) >= 0)
            throw new FormatException($"{version} does not come after {versions[^1]}; versions stand newest first.");

        versions.Add(version);
        switch (marks)
        {
            case []:
                break;
            case ["hosted"]:
                hostedOnly.Add(version);
                break;
            case ["default"]:
                defaultVersion = version;
                break;
            default:
                throw new FormatException($"'{string.Join(' ', marks)}' is neither hosted nor default.");
        }
    }

    private void TakeOperation(string[] words)
    {
        if (defaultVersion is null)
            throw new FormatException("The versions come before the operations.");

        var operation = OperationLine.Parse(words, new VersionColumn(versions, hostedOnly), shapes);
        if (!paths.TryAdd(operation))
            throw new FormatException($"{operation} is there already.");
        operations.Add(operation);
    }

    private CalComCatalogue Finish() => new(paths)
    {
        Date = date ?? throw new InvalidDataException($"{Resource} has no date."),
        KnownVersions = versions,
        HostedOnlyVersions = hostedOnly,
        DefaultVersion = defaultVersion ?? throw new InvalidDataException($"{Resource} names no default version."),
        Operations = operations,
    };
}
