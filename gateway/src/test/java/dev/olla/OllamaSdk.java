package dev.olla;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ChatMessage;
import dev.langchain4j.data.message.ImageContent;
import dev.langchain4j.data.message.SystemMessage;
import dev.langchain4j.data.message.TextContent;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.request.json.JsonObjectSchema;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.ollama.OllamaChatModel;
import dev.langchain4j.model.ollama.OllamaStreamingChatModel;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// LangChain4j's client of Ollama.
final class OllamaSdk implements Sdk {

    private final OllamaChatModel whole;
    private final OllamaStreamingChatModel streaming;

    /// @param base without `/api`
    OllamaSdk(URI base) {
        whole = OllamaChatModel.builder()
                .baseUrl(base.toString())
                .modelName(OneFormat.MODEL)
                .maxRetries(0)
                .build();
        streaming = OllamaStreamingChatModel.builder()
                .baseUrl(base.toString())
                .modelName(OneFormat.MODEL)
                .build();
    }

    @Override
    public Talk talk(boolean stream, List<String> tools) {
        return new Conversation(stream, tools.stream().map(OllamaSdk::tool).toList());
    }

    private static ToolSpecification tool(String name) {
        return ToolSpecification.builder()
                .name(name)
                .parameters(JsonObjectSchema.builder().addStringProperty("text").build())
                .build();
    }

    private final class Conversation implements Talk {

        private final boolean stream;
        private final List<ToolSpecification> tools;
        private final List<ChatMessage> messages = new ArrayList<>(List.of(SystemMessage.from("You are brief.")));
        private List<ToolExecutionRequest> last = List.of();

        private Conversation(boolean stream, List<ToolSpecification> tools) {
            this.stream = stream;
            this.tools = tools;
        }

        @Override
        public Said say(String text) {
            messages.add(UserMessage.from(text));
            return answer();
        }

        @Override
        public Said show(String text, String png) {
            messages.add(UserMessage.from(TextContent.from(text), ImageContent.from(png, "image/png")));
            return answer();
        }

        @Override
        public Said tell(UnaryOperator<String> results) {
            for (ToolExecutionRequest call : last) {
                messages.add(ToolExecutionResultMessage.from(call, results.apply(call.name())));
            }
            return answer();
        }

        private Said answer() {
            ChatRequest request = ChatRequest.builder()
                    .messages(List.copyOf(messages))
                    .toolSpecifications(tools)
                    .build();
            ChatResponse response = stream ? streamed(request) : whole.chat(request);
            AiMessage message = response.aiMessage();
            messages.add(message);
            last = message.toolExecutionRequests();
            return new Said(
                    orEmpty(message.text()),
                    last.stream()
                            .map(call -> new Call(orEmpty(call.id()), call.name(), call.arguments()))
                            .toList(),
                    response.finishReason().name(),
                    response.tokenUsage().inputTokenCount(),
                    response.tokenUsage().outputTokenCount());
        }

        private static String orEmpty(@Nullable String text) {
            return text == null ? "" : text;
        }

        private ChatResponse streamed(ChatRequest request) {
            CompletableFuture<ChatResponse> response = new CompletableFuture<>();
            streaming.chat(request, new StreamingChatResponseHandler() {
                @Override
                public void onCompleteResponse(ChatResponse complete) {
                    response.complete(complete);
                }

                @Override
                public void onError(Throwable error) {
                    response.completeExceptionally(error);
                }
            });
            return response.join();
        }
    }
}
