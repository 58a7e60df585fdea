using System.Buffers.Binary;
using System.Text;

namespace CalGateway.Tests.Telemetry.Otlp;

/// <summary>
/// One protobuf message by its field numbers, read as the encoding's specification has it: what the exporter wrote is read by other code
/// than wrote it.
/// </summary>
internal sealed class ProtobufMessage
{
    private readonly List<(int Number, ulong Value)> _numbers = [];
    private readonly List<(int Number, byte[] Value)> _bytes = [];

    public static ProtobufMessage Parse(ReadOnlySpan<byte> wire)
    {
        var message = new ProtobufMessage();
        while (wire.Length > 0)
            message.ReadField(ref wire);
        return message;
    }

    /// <summary>Where there is none, 0, as the encoding has it.</summary>
    public ulong Number(int field) => _numbers.LastOrDefault(value => value.Number == field).Value;

    public bool Has(int field) => _numbers.Exists(value => value.Number == field) || _bytes.Exists(value => value.Number == field);

    public byte[] Bytes(int field) => _bytes.LastOrDefault(value => value.Number == field).Value ?? [];

    public string Text(int field) => Encoding.UTF8.GetString(Bytes(field));

    public ProtobufMessage Message(int field) => Parse(Bytes(field));

    public IEnumerable<ProtobufMessage> Messages(int field) => _bytes.Where(value => value.Number == field).Select(value => Parse(value.Value));

    private void ReadField(ref ReadOnlySpan<byte> wire)
    {
        var tag = ReadVarint(ref wire);
        var number = (int)(tag >> 3);
        switch (tag & 7)
        {
            case 0:
                _numbers.Add((number, ReadVarint(ref wire)));
                break;
            case 1:
                _numbers.Add((number, BinaryPrimitives.ReadUInt64LittleEndian(Take(ref wire, 8))));
                break;
            case 2:
                _bytes.Add((number, Take(ref wire, (int)ReadVarint(ref wire)).ToArray()));
                break;
            case 5:
                _numbers.Add((number, BinaryPrimitives.ReadUInt32LittleEndian(Take(ref wire, 4))));
                break;
            default:
                throw new FormatException($"Field {number} has the wire type {tag & 7}, which protobuf 3 does not have.");
        }
    }

    private static ulong ReadVarint(ref ReadOnlySpan<byte> wire)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = Take(ref wire, 1)[0];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }
    }

    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> wire, int count)
    {
        var taken = wire[..count];
        wire = wire[count..];
        return taken;
    }
}
