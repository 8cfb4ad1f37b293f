package io.millrace.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Prometheus takes the alert rules, and they speak when they should: in {@code alerts-test.yaml}, by its own promtool. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class AlertsTest {
    @TempDir
    Path directory;

    @BeforeEach
    void writeRules() throws IOException, InterruptedException {
        assumeTrue(Command.isThere("promtool", "--version"), "SKIPPED: there is no promtool on the PATH");
        JsonNode rules = Overlay.complete().named("PrometheusRule", "millrace").path("spec");
        // JSON is YAML.
        new ObjectMapper().writeValue(directory.resolve("rules.yaml").toFile(), rules);
    }

    @Test
    void prometheusTakesThem() throws Exception {
        promtool("check", "rules", "rules.yaml");
    }

    @Test
    void theySpeakWhenTheyShould() throws Exception {
        try (InputStream tests = Objects.requireNonNull(getClass().getResourceAsStream("/alerts-test.yaml"))) {
            Files.copy(tests, directory.resolve("alerts-test.yaml"), StandardCopyOption.REPLACE_EXISTING);
        }
        promtool("test", "rules", "alerts-test.yaml");
    }

    private void promtool(String... arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Stream.concat(Stream.of("promtool"), Stream.of(arguments))
                        .toList())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
