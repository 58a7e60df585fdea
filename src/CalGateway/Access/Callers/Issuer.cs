using CalGateway.Configuration;
using CalGateway.Configuration.Settings;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace CalGateway.Access.Callers;

/// <summary>One issuer whose tokens are accepted. Its key set may be replaced in its file while a revision of the settings is in force.</summary>
/// <param name="file">The file with its key set; null where the keys are fetched from its address.</param>
/// <param name="create">The framework's options for a key set.</param>
internal sealed class Issuer(string? file, Func<JsonWebKeySet?, JwtBearerOptions> create)
{
    private string? _keys;
    private Known? _current = file is null ? new Known(create(null)) : null;

    public string? File => file;

    /// <summary>As the framework's handler wants to be given them.</summary>
    public IOptionsMonitor<JwtBearerOptions> Options => Volatile.Read(ref _current)!;

    /// <summary>Takes another key set for all requests from now on; false where it is the same.</summary>
    /// <exception cref="ArgumentException">It is none.</exception>
    public bool Replace(string keys)
    {
        if (keys == Volatile.Read(ref _keys))
            return false;

        var set = new JsonWebKeySet(keys);
        if (set.Keys.Count == 0 && !keys.Contains("\"keys\"", StringComparison.Ordinal))
            throw new ArgumentException("It is no key set: it has no \"keys\".");

        Volatile.Write(ref _current, new Known(create(set)));
        Volatile.Write(ref _keys, keys);
        return true;
    }

    /// <exception cref="IOException">The file cannot be read, or is empty.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be read.</exception>
    public string ReadKeys()
    {
        using var stream = OrdinaryFile.TryOpen(file!) ?? throw new IOException("It is empty, or no ordinary file.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private sealed class Known(JwtBearerOptions options) : IOptionsMonitor<JwtBearerOptions>
    {
        public JwtBearerOptions CurrentValue => options;

        public JwtBearerOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<JwtBearerOptions, string?> listener) => null;
    }
}
