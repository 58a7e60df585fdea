namespace CalGateway.Doctor;

/// <summary>One thing that the doctor looks at. It may learn something for those after it (<see cref="Examination"/>); it never writes.</summary>
internal interface ICheck
{
    string Title { get; }

    Task<CheckResult> ExamineAsync(Examination examination, CancellationToken cancellation);
}
