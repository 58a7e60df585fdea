namespace CalGateway.CalCom.Connections;

/// <summary>
/// A connection of HTTP/1.1 that keeps HttpClient from repeating a request in one case. If a kept connection is closed just when it is used again, HttpClient
/// sends a safe request on a new connection, which is right. If a new connection is closed during its first request, the server has received that request and
/// would close the next connection as well (RFC 9112, section 9.3.1), but HttpClient would try three times more: here it gets an error instead. A connection is
/// known to be kept because HttpClient reads from it before it writes, to see whether it was closed. That includes connections that were opened for a request
/// which then got another one.
/// </summary>
internal sealed class FirstAnswerStream(Stream connection) : Stream
{
    private bool _isKept;
    private bool _isAsked;
    private bool _isAnswered;

    public override bool CanRead => connection.CanRead;

    public override bool CanSeek => false;

    public override bool CanWrite => connection.CanWrite;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _isKept |= !_isAsked;
        return _isAnswered || _isKept || buffer.IsEmpty ? connection.ReadAsync(buffer, cancellationToken) : ReadFirstAsync(buffer, cancellationToken);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count)
    {
        _isKept |= !_isAsked;
        return First(connection.Read(buffer, offset, count));
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        _isAsked = true;
        return connection.WriteAsync(buffer, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override void Write(byte[] buffer, int offset, int count)
    {
        _isAsked = true;
        connection.Write(buffer, offset, count);
    }

    public override Task FlushAsync(CancellationToken cancellationToken) => connection.FlushAsync(cancellationToken);

    public override void Flush() => connection.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override async ValueTask DisposeAsync()
    {
        await connection.DisposeAsync();
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            connection.Dispose();
        base.Dispose(disposing);
    }

    private async ValueTask<int> ReadFirstAsync(Memory<byte> buffer, CancellationToken cancellation) => First(await connection.ReadAsync(buffer, cancellation));

    private int First(int count)
    {
        if (count == 0 && _isAsked && !_isAnswered && !_isKept)
            throw new HttpIOException(HttpRequestError.ResponseEnded, "The connection ended before an answer to its first request.");

        _isAnswered |= count > 0;
        return count;
    }
}
