namespace CalGateway.Telemetry;

/// <summary>The version of this gateway.</summary>
internal static class ProductVersion
{
    public static readonly Version Number = typeof(ProductVersion).Assembly.GetName().Version!;

    /// <summary>In three parts, such as 1.2.3.</summary>
    public static readonly string Text = Number.ToString(3);
}
