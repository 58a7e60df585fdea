using System.Globalization;
using System.Text;
using CalGateway.Diagnosis.Drift;
using CalGateway.Diagnosis.Structures;

namespace CalGateway.Tests.Diagnosis.Drift;

/// <summary>The rule by which a change is told from a field that comes and goes.</summary>
public sealed class LearnedStructureTests
{
    private static readonly DateTimeOffset Now = new(2026, 11, 28, 9, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Ten_thousand_answers_whose_fields_come_and_go_raise_no_alarm()
    {
        for (var seed = 1; seed <= 5; seed++)
        {
            var random = new Random(seed);
            var chances = Enumerable.Range(0, 40).Select(_ => random.NextDouble()).ToArray();
            var learned = new LearnedStructure();
            var alarms = 0;
            for (var answer = 0; answer < 10_000; answer++)
            {
                Learn(learned, Answer(random, chances));
                alarms += learned.Changes.Count;
            }

            Assert.Equal(0, alarms);
        }
    }

    [Fact]
    public void Fields_that_come_and_go_in_seasons_raise_no_alarm_and_no_more_than_one_in_ten_thousand_answers()
    {
        var alarms = 0;
        for (var seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            var learned = new LearnedStructure();
            var chances = new double[30];
            var before = 0;
            for (var answer = 0; answer < 2_000; answer++)
            {
                if (answer % 25 == 0)
                    chances = [.. Enumerable.Range(0, 30).Select(_ => random.NextDouble())];
                Learn(learned, Answer(random, chances));
                alarms += Math.Max(0, learned.Changes.Count - before);
                before = learned.Changes.Count;
            }
        }

        Assert.InRange(alarms, 0, 20 * 2_000 / 10_000);
    }

    [Fact]
    public void Fields_that_whole_lists_have_or_lack_raise_no_more_than_one_in_ten_thousand_answers()
    {
        var alarms = 0;
        for (var seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            var chances = Enumerable.Range(0, 40).Select(_ => random.NextDouble()).ToArray();
            var learned = new LearnedStructure();
            var before = 0;
            for (var answer = 0; answer < 2_000; answer++)
            {
                var fields = string.Concat(chances.Select((chance, index) => random.NextDouble() < chance ? $",\"f{Letter(index)}\":1" : ""));
                Learn(learned, $"{{\"data\":[{string.Join(',', Enumerable.Range(1, 5).Select(id => $"{{\"id\":{id}{fields}}}"))}]}}");
                alarms += Math.Max(0, learned.Changes.Count - before);
                before = learned.Changes.Count;
            }
        }

        Assert.InRange(alarms, 0, (20 * 2_000 / 10_000) - 1);
    }

    [Fact]
    public void A_field_that_all_had_and_none_has_is_gone_and_is_back_when_all_have_it_again()
    {
        var learned = new LearnedStructure();
        LearnMany(learned, LearnedField.ObjectsUntilFixed, """{"data":[{"id":1,"x":2},{"id":2,"x":2}]}""");

        LearnMany(learned, LearnedField.AnswersUntilGone - 1, """{"data":[{"id":1},{"id":2}]}""");
        Assert.Empty(learned.Changes);
        LearnMany(learned, 1, """{"data":[{"id":1},{"id":2}]}""");
        Assert.Equal("data[].x is gone", Assert.Single(learned.Changes).Says);

        LearnMany(learned, LearnedField.AnswersUntilBack, """{"data":[{"id":1,"x":2},{"id":2,"x":2}]}""");
        Assert.Empty(learned.Changes);
        LearnMany(learned, LearnedField.ObjectsUntilGone, """{"data":[{"id":1},{"id":2}]}""");
        Assert.Single(learned.Changes); // and it can go once more
    }

    [Fact]
    public void A_renamed_field_is_told_with_its_likely_name()
    {
        var learned = new LearnedStructure();
        LearnMany(learned, LearnedField.ObjectsUntilFixed, """{"data":[{"id":1,"length":15}]}""");
        LearnMany(learned, LearnedField.ObjectsUntilGone, """{"data":[{"id":1,"lengthInMinutes":15}]}""");

        Assert.Equal("data[].length is gone; data[].lengthInMinutes (number) is new: likely renamed", Assert.Single(learned.Changes).Says);
    }

    [Theory]
    [InlineData("""{"data":{"id":1,"x":"2"}}""", "data.x was number, is string now")]
    [InlineData("""{"data":{"id":1,"x":[2]}}""", "data.x was number, is list now")]
    [InlineData("""{"data":[{"id":1,"x":2}]}""", "data was object, is list now")]
    public void Another_type_is_told(string after, string says)
    {
        var learned = new LearnedStructure();
        LearnMany(learned, LearnedField.ObjectsUntilFixed, """{"data":{"id":1,"x":2}}""");
        LearnMany(learned, LearnedField.ObjectsUntilGone, after);

        Assert.Equal(says, Assert.Single(learned.Changes).Says);
        LearnMany(learned, LearnedField.AnswersUntilBack, """{"data":{"id":1,"x":2}}""");
        Assert.Empty(learned.Changes);
    }

    [Theory]
    [InlineData("""{"data":[]}""")]
    [InlineData("""{"data":[{"id":1,"x":null}]}""")]
    [InlineData("""{"data":[{"id":1,"x":2,"y":3}]}""")]
    [InlineData("""{"data":[{"id":1,"x":2},{"id":2}]}""")]
    [InlineData("<html>")]
    [InlineData("""{"data":[{"id":1""")]
    public void What_an_empty_a_broken_or_a_fuller_answer_has_not_is_not_missed(string after)
    {
        var learned = new LearnedStructure();
        LearnMany(learned, LearnedField.ObjectsUntilFixed, """{"data":[{"id":1,"x":2}]}""");
        LearnMany(learned, 20, after);

        Assert.Empty(learned.Changes);
    }

    [Fact]
    public void That_one_thing_had_a_field_says_nothing_of_another_thing()
    {
        var learned = new LearnedStructure();
        LearnMany(learned, 100, """{"data":[{"uid":"a moved one","rescheduledFromUid":"b"}]}""");
        LearnMany(learned, 100, """{"data":[{"uid":"another"}]}""");

        Assert.Empty(learned.Changes);
    }

    [Fact]
    public void What_was_learned_survives_a_restart_in_what_gateways_share()
    {
        var learned = new LearnedStructure();
        LearnMany(learned, LearnedField.ObjectsUntilFixed, """{"data":[{"id":1,"x":2},{"id":2,"x":3},{"id":3,"x":4}]}""");

        var other = LearnedStructure.Read(learned.Write())!;
        LearnMany(other, LearnedField.ObjectsUntilGone, """{"data":[{"id":9},{"id":8}]}""");

        Assert.Equal("data[].x is gone", Assert.Single(other.Changes).Says);
        Assert.Null(LearnedStructure.Read("no JSON"u8));
        Assert.DoesNotContain("\"2\"", Encoding.UTF8.GetString(learned.Write()), StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_accepted_is_expected_no_more()
    {
        var learned = new LearnedStructure();
        LearnMany(learned, LearnedField.ObjectsUntilFixed, """{"data":{"id":1,"x":2}}""");
        LearnMany(learned, LearnedField.ObjectsUntilGone, """{"data":{"id":1}}""");
        learned.Accept("data.x");
        LearnMany(learned, 20, """{"data":{"id":1}}""");

        Assert.Empty(learned.Changes);
    }

    [Fact]
    public void Of_any_number_of_fields_five_hundred_are_learned_and_a_lost_one_makes_room()
    {
        var learned = new LearnedStructure();
        var parts = Enumerable.Range(0, 10).Select(part => $"\"part{Letter(part)}\":{{{string.Join(',', Enumerable.Range(0, 100).Select(index => $"\"f{Letter(index)}\":1"))}}}");
        Learn(learned, $"{{{string.Join(',', parts)}}}");
        Assert.Equal(500, Count(learned));

        learned.Accept("partaa.faa");
        Assert.Equal(499, Count(learned));
        Learn(learned, """{"another":1}""");
        Assert.Equal(500, Count(learned));

        static int Count(LearnedStructure learned) => Encoding.UTF8.GetString(learned.Write()).Split("\"Types\"").Length - 1;
    }

    /// <summary>A list of things with fields that each thing has or has not, some of them in an object of their own.</summary>
    private static string Answer(Random random, double[] chances)
    {
        var items = Enumerable.Range(0, random.Next(0, 4)).Select(_ =>
        {
            var fields = chances.Select((chance, index) => random.NextDouble() < chance ? $",\"f{Letter(index)}\":{Value(random, index)}" : "");
            return $"{{\"id\":{random.Next(50).ToString(CultureInfo.InvariantCulture)}{string.Concat(fields)}}}";
        });
        return $"{{\"status\":\"success\",\"data\":[{string.Join(',', items)}]{(random.NextDouble() < chances[0] ? ",\"pagination\":{\"next\":null}" : "")}}}";
    }

    private static string Value(Random random, int index) => (index % 4) switch
    {
        0 => random.Next(2) == 0 ? "1" : "null",
        1 => "\"text\"",
        2 => $"{{\"inner\":1{(random.Next(2) == 0 ? ",\"other\":2" : "")}}}",
        _ => "[1,2]",
    };

    private static string Letter(int index) => new([(char)('a' + index / 26), (char)('a' + index % 26)]);

    private static void LearnMany(LearnedStructure learned, int count, string body)
    {
        for (var turn = 0; turn < count; turn++)
            Learn(learned, body);
    }

    private static void Learn(LearnedStructure learned, string body) => learned.Learn(StructureReader.Read(Encoding.UTF8.GetBytes(body)), Now);
}
