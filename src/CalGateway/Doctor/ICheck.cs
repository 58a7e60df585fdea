namespace CalGateway.Doctor;

/// <summary>One thing that the doctor checks. It may leave what it learned in the <see cref="DoctorContext"/> for later checks; it never writes to Cal.com.</summary>
internal interface ICheck
{
    string Title { get; }

    Task<CheckResult> RunAsync(DoctorContext context, CancellationToken cancellation);
}
