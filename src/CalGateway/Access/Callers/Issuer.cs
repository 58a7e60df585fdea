using CalGateway.Configuration.Settings;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Options;
using Microsoft.IdentityModel.Tokens;

namespace CalGateway.Access.Callers;

/// <summary>An issuer whose tokens are accepted. Its key set can be replaced while a revision of the settings is in force.</summary>
/// <param name="create">Makes the options of the framework's handler for a key set.</param>
internal sealed class Issuer(IssuerIdentity identity, Func<JsonWebKeySet?, JwtBearerOptions> create)
{
    private string? _keys;
    private FixedOptions? _current = identity.File is null ? new FixedOptions(create(null)) : null;

    public IssuerIdentity Identity => identity;

    public string? File => identity.File;

    /// <summary>The options in the form that the framework's handler takes.</summary>
    public IOptionsMonitor<JwtBearerOptions> Options => Volatile.Read(ref _current)!;

    /// <summary>Replaces the key set for all requests from now on. False if it is the same as before.</summary>
    /// <exception cref="ArgumentException">The text is no key set.</exception>
    public bool Replace(string keys)
    {
        if (keys == Volatile.Read(ref _keys))
            return false;

        var set = new JsonWebKeySet(keys);
        if (set.Keys.Count == 0 && !keys.Contains("\"keys\"", StringComparison.Ordinal))
            throw new ArgumentException("It is no key set: it has no \"keys\".");

        Volatile.Write(ref _current, new FixedOptions(create(set)));
        Volatile.Write(ref _keys, keys);
        return true;
    }

    /// <exception cref="IOException">The file cannot be read, or is empty.</exception>
    /// <exception cref="UnauthorizedAccessException">The gateway may not read the file.</exception>
    public string ReadKeys()
    {
        using var stream = OrdinaryFile.TryOpen(File!) ?? throw new IOException("It is empty, or no ordinary file.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    private sealed class FixedOptions(JwtBearerOptions options) : IOptionsMonitor<JwtBearerOptions>
    {
        public JwtBearerOptions CurrentValue => options;

        public JwtBearerOptions Get(string? name) => options;

        public IDisposable? OnChange(Action<JwtBearerOptions, string?> listener) => null;
    }
}

/// <summary>The settings of an issuer: where one of them is another, it is another issuer.</summary>
/// <param name="File">The file with the key set; null if the keys are fetched from the address of the issuer.</param>
internal readonly record struct IssuerIdentity(string? Authority, string? File, string? Issuer, string Audience);
