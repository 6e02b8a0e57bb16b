package dev.olla.testbed;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The demo: a gateway in front of three simulated servers, with commands to try and every request shown.
@Command(
        name = "demo",
        mixinStandardHelpOptions = true,
        description = "Starts a gateway in front of three simulated inference servers.")
public final class Demo implements Callable<Integer> {

    @Option(names = "--port", defaultValue = "40114", description = "The gateway's port (default 40114).")
    private int port = 40_114;

    @Option(names = "--all", description = "Also shows health checks and model lists that reach the servers.")
    private boolean showAll;

    @Parameters(arity = "1..*", paramLabel = "COMMAND", description = "After --: the command that starts the gateway.")
    private List<String> command = new ArrayList<>();

    private final CountDownLatch stopping = new CountDownLatch(1);

    public static void main(String[] arguments) {
        System.exit(new CommandLine(new Demo()).setStopAtPositional(true).execute(arguments));
    }

    @Override
    public Integer call() throws InterruptedException {
        if (portIsTaken()) {
            return fail("port " + port + " is already in use: stop what listens there, or choose another with --port");
        }
        try (DemoFleet fleet = new DemoFleet(this::show)) {
            Path configuration = Files.createTempFile("olla-demo-", ".yaml");
            Files.writeString(configuration, fleet.gatewayConfiguration(port));
            try (DemoGateway gateway = DemoGateway.start(command, configuration, port)) {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(gateway)));
                return run(fleet, gateway);
            }
        } catch (IOException e) {
            return fail("cannot start the gateway: " + e.getMessage());
        }
    }

    private int run(DemoFleet fleet, DemoGateway gateway) throws InterruptedException {
        if (gateway.awaitModels(fleet.modelNames())) {
            print(introduction(fleet));
        } else if (gateway.running()) {
            return fail("the gateway listed no models within " + DemoGateway.PATIENCE.toSeconds() + " seconds");
        }
        int status = gateway.awaitExit();
        // Ctrl-C reaches the gateway as well: its end is then no failure.
        if (!stopping.await(300, TimeUnit.MILLISECONDS)) {
            return fail("the gateway ended by itself with exit code " + status);
        }
        return 0;
    }

    private void stop(DemoGateway gateway) {
        stopping.countDown();
        gateway.close();
    }

    private String introduction(DemoFleet fleet) {
        StringBuilder text = new StringBuilder("\nThe gateway is in front of\n");
        for (SimulatedServer server : fleet.servers()) {
            List<String> models =
                    server.models().stream().map(SimulatedModel::name).toList();
            text.append("  %-7s %-7s %s  %s%n"
                    .formatted(server.name(), server.kind(), server.uri(), String.join(", ", models)));
        }
        text.append("\nTry, in another terminal:\n\n");
        commands(port).forEach(command -> text.append(command).append("\n\n"));
        return text.append("Requests appear below as the servers answer them. Ctrl-C ends the demo.\n")
                .toString();
    }

    /// What a newcomer may paste; the README has the same.
    static List<String> commands(int port) {
        String base = "http://localhost:" + port + "/olla";
        String body = "{\"model\":\"" + DemoFleet.SHARED_MODEL
                + "\",\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}";
        return List.of(
                "curl -s " + base + "/openai/v1/chat/completions -H 'Content-Type: application/json' -d '" + body + "'",
                "curl -N " + base + "/ollama/api/chat -H 'Content-Type: application/json' -d '" + body + "'",
                "curl -s " + base + "/models");
    }

    private void show(FinishedRequest request) {
        if (showAll || request.method().equals("POST")) {
            print(request.toString());
        }
    }

    private boolean portIsTaken() {
        try (ServerSocket probe = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return !probe.isBound();
        } catch (IOException _) {
            return true;
        }
    }

    private static int fail(String reason) {
        System.err.println("demo: " + reason);
        return 1;
    }

    private static void print(String text) {
        System.out.println(text);
    }
}
