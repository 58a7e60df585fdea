using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Journey.Routes;

/// <summary>
/// What a route's transforms in the file make of the headers of its answers: <c>ResponseHeadersCopy</c>, <c>ResponseHeadersAllowed</c>,
/// <c>ResponseHeader</c> and <c>ResponseHeaderRemove</c>. YARP applies them to what is forwarded alone; here they count for stored answers and for the
/// problems that Cal.com's answers become as well.
/// </summary>
internal sealed class HeaderEdits
{
    private readonly FrozenSet<string>? _allowed;
    private readonly bool _isCopying;
    private readonly Edit[] _edits;

    private HeaderEdits(RouteConfig route)
    {
        var transforms = route.Transforms ?? [];
        _isCopying = !transforms.Any(transform => bool.TryParse(transform.GetValueOrDefault("ResponseHeadersCopy"), out var copies) && !copies);
        var lists = transforms.Select(transform => transform.GetValueOrDefault("ResponseHeadersAllowed")).OfType<string>().ToList();
        _allowed = lists.Count == 0 && _isCopying ? null : lists.SelectMany(list => list.Split(';')).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _edits = [.. transforms.Select(Edit.Of).OfType<Edit>()];
    }

    public static HeaderEdits Of(RouteConfig route) => new(route);

    public bool IsEmpty => _allowed is null && _edits.Length == 0;

    /// <summary>For the headers of an answer as it came.</summary>
    public void ApplyTo(IDictionary<string, StringValues> headers, int status)
    {
        var removed = _allowed is null ? null : Filter(headers, status);

        // What appends finds what was not copied, as long as the whole was switched off and no list given.
        EditEach(headers, status, _isCopying ? null : removed);
    }

    /// <summary>For the headers of an answer of the gateway's own making, of which none is taken away for not being on the list.</summary>
    public void EditOnly(IDictionary<string, StringValues> headers, int status) => EditEach(headers, status, hidden: null);

    /// <param name="headers">What is to be stored.</param>
    /// <param name="status">Of the answer.</param>
    /// <param name="kept">The one that is the store's own.</param>
    public KeyValuePair<string, StringValues>[] AppliedTo(KeyValuePair<string, StringValues>[] headers, int status, string kept)
    {
        if (IsEmpty)
            return headers;

        var edited = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers)
            edited[name] = value;
        var own = edited.GetValueOrDefault(kept);
        ApplyTo(edited, status);
        edited[kept] = own;
        return [.. edited];
    }

    /// <summary>For an answer that confirms what is stored: what it says takes the place of what is stored, whose edits are made already.</summary>
    /// <param name="headers">Of the confirmation.</param>
    /// <param name="stored">Edited when it was stored.</param>
    /// <param name="kept">The one that is the store's own.</param>
    public KeyValuePair<string, StringValues>[] AppliedTo(KeyValuePair<string, StringValues>[] headers, KeyValuePair<string, StringValues>[] stored, string kept)
    {
        var said = headers.Select(header => header.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. AppliedTo(headers, StatusCodes.Status200OK, kept).Where(header => said.Contains(header.Key))
                .UnionBy(stored, header => header.Key, StringComparer.OrdinalIgnoreCase),
        ];
    }

    /// <summary>A 429 or 503 says when to ask again whatever is on the list.</summary>
    private Dictionary<string, StringValues> Filter(IDictionary<string, StringValues> headers, int status)
    {
        var saysWhen = status is StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable;
        var removed = new Dictionary<string, StringValues>(StringComparer.OrdinalIgnoreCase);
        foreach (var (name, value) in headers.Where(header => !_allowed!.Contains(header.Key) && !(saysWhen && header.Key.Equals(HeaderNames.RetryAfter, StringComparison.OrdinalIgnoreCase))).ToList())
        {
            removed[name] = value;
            headers.Remove(name);
        }

        return removed;
    }

    private void EditEach(IDictionary<string, StringValues> headers, int status, Dictionary<string, StringValues>? hidden)
    {
        foreach (var edit in _edits)
        {
            if (!edit.IsFor(status))
                continue;

            if (edit.Value is null)
                headers.Remove(edit.Name);
            else if (edit.Appends)
                headers[edit.Name] = StringValues.Concat(headers.TryGetValue(edit.Name, out var former) ? former : hidden?.GetValueOrDefault(edit.Name) ?? default, edit.Value);
            else
                headers[edit.Name] = edit.Value;
        }
    }

    /// <param name="Name">The header's.</param>
    /// <param name="Value">Null where it is removed.</param>
    /// <param name="Appends">Whether what is there already stays.</param>
    /// <param name="When">On which answers: <c>Success</c>, <c>Failure</c> or <c>Always</c>.</param>
    private sealed record Edit(string Name, string? Value, bool Appends, string When)
    {
        private const string Always = nameof(Always);
        private const string Success = nameof(Success);

        public static Edit? Of(IReadOnlyDictionary<string, string> transform)
        {
            var when = transform.GetValueOrDefault("When") ?? Success;
            if (transform.TryGetValue("ResponseHeaderRemove", out var removed))
                return new Edit(removed, null, Appends: false, when);
            if (!transform.TryGetValue("ResponseHeader", out var name))
                return null;

            return transform.TryGetValue("Append", out var value) ? new Edit(name, value, Appends: true, when) : new Edit(name, transform.GetValueOrDefault("Set", ""), Appends: false, when);
        }

        /// <summary>As YARP tells success from failure.</summary>
        public bool IsFor(int status) =>
            When.Equals(Always, StringComparison.OrdinalIgnoreCase)
            || When.Equals(Success, StringComparison.OrdinalIgnoreCase) == (status < StatusCodes.Status400BadRequest);
    }
}
