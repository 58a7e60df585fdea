using System.Collections.Frozen;
using Microsoft.Extensions.Primitives;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Configuration;

namespace CalGateway.Journey.Routes;

/// <summary>
/// The route's transforms for response headers: <c>ResponseHeadersCopy</c>, <c>ResponseHeadersAllowed</c>, <c>ResponseHeader</c> and
/// <c>ResponseHeaderRemove</c>. YARP applies these only to forwarded answers; here they also apply to stored answers, and to problems that replace an
/// answer of the upstream.
/// </summary>
internal sealed class HeaderEdits
{
    private readonly FrozenSet<string>? _allowed;
    private readonly bool _isCopying;
    private readonly Edit[] _edits;

    public HeaderEdits(RouteConfig route)
    {
        var transforms = route.Transforms ?? [];
        _isCopying = !transforms.Any(transform => bool.TryParse(transform.GetValueOrDefault("ResponseHeadersCopy"), out var copies) && !copies);
        var lists = transforms.Select(transform => transform.GetValueOrDefault("ResponseHeadersAllowed")).OfType<string>().ToList();
        _allowed = lists.Count == 0 && _isCopying ? null : lists.SelectMany(list => list.Split(';')).ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        _edits = [.. transforms.Select(Edit.Of).OfType<Edit>()];
    }

    public bool IsEmpty => _allowed is null && _edits.Length == 0;

    /// <summary>Edits the headers of an upstream's answer.</summary>
    public void ApplyTo(IDictionary<string, StringValues> headers, int status)
    {
        var removed = _allowed is null ? null : Filter(headers, status);

        // As in YARP: with copying switched off and no list, an edit that appends still appends to the upstream's value.
        EditEach(headers, status, _isCopying ? null : removed);
    }

    /// <summary>Edits the headers of an answer that the gateway itself made. The list of allowed headers does not apply to them.</summary>
    public void EditOnly(IDictionary<string, StringValues> headers, int status) => EditEach(headers, status, hidden: null);

    /// <summary>The edited headers of an answer that is to be stored.</summary>
    /// <param name="kept">A header that the store needs and that is not edited.</param>
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

    /// <summary>The headers of a stored answer after a 304: those of the 304, edited, replace the stored ones, which were edited when they were stored.</summary>
    /// <param name="kept">A header that the store needs and that is not edited.</param>
    public KeyValuePair<string, StringValues>[] AppliedTo(KeyValuePair<string, StringValues>[] headers, KeyValuePair<string, StringValues>[] stored, string kept)
    {
        var said = headers.Select(header => header.Key).ToHashSet(StringComparer.OrdinalIgnoreCase);
        return
        [
            .. AppliedTo(headers, StatusCodes.Status200OK, kept).Where(header => said.Contains(header.Key))
                .UnionBy(stored, header => header.Key, StringComparer.OrdinalIgnoreCase),
        ];
    }

    /// <summary>Removes the headers that are not on the list, and returns them. <c>Retry-After</c> of a 429 or 503 always stays.</summary>
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

    /// <param name="Value">The value; null to remove the header.</param>
    /// <param name="When">For which answers: <c>Success</c>, <c>Failure</c> or <c>Always</c>.</param>
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

        /// <summary>Whether it applies to this status; success is below 400, as in YARP.</summary>
        public bool IsFor(int status) =>
            When.Equals(Always, StringComparison.OrdinalIgnoreCase)
            || When.Equals(Success, StringComparison.OrdinalIgnoreCase) == (status < StatusCodes.Status400BadRequest);
    }
}
