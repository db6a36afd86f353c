using System.Text;
using System.Text.Json;
using Dpvr.Contracts.Shards;
using Dpvr.Data.Requests.OpenAi;

namespace Dpvr.Data.Tests.Requests.OpenAi;

public sealed class ChatBodyTests
{
    private const string Good = """{"model":"tiny","messages":[{"role":"user","content":[{"type":"text","text":"What is it?"},{"type":"image_url","image_url":{"url":"https://example.org/a.png"}}]}]}""";

    [Fact]
    public void Parse_TextsAndAPicture_PutsSystemTextsFirst()
    {
        var (request, error) = Parse("""
            {"model":"tiny","max_completion_tokens":9,"temperature":0.5,"top_p":0.9,"seed":-4,"n":1,"stream":false,"user":"u","metadata":{"a":"b"},"response_format":{"type":"text"},"tools":[],"tool_choice":"auto","parallel_tool_calls":true,"stop":null,
             "messages":[{"role":"system","content":"Be short."},{"role":"developer","content":[{"type":"text","text":"Be true."}]},
                         {"role":"user","content":[{"type":"text","text":"What"},{"type":"image_url","image_url":{"url":"http://example.org/a.png","detail":"low"}},{"type":"text","text":"is it?"}]}]}
            """);

        error.Should().BeNull();
        request!.Request.Should().Be(new ItemRequest { Prompt = "Be short.\nBe true.\nWhat\nis it?", MaxTokens = 9, Temperature = 0.5, TopP = 0.9, Seed = -4 });
        (request.Model, request.Picture.Url, request.Stream).Should().Be(("tiny", "http://example.org/a.png", false));
    }

    [Fact]
    public void Parse_StopTextsAndALongAnswer_AreTakenAsFarAsTheyGo()
    {
        var (request, _) = Parse(Good[..^1] + ",\"stop\":\"END\",\"max_tokens\":100000}");

        request!.Request.Stop.Should().Equal("END");
        request.Request.MaxTokens.Should().Be(2048);
    }

    [Fact]
    public void Parse_ATextThatHoldsThePicturesMarker_IsInvalid()
    {
        var (_, error) = Parse(Good.Replace("What is it?", "What is <image>?", StringComparison.Ordinal));

        (error!.Code, error.Param).Should().Be(("invalid_value", "messages[0].content[0]"));
    }

    [Theory]
    [InlineData("data:image/png;base64,AQID")]
    [InlineData("DATA:image/PNG;BASE64,AQID")]
    [InlineData("data:image\\/png;base64,AQ\\u0049D")]
    public void Parse_ADataUrl_GivesItsBytes(string url)
    {
        var (request, error) = Parse(Good.Replace("https://example.org/a.png", url, StringComparison.Ordinal));

        error.Should().BeNull();
        request!.Picture.Bytes!.Value.ToArray().Should().Equal(1, 2, 3);
    }

    [Theory]
    [InlineData("data:image/png;base64,", "no bytes")]
    [InlineData("data:image/png;base64,A!ID", "no base64")]
    [InlineData("data:image/png,abc", "not in base64")]
    [InlineData("data:text/html;base64,AQID", "no picture")]
    [InlineData("data:image/png;base64,AQIDBAUGBwgJ", "more than 8 bytes")]
    [InlineData("ftp://example.org/a.png", "'ftp' is not allowed")]
    [InlineData("file:///etc/passwd", "'file' is not allowed")]
    [InlineData("a.png", "cannot be read")]
    public void Parse_AUrlThatIsNone_SaysWhatIsAllowed(string url, string message)
    {
        var (_, error) = Parse(Good.Replace("https://example.org/a.png", url, StringComparison.Ordinal), new ChatRules { MaxPictureBytes = 8 });

        (error!.Code, error.Param).Should().Be(("invalid_image_url", "messages[0].content[1].image_url.url"));
        error.Message.Should().Contain(message);
    }

    [Theory]
    [InlineData("[]", "invalid_value", "body")]
    [InlineData("""{"messages":[]}""", "missing_required_parameter", "model")]
    [InlineData("""{"model":7,"messages":[]}""", "invalid_value", "model")]
    [InlineData("""{"model":"other","messages":[]}""", "model_not_found", "model")]
    [InlineData("""{"model":"tiny"}""", "missing_required_parameter", "messages")]
    [InlineData("""{"model":"tiny","messages":[]}""", "invalid_value", "messages")]
    [InlineData("""{"model":"tiny","messages":[{"role":"user","content":"What is it?"}]}""", "invalid_value", "messages")]
    [InlineData("""{"model":"tiny","messages":[{"role":"user"}]}""", "missing_required_parameter", "messages[0].content")]
    [InlineData("""{"model":"tiny","messages":[{"role":"assistant","content":"a"}]}""", "unsupported_parameter", "messages[0].role")]
    [InlineData("""{"model":"tiny","messages":[{"role":"user","content":"a"},{"role":"user","content":"b"}]}""", "unsupported_parameter", "messages[1]")]
    [InlineData("""{"model":"tiny","messages":[{"role":"user","content":[{"type":"input_audio"}]}]}""", "unsupported_parameter", "messages[0].content[0].type")]
    [InlineData("""{"model":"tiny","messages":[{"role":"system","content":[{"type":"image_url","image_url":{"url":"https://a.org/"}}]}]}""", "unsupported_parameter", "messages[0].content[0].image_url")]
    [InlineData("""{"model":"tiny","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a.org/"}}]}]}""", "invalid_value", "messages")]
    [InlineData("""{"model":"tiny","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"https://a.org/"}},{"type":"image_url","image_url":{"url":"https://a.org/"}}]}]}""", "unsupported_parameter", "messages[0].content[1].image_url")]
    [InlineData("""{"model":"tiny","messages":[{"role":"user","content":[{"type":"image_url"}]}]}""", "missing_required_parameter", "messages[0].content[0].image_url")]
    [InlineData("""{"model":"tiny","messages":[{"role":"user","content":"\ud800"}]}""", "invalid_value", null)]
    public void Parse_ABodyThatIsNotAllowed_NamesTheField(string body, string code, string? param)
    {
        var (request, error) = Parse(body);

        request.Should().BeNull();
        (error!.Code, error.Param).Should().Be((code, param));
    }

    [Theory]
    [InlineData("\"n\":2", "n")]
    [InlineData("\"stream\":true", "stream")]
    [InlineData("\"tools\":[{\"type\":\"function\"}]", "tools")]
    [InlineData("\"tool_choice\":\"required\"", "tool_choice")]
    [InlineData("\"logprobs\":true", "logprobs")]
    [InlineData("\"frequency_penalty\":0.5", "frequency_penalty")]
    [InlineData("\"response_format\":{\"type\":\"json_object\"}", "response_format")]
    [InlineData("\"max_token\":3", "max_token")]
    public void Parse_WhatIsNotSupported_IsRefused(string field, string param)
    {
        var (_, error) = Parse(Good[..^1] + "," + field + "}");

        (error!.Code, error.Param).Should().Be(("unsupported_parameter", param));
    }

    [Theory]
    [InlineData("\"max_tokens\":0", "max_tokens")]
    [InlineData("\"max_tokens\":5,\"max_completion_tokens\":6", "max_tokens")]
    [InlineData("\"temperature\":2.5", "temperature")]
    [InlineData("\"top_p\":\"1\"", "top_p")]
    [InlineData("\"seed\":1.5", "seed")]
    [InlineData("\"stop\":[1]", "stop")]
    [InlineData("\"stop\":\"\"", "stop")]
    public void Parse_AValueOutOfRange_IsInvalid(string field, string param)
    {
        var (_, error) = Parse(Good[..^1] + "," + field + "}");

        (error!.Code, error.Param).Should().Be(("invalid_value", param));
    }

    [Fact]
    public void Parse_WhereStreamsAreAllowed_SaysThatOneIsWanted()
    {
        var (request, _) = Parse(Good[..^1] + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}", new ChatRules { AllowStream = true });

        (request!.Stream, request.IncludeUsage).Should().Be((true, true));
    }

    private static (ChatRequest? Request, OpenAiError? Error) Parse(string body, ChatRules? rules = null)
    {
        using var document = JsonDocument.Parse(Encoding.UTF8.GetBytes(body));
        return ChatBody.Parse(document.RootElement, (rules ?? new ChatRules()) with { IsModel = static name => name == "tiny" });
    }
}
