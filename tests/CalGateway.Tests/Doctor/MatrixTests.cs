using CalGateway.Catalogue;
using CalGateway.Doctor.Matrix;
using CalGateway.Sandbox;

namespace CalGateway.Tests.Doctor;

public sealed class MatrixTests
{
    /// <summary>The letters of the sandbox's own table, in order.</summary>
    private static readonly string[] Versions = ["2024-04-15", "2024-06-11", "2024-06-14", "2024-08-13", "2024-09-04", "2026-02-25", "2026-05-01"];

    [Fact]
    public async Task What_the_doctor_sees_is_what_the_sandboxs_own_table_says()
    {
        await using var sandbox = await SandboxHost.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var patient = new Patient(sandbox);
        using var examination = patient.Begin(mostRequests: 100);

        var rows = await new LiveMatrix(CalComCatalogue.Default, examination, examination.Probe!, TimeProvider.System).AskAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["event-types", "bookings", "schedules", "slots", "private-links", "verified-resources"], rows.Select(row => row.Read.Name));
        foreach (var row in rows)
        {
            var answered = AnsweredBySandbox(row.Read.Operation.Template);
            foreach (var version in Versions.Append(FamilyRow.NoVersion))
            {
                var expected = answered.Contains(version == FamilyRow.NoVersion ? Versions[0] : version);
                Assert.True(expected == row[version].IsThere || row[version].Kind == CellKind.Legacy, $"{row.Read.Name} at {version}: {row[version]}");
                Assert.Equal(!expected, row[version].Kind == CellKind.Missing);
            }
        }

        Assert.Equal(["✓ old", "✓ old", "✓ new"], Versions.Take(3).Select(version => rows[0][version].ToString()));
        Assert.Equal(["✓ old", "✓ old", "✓ old", "✓ new"], Versions.Take(4).Select(version => rows[1][version].ToString()));
        Assert.Equal(["✓ old", "✓ new", "✓ new"], Versions.Take(3).Select(version => rows[2][version].ToString()));
    }

    /// <summary>"GET    /v2/bookings  abcdfg:guarded".</summary>
    private static HashSet<string> AnsweredBySandbox(string template)
    {
        var assembly = typeof(SandboxHost).Assembly;
        var name = assembly.GetManifestResourceNames().Single(name => name.EndsWith("operations.txt", StringComparison.Ordinal));
        using var text = new StreamReader(assembly.GetManifestResourceStream(name)!);
        var line = text.ReadToEnd().Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Single(words => words is ["GET", var path, ..] && path == template);
        return [.. line.Skip(2).SelectMany(group => group.Split(':')[0]).SelectMany(letter => letter == '*' ? Versions : [Versions[letter - 'a']])];
    }
}
