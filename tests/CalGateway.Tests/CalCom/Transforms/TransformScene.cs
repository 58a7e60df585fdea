using System.Text.Json.Nodes;
using CalGateway.Tests.TestInfrastructure;

namespace CalGateway.Tests.CalCom.Transforms;

/// <summary>Settings and paths for tests of the file's transforms.</summary>
internal static class TransformScene
{
    public static TheoryData<string> Paths => [RouteScene.Pinned, RouteScene.Cached, RouteScene.Other];

    public static JsonObject WithoutCache(string transforms)
    {
        var settings = RouteScene.Settings(transforms);
        settings["ReverseProxy"]!["Routes"]!.AsObject().Remove("cached");
        settings["ReverseProxy"]!["Routes"]!.AsObject().Remove("other");
        return settings;
    }
}
