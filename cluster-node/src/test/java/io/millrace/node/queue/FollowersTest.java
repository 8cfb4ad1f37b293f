package io.millrace.node.queue;

import static io.millrace.node.queue.Given.NOW;
import static org.assertj.core.api.Assertions.assertThat;

import io.millrace.node.application.Cursor;
import io.millrace.protocol.Position;
import org.junit.jupiter.api.Test;

class FollowersTest {
    private final Followers followers = new Followers();

    @Test
    void aReaderWaitsUntilItsOwnTimeIsOver() {
        QueueCommand.Read brief = read(1_000);
        QueueCommand.Read patient = read(60_000);
        followers.offer(brief, NOW);
        followers.offer(patient, NOW);

        assertThat(followers.expired(NOW + 999)).isEmpty();
        assertThat(followers.expired(NOW + 1_000)).containsExactly(brief);
        assertThat(followers.expired(NOW + 1_001)).isEmpty();
        assertThat(followers.isEmpty()).isFalse();
        assertThat(followers.expired(NOW + 60_000)).containsExactly(patient);
        assertThat(followers.isEmpty()).isTrue();
    }

    @Test
    void onlyThoseThatFitAreReleasedAndEachOnce() {
        QueueCommand.Read one = read(1_000);
        QueueCommand.Read other = read(2_000);
        followers.offer(one, NOW);
        followers.offer(other, NOW);

        assertThat(followers.release(other::equals)).containsExactly(other);
        assertThat(followers.release(read -> true)).containsExactly(one);
        assertThat(followers.release(read -> true)).isEmpty();
    }

    @Test
    void tenThousandMayWait() {
        for (int i = 0; i < Followers.MAX; i++) {
            assertThat(followers.offer(read(1), NOW)).isTrue();
        }
        assertThat(followers.offer(read(1), NOW)).isFalse();
        assertThat(followers.expired(NOW + 1)).hasSize(Followers.MAX);
        assertThat(followers.offer(read(1), NOW)).isTrue();
    }

    private static QueueCommand.Read read(long wait) {
        return new QueueCommand.Read(Cursor.after(Position.BEGINNING), 1, wait, TestQueue.nobody());
    }
}
