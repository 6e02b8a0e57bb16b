package dev.olla.benchmarks;

import java.io.IOException;
import java.util.List;

/// A gateway started by a command of the user's.
///
/// In the command and the URL, `{port}` stands for a free port, `{backend}` for the backend's `host:port`,
/// `{dir}` for the temporary directory, and `{config}` for the path of a configuration in Olla's format.
record CommandContender(String name, String command, String url) implements Contender {

    private static final String CONFIGURATION = """
            server:
              host: "127.0.0.1"
              port: {port}
              rate_limits:
                global_requests_per_minute: 0
                per_ip_requests_per_minute: 0
            logging:
              level: "warn"
            discovery:
              static:
                endpoints:
                  - url: "http://{backend}"
                    name: "bench"
                    type: "openai-compatible"
                    priority: 100
                    health_check_url: "/health"
                    check_interval: 5s
                    check_timeout: 2s
            """;

    /// This project's gateway, or another build of it.
    static CommandContender gateway(String command) {
        return new CommandContender("gateway", command, "http://127.0.0.1:{port}/olla/proxy");
    }

    @Override
    public RunningContender start(Workspace workspace, Target backend) throws IOException {
        String port = Integer.toString(FreePort.find());
        String backendAddress = backend.host() + ":" + backend.port();
        String configuration = fill(CONFIGURATION, port, backendAddress);
        String filled = fill(command, port, backendAddress)
                .replace("{dir}", workspace.directory().toString())
                .replace(
                        "{config}",
                        workspace.write(name + ".yaml", configuration).toString());
        // exec: the shell becomes the program, so that ending the process ends the program.
        Process process = workspace.start(name, List.of("/bin/sh", "-c", "exec " + filled), false);
        return new RunningContender(this, Target.of(fill(url, port, backendAddress)), process);
    }

    private static String fill(String text, String port, String backend) {
        return text.replace("{port}", port).replace("{backend}", backend);
    }
}
