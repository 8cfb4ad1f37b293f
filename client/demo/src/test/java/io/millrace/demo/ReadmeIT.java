package io.millrace.demo;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.client.EventReader;
import io.millrace.client.Millrace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What README.md tells a newcomer to do, done. */
class ReadmeIT {
    private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
    private static final String ADDRESS = "http://127.0.0.1:8080";

    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void end() {
        started.forEach(process -> process.destroyForcibly().onExit().join());
    }

    @Test
    void itsCommandsAndItsTenLineBotWork() throws Exception {
        String readme = Files.readString(ROOT.resolve("README.md"));
        try (DevProcess dev = new DevProcess(directory)) {
            dev.launch(Optional.empty());
            dev.awaitReady();
            String url = dev.url().toString();

            String put = command(readme, "curl -H ").replace(ADDRESS, url);
            String read = command(readme, "curl '").replace(ADDRESS, url);
            if (start("curl --version", directory.resolve("curl.out")).waitFor() == 0) { // the build needs none
                assertThat(run(put)).contains("\"queue\":\"hello\"", "\"events\":1");
                assertThat(run(read)).contains("\"hello\":\"world\"");
            }

            // the bot
            String code = found(readme, "```java\n(.*?)```");
            Files.writeString(directory.resolve("Greeter.java"), code.replace(ADDRESS, url));
            Path output = directory.resolve("greeter.out");
            start(
                    command(readme, "java -cp")
                            .replace("client/demo", ROOT.resolve("client/demo").toString()),
                    output);

            Awaitility.await()
                    .atMost(Duration.ofMinutes(1))
                    .untilAsserted(() -> assertThat(output).content().contains("Hello, Ada!"));
            try (Millrace millrace = Millrace.connect(dev.url());
                    EventReader greetings = millrace.read("greetings")) {
                assertThat(greetings).hasSize(1);
            }
        }
    }

    private static String command(String readme, String beginning) {
        return found(readme, "\n    (" + Pattern.quote(beginning) + "[^\n#]*)");
    }

    private static String found(String readme, String pattern) {
        Matcher matcher = Pattern.compile(pattern, Pattern.DOTALL).matcher(readme);
        assertThat(matcher.find()).as("README.md has " + pattern).isTrue();
        return matcher.group(1);
    }

    private String run(String command) throws IOException, InterruptedException {
        Path output = Files.createTempFile(directory, "command", ".out");
        assertThat(start(command, output).waitFor()).as(command).isZero();
        return Files.readString(output);
    }

    private Process start(String command, Path output) throws IOException {
        Process process = new ProcessBuilder("sh", "-c", "exec " + command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        started.add(process);
        return process;
    }
}
