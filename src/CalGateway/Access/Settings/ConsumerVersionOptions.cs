using System.ComponentModel;
using System.Globalization;

namespace CalGateway.Access.Settings;

/// <summary>The version at which a consumer gets one route: the version alone, or an object that acknowledges one which the catalogue doubts.</summary>
[TypeConverter(typeof(FromVersion))]
internal sealed class ConsumerVersionOptions
{
    /// <summary>Sent as <c>cal-api-version</c> in place of the route's pin.</summary>
    public string Version { get; set; } = "";

    /// <summary>Acknowledges a version that the catalogue does not know, or expects to miss. The default is false.</summary>
    public bool Unverified { get; set; }

    private sealed class FromVersion : TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext? context, Type sourceType) => sourceType == typeof(string);

        public override object ConvertFrom(ITypeDescriptorContext? context, CultureInfo? culture, object value) =>
            new ConsumerVersionOptions { Version = (string)value };
    }
}
