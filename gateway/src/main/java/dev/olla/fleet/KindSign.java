package dev.olla.fleet;

import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/// Paths by whose answers one kind of server is told from all others.
///
/// The shape of the body counts and the status never does: some kinds answer 200 to anything, some speak the API of
/// another one beside their own.
///
/// @param present each path with the shape that its body has
/// @param absent a path whose body must not be that of another kind; `present` of nothing where there is none
record KindSign(String kind, List<Shape> present, List<Shape> absent) {

    /// What a path answers.
    record Shape(String path, Predicate<JsonNode> fits) {}

    enum Found {
        PRESENT,
        ABSENT,
        /// The server failed, or did not answer in time.
        UNCLEAR
    }

    private static final int NOT_IMPLEMENTED = 501;

    private static final Shape VERSION =
            new Shape("/version", body -> body.path("version").isString());

    /// The first that is present counts.
    static final List<KindSign> IN_ORDER = List.of(
            of(
                    "lemonade",
                    "/api/v1/system-info",
                    body -> body.has("OS Version") || body.path("devices").isObject()),
            of("docker-model-runner", "/engines/v1/models", body -> isList(body, "data")),
            of("lm-studio", "/api/v0/models", body -> isList(body, "data")),
            of(
                    "litellm",
                    "/health/liveness",
                    body -> body.isString() && body.stringValue().contains("alive")),
            of("omlx", "/v1/models/status", body -> isList(body, "models")),
            of(
                    "llamacpp",
                    "/props",
                    body -> body.path("default_generation_settings").isObject()
                            || body.path("total_slots").isIntegralNumber()),
            of("sglang", "/get_model_info", body -> body.path("model_path").isString()),
            new KindSign(
                    "lmdeploy",
                    List.of(new Shape(
                            "/is_sleeping", body -> body.path("is_sleeping").isBoolean())),
                    List.of(VERSION)),
            new KindSign("vllm", List.of(VERSION), List.of()),
            new KindSign(
                    "ollama",
                    List.of(
                            new Shape(
                                    "/api/version", body -> body.path("version").isString()),
                            new Shape("/api/tags", body -> isList(body, "models"))),
                    List.of()));

    /// A kind of the user's own, of which no shapes are known: any JSON at all of the paths.
    static KindSign written(String kind, List<String> paths) {
        List<Shape> shapes = paths.stream()
                .map(path -> new Shape(path, body -> !body.isMissingNode()))
                .toList();
        return new KindSign(kind, shapes, List.of());
    }

    private static KindSign of(String kind, String path, Predicate<JsonNode> fits) {
        return new KindSign(kind, List.of(new Shape(path, fits)), List.of());
    }

    private static boolean isList(JsonNode body, String field) {
        return body.path(field).isArray();
    }

    /// Asks the server. Blocks.
    Found look(ControlCalls calls, Duration patience) throws InterruptedException {
        for (Shape shape : present) {
            Found found = look(shape, calls, patience);
            if (found != Found.PRESENT) {
                return found;
            }
        }
        for (Shape shape : absent) {
            Found found = look(shape, calls, patience);
            if (found != Found.ABSENT) {
                return found == Found.PRESENT ? Found.ABSENT : found;
            }
        }
        return Found.PRESENT;
    }

    private static Found look(Shape shape, ControlCalls calls, Duration patience) throws InterruptedException {
        ControlCalls.Told told = calls.outline(shape.path(), patience);
        if (!told.answered() || (told.status() >= 500 && told.status() != NOT_IMPLEMENTED)) {
            return Found.UNCLEAR;
        }
        return told.good() && shape.fits().test(told.body()) ? Found.PRESENT : Found.ABSENT;
    }
}
