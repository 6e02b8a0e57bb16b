package dev.olla;

import com.anthropic.client.AnthropicClient;
import com.anthropic.client.okhttp.AnthropicOkHttpClient;
import com.anthropic.core.JsonValue;
import com.anthropic.core.http.StreamResponse;
import com.anthropic.helpers.MessageAccumulator;
import com.anthropic.models.messages.Base64ImageSource;
import com.anthropic.models.messages.ContentBlock;
import com.anthropic.models.messages.ContentBlockParam;
import com.anthropic.models.messages.Message;
import com.anthropic.models.messages.MessageCreateParams;
import com.anthropic.models.messages.RawMessageStreamEvent;
import com.anthropic.models.messages.Tool;
import com.anthropic.models.messages.ToolResultBlockParam;
import com.anthropic.models.messages.ToolUseBlock;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// Anthropic's library for Java.
final class AnthropicSdk implements Sdk, AutoCloseable {

    private final AnthropicClient client;

    /// @param base without `/v1`
    AnthropicSdk(URI base) {
        client = AnthropicOkHttpClient.builder()
                .baseUrl(base.toString())
                .apiKey("none")
                .maxRetries(0)
                .build();
    }

    AnthropicClient client() {
        return client;
    }

    @Override
    public void close() {
        client.close();
    }

    static MessageCreateParams.Builder question() {
        return MessageCreateParams.builder().model(OneFormat.MODEL).maxTokens(100);
    }

    @Override
    public Talk talk(boolean stream, List<String> tools) {
        MessageCreateParams.Builder question = question().system("You are brief.");
        tools.forEach(tool -> question.addTool(tool(tool)));
        return new Conversation(stream, question);
    }

    private static Tool tool(String name) {
        Map<String, Object> text = Map.of("type", "string");
        Tool.InputSchema.Properties properties = Tool.InputSchema.Properties.builder()
                .putAdditionalProperty("text", JsonValue.from(text))
                .build();
        return Tool.builder()
                .name(name)
                .inputSchema(Tool.InputSchema.builder().properties(properties).build())
                .build();
    }

    private final class Conversation implements Talk {

        private final boolean stream;
        private final MessageCreateParams.Builder question;
        private List<Call> last = List.of();

        private Conversation(boolean stream, MessageCreateParams.Builder question) {
            this.stream = stream;
            this.question = question;
        }

        @Override
        public Said say(String text) {
            question.addUserMessage(text);
            return answer();
        }

        @Override
        public Said show(String text, String png) {
            Base64ImageSource image = Base64ImageSource.builder()
                    .mediaType(Base64ImageSource.MediaType.IMAGE_PNG)
                    .data(png)
                    .build();
            question.addUserMessageOfContentBlockParams(
                    List.of(ContentBlockParam.ofText(text), ContentBlockParam.ofImage(image)));
            return answer();
        }

        @Override
        public Said tell(UnaryOperator<String> tools) {
            question.addUserMessageOfContentBlockParams(last.stream()
                    .map(call -> ContentBlockParam.ofToolResult(ToolResultBlockParam.builder()
                            .toolUseId(call.id())
                            .content(tools.apply(call.tool()))
                            .build()))
                    .toList());
            return answer();
        }

        private Said answer() {
            Message message = ask(question.build());
            question.addMessage(message);
            last = message.content().stream()
                    .flatMap(block -> block.toolUse().stream())
                    .map(Conversation::call)
                    .toList();
            String text = String.join(
                    "",
                    message.content().stream()
                            .filter(ContentBlock::isText)
                            .map(block -> block.asText().text())
                            .toList());
            return new Said(
                    text,
                    last,
                    message.stopReason().orElseThrow().asString(),
                    message.usage().inputTokens(),
                    message.usage().outputTokens());
        }

        private static Call call(ToolUseBlock call) {
            return new Call(call.id(), call.name(), String.valueOf(call._input()));
        }

        private Message ask(MessageCreateParams params) {
            if (!stream) {
                return client.messages().create(params);
            }
            MessageAccumulator whole = MessageAccumulator.create();
            try (StreamResponse<RawMessageStreamEvent> events =
                    client.messages().createStreaming(params)) {
                events.stream().forEach(whole::accumulate);
            }
            return whole.message();
        }
    }
}
