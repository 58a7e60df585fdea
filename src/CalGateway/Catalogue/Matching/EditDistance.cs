namespace CalGateway.Catalogue.Matching;

/// <summary>
/// The number of mistyped letters between two words: inserted, left out, replaced, or swapped with a neighbour (Damerau-Levenshtein, optimal string
/// alignment). Case does not count.
/// </summary>
internal static class EditDistance
{
    /// <summary>
    /// The distance, or limit + 1 if it is greater. <paramref name="known"/> must be short, because its rows are on the stack;
    /// <paramref name="typed"/> may have any length and is not read if its length alone exceeds the limit.
    /// </summary>
    public static int Bounded(ReadOnlySpan<char> typed, ReadOnlySpan<char> known, int limit)
    {
        if (Math.Abs(typed.Length - known.Length) > limit)
            return limit + 1;

        var width = known.Length + 1;
        Span<int> rows = stackalloc int[3 * width];
        Span<int> beforeLast = rows[..width], last = rows[width..(2 * width)], row = rows[(2 * width)..];
        for (var j = 0; j < width; j++)
            row[j] = j;

        for (var i = 1; i <= typed.Length; i++)
        {
            var spare = beforeLast;
            beforeLast = last;
            last = row;
            row = spare;
            if (FillRow(row, last, beforeLast, typed, known, i) > limit)
                return limit + 1;
        }

        return Math.Min(row[^1], limit + 1);
    }

    /// <summary>Fills one row of the matrix. Returns its least value, which no later row can be below.</summary>
    private static int FillRow(
        Span<int> row, ReadOnlySpan<int> last, ReadOnlySpan<int> beforeLast, ReadOnlySpan<char> typed, ReadOnlySpan<char> known, int i)
    {
        var least = row[0] = i;
        for (var j = 1; j < row.Length; j++)
        {
            var replaced = last[j - 1] + (Same(typed[i - 1], known[j - 1]) ? 0 : 1);
            row[j] = Math.Min(replaced, 1 + Math.Min(last[j], row[j - 1]));
            if (i > 1 && j > 1 && Same(typed[i - 1], known[j - 2]) && Same(typed[i - 2], known[j - 1]))
                row[j] = Math.Min(row[j], beforeLast[j - 2] + 1);
            least = Math.Min(least, row[j]);
        }

        return least;
    }

    private static bool Same(char a, char b) => char.ToLowerInvariant(a) == char.ToLowerInvariant(b);
}
