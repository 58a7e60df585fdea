using System.Text;
using CalGateway.Access;
using CalGateway.Configuration;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>Validates settings as a start does, without starting.</summary>
internal static class TestRevision
{
    public static RevisionAttempt From(string settings) => From(Encoding.UTF8.GetBytes(settings));

    public static RevisionAttempt From(byte[] content) => Factory().Create(content);

    /// <param name="overlay">Environment variables that are settings.</param>
    public static RevisionFactory Factory(Dictionary<string, string?>? overlay = null) =>
        new("yarp.json", overlay ?? [], null, RevisionParts.Of(AccessInputs.OfSettingsAlone([])));
}
