using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CalGateway.Telemetry.Logs;

/// <summary>For programs: one JSON object a record, on one line whatever is in it.</summary>
internal static class JsonLines
{
    private const string Template = "{OriginalFormat}";

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(in LogLine line, TextWriter writer)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Options))
            Write(line, json);
        writer.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        writer.Write('\n');
    }

    private static void Write(in LogLine line, Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString("time", line.Time.UtcDateTime);
        json.WriteString("level", NameOf(line.Level));
        json.WriteString("category", line.Category);
        json.WriteString("message", line.Message);
        if (line.TraceId is not null)
            json.WriteString("traceId", line.TraceId);
        if (line.Exception is not null)
            json.WriteString("exception", line.Exception.ToString());

        json.WriteStartObject("fields");
        foreach (var (name, value) in line.Fields)
        {
            if (name is not (Template or LogLine.TraceField) && value is not null)
                Write(JsonNamingPolicy.CamelCase.ConvertName(name), value, json);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void Write(string name, object value, Utf8JsonWriter json)
    {
        switch (value)
        {
            case int or long:
                json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumber(name, number);
                break;
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            default:
                json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static string NameOf(LogLevel level) => level switch
    {
        LogLevel.Critical => "critical",
        LogLevel.Error => "error",
        LogLevel.Warning => "warning",
        LogLevel.Information => "information",
        _ => "debug",
    };
}
