using Spectre.Console;

namespace CalGateway.Doctor;

/// <summary>Where the report goes, and in what form.</summary>
/// <param name="Out">The report's writer.</param>
/// <param name="Progress">Told what is being looked at; null where nobody watches.</param>
/// <param name="Width">In columns.</param>
/// <param name="Colour">Only where a terminal shows it.</param>
internal sealed record DoctorConsole(TextWriter Out, Action<string>? Progress, int Width, bool Colour)
{
    private const int WidthOfPipes = 80;

    /// <summary>Narrower, words would be broken; a terminal breaks them as well.</summary>
    private const int Narrowest = 20;

    /// <summary>This process's: colour only on a terminal and without <c>NO_COLOR</c>, progress on standard error.</summary>
    public static DoctorConsole Standard()
    {
        var piped = Console.IsOutputRedirected;
        var isDumb = Environment.GetEnvironmentVariable("TERM") == "dumb";
        var noColour = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } || isDumb;
        return new DoctorConsole(
            Console.Out,
            Console.IsErrorRedirected || isDumb ? null : step => Console.Error.Write($"\r\e[K{(step.Length == 0 ? "" : $"{step} …")}"),
            piped || Console.WindowWidth <= 0 ? WidthOfPipes : Math.Max(Narrowest, Console.WindowWidth),
            !piped && !noColour);
    }

    /// <summary>Renders aside first: a report is written at once, without the blanks that fill its lines.</summary>
    public async Task WriteAsync(Action<IAnsiConsole> render)
    {
        var text = new StringWriter();
        render(ToAnsi(text));
        await Out.WriteAsync(string.Join('\n', text.ToString().Split(Environment.NewLine).Select(line => line.TrimEnd())));
    }

    private IAnsiConsole ToAnsi(TextWriter writer)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = Colour ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = Colour ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Out = new AnsiConsoleOutput(writer),
        });
        console.Profile.Width = Width;
        console.Profile.Capabilities.Unicode = true;
        return console;
    }
}
