package dev.olla.testbed;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// The calls by which a simulated Ollama gets, gives away and loses models. A name with `missing` in it is in no
/// registry.
final class OllamaManagement {

    private final Backend backend;

    OllamaManagement(Backend backend) {
        this.backend = backend;
    }

    void addTo(Map<String, Routes.Route> posts) {
        posts.put("/api/pull", arrival -> progress(arrival, "pull", true));
        posts.put("/api/create", arrival -> progress(arrival, "create", true));
        posts.put("/api/push", arrival -> progress(arrival, "push", false));
        posts.put("/api/copy", this::copy);
    }

    private Answer progress(Arrival arrival, String verb, boolean adds) {
        JsonNode request = json(arrival);
        String name = name(request);
        if (name.isEmpty()) {
            return error(400, "model is required");
        }
        boolean missing = name.contains("missing") || (!adds && backend.models().find(name) == null);
        SimulatedModel model = SimulatedModel.of(name.indexOf(':') < 0 ? name + ":latest" : name);
        if (!request.path("stream").asBoolean(true)) {
            return missing ? error(500, verb + " model manifest: file does not exist") : done(model, adds);
        }
        String last =
                missing ? line("error", verb + " model manifest: file does not exist") : line("status", "success");
        String piece = line("status", FrameTemplate.PIECE);
        return new Answer.Streamed(
                model,
                Reply.Words.of(backend.name(), backend.pacing().tokens(), false),
                Answer.LINES,
                new Answer.Frames(bytes(line("status", verb + "ing manifest")), FrameTemplate.ofText(piece), _ -> {
                    if (adds && !missing) {
                        backend.models().add(model);
                    }
                    return bytes(last);
                }));
    }

    private Answer done(SimulatedModel model, boolean adds) {
        if (adds) {
            backend.models().add(model);
        }
        return Answer.Sized.json(Json.object().put("status", "success"));
    }

    private Answer copy(Arrival arrival) {
        JsonNode request = json(arrival);
        SimulatedModel source = backend.models().find(request.path("source").asString(""));
        if (source == null) {
            return error(404, "model '" + request.path("source").asString("") + "' not found");
        }
        String target = request.path("destination").asString("");
        String tagged = target.indexOf(':') < 0 ? target + ":latest" : target;
        backend.models().add(SimulatedModel.of(tagged, source.size(), source.digest()));
        return empty(200);
    }

    Answer delete(Arrival arrival) {
        String name = name(json(arrival));
        SimulatedModel model = backend.models().find(name);
        if (model == null) {
            return error(404, "model '" + name + "' not found");
        }
        backend.models().remove(model.name());
        backend.slots().unload(model.name());
        return empty(200);
    }

    Answer blob(Arrival arrival) {
        boolean there = backend.blobs().has(arrival.path().substring(Blobs.PREFIX.length()));
        if (arrival.isHead()) {
            return empty(there ? 200 : 404);
        }
        return there ? empty(201) : error(400, "digest mismatch");
    }

    private static String name(JsonNode request) {
        return request.path("model").asString(request.path("name").asString(""));
    }

    private static JsonNode json(Arrival arrival) {
        try {
            return Json.MAPPER.readTree(arrival.body());
        } catch (JacksonException _) {
            return Json.object();
        }
    }

    private static Answer empty(int status) {
        return Answer.Sized.text(status, "");
    }

    private static Answer error(int status, String message) {
        return Answer.Sized.json(status, Json.object().put("error", message));
    }

    private static String line(String key, String value) {
        return Json.text(Json.object().put(key, value)) + "\n";
    }

    private static byte[] bytes(String line) {
        return line.getBytes(StandardCharsets.UTF_8);
    }
}
