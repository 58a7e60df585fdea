using System.ComponentModel;
using System.Globalization;

namespace CalGateway.Access.Settings;

/// <summary>One key of a consumer's: a hash, or an object with the hash and when the key expires.</summary>
[TypeConverter(typeof(FromHash))]
internal sealed class ConsumerKeyOptions
{
    /// <summary>The hash that <c>calgateway hash-key</c> printed. The key itself is not in the settings.</summary>
    public string Hash { get; set; } = "";

    /// <summary>When the key expires, such as <c>2027-01-31T00:00:00Z</c>. Never by default.</summary>
    public DateTimeOffset? Expires { get; set; }

    private sealed class FromHash : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
            new ConsumerKeyOptions { Hash = (string)value };
    }
}
