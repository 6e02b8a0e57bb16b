package dev.olla;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;

/// The public client libraries, all before one gateway.
final class SdkClients implements AutoCloseable {

    /// The formats that clients speak, each with the routes that translate it.
    enum Client {
        MESSAGES("/olla/anthropic"),
        CHAT("/olla/openai"),
        RESPONSES("/olla/proxy"),
        OLLAMA("/olla/ollama");

        private final String route;

        Client(String route) {
            this.route = route;
        }

        String route() {
            return route;
        }
    }

    private final AnthropicSdk anthropic;
    private final OpenAIClient openAi;
    private final TestGateway gateway;
    private final String route;

    private SdkClients(TestGateway gateway, String route) {
        this.gateway = gateway;
        this.route = route;
        anthropic = new AnthropicSdk(gateway.uri(route));
        openAi = OpenAIOkHttpClient.builder()
                .baseUrl(gateway.uri(route) + "/v1")
                .apiKey("none")
                .maxRetries(0)
                .build();
    }

    /// @param route below which the clients' own paths are
    static SdkClients of(TestGateway gateway, String route) {
        return new SdkClients(gateway, route);
    }

    AnthropicSdk anthropic() {
        return anthropic;
    }

    OpenAIClient openAi() {
        return openAi;
    }

    Sdk sdk(Client client) {
        return switch (client) {
            case MESSAGES -> anthropic;
            case CHAT -> new ChatSdk(openAi);
            case RESPONSES -> new ResponsesSdk(openAi);
            case OLLAMA -> new OllamaSdk(gateway.uri(route));
        };
    }

    @Override
    public void close() {
        anthropic.close();
        openAi.close();
    }
}
