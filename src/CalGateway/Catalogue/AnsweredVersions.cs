namespace CalGateway.Catalogue;

/// <summary>What the version column says of an operation; <see cref="Operation"/> explains the parts.</summary>
internal sealed record AnsweredVersions(
    IReadOnlyList<string> All,
    IReadOnlyList<string> HostedOnly,
    IReadOnlyList<string> Legacy,
    bool Any,
    bool HostedInferred,
    HeaderlessAnswer WithoutHeader);
