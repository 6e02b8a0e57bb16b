package dev.olla.testbed;

import tools.jackson.databind.JsonNode;

/// The shape that a dialect gives to its errors.
enum Envelope {
    OLLAMA {
        @Override
        JsonNode error(int status, String message) {
            return Json.object().put("error", message);
        }

        @Override
        Answer.Sized modelNotFound(String model) {
            return answer(404, "model '" + model + "' not found");
        }
    },
    OPENAI {
        @Override
        JsonNode error(int status, String message) {
            String type = status >= 500 ? "server_error" : status == 429 ? "rate_limit_error" : "invalid_request_error";
            return Json.object()
                    .set(
                            "error",
                            Json.object()
                                    .put("message", message)
                                    .put("type", type)
                                    .putNull("param")
                                    .putNull("code"));
        }

        @Override
        Answer.Sized modelNotFound(String model) {
            return Answer.Sized.json(
                    404,
                    Json.object()
                            .set(
                                    "error",
                                    Json.object()
                                            .put("message", "The model '" + model + "' does not exist")
                                            .put("type", "invalid_request_error")
                                            .put("param", "model")
                                            .put("code", "model_not_found")));
        }
    },
    ANTHROPIC {
        @Override
        JsonNode error(int status, String message) {
            String type = switch (status) {
                case 400 -> "invalid_request_error";
                case 401 -> "authentication_error";
                case 403 -> "permission_error";
                case 404 -> "not_found_error";
                case 413 -> "request_too_large";
                case 429 -> "rate_limit_error";
                case 529 -> "overloaded_error";
                default -> "api_error";
            };
            return Json.object()
                    .put("type", "error")
                    .set("error", Json.object().put("type", type).put("message", message));
        }

        @Override
        Answer.Sized modelNotFound(String model) {
            return answer(404, "model: " + model);
        }
    };

    abstract JsonNode error(int status, String message);

    abstract Answer.Sized modelNotFound(String model);

    Answer.Sized answer(int status, String message) {
        return Answer.Sized.json(status, error(status, message));
    }

    /// The envelope that servers use on a path.
    static Envelope of(String path) {
        if (path.startsWith("/v1/messages")) {
            return ANTHROPIC;
        }
        boolean ollama = path.startsWith("/api/") && !path.startsWith("/api/v");
        return ollama ? OLLAMA : OPENAI;
    }
}
