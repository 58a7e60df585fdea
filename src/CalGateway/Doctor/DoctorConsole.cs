using Spectre.Console;

namespace CalGateway.Doctor;

/// <summary>Where the report is written, and in what form.</summary>
/// <param name="Progress">Called with the name of the running step; null where nobody watches.</param>
internal sealed record DoctorConsole(TextWriter Out, Action<string>? Progress, int Width, bool Colour)
{
    private const int PipeWidth = 80;

    /// <summary>In fewer columns many words would be broken.</summary>
    private const int MinWidth = 20;

    /// <summary>The console of this process: colour only on a terminal and without <c>NO_COLOR</c>, progress on standard error.</summary>
    public static DoctorConsole Standard()
    {
        var piped = Console.IsOutputRedirected;
        var isDumb = Environment.GetEnvironmentVariable("TERM") == "dumb";
        var noColour = Environment.GetEnvironmentVariable("NO_COLOR") is { Length: > 0 } || isDumb;
        return new DoctorConsole(
            Console.Out,
            Console.IsErrorRedirected || isDumb ? null : step => Console.Error.Write($"\r\e[K{(step.Length == 0 ? "" : $"{step} …")}"),
            piped || Console.WindowWidth <= 0 ? PipeWidth : Math.Max(MinWidth, Console.WindowWidth),
            !piped && !noColour);
    }

    /// <summary>Renders into a buffer, then writes the report at once and without trailing blanks.</summary>
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
