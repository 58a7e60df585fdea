using System.Text.Json;
using System.Text.Json.Nodes;

namespace CalGateway.Tests.TestInfrastructure;

/// <summary>A cluster that is not Cal.com, behind the same gateway.</summary>
internal static class OtherCluster
{
    private static readonly JsonDocumentOptions Options = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>The settings with a route for <c>/other/…</c> to it.</summary>
    public static string In(string settings, Uri address)
    {
        var root = JsonNode.Parse(settings, documentOptions: Options)!.AsObject();
        var proxy = root["ReverseProxy"]!;
        proxy["Routes"]!["other"] = new JsonObject { ["ClusterId"] = "other", ["Match"] = new JsonObject { ["Path"] = "/other/{**rest}" } };
        proxy["Clusters"]!["other"] = new JsonObject { ["Destinations"] = new JsonObject { ["one"] = new JsonObject { ["Address"] = address.AbsoluteUri } } };
        return root.ToJsonString();
    }
}
