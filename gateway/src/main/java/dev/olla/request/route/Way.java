package dev.olla.request.route;

import dev.olla.dialect.ApiCall;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How a request gets to an endpoint.
public sealed interface Way {

    Way AS_IT_IS = new AsItIs(null, null);

    /// As the client made it, at most with another name for the model.
    ///
    /// @param path where the server takes it; null for the path that the client asked for
    /// @param otherwise the way should it turn out that the server doesn't know that path; null where there is none
    record AsItIs(@Nullable String path, @Nullable Translated otherwise) implements Way {}

    /// Put into another call.
    ///
    /// @param calls that the server understands, and where it takes them; the request itself decides among them
    /// @param extensions what it takes beyond their formats
    record Translated(Map<ApiCall, String> calls, Set<String> extensions) implements Way {

        public Translated {
            calls = Map.copyOf(calls);
            extensions = Set.copyOf(extensions);
        }
    }
}
