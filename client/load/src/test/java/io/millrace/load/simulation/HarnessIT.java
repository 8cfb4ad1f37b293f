package io.millrace.load.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.load.bus.Bus;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The smoke simulation as the README runs it, in a process of its own: passes on a bus that is well, fails on one that isn't. */
class HarnessIT {
    private static final int PASSED = 0;
    private static final int ASSERTIONS_FAILED = 2;
    private static final int LIMIT_SECONDS = 180;

    private static Bus bus;

    @TempDir
    Path directory;

    private record Run(int exitCode, String said) {}

    @BeforeAll
    static void startBus() {
        bus = BusUnderLoad.open();
    }

    @AfterAll
    static void stopBus() {
        bus.close();
    }

    @Test
    void theSmokeSimulationPasses() throws Exception {
        // A build may share its machine with anything: here it is about right answers, within what counts as none at
        // all.
        Run run = smoke(
                bus.urls().get(0), "-Dload.duration=5", "-Dload.p95=15000", "-Dload.p99=18000", "-Dload.fresh=18000");
        assertThat(run.exitCode()).as(run.said()).isEqualTo(PASSED);
        assertThat(run.said()).contains("Reports generated").contains("acknowledged events");
    }

    @Test
    void theSmokeSimulationFailsOnErrorsOnLostEventsAndOnRefusals() throws Exception {
        try (FaultyProxy proxy = new FaultyProxy(bus.urls().get(0))) {
            Run run = smoke(proxy.url(), "-Dload.duration=2");
            assertThat(run.exitCode()).as(run.said()).isEqualTo(ASSERTIONS_FAILED);
            assertThat(run.said())
                    .containsPattern("status.find.in\\(200,429\\), found 500")
                    .containsPattern("(?m)^Global: count of failed events is 0.0 : false")
                    .containsPattern("(?m)^verdict: what was acknowledged is there, .* : false")
                    .containsPattern("(?m)^verdict: at most 0.0 % of '' refused.* : false")
                    .contains("put: refused");
        }
    }

    private Run smoke(URI url, String... settings) throws IOException, InterruptedException {
        Path said = directory.resolve("gatling.log");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx384m",
                "-XX:TieredStopAtLevel=1",
                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                "-Djava.util.prefs.userRoot=" + directory,
                "-Dmillrace.url=" + url));
        command.addAll(List.of(settings));
        command.addAll(List.of(
                "-cp",
                System.getProperty("java.class.path"),
                "io.gatling.app.Gatling",
                "-s",
                Smoke.class.getName(),
                "-rf",
                directory.resolve("results").toString()));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(said.toFile())
                .start();
        try {
            assertThat(process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS))
                    .as(() -> read(said))
                    .isTrue();
            return new Run(process.exitValue(), read(said));
        } finally {
            process.destroyForcibly();
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            return e.toString();
        }
    }
}
