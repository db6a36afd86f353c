using Dpvr.Model.Tokens;

namespace Dpvr.Model.Tests.Tokens;

public sealed class ChatTemplateTests
{
    [Fact]
    public void Render_WhenPromptHasNoMarker_PutsPicturesFirst()
    {
        ChatTemplate.Llava15.Render("What is this?", 1).Text.Should().Be("USER: <image>\nWhat is this? ASSISTANT:");
        ChatTemplate.Llava15.Render("Compare.", 2).Text.Should().Be("USER: <image>\n<image>\nCompare. ASSISTANT:");
        ChatTemplate.Llava15.Render("Hello", 0).Text.Should().Be("USER: Hello ASSISTANT:");
    }

    [Fact]
    public void Render_WhenPromptHasMarkers_KeepsTheirPlaces() =>
        ChatTemplate.Llava15.Render("Is <image> like <image>?", 2).Text.Should().Be("USER: Is <image> like <image>? ASSISTANT:");

    [Theory]
    [InlineData("<image>", 0)]
    [InlineData("<image>", 2)]
    [InlineData("<image><image> ?", 1)]
    public void Render_WhenMarkersAreNotThePictures_IsAnError(string prompt, int images)
    {
        var chat = ChatTemplate.Llava15.Render(prompt, images);
        chat.Error!.Code.Should().Be("prompt_images");
        chat.Text.Should().BeEmpty();
    }

    [Fact]
    public void Render_WhenConversationHasSeveralTurns_GivesTheAnswersSpans()
    {
        var chat = (ChatTemplate.Llava15 with { System = "Be kind." }).Render(
        [
            new(ChatRole.User, "<image>\nWhat is it?"), new(ChatRole.Assistant, "A cat."), new(ChatRole.User, "Its colour?"), new(ChatRole.Assistant, "Grey."),
        ]);
        chat.Text.Should().Be("Be kind. USER: <image>\nWhat is it? ASSISTANT: A cat.</s>USER: Its colour? ASSISTANT: Grey.</s>");
        chat.Answers.Select(a => chat.Text.Substring(a.Start, a.Length)).Should().Equal("A cat.", "Grey.");
    }

    [Fact]
    public void Render_WhenConversationStartsWithSystem_LeavesTheOwnOut() =>
        (ChatTemplate.Llava15 with { System = "A." }).Render([new(ChatRole.System, "B."), new(ChatRole.User, "c")]).Text.Should().Be("B. USER: c ASSISTANT:");

    [Theory]
    [InlineData("chat_template.json", """{"chat_template": "{{ message['role'].upper() + ': ' }}{{ 'ASSISTANT:' }}"}""", ChatFamily.Llava15)]
    [InlineData("tokenizer_config.json", """{"chat_template": "{{ '[INST] ' }}"}""", ChatFamily.Inst)]
    [InlineData("chat_template.jinja", "[INST] {{ x }} [/INST]", ChatFamily.Inst)]
    [InlineData("tokenizer_config.json", "{}", ChatFamily.Llava15)]
    public void Load_WhenTemplateIsThere_RecognisesTheFamily(string file, string content, ChatFamily family)
    {
        using var folder = new TemporaryFolder();
        folder.Write(file, content);
        ChatTemplate.Load(folder.Path).Should().Be(new ChatTemplate { Family = family });
    }

    [Fact]
    public void Render_WhenFamilyIsInst_UsesItsMarks() =>
        new ChatTemplate { Family = ChatFamily.Inst }.Render("What?", 1).Text.Should().Be("[INST] <image>\nWhat? [/INST]");
}
