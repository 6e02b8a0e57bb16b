package dev.olla.fleet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// How far a kind of server speaks Anthropic's Messages API by itself.
///
/// @param messagesPath where it takes messages
/// @param tokenCount whether it counts tokens below that path
/// @param minVersion the first version of the server that does; null where every version does
/// @param limitations what it can't do, such as `no_tool_use`
public record AnthropicSupport(
        boolean enabled,
        String messagesPath,
        boolean tokenCount,
        @Nullable String minVersion,
        List<String> limitations) {

    public static final String MESSAGES = "/v1/messages";
    public static final AnthropicSupport NONE = new AnthropicSupport(false, MESSAGES, false, null, List.of());

    public AnthropicSupport {
        limitations = List.copyOf(limitations);
    }
}
