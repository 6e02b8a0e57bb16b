package dev.olla.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/// nginx as a reverse proxy, the yardstick, set up the way one would for inference servers.
record Nginx(Path program, int workers) implements Contender {

    static final String NAME = "nginx";

    private static final Duration WARM_UP = Duration.ofSeconds(2);

    /// `{…}` are replaced. Bodies are held in memory, and answers passed on as they come.
    private static final String CONFIGURATION = """
            {user}
            worker_processes {workers};
            daemon off;
            pid {dir}/nginx.pid;
            error_log {dir}/nginx.log error;
            events { worker_connections 8192; }
            http {
              access_log off;
              client_max_body_size 64m;
              client_body_buffer_size 1m;
              client_body_temp_path {dir}/nginx-bodies;
              proxy_temp_path {dir}/nginx-answers;
              fastcgi_temp_path {dir}/nginx-fastcgi;
              uwsgi_temp_path {dir}/nginx-uwsgi;
              scgi_temp_path {dir}/nginx-scgi;
              keepalive_requests 1000000000;
              tcp_nodelay on;
              upstream backend {
                server {backend};
                keepalive 512;
                keepalive_requests 1000000000;
              }
              server {
                listen 127.0.0.1:{port} backlog=4096;
                location / {
                  proxy_pass http://backend;
                  proxy_http_version 1.1;
                  proxy_set_header Connection "";
                  proxy_buffering off;
                  proxy_read_timeout 300s;
                }
              }
            }
            """;

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public Duration warmUp(Duration asked) {
        return asked.compareTo(WARM_UP) < 0 ? asked : WARM_UP;
    }

    @Override
    public RunningContender start(Workspace workspace, Target backend) throws IOException {
        Target target = new Target("127.0.0.1", FreePort.find(), "");
        Path configuration = workspace.write("nginx.conf", configuration(workspace.directory(), target, backend));
        List<String> command = List.of(
                program.toString(),
                "-p",
                workspace.directory().toString(),
                "-e",
                workspace.log(NAME).toString(),
                "-c",
                configuration.toString());
        return new RunningContender(this, target, workspace.start(NAME, command, false));
    }

    private String configuration(Path directory, Target target, Target backend) {
        // Started by root, nginx would give its workers to an account that may not enter the directory.
        String user = "root".equals(System.getProperty("user.name")) ? "user root;" : "";
        return CONFIGURATION
                .replace("{user}", user)
                .replace("{workers}", Integer.toString(workers))
                .replace("{dir}", directory.toString())
                .replace("{port}", Integer.toString(target.port()))
                .replace("{backend}", backend.host() + ":" + backend.port());
    }
}
