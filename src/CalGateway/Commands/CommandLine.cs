using System.CommandLine;
using System.CommandLine.Parsing;
using CalGateway.Configuration;
using CalGateway.Doctor;
using CalGateway.Explain;
using CalGateway.Rehearsal;

namespace CalGateway.Commands;

/// <summary>The verbs and their options. A usage error ends with exit code 2, and prints one line and the usage to standard error.</summary>
internal static class CommandLine
{
    private const int Failure = 1;
    private const int UsageError = 2;

    /// <summary>The host handles signals. The library would end the process two seconds after one, even while requests are served.</summary>
    private static readonly InvocationConfiguration Invocation = new() { ProcessTerminationTimeout = null, EnableDefaultExceptionHandler = false };

    private static readonly Option<string?> Config = new("--config")
    {
        Description = "The settings file. Default: $CALGATEWAY_CONFIG, else ./yarp.json, else the copy beside the executable.",
        HelpName = "PATH",
        Recursive = true,
    };

    private static readonly Option<bool> Sandbox = new("--sandbox")
    {
        Description = "Serve from the embedded stand-in for Cal.com, with its own key; no account is needed.",
    };

    private static readonly Option<bool> RateLimit = new("--rate-limit")
    {
        Description = "With --sandbox: enforce Cal.com's limit of 120 requests a minute for each key.",
    };

    private static readonly Argument<string?> File = new("FILE")
    {
        Description = "The settings file, as with --config.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private static readonly Option<bool> Strict = new("--strict") { Description = "Count warnings as errors." };

    private static readonly Option<bool> Json = new("--json") { Description = "Print JSON instead of text." };

    private static readonly Option<bool> Share = new("--share") { Description = "Leave out everything personal, so that the report can be pasted into an issue." };

    private static readonly Argument<string> Method = new("METHOD")
    {
        Description = "GET, POST, … in any case.",
        Validators = { Must(DescribedRequest.IsMethod, DescribedRequest.InvalidMethod) },
    };

    private static readonly Argument<string> Path = new("PATH") { Description = "Such as /calcom/v2/bookings; Cal.com's own path or a whole URL will do." };

    private static readonly Option<string[]> Headers = new("--header", "-H")
    {
        Description = "A header of the request, as in -H 'cal-api-version: 2024-06-11'; may be given more than once.",
        HelpName = "'NAME: VALUE'",
        AllowMultipleArgumentsPerToken = false,
        Validators = { Must(DescribedRequest.IsHeader, DescribedRequest.InvalidHeader) },
    };

    private static readonly Option<string?> Host = new("--host")
    {
        Description = "The host that the request is for. Default: localhost.",
        HelpName = "HOST",
        Validators = { Must(DescribedRequest.IsHost, DescribedRequest.InvalidHost) },
    };

    private static readonly Option<string?> Consumer = new("--consumer")
    {
        Description = "Which of CalGateway:Access:Consumers asks. Default: the first caller that may.",
        HelpName = "NAME",
    };

    private static readonly Argument<string> Route = new("ROUTE") { Description = "A route's name in yarp.json, such as bookings." };

    private static readonly Argument<string> Version = new("VERSION")
    {
        Description = "The cal-api-version to compare with the pinned one, such as 2026-02-25.",
        Validators = { Must(RehearsedRoute.IsVersion, RehearsedRoute.InvalidVersion) },
    };

    private static readonly Option<string?> Save = new("--save") { Description = "Write the report to a file as well, as JSON.", HelpName = "FILE" };

    private static readonly Option<bool> Stdin = new("--stdin") { Description = "Hash the key on standard input instead of making one." };

    private static readonly Option<string?> Urls = new("--urls")
    {
        Description = $"The addresses to serve, separated by semicolons. Default: {GatewayOptions.DefaultUrl}.",
        HelpName = "URLS",
    };

    public static async Task<int> RunAsync(string[] arguments)
    {
        var parsed = Root().Parse(arguments);
        if (parsed.Errors is not [var first, ..])
            return await InvokeAsync(parsed);

        await StandardStreams.TryWarnAsync($"calgateway: {first.Message}\n{Usage}");
        return UsageError;
    }

    private static async Task<int> InvokeAsync(ParseResult parsed)
    {
        try
        {
            return await parsed.InvokeAsync(Invocation);
        }
        catch (Exception failure) when (StandardStreams.IsTheirs(failure))
        {
            await StandardStreams.TryWarnAsync($"calgateway: reading or writing failed: {(failure.InnerException ?? failure).Message}");
            return Failure;
        }
        catch (Exception fault)
        {
            await StandardStreams.TryWarnAsync($"calgateway: a fault of its own: {fault}");
            return Failure;
        }
    }

    private const string Usage =
        """
        usage: calgateway [run] [--config PATH] [--sandbox] [--urls URLS] [--rate-limit]
               calgateway check [FILE | --config PATH] [--strict] [--json]
               calgateway doctor [--config PATH] [--sandbox] [--share] [--json]
               calgateway explain METHOD PATH [-H 'NAME: VALUE']... [--host HOST] [--consumer NAME] [--config PATH] [--json]
               calgateway rehearse ROUTE VERSION [--config PATH] [--sandbox] [--save FILE] [--json]
               calgateway hash-key [--stdin]
               calgateway health [--urls URLS]
        """;

    /// <summary>A usage error for a value that is not valid.</summary>
    private static Action<SymbolResult> Must(Func<string, bool> isValid, string otherwise) => result =>
    {
        if (!result.Tokens.All(token => isValid(token.Value)))
            result.AddError(otherwise);
    };

    private static RootCommand Root()
    {
        var run = new Command("run", "Serve (the default).") { Sandbox, RateLimit, Urls };
        var root = new RootCommand("CalGateway: the gateway in front of Cal.com's API.")
        {
            Config, Sandbox, RateLimit, Urls, run, Check(), Doctor(), Explain(), Rehearse(), HashKey(), Health(),
        };
        root.HelpName = "calgateway";
        root.Options.OfType<VersionOption>().Single().Action = new VersionAction();
        foreach (var command in new[] { root, run })
        {
            command.Validators.Add(result =>
            {
                if (result.GetValue(RateLimit) && !result.GetValue(Sandbox))
                    result.AddError("--rate-limit is the sandbox's: give it with --sandbox.");
            });
            command.SetAction((parsed, cancellation) => RunCommand.ExecuteAsync(LaunchOf(parsed) with { SandboxRateLimit = parsed.GetValue(RateLimit) }, cancellation));
        }

        return root;
    }

    private static Command Check()
    {
        var check = new Command("check", "Say everything that a start or a reload would refuse or warn of; nothing is served.") { File, Strict, Json };
        check.Validators.Add(result =>
        {
            if (result.GetValue(File) is not null && result.GetValue(Config) is not null)
                result.AddError("Name the settings file once: FILE or --config PATH.");
        });
        check.SetAction(parsed => CheckCommand.ExecuteAsync(LaunchOf(parsed, parsed.GetValue(File)), parsed.GetValue(Strict), parsed.GetValue(Json)));
        return check;
    }

    private static Command Doctor()
    {
        var doctor = new Command("doctor", "Examine settings, credential, the way to Cal.com and what it answers at which version; reads only.") { Sandbox, Share, Json };
        doctor.SetAction((parsed, cancellation) => DoctorCommand.ExecuteAsync(
            LaunchOf(parsed), parsed.GetValue(Json), parsed.GetValue(Share), DoctorConsole.Standard(), cancellation));
        return doctor;
    }

    private static Command Explain()
    {
        var explain = new Command("explain", "Say which route and version a request would get, what would be sent and how it is cached; nothing is sent.") { Method, Path, Headers, Host, Consumer, Json };
        explain.SetAction(parsed => ExplainCommand.ExecuteAsync(LaunchOf(parsed), RequestOf(parsed), parsed.GetValue(Json)));
        return explain;
    }

    private static Command Rehearse()
    {
        var rehearse = new Command("rehearse", "Say what callers of a route would see at another version, before it is in force; reads only.") { Route, Version, Sandbox, Save, Json };
        rehearse.SetAction((parsed, cancellation) => RehearseCommand.ExecuteAsync(
            LaunchOf(parsed), parsed.GetRequiredValue(Route), parsed.GetRequiredValue(Version), parsed.GetValue(Json), parsed.GetValue(Save), RehearsalConsole.Standard(), cancellation));
        return rehearse;
    }

    private static Command HashKey()
    {
        var hashKey = new Command("hash-key", "Make a key for a caller, and the hash that belongs in yarp.json.") { Stdin };
        hashKey.SetAction(parsed => HashKeyCommand.ExecuteAsync(parsed.GetValue(Stdin)));
        return hashKey;
    }

    private static Command Health()
    {
        var health = new Command("health", "Ask the gateway that runs on this machine whether it is ready; for images without a shell.") { Urls };
        health.SetAction((parsed, cancellation) => HealthCommand.ExecuteAsync(LaunchOf(parsed).Addresses, cancellation));
        return health;
    }

    private static DescribedRequest RequestOf(ParseResult parsed) =>
        DescribedRequest.From(parsed.GetRequiredValue(Method), parsed.GetRequiredValue(Path)).With(parsed.GetValue(Headers) ?? [], parsed.GetValue(Host)) with { Consumer = parsed.GetValue(Consumer) };

    private static Launch LaunchOf(ParseResult parsed, string? file = null) =>
        new(file ?? parsed.GetValue(Config), parsed.GetValue(Sandbox), parsed.GetValue(Urls), Launch.ProcessEnvironment());
}
