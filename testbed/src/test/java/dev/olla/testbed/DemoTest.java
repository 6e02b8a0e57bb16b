package dev.olla.testbed;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DemoTest {

    @Test
    void theReadmeHasTheCommandsThatItPrints() throws IOException {
        assertThat(Files.readString(Path.of("../README.md"))).contains(String.join("\n\n", Demo.commands(40114)));
    }
}
