namespace CalGateway.Sandbox;

/// <summary>The options of the sandbox on its own.</summary>
internal static class CommandLine
{
    public const string Usage = "usage: CalGateway.Sandbox [--urls http://127.0.0.1:5090] [--api-key KEY] [--rate-limit]";

    /// <summary>Null where the arguments are invalid.</summary>
    public static SandboxOptions? Parse(string[] args)
    {
        var (url, key, rateLimit) = ("http://127.0.0.1:5090", new SandboxOptions().ApiKey, false);
        for (var i = 0; i < args.Length; i++)
        {
            switch (args[i])
            {
                case "--urls" when i + 1 < args.Length:
                    url = args[++i];
                    break;
                case "--api-key" when i + 1 < args.Length:
                    key = args[++i];
                    break;
                case "--rate-limit":
                    rateLimit = true;
                    break;
                default:
                    return null;
            }
        }

        return new SandboxOptions { Url = url, ApiKey = key, RateLimit = rateLimit };
    }
}
