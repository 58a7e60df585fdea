using CalGateway.Sandbox.Routing;
using CalGateway.Sandbox.Serving;

namespace CalGateway.Sandbox.Operations;

/// <summary>Whether an e-mail address must be verified before it is used for a booking: never, because the account does not require it.</summary>
internal static class EmailVerification
{
    public static void Bind(OperationTable table) => table.Handle("GET", "/v2/atoms/verification/email/check", ApiVersions.All, _ => Answer.Ok(false));
}
