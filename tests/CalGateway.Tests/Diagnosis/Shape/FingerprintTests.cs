using System.Text;
using CalGateway.Catalogue;
using CalGateway.Diagnosis.Shape;

namespace CalGateway.Tests.Diagnosis.Shape;

public sealed class FingerprintTests
{
    [Theory]
    [InlineData("event-types", """{"status":"success","data":[]}""", "Current")]
    [InlineData("event-types", """{"status":"success","data":{"eventTypeGroups":[{"teamId":null""", "Legacy")]
    [InlineData("event-types", """{"data":{"eventTypeGroups":""", "Legacy")]
    [InlineData("event-types", """{"status":"success","data":{"eventType":{"id":1,"lengthInMinutes":15""", "Legacy")]
    [InlineData("event-types", """{"status":"success","data":{"id":1,"lengthInMinutes":15""", "Current")]
    [InlineData("event-types", """{"status":"success","data":{"id":1,"locations":[{"length":9}],"metadata":{"eventTypeGroups":1},"lengthInMinutes":15""", "Current")]
    [InlineData("bookings", """{"status":"success","pagination":{"start":1,"data":[]},"data":{"bookings":[],""", "Legacy")]
    [InlineData("bookings", """{"status":"success","data":{"id":1,"uid":"startTime","title":"hosts","startTime":""", "Legacy")]
    [InlineData("schedules", """{"status":"success","data":[{"id":101,"name":"Working \u0022hours","isManaged":false,""", "Legacy")]
    [InlineData("schedules", """{"status":"success","data":[{"id":101,"ownerId":1,""", "Current")]
    [InlineData("schedules", """{"status":"success","data":[]}""", "Unknown")]
    [InlineData("schedules", """{"status":"success","data":null}""", "Unknown")]
    [InlineData("schedules", """{"status":"success","da""", "Unknown")]
    [InlineData("schedules", "", "Unknown")]
    [InlineData("schedules", "<html>", "Unknown")]
    [InlineData("schedules", """["data",{"isManaged":1}]""", "Unknown")]
    public void The_shape_is_told_by_members_at_their_place_and_never_guessed(string family, string start, string expected)
    {
        var marks = CalComCatalogue.Default.Operations.First(operation => operation.Family == family && operation.Shapes is not null).Shapes!;

        Assert.Equal(expected, Fingerprint.Read(Encoding.UTF8.GetBytes(start), marks).ToString());
    }

    [Fact]
    public void An_operation_has_marks_exactly_where_it_has_an_older_shape() =>
        Assert.All(CalComCatalogue.Default.Operations, operation => Assert.Equal(operation.LegacyVersions.Count > 0, operation.Shapes is not null));
}
