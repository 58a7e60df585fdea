using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace CalGateway.Tests.Caching.Sharing;

/// <summary>The line between a gateway and Redis, which a test may slow down, cut, silence and mend.</summary>
internal sealed class RedisLine : IAsyncDisposable
{
    private const int PiecesPerSecond = 50;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stopping = new();
    private readonly ConcurrentDictionary<Wire, bool> _wires = new();
    private readonly SemaphoreSlim _pace = new(1);
    private readonly int _redis;
    private readonly int? _bytesPerSecond;
    private readonly Task _accepting;
    private volatile Mode _mode = Mode.Open;

    /// <param name="redis">Where Redis listens.</param>
    /// <param name="bytesPerSecond">For all connections together, both ways; null for as many as come.</param>
    public RedisLine(string redis, int? bytesPerSecond = null)
    {
        _redis = int.Parse(redis.Split(':')[1], System.Globalization.CultureInfo.InvariantCulture);
        _bytesPerSecond = bytesPerSecond;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    private enum Mode
    {
        Open,
        Silent,
        Cut,
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    /// <summary>How many connections were made in vain since the line was last cut or silenced.</summary>
    public int Attempts => Volatile.Read(ref _attempts);

    private int _attempts;

    /// <summary>Breaks every connection, or only those on which messages are heard; none can be made until the line is mended.</summary>
    public void Cut(bool onlySubscriptions) => Break(Mode.Cut, onlySubscriptions);

    /// <summary>Breaks every connection; new ones are made, and not answered.</summary>
    public void Silence() => Break(Mode.Silent, onlySubscriptions: false);

    public void Mend()
    {
        Break(Mode.Open, onlySubscriptions: false, which: wire => wire.IsSilent);
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Stop();
        Break(Mode.Cut, onlySubscriptions: false);
        await _accepting;
        _stopping.Dispose();
        _pace.Dispose();
    }

    private void Break(Mode mode, bool onlySubscriptions, Func<Wire, bool>? which = null)
    {
        _mode = mode;
        Volatile.Write(ref _attempts, 0);
        foreach (var wire in _wires.Keys.Where(wire => which?.Invoke(wire) ?? (!onlySubscriptions || wire.HasSubscribed)))
            wire.Dispose();
    }

    private async Task AcceptAsync()
    {
        var wires = new List<Task>();
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                wires.Add(CarryAsync(await _listener.AcceptTcpClientAsync(_stopping.Token)));
            }
            catch (Exception end) when (end is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                break;
            }
        }

        await Task.WhenAll(wires);
    }

    private async Task CarryAsync(TcpClient near)
    {
        using var wire = new Wire(near, isSilent: _mode != Mode.Open);
        if (_mode != Mode.Open)
            Interlocked.Increment(ref _attempts);
        if (_mode == Mode.Cut)
            return;

        _wires[wire] = true;
        try
        {
            if (!wire.IsSilent)
                await wire.Far.ConnectAsync(IPAddress.Loopback, _redis, _stopping.Token);
            await (wire.IsSilent ? SwallowAsync(near) : Task.WhenAny(PassAsync(wire, near, wire.Far, isQuestion: true), PassAsync(wire, wire.Far, near, isQuestion: false)));
        }
        catch (Exception end) when (end is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Either side has hung up, or the test has cut the line.
        }
        finally
        {
            _wires.TryRemove(wire, out _);
        }
    }

    private async Task SwallowAsync(TcpClient near)
    {
        var buffer = new byte[4096];
        while (await near.GetStream().ReadAsync(buffer, _stopping.Token) > 0)
        {
        }
    }

    private async Task PassAsync(Wire wire, TcpClient from, TcpClient to, bool isQuestion)
    {
        try
        {
            var buffer = new byte[_bytesPerSecond / PiecesPerSecond ?? 65_536];
            while (await from.GetStream().ReadAsync(buffer, _stopping.Token) is > 0 and var count)
            {
                // Lines are told apart by what is asked over them.
                if (isQuestion && !wire.HasSubscribed && Encoding.Latin1.GetString(buffer, 0, count).Contains("SUBSCRIBE", StringComparison.OrdinalIgnoreCase))
                    wire.HasSubscribed = true;
                await PaceAsync(count);
                await to.GetStream().WriteAsync(buffer.AsMemory(0, count), _stopping.Token);
            }
        }
        catch (Exception end) when (end is IOException or SocketException or OperationCanceledException or ObjectDisposedException or InvalidOperationException)
        {
            // Either side has hung up, or the test has cut the line.
        }
    }

    /// <summary>Each piece takes its share of a second, whatever is passed on beside it; what is short passes between two of them.</summary>
    private async Task PaceAsync(int count)
    {
        if (_bytesPerSecond is not { } rate || count < rate / PiecesPerSecond / 4)
            return;

        await _pace.WaitAsync(_stopping.Token);
        try
        {
            using var share = new PeriodicTimer(TimeSpan.FromSeconds((double)count / rate));
            await share.WaitForNextTickAsync(_stopping.Token);
        }
        finally
        {
            _pace.Release();
        }
    }

    private sealed class Wire(TcpClient near, bool isSilent) : IDisposable
    {
        public TcpClient Far { get; } = new();

        public bool IsSilent { get; } = isSilent;

        public bool HasSubscribed { get; set; }

        public void Dispose()
        {
            near.Dispose();
            Far.Dispose();
        }
    }
}
