using CalGateway.Sandbox;

namespace CalGateway.Benchmarks.Chaos;

/// <summary>One of the ways in which a Cal.com, or the way to it, fails.</summary>
/// <param name="Name">For the report.</param>
/// <param name="Mode">What the relay does.</param>
/// <param name="Fault">What the sandbox does; null for nothing.</param>
/// <param name="CutsAnswers">An answer may end before it is whole: its caller sees the connection break.</param>
internal sealed record Disaster(string Name, RelayMode Mode, Fault? Fault, bool CutsAnswers = false)
{
    public static IReadOnlyList<Disaster> All { get; } =
    [
        new("refuse", RelayMode.Refuse, null),
        new("reset before headers", RelayMode.Pass, Fault.Reset()),
        new("reset after headers", RelayMode.Pass, Fault.ResetMidBody(), CutsAnswers: true),
        new("hang before headers", RelayMode.Hang, null),
        new("hang after headers", RelayMode.HangAfterHeaders, null, CutsAnswers: true),
        new("500", RelayMode.Pass, Fault.Status(500)),
        new("502 HTML", RelayMode.Pass, Fault.Status(502, body: "<html><h1>502</h1></html>", contentType: "text/html")),
        new("503", RelayMode.Pass, Fault.Status(503)),
        new("truncation", RelayMode.Pass, Fault.TruncatedBody(), CutsAnswers: true),
        new("garbage", RelayMode.Garbage, null),
        new("slow drip", RelayMode.Pass, Fault.SlowBody(TimeSpan.FromMilliseconds(200)), CutsAnswers: true),
    ];
}
