package io.millrace.node;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.tools.ToolProvider;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Needs no node: a fake one says that it's ready. Cassandra and the process tree are real. */
class DevCommandIT {

    private static final String DEMO = """
            package io.millrace.demo;
            public class Demo {
                public static void main(String[] arguments) throws Exception {
                    System.out.println("demo " + String.join(" ", arguments));
                    while (System.in.read() != -1) {}
                }
            }
            """;

    @TempDir
    Path directory;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endWhatIsLeft() {
        for (Process process : started) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
    }

    @Test
    void fourLinesThenTheDemoAndSigtermStopsAllInOrder() throws Exception {
        // when
        Process dev = dev("--demo");
        BufferedReader out = output(dev);

        // then
        String api = out.readLine().split("\\s+")[1];
        assertThat(api).matches("http://127\\.0\\.0\\.1:\\d+");
        assertThat(out.readLine()).startsWith("Console");
        assertThat(out.readLine()).startsWith("Try      curl ").endsWith(api + "/v1/queues/hello/events");
        assertThat(out.readLine())
                .startsWith("Docs")
                .contains(directory.resolve("data").toString());
        assertThat(out.readLine()).isEqualTo("demo --url " + api);
        List<ProcessHandle> children = dev.descendants().toList();
        assertThat(children).hasSize(2);

        // and a second one in the same place is refused in one line
        Process second = dev();
        assertThat(second.waitFor(30, TimeUnit.SECONDS)).isTrue();
        assertThat(second.exitValue()).isEqualTo(ExitCode.DIRECTORY_IN_USE.code());
        assertThat(errors(second))
                .containsExactly("millrace: data directory "
                        + directory.resolve("data").toRealPath() + " is in use by process " + dev.pid());

        // when (the handle, because the process would close our end of its output)
        dev.toHandle().destroy();

        // then
        assertThat(dev.waitFor(16, TimeUnit.SECONDS)).isTrue();
        assertThat(dev.exitValue()).isEqualTo(143);
        assertThat(children).noneMatch(ProcessHandle::isAlive);
        assertThat(out.readLine()).isEqualTo("node stopped");
        assertThat(errors(dev)).isEmpty();
    }

    @Test
    void killingItTakesTheChildrenAlongAndTheNextOneGoesOn() throws Exception {
        // given
        Process dev = dev("--demo");
        assertThat(output(dev).readLine()).startsWith("API");
        Awaitility.await().until(() -> dev.descendants().count() == 2);
        List<ProcessHandle> children = dev.descendants().toList();

        // when
        dev.destroyForcibly().waitFor();

        // then
        Process next = dev();
        assertThat(output(next).readLine()).startsWith("API");
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .until(() -> children.stream().noneMatch(ProcessHandle::isAlive));
        next.destroy();
        assertThat(next.waitFor(16, TimeUnit.SECONDS)).isTrue();
    }

    private Process dev(String... options) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-D" + DevCommand.DEMO_CLASS_PATH + "=" + compiledDemo(),
                "-cp",
                System.getProperty("java.class.path"),
                DevWithFakeNode.class.getName(),
                "dev",
                "--http-port",
                "0",
                "--data",
                directory.resolve("data").toString()));
        command.addAll(List.of(options));
        Process process = new ProcessBuilder(command)
                .redirectError(errorFile(started.size()).toFile())
                .start();
        started.add(process);
        return process;
    }

    private Path compiledDemo() throws IOException {
        Path source = directory.resolve("Demo.java");
        Files.writeString(source, DEMO);
        Path classes = Files.createDirectories(directory.resolve("demo"));
        assertThat(ToolProvider.getSystemJavaCompiler()
                        .run(null, null, null, "-d", classes.toString(), source.toString()))
                .isZero();
        return classes;
    }

    private static BufferedReader output(Process process) {
        return new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    private List<String> errors(Process process) throws IOException {
        return Files.readAllLines(errorFile(started.indexOf(process)));
    }

    private Path errorFile(int number) {
        return directory.resolve("errors-" + number);
    }
}
