package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.millrace.client.fake.FakeNode;
import io.millrace.client.fake.Fault;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A client that knows several nodes of a bus. */
@Timeout(60)
class FailoverTest {
    private final FakeNode one = new FakeNode();
    private final FakeNode two = new FakeNode();
    private final Millrace millrace = Millrace.builder(one.uri(), two.uri())
            .deadline(Duration.ofSeconds(5))
            .attemptTimeout(Duration.ofMillis(500))
            .build();

    @AfterEach
    void close() {
        millrace.close();
        one.close();
        two.close();
    }

    @Test
    void staysWithTheNodeThatServesIt() {
        IntStream.range(0, 20).forEach(i -> millrace.queues().create("orders"));

        assertThat(List.of(one.requests(), two.requests())).contains(0);
    }

    @Test
    void goesToTheNextNodeWhenItsOwnIsGone() {
        millrace.queues().create("orders");
        used().close();

        millrace.queues().create("orders");

        assertThat(Stream.of(one, two).filter(node -> node.hasQueue("orders"))).hasSize(2);
    }

    @Test
    void goesToTheNextNodeWhenItsOwnCannotServe() {
        millrace.queues().create("orders");
        FakeNode first = used();
        first.faults((method, path) -> Fault.UNAVAILABLE);

        millrace.queues().create("orders");
        int refused = first.requests();
        IntStream.range(0, 10).forEach(i -> millrace.queues().create("orders"));

        assertThat(first.requests()).as("it isn't asked again").isEqualTo(refused);
    }

    @Test
    void goesToTheNextNodeWhenItsOwnHangs() {
        millrace.queues().create("orders");
        FakeNode first = used();
        first.faults((method, path) -> Fault.HANG);

        millrace.queues().create("orders");

        assertThat(other(first).requests()).isEqualTo(1);
    }

    @Test
    void tellsOfAllNodesWhenNoneCanBeReached() {
        one.close();
        two.close();

        assertThatThrownBy(() -> millrace.queues().create("orders"))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining(one.uri().toString())
                .hasMessageContaining(two.uri().toString());
    }

    @Test
    void needsAtLeastOneNode() {
        assertThatThrownBy(() -> Millrace.connect(new URI[0])).isInstanceOf(IllegalArgumentException.class);
    }

    private FakeNode used() {
        return one.requests() > 0 ? one : two;
    }

    private FakeNode other(FakeNode node) {
        return node == one ? two : one;
    }
}
