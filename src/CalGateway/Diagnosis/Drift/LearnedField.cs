using CalGateway.Diagnosis.Structures;

namespace CalGateway.Diagnosis.Drift;

/// <summary>
/// What has been learned of one member of an object. It is fixed once ten consecutive objects, in at least eight answers, had it. A member that is missing
/// before that, or in some objects of an answer, is optional, and its absence is no change. A fixed member is gone when five consecutive objects, in at least
/// four answers, lack it; it is retyped when as many have it with another type only; and it is back when three answers have it as before.
/// </summary>
internal sealed class LearnedField
{
    public const int ObjectsUntilFixed = 10;

    public const int ObjectsUntilGone = 5;

    /// <summary>Consecutive answers with the member until it is fixed. Objects alone do not tell: all items of one list may have a member that other lists lack.</summary>
    public const int AnswersUntilFixed = 8;

    public const int AnswersUntilGone = 4;

    public const int AnswersUntilBack = 3;

    private Run _missing;
    private Run _strange;
    private int _usual;
    private JsonTypes _strangeTypes;

    public JsonTypes Types { get; set; }

    /// <summary>How many answers had it in every object, and how many objects those had. Counting stops at a limit.</summary>
    public Run Had { get; set; }

    public bool IsOptional { get; set; }

    /// <summary>The number of the first answer with it, counted by its <see cref="LearnedObject"/>.</summary>
    public int FirstSeen { get; init; }

    /// <summary>How it has changed; null while it is as learned.</summary>
    public DifferenceKind? Change { get; private set; }

    /// <summary>The types that replaced the learned ones.</summary>
    public JsonTypes Now { get; private set; }

    /// <summary>When the first differing answer came.</summary>
    public DateTimeOffset ChangedAt { get; private set; }

    /// <summary>The number of the first answer without it.</summary>
    public int MissingSince { get; private set; }

    /// <summary>Answers differ from the ones before, and more of them are needed to tell whether it has changed, or is back.</summary>
    public bool IsUndecided => Change is null ? !_missing.IsEmpty || !_strange.IsEmpty : _usual > 0;

    private bool IsFixed => Had.Reaches(ObjectsUntilFixed, AnswersUntilFixed);

    /// <param name="objects">How many objects the answer has, all without the member.</param>
    /// <param name="isConclusive">True where the absence is a change and not a property of these objects; see <see cref="LearnedObject"/>.</param>
    /// <param name="answer">The number of the answer, counted by its <see cref="LearnedObject"/>.</param>
    public void RecordMissing(int objects, bool isConclusive, int answer, DateTimeOffset now)
    {
        _usual = 0;
        if (IsOptional || Change is not null)
            return;
        if (!IsFixed || !isConclusive)
        {
            IsOptional = true;
            return;
        }

        if (_missing.IsEmpty)
            (MissingSince, ChangedAt) = (answer, now);
        _missing = _missing.With(objects);
        if (_missing.Reaches(ObjectsUntilGone, AnswersUntilGone))
            Change = DifferenceKind.Gone;
    }

    /// <summary>Only some of an answer's objects had it.</summary>
    public void RecordInSome()
    {
        IsOptional = true;
        ForgetDeviations();
    }

    /// <param name="objects">How many objects the answer has, all with the member.</param>
    public void Record(JsonTypes types, int objects, DateTimeOffset now)
    {
        if (Change == DifferenceKind.Gone)
        {
            if (++_usual >= AnswersUntilBack)
                ForgetDeviations();
            return;
        }

        if (!_missing.IsEmpty)
            RecordInSome(); // sometimes missing
        Had = Had.With(objects);
        RecordTypes(types.WithoutNull(), objects, now);
    }

    private void RecordTypes(JsonTypes types, int objects, DateTimeOffset now)
    {
        if (types == JsonTypes.None)
            return;

        if (Types == JsonTypes.None || !IsFixed || (types & Types) != JsonTypes.None)
        {
            RecordUsual(types);
            return;
        }

        _usual = 0;
        _strangeTypes |= types;
        if (_strange.IsEmpty)
            ChangedAt = now;
        _strange = _strange.With(objects);
        if (_strange.Reaches(ObjectsUntilGone, AnswersUntilGone))
            (Change, Now) = (DifferenceKind.Retyped, _strangeTypes);
    }

    private void RecordUsual(JsonTypes types)
    {
        if (Change == DifferenceKind.Retyped)
        {
            if (++_usual >= AnswersUntilBack)
                ForgetDeviations();
            return;
        }

        Types |= types | _strangeTypes; // both are expected
        ForgetDeviations();
    }

    private void ForgetDeviations()
    {
        Change = null;
        (_missing, _strange, _usual, _strangeTypes) = (default, default, 0, JsonTypes.None);
    }
}

/// <summary>A number of consecutive answers, and of the objects in them.</summary>
internal readonly record struct Run(int Answers, int Objects)
{
    /// <summary>Counting stops here: no rule needs larger numbers.</summary>
    private const int MaxCount = 1000;

    public bool IsEmpty => Answers == 0;

    public Run With(int objects) => new(Math.Min(Answers + 1, MaxCount), Math.Min(Objects + Math.Min(objects, MaxCount), MaxCount));

    public bool Reaches(int objects, int answers) => Objects >= objects && Answers >= answers;
}
