package dev.olla;

import com.openai.client.OpenAIClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.helpers.ResponseAccumulator;
import com.openai.models.responses.FunctionTool;
import com.openai.models.responses.Response;
import com.openai.models.responses.ResponseCreateParams;
import com.openai.models.responses.ResponseFunctionToolCall;
import com.openai.models.responses.ResponseInputContent;
import com.openai.models.responses.ResponseInputImage;
import com.openai.models.responses.ResponseInputItem;
import com.openai.models.responses.ResponseInputText;
import com.openai.models.responses.ResponseOutputItem;
import com.openai.models.responses.ResponseOutputMessage;
import com.openai.models.responses.ResponseStreamEvent;
import com.openai.models.responses.ResponseUsage;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The Responses of OpenAI's library for Java; a conversation goes on from the response before.
final class ResponsesSdk implements Sdk {

    private final OpenAIClient client;

    ResponsesSdk(OpenAIClient client) {
        this.client = client;
    }

    static ResponseCreateParams.Builder question() {
        return ResponseCreateParams.builder().model(OneFormat.MODEL);
    }

    @Override
    public Talk talk(boolean stream, List<String> tools) {
        return new Conversation(stream, tools);
    }

    private static FunctionTool tool(String name) {
        return FunctionTool.builder()
                .name(name)
                .strict(false)
                .parameters(FunctionTool.Parameters.builder()
                        .putAdditionalProperty("type", JsonValue.from("object"))
                        .putAdditionalProperty("properties", JsonValue.from(Map.of("text", Map.of("type", "string"))))
                        .build())
                .build();
    }

    static Response whole(StreamResponse<ResponseStreamEvent> events) {
        ResponseAccumulator whole = ResponseAccumulator.create();
        events.stream().forEach(whole::accumulate);
        return whole.response();
    }

    private final class Conversation implements Talk {

        private final boolean stream;
        private final List<String> tools;
        private List<Call> last = List.of();
        private @Nullable String previous;

        private Conversation(boolean stream, List<String> tools) {
            this.stream = stream;
            this.tools = tools;
        }

        private ResponseCreateParams.Builder next() {
            ResponseCreateParams.Builder question = question().instructions("You are brief.");
            tools.forEach(tool -> question.addTool(tool(tool)));
            if (previous != null) {
                question.previousResponseId(previous);
            }
            return question;
        }

        @Override
        public Said say(String text) {
            return answer(next().input(text));
        }

        @Override
        public Said show(String text, String png) {
            ResponseInputItem.Message message = ResponseInputItem.Message.builder()
                    .role(ResponseInputItem.Message.Role.USER)
                    .content(List.of(
                            ResponseInputContent.ofInputText(
                                    ResponseInputText.builder().text(text).build()),
                            ResponseInputContent.ofInputImage(ResponseInputImage.builder()
                                    .detail(ResponseInputImage.Detail.AUTO)
                                    .imageUrl("data:image/png;base64," + png)
                                    .build())))
                    .build();
            return answer(next().inputOfResponse(List.of(ResponseInputItem.ofMessage(message))));
        }

        @Override
        public Said tell(UnaryOperator<String> results) {
            List<ResponseInputItem> outputs = new ArrayList<>();
            for (Call call : last) {
                outputs.add(ResponseInputItem.ofFunctionCallOutput(ResponseInputItem.FunctionCallOutput.builder()
                        .callId(call.id())
                        .output(results.apply(call.tool()))
                        .build()));
            }
            return answer(next().inputOfResponse(outputs));
        }

        private Said answer(ResponseCreateParams.Builder question) {
            Response response = ask(question.build());
            previous = response.id();
            last = response.output().stream()
                    .filter(ResponseOutputItem::isFunctionCall)
                    .map(item -> call(item.asFunctionCall()))
                    .toList();
            StringBuilder text = new StringBuilder();
            response.output().stream()
                    .filter(ResponseOutputItem::isMessage)
                    .flatMap(item -> item.asMessage().content().stream())
                    .filter(ResponseOutputMessage.Content::isOutputText)
                    .forEach(part -> text.append(part.asOutputText().text()));
            ResponseUsage usage = response.usage().orElseThrow();
            return new Said(
                    text.toString(),
                    last,
                    response.status().orElseThrow().asString(),
                    usage.inputTokens(),
                    usage.outputTokens());
        }

        private static Call call(ResponseFunctionToolCall call) {
            return new Call(call.callId(), call.name(), call.arguments());
        }

        private Response ask(ResponseCreateParams params) {
            if (!stream) {
                return client.responses().create(params);
            }
            try (StreamResponse<ResponseStreamEvent> events = client.responses().createStreaming(params)) {
                return whole(events);
            }
        }
    }
}
