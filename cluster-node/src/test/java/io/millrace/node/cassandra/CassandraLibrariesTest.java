package io.millrace.node.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CassandraLibrariesTest {

    @TempDir
    Path checkout;

    @Test
    void areFoundFromAnywhereInTheCheckout() throws Exception {
        Path libraries = libraries();
        Files.createFile(libraries.resolve("cassandra-all-5.0.9.jar"));
        Files.createFile(libraries.resolve("millrace-cassandra-0.1.0.jar"));
        Path deep = Files.createDirectories(checkout.resolve("client/demo"));

        assertThat(CassandraLibraries.findAround(deep)).isEqualTo(libraries);
        assertThat(CassandraLibraries.findAround(checkout)).isEqualTo(libraries);
    }

    @Test
    void thatAreNotBuiltAreReportedWithTheCommandThatBuildsThem() throws Exception {
        Path libraries = libraries();

        assertThatThrownBy(() -> CassandraLibraries.findAround(checkout))
                .isInstanceOf(CassandraStartException.class)
                .hasMessageContaining("is incomplete")
                .hasMessageContaining("./mvnw -pl cluster-node/cassandra package");

        Files.delete(libraries);
        assertThatThrownBy(() -> CassandraLibraries.findAround(checkout))
                .hasMessageContaining("doesn't exist")
                .hasMessageContaining("./mvnw -pl cluster-node/cassandra package");
    }

    @Test
    void outsideOfACheckoutThePropertyIsAskedFor() {
        assertThatThrownBy(() -> CassandraLibraries.findAround(checkout))
                .isInstanceOf(CassandraStartException.class)
                .hasMessageContaining("-Dmillrace.cassandra.lib");
    }

    private Path libraries() throws Exception {
        Path module = Files.createDirectories(checkout.resolve("cluster-node/cassandra"));
        Files.createFile(module.resolve("pom.xml"));
        return Files.createDirectories(module.resolve("target/lib"));
    }
}
