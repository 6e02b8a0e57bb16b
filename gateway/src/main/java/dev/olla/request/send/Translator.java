package dev.olla.request.send;

import dev.olla.dialect.Abilities;
import dev.olla.dialect.ApiCall;
import dev.olla.dialect.BadRequest;
import dev.olla.dialect.Json;
import dev.olla.dialect.translate.ClientAnswer;
import dev.olla.dialect.translate.ClientRequest;
import dev.olla.dialect.translate.ClientRequests;
import dev.olla.dialect.translate.ServerCall;
import dev.olla.http.Body;
import dev.olla.http.Loop;
import dev.olla.request.route.Candidate;
import dev.olla.request.route.Way;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Puts one client's request to servers of other formats: small ones at once, large ones on a virtual thread.
///
/// Lives on the event loop of its request.
public final class Translator {

    /// Read as a whole, a request takes some times its bytes of the heap: so many, in KiB, may be at once.
    private static final int ROOM = Math.toIntExact(
            Math.max(16 * 1024, Math.min(Runtime.getRuntime().maxMemory() / 1024 / 8, Integer.MAX_VALUE)));

    private static final Semaphore READING = new Semaphore(ROOM, true);

    private final ApiCall call;
    private final Body body;
    private final String model;
    private final ClientRequests requests;
    private final Loop loop;
    private @Nullable ClientRequest read;
    private @Nullable ClientAnswer answer;

    /// What became of a step.
    public sealed interface Result<T> {

        record Done<T>(T value) implements Result<T> {}

        /// The client's request is to blame.
        record Refused<T>(BadRequest why) implements Result<T> {}

        /// The gateway is.
        record Broken<T>(RuntimeException fault) implements Result<T> {}
    }

    /// @param body of the client's request, alive until its exchange is over
    /// @param model as the client spelled it, wherever it did
    public Translator(ApiCall call, Body body, String model, ClientRequests requests, Loop loop) {
        this.call = call;
        this.body = body;
        this.model = model;
        this.requests = requests;
        this.loop = loop;
    }

    public ApiCall call() {
        return call;
    }

    /// The client's side of the answer; null before the request was read.
    public @Nullable ClientAnswer answer() {
        return answer;
    }

    /// Reads the request and hands it over on the loop, perhaps before this method returns.
    public void read(Consumer<Result<ClientRequest>> then) {
        run(this::read, result -> {
            if (result instanceof Result.Done<ClientRequest>(ClientRequest done)) {
                remember(done);
            }
            then.accept(result);
        });
    }

    /// A large one is read again for every server rather than kept.
    private void remember(ClientRequest request) {
        answer = request.answer();
        read = body.isQuicklyRead() ? request : null;
    }

    /// Puts the request to a server and hands its form over on the loop, perhaps before this method returns.
    ///
    /// @param candidate the server
    void put(Way.Translated way, Candidate candidate, Consumer<Result<ServerCall>> then) {
        Abilities abilities = new Abilities(way.extensions(), candidate.thinks());
        String nativeModel = candidate.nativeModel();
        String name = nativeModel == null ? model : nativeModel;
        ClientRequest known = read;
        ClientRequest[] put = new ClientRequest[1];
        run(
                () -> {
                    put[0] = known == null ? read() : known;
                    return put[0].to(way.calls().keySet(), name, abilities, body::another);
                },
                result -> {
                    if (put[0] != null) {
                        remember(put[0]);
                    }
                    then.accept(result);
                });
    }

    private <T> void run(Callable<T> step, Consumer<Result<T>> then) {
        body.read(loop, "translate", () -> body.isQuicklyRead() ? result(step) : inTurn(step), then);
    }

    /// Once there is room.
    private <T> Result<T> inTurn(Callable<T> step) {
        int room = (int) Math.min(ROOM, body.length() / 1024 + 1);
        READING.acquireUninterruptibly(room);
        try {
            return result(step);
        } finally {
            READING.release(room);
        }
    }

    private static <T> Result<T> result(Callable<T> step) {
        try {
            return new Result.Done<>(step.call());
        } catch (BadRequest why) {
            return new Result.Refused<>(why);
        } catch (RuntimeException fault) {
            return new Result.Broken<>(fault);
        } catch (Exception unexpected) {
            return new Result.Broken<>(new IllegalStateException(unexpected));
        }
    }

    private ClientRequest read() throws BadRequest {
        byte[] bytes = body.bytes();
        JsonNode tree = Json.tree(bytes, 0, bytes.length);
        if (tree instanceof ObjectNode object && !object.path("model").isString()) {
            object.put("model", model); // Ollama's older clients call it `name`
        }
        return requests.read(call, tree);
    }
}
