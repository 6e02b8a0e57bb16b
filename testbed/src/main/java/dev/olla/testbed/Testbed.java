package dev.olla.testbed;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// The program that serves simulated inference servers until it is told to stop.
@Command(
        name = "testbed",
        mixinStandardHelpOptions = true,
        sortOptions = false,
        description = "Serves simulated inference servers until it is interrupted.")
public final class Testbed implements Callable<Integer> {

    @Option(
            names = "--server",
            required = true,
            paramLabel = "KEY=VALUE,...",
            description = {
                "A server to simulate; may be repeated.",
                "Keys: " + ServerOption.KEYS + ".",
                "Models are separated by '|', durations written like 50ms.",
                "Example: kind=ollama,name=box-a,port=11434,models=llama3.2:latest|mistral:7b,ttft=50ms,tps=40,slots=2"
            })
    private List<String> servers = new ArrayList<>();

    @Option(names = "--control-port", description = "Serves /__testbed/NAME/... for all servers on this port.")
    private @Nullable Integer controlPort;

    @Option(names = "--threads", defaultValue = "1", description = "Event loops shared by all servers (default 1).")
    private int threads = 1;

    @Option(names = "--requests", description = "Prints a line for each request when it is over.")
    private boolean printRequests;

    @Spec
    private @Nullable CommandSpec spec;

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Testbed()).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        List<AutoCloseable> running = new ArrayList<>();
        CountDownLatch end = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> {
            close(running);
            end.countDown();
        }));
        try {
            start(running);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(commandLine(), String.valueOf(e.getMessage()), e);
        } catch (Exception e) {
            output().println("cannot start: " + e.getMessage());
            output().flush();
            return 1;
        }
        end.await();
        return 0;
    }

    private void start(List<AutoCloseable> running) throws IOException {
        EventLoops loops = EventLoops.ofThreads(threads);
        running.addFirst(loops);
        List<SimulatedServer> started = new ArrayList<>();
        for (String text : servers) {
            SimulatedServerBuilder plan = ServerOption.read(text);
            if (printRequests) {
                plan.onFinished(request -> print(request.toString()));
            }
            SimulatedServer server = plan.start(loops);
            running.addFirst(server);
            started.add(server);
            print("ready %s %s %s".formatted(server.name(), server.kind(), server.uri()));
        }
        if (controlPort != null) {
            ControlServer control = ControlServer.start(controlPort, started);
            running.addFirst(control);
            print("ready control " + control.uri() + "/__testbed/");
        }
    }

    private static void close(List<AutoCloseable> running) {
        for (AutoCloseable closeable : running) {
            try {
                closeable.close();
            } catch (Exception _) {
                // the process ends anyway
            }
        }
    }

    private CommandLine commandLine() {
        return Objects.requireNonNull(spec).commandLine();
    }

    private PrintWriter output() {
        return commandLine().getOut();
    }

    private void print(String line) {
        PrintWriter output = output();
        output.println(line);
        output.flush();
    }
}
