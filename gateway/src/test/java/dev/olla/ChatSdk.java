package dev.olla;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.FunctionDefinition;
import com.openai.models.FunctionParameters;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionContentPart;
import com.openai.models.chat.completions.ChatCompletionContentPartImage;
import com.openai.models.chat.completions.ChatCompletionContentPartText;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionFunctionTool;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionMessageFunctionToolCall;
import com.openai.models.chat.completions.ChatCompletionMessageToolCall;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.chat.completions.ChatCompletionToolMessageParam;
import com.openai.models.completions.CompletionUsage;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/// The Chat Completions of OpenAI's library for Java.
final class ChatSdk implements Sdk {

    private final OpenAIClient client;

    ChatSdk(OpenAIClient client) {
        this.client = client;
    }

    static ChatCompletionCreateParams.Builder question() {
        return ChatCompletionCreateParams.builder().model(OneFormat.MODEL);
    }

    @Override
    public Talk talk(boolean stream, List<String> tools) {
        ChatCompletionCreateParams.Builder question = question().addSystemMessage("You are brief.");
        tools.forEach(tool -> question.addTool(tool(tool)));
        if (stream) {
            question.streamOptions(
                    ChatCompletionStreamOptions.builder().includeUsage(true).build());
        }
        return new Conversation(stream, question);
    }

    private static ChatCompletionFunctionTool tool(String name) {
        FunctionParameters parameters = FunctionParameters.builder()
                .putAdditionalProperty("type", JsonValue.from("object"))
                .putAdditionalProperty("properties", JsonValue.from(Map.of("text", Map.of("type", "string"))))
                .build();
        return ChatCompletionFunctionTool.builder()
                .function(FunctionDefinition.builder()
                        .name(name)
                        .parameters(parameters)
                        .build())
                .build();
    }

    private final class Conversation implements Talk {

        private final boolean stream;
        private final ChatCompletionCreateParams.Builder question;
        private List<Call> last = List.of();

        private Conversation(boolean stream, ChatCompletionCreateParams.Builder question) {
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
            question.addUserMessageOfArrayOfContentParts(List.of(
                    ChatCompletionContentPart.ofText(
                            ChatCompletionContentPartText.builder().text(text).build()),
                    ChatCompletionContentPart.ofImageUrl(ChatCompletionContentPartImage.builder()
                            .imageUrl(ChatCompletionContentPartImage.ImageUrl.builder()
                                    .url("data:image/png;base64," + png)
                                    .build())
                            .build())));
            return answer();
        }

        @Override
        public Said tell(UnaryOperator<String> tools) {
            for (Call call : last) {
                question.addMessage(ChatCompletionToolMessageParam.builder()
                        .toolCallId(call.id())
                        .content(tools.apply(call.tool()))
                        .build());
            }
            return answer();
        }

        private Said answer() {
            ChatCompletion completion = ask(question.build());
            ChatCompletion.Choice choice = completion.choices().getFirst();
            ChatCompletionMessage message = choice.message();
            question.addMessage(message);
            last = message.toolCalls().orElse(List.of()).stream()
                    .map(ChatCompletionMessageToolCall::asFunction)
                    .map(Conversation::call)
                    .toList();
            CompletionUsage usage = completion.usage().orElseThrow();
            return new Said(
                    message.content().orElse(""),
                    last,
                    choice.finishReason().asString(),
                    usage.promptTokens(),
                    usage.completionTokens());
        }

        private static Call call(ChatCompletionMessageFunctionToolCall call) {
            return new Call(call.id(), call.function().name(), call.function().arguments());
        }

        private ChatCompletion ask(ChatCompletionCreateParams params) {
            if (!stream) {
                return client.chat().completions().create(params);
            }
            ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
            try (StreamResponse<ChatCompletionChunk> chunks =
                    client.chat().completions().createStreaming(params)) {
                chunks.stream().forEach(whole::accumulate);
            }
            return whole.chatCompletion();
        }
    }
}
