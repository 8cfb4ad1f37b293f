package io.millrace.node.cassandra;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.node.cassandra.TestCassandraChoice.ChildProcess;
import io.millrace.node.cassandra.TestCassandraChoice.Container;
import io.millrace.node.cassandra.TestCassandraChoice.Given;
import java.net.InetSocketAddress;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TestCassandraChoiceTest {

    @Test
    void aGivenCassandraWinsAndDockerIsNotEvenAsked() {
        var choice = TestCassandraChoice.of("10.0.0.7:9043/east", () -> {
            throw new AssertionError("asked");
        });

        assertThat(choice).isEqualTo(new Given(new InetSocketAddress("10.0.0.7", 9043), "east"));
    }

    @Test
    void theDatacenterIsCassandrasDefaultWhenItIsLeftOut() {
        assertThat(TestCassandraChoice.of("[fe80::7]:9042", () -> true))
                .isEqualTo(new Given(new InetSocketAddress("fe80::7", 9042), "datacenter1"));
    }

    @Test
    void aContainerIsUsedWhereDockerAnswersElseAChildProcess() {
        assertThat(TestCassandraChoice.of(null, () -> true)).isEqualTo(new Container(false));
        assertThat(TestCassandraChoice.of(" ", () -> false)).isEqualTo(new ChildProcess());
    }

    @Test
    void eitherCanBeDemandedAndThenDockerIsNotAsked() {
        BooleanSupplier nobodyAsks = () -> {
            throw new AssertionError("asked");
        };

        assertThat(TestCassandraChoice.of(" container", nobodyAsks)).isEqualTo(new Container(true));
        assertThat(TestCassandraChoice.of("child ", nobodyAsks)).isEqualTo(new ChildProcess());
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "localhost:", ":9042", "localhost:cql", "localhost:70000", "localhost:9042/"})
    void aMalformedVariableIsRefusedByName(String given) {
        assertThatThrownBy(() -> TestCassandraChoice.of(given, () -> false))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(TestCassandraChoice.VARIABLE)
                .hasMessageContaining(given);
    }
}
