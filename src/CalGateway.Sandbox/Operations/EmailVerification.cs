using CalGateway.Sandbox.Routing;

namespace CalGateway.Sandbox.Operations;

/// <summary>Whether somebody has to prove an address before booking with it: nobody has, in an account that asks nobody to.</summary>
internal static class EmailVerification
{
    public static void Bind(OperationTable table) => table.Handle("GET", "/v2/atoms/verification/email/check", ApiVersions.All, _ => Answer.Ok(false));
}
