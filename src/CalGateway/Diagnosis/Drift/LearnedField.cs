using CalGateway.Diagnosis.Structures;

namespace CalGateway.Diagnosis.Drift;

/// <summary>
/// What has been learned of one member of an object. It is fixed once ten objects in a row had it, in at least three answers; whatever comes and goes
/// before that, or is in some objects of an answer and not in others, is optional and never missed. A fixed one is gone when five objects in a row lack it
/// and no object has it in at least three answers, retyped when as many have it with another type alone, and as before after three answers that have it as it was.
/// </summary>
internal sealed class LearnedField
{
    /// <summary>Objects in a row that had it, before it counts as fixed.</summary>
    public const int Enough = 10;

    /// <summary>Objects in a row without it, before it counts as gone.</summary>
    public const int Confirmed = 5;

    /// <summary>Whatever is concluded is concluded from at least so many answers.</summary>
    public const int FewestAnswers = 3;

    private Run _missing;
    private Run _strange;
    private int _usual;
    private JsonTypes _strangeTypes;

    public JsonTypes Types { get; set; }

    /// <summary>How many answers had it in every object, and how many objects these had; counted as far as it matters.</summary>
    public Run Had { get; set; }

    public bool IsOptional { get; set; }

    /// <summary>The number of the first answer that had it, counted by its object.</summary>
    public int FirstSeen { get; init; }

    /// <summary>Null while it is as it was learned.</summary>
    public DifferenceKind? Change { get; private set; }

    /// <summary>What stands there instead.</summary>
    public JsonTypes Now { get; private set; }

    /// <summary>When the first of the answers came that differ.</summary>
    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>The number of the first answer that lacked it.</summary>
    public int MissingSince { get; private set; }

    private bool IsFixed => Had.Reaches(Enough);

    /// <param name="objects">How many objects the answer has that lack it.</param>
    /// <param name="mayTell">Whether the objects that lack it are things that had it, or enough others did.</param>
    /// <param name="answer">The number of the answer, counted by its object.</param>
    /// <param name="now">When it came.</param>
    public void Miss(int objects, bool mayTell, int answer, DateTimeOffset now)
    {
        _usual = 0;
        if (IsOptional || Change is not null)
            return;
        if (!IsFixed || !mayTell)
        {
            IsOptional = true;
            return;
        }

        if (_missing.IsEmpty)
            (MissingSince, ChangedAt) = (answer, now);
        _missing = _missing.With(objects);
        if (_missing.Reaches(Confirmed))
            Change = DifferenceKind.Gone;
    }

    /// <summary>Some of an answer's objects had it.</summary>
    public void SeeInSome()
    {
        IsOptional = true;
        Forget();
    }

    /// <param name="types">What stood there.</param>
    /// <param name="objects">How many objects the answer has; it was in all of them.</param>
    /// <param name="now">When it came.</param>
    public void See(JsonTypes types, int objects, DateTimeOffset now)
    {
        if (Change == DifferenceKind.Gone)
        {
            if (++_usual >= FewestAnswers)
                Forget();
            return;
        }

        if (!_missing.IsEmpty)
            SeeInSome(); // it comes and goes
        Had = Had.With(objects);
        SeeTypes(types.WithoutNull(), objects, now);
    }

    private void SeeTypes(JsonTypes types, int objects, DateTimeOffset now)
    {
        if (types == JsonTypes.None)
            return;

        if (Types == JsonTypes.None || !IsFixed || (types & Types) != JsonTypes.None)
        {
            SeeUsual(types);
            return;
        }

        _usual = 0;
        _strangeTypes |= types;
        if (_strange.IsEmpty)
            ChangedAt = now;
        _strange = _strange.With(objects);
        if (_strange.Reaches(Confirmed))
            (Change, Now) = (DifferenceKind.Retyped, _strangeTypes);
    }

    private void SeeUsual(JsonTypes types)
    {
        if (Change == DifferenceKind.Retyped)
        {
            if (++_usual >= FewestAnswers)
                Forget();
            return;
        }

        Types |= types | _strangeTypes; // either may stand there
        Forget();
    }

    private void Forget()
    {
        Change = null;
        (_missing, _strange, _usual, _strangeTypes) = (default, default, 0, JsonTypes.None);
    }
}

/// <summary>Answers in a row, and the objects in them.</summary>
internal readonly record struct Run(int Answers, int Objects)
{
    /// <summary>More make no difference.</summary>
    private const int Most = 1000;

    public bool IsEmpty => Answers == 0;

    public Run With(int objects) => new(Math.Min(Answers + 1, Most), Math.Min(Objects + Math.Min(objects, Most), Most));

    public bool Reaches(int objects) => Objects >= objects && Answers >= LearnedField.FewestAnswers;
}
