namespace CalGateway.Commands.Running;

/// <summary>The folder that relative paths start at.</summary>
internal static class WorkingFolder
{
    /// <summary>Where the folder that the process was started in is gone, the program's own takes its place: .NET's host does not start without one.</summary>
    public static void Ensure()
    {
        try
        {
            Directory.GetCurrentDirectory();
        }
        catch (IOException)
        {
            Directory.SetCurrentDirectory(AppContext.BaseDirectory);
        }
    }
}
