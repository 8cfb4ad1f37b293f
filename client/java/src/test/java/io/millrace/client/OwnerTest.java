package io.millrace.client;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.millrace.client.fake.FakeNode;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Appends go to the node where their queue lives, once that is known. */
@Timeout(60)
class OwnerTest {
    private final FakeNode one = new FakeNode();
    private final FakeNode two = FakeNode.beside(one);
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
    void appendsGoToTheOwnerOnceItIsKnown() {
        FakeNode other = first();
        FakeNode owner = other == one ? two : one;
        ownedBy(owner.uri());

        await().until(() -> {
            put();
            return owner.appends() > 0;
        });

        int before = other.appends();
        IntStream.range(0, 50).forEach(i -> put());
        assertThat(other.appends())
                .as("appends that would have to be handed on")
                .isEqualTo(before);
    }

    @Test
    void anOwnerThatIsGoneIsLeft() {
        FakeNode other = first();
        FakeNode owner = other == one ? two : one;
        ownedBy(owner.uri());
        await().until(() -> {
            put();
            return owner.appends() > 0;
        });

        owner.close();
        int before = other.appends();
        put();

        assertThat(other.appends()).isEqualTo(before + 1);
    }

    @Test
    void anAddressThatTheClientWasNotGivenIsNeverUsed() {
        FakeNode used = first();
        try (FakeNode stranger = new FakeNode()) {
            ownedBy(stranger.uri());

            IntStream.range(0, 200).forEach(i -> put());

            assertThat(stranger.requests()).isZero();
            assertThat(used.appends()).isEqualTo(201);
        }
    }

    @Test
    void aFewAppendsAskNobody() {
        ownedBy(one.uri());

        IntStream.range(0, 3).forEach(i -> put());

        assertThat(one.requests() + two.requests()).isEqualTo(3);
    }

    private void ownedBy(URI address) {
        one.owner(address);
        two.owner(address);
    }

    private FakeNode first() {
        put();
        return one.appends() > 0 ? one : two;
    }

    private void put() {
        millrace.put("orders", Map.of("n", 1));
    }
}
