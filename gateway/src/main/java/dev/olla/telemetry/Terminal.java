package dev.olla.telemetry;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Whether someone may be looking.
final class Terminal {

    private static final Path LINUX = Path.of("/proc/self/fd/1");

    private Terminal() {}

    /// The JDK's console wants a terminal on standard input too, so Linux is asked first.
    @SuppressWarnings("SystemConsoleNull") // it is null where the console of java.base is chosen
    static boolean isStandardOutput() {
        try {
            String target = Files.readSymbolicLink(LINUX).toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException _) {
            Console console = System.console();
            return console != null && console.isTerminal();
        }
    }
}
