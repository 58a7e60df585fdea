using CalGateway.Configuration.Settings;

namespace CalGateway.Configuration.Rules;

/// <summary>Refuses settings whose value looks like a secret of Cal.com.</summary>
internal static class SettingsRules
{
    private static readonly string[] SecretForms = ["cal_live_", "cal_test_", "Bearer "];

    public static IEnumerable<Finding> Examine(IEnumerable<Setting> settings) =>
        from setting in settings
        where setting.Value is { } value && SecretForms.Any(form => value.Contains(form, StringComparison.OrdinalIgnoreCase))
        select Finding.Error(
            "A secret does not live in yarp.json, which is read, copied and committed by many. Remove it, revoke the key if it was real, " +
            "and set CALCOM_API_KEY or CALCOM_API_KEY_FILE instead.",
            setting.Key);
}
