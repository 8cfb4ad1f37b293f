package io.millrace.k8s;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What ships tells nothing of when, where and by whom it was built, so that the same sources give the same bytes;
 * {@code image/reproducible.sh} builds twice and compares.
 */
class JarsTest {
    @ParameterizedTest
    @CsvSource({
        "protocol,          millrace-protocol-VERSION.jar",
        "cluster-node,      millrace-cluster-node-VERSION.jar",
        "client/java,       millrace-client-VERSION.jar",
        "client/load,       bench.jar"
    })
    void theSameSourcesGiveTheSameBytes(String module, String name) throws IOException {
        Path target = Path.of("..", module, "target");
        Path file = target.resolve(name.replace("VERSION", System.getProperty("millrace.version")));
        assumeTrue(Files.exists(file), "SKIPPED: " + module + " wasn't packaged in this build");

        try (JarFile jar = new JarFile(file.toFile())) {
            List<? extends ZipEntry> entries = jar.stream().toList();
            assertThat(entries).extracting(entry -> entry.getTimeLocal()).containsOnly(stamp());
            assertThat(entries.stream().map(entry -> entry.getName()).filter(entry -> entry.endsWith(".class")))
                    .as("in an order that isn't the disk's")
                    .isSorted();
            assertThat(jar.getManifest().getMainAttributes().keySet())
                    .extracting(Object::toString)
                    .doesNotContain("Built-By", "Build-Time", "Build-Jdk", "Build-Host");
        }
        if (Files.exists(target.resolve("bom.json"))) {
            JsonNode bill =
                    new ObjectMapper().readTree(target.resolve("bom.json").toFile());
            assertThat(bill.path("components")).isNotEmpty();
            assertThat(bill.has("serialNumber")).isFalse();
            assertThat(bill.path("metadata").has("timestamp")).isFalse();
        }
    }

    private static LocalDateTime stamp() {
        return OffsetDateTime.parse(System.getProperty("millrace.output.timestamp"))
                .toLocalDateTime();
    }
}
