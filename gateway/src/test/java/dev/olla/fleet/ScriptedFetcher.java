package dev.olla.fleet;

import dev.olla.http.Body;
import dev.olla.http.FetchRequest;
import dev.olla.http.Fetched;
import dev.olla.http.Fetcher;
import dev.olla.http.Headers;
import dev.olla.http.ResponseHead;
import dev.olla.http.Streamed;
import dev.olla.http.UpstreamFailure;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/// A fetcher without a network: each URL answers as it was told; every other one refuses the connection.
final class ScriptedFetcher implements Fetcher {

    private final Map<String, Script> scripts = new ConcurrentHashMap<>();
    private final List<Call> calls = new CopyOnWriteArrayList<>();

    /// Answers the nth call to its URL, from 0; may block.
    interface Script {
        Fetched answer(int call) throws InterruptedException;
    }

    record Call(URI uri, Headers headers, Duration timeout, long at) {}

    ScriptedFetcher on(String url, Script script) {
        scripts.put(url, script);
        return this;
    }

    /// The answers in turn; the last one for ever.
    ScriptedFetcher on(String url, Fetched... answers) {
        return on(url, call -> answers[Math.min(call, answers.length - 1)]);
    }

    List<Call> calls(String url) {
        return calls.stream().filter(call -> call.uri().toString().equals(url)).toList();
    }

    private Fetched answer(FetchRequest request) throws InterruptedException {
        String url = request.uri().toString();
        int earlier = calls(url).size();
        calls.add(new Call(request.uri(), request.headers(), request.timeout(), System.nanoTime()));
        Script script = scripts.get(url);
        return script == null ? Samples.failure(UpstreamFailure.Kind.REFUSED) : script.answer(earlier);
    }

    @Override
    public <T> Streamed<T> fetch(FetchRequest request, Streamed.Reader<T> reader) throws InterruptedException {
        return switch (answer(request)) {
            case Fetched.Failed(UpstreamFailure failure) -> new Streamed.Failed<>(failure);
            case Fetched.Answer(int status, Headers headers, Body body, Duration took) -> {
                try {
                    ResponseHead head = new ResponseHead(status, headers);
                    T value = reader.read(head, new ByteArrayInputStream(body.bytes()));
                    yield new Streamed.Answer<>(status, headers, value, took);
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            }
        };
    }
}
