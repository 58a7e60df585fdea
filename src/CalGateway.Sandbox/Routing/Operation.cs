using System.Numerics;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Routing;

/// <summary>One method and path template, with its handlers by version.</summary>
internal sealed class Operation(string method, string template)
{
    private readonly Endpoint?[] endpoints = new Endpoint?[BitOperations.PopCount((uint)ApiVersions.All)];

    public string Method { get; } = method;

    public string Template { get; } = template;

    public string[] Segments { get; } = template.Split('/')[1..];

    /// <summary>Null where the operation has no handler: a route miss.</summary>
    public Endpoint? At(ApiVersions version) => endpoints[BitOperations.Log2((uint)version)];

    public void Guard(ApiVersions versions, Guard guard) => Each(versions, _ => new Endpoint(guard, null));

    public void Handle(ApiVersions versions, Handler handler) => Each(versions, endpoint => endpoint is null
        ? throw new InvalidOperationException($"{Method} {Template} does not answer at all of {versions}.")
        : endpoint with { Handler = handler });

    private void Each(ApiVersions versions, Func<Endpoint?, Endpoint> change)
    {
        for (var bit = 0; bit < endpoints.Length; bit++)
        {
            if (((int)versions & (1 << bit)) != 0)
                endpoints[bit] = change(endpoints[bit]);
        }
    }
}

/// <summary>Who may call it, and its handler; no handler where a minimal answer is enough.</summary>
internal sealed record Endpoint(Guard Guard, Handler? Handler);

/// <summary>Which key an operation requires.</summary>
internal enum Guard
{
    None,
    Optional,
    Required,

    /// <summary>As required, but a permissions guard comes first and answers 403 where no key came.</summary>
    Guarded,
}

/// <summary>Answers one call. It runs under the account's lock, so it may read and change all of it.</summary>
internal delegate Answer Handler(Call call);
