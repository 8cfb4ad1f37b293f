package io.millrace.node.journal;

import static io.millrace.node.journal.JournalFixture.await;
import static io.millrace.node.journal.JournalFixture.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.datastax.oss.driver.api.core.CqlSession;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The network between a node and Cassandra loses or delays what the node must know. */
class LostAnswerIT {
    private static JournalFixture fixture;

    private final String log = "log-" + UUID.randomUUID();
    private final AtomicBoolean hinted = new AtomicBoolean();
    private TcpProxy proxy;
    private CqlSession session;
    private FencedLog hurt;
    private FencedLog well;
    private Claim claim;

    @BeforeAll
    static void open() {
        fixture = JournalFixture.open();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @BeforeEach
    void appendTwo() {
        proxy = new TcpProxy(fixture.settings.contactPoints().get(0));
        session = fixture.through(proxy.address(), Duration.ofSeconds(1));
        hurt = fixture.node(session);
        well = fixture.node();
        claim = await(hurt.claim(log));
        await(hurt.append(claim, 1, events("a", "b")));
    }

    @AfterEach
    void end() {
        session.close();
        proxy.close();
    }

    @Test
    void aCommitWhoseAnswerIsLostIsUnknownAndTheNextClaimFindsItDone() {
        Append append = hurt.begin(claim, 3, events("c"));
        await(append.writeRows());
        proxy.dropResponses();

        assertThatThrownBy(() -> await(append.commit())).isInstanceOf(UnknownOutcomeException.class);

        assertThat(claim.alive()).isFalse();
        Claim next = await(well.claim(log));
        assertThat(next.tail()).isEqualTo(3);
        assertThat(fixture.contents(log)).containsExactly("a", "b", "c");
    }

    @Test
    void aCommitThatIsLostIsUnknownAndTheNextClaimFindsNothing() {
        Append append = hurt.begin(claim, 3, events("lost"));
        await(append.writeRows());
        proxy.dropRequests();

        assertThatThrownBy(() -> await(append.commit())).isInstanceOf(UnknownOutcomeException.class);

        Claim next = await(well.claim(log));
        assertThat(next.tail()).isEqualTo(2);
        await(well.append(next, 3, events("c")));
        assertThat(fixture.contents(log)).containsExactly("a", "b", "c");
    }

    @Test
    void aCommitThatArrivesAfterTheNextClaimIsNotApplied() {
        Append append = hurt.begin(claim, 3, events("late"));
        await(append.writeRows());
        proxy.holdRequests();
        assertThatThrownBy(() -> await(append.commit())).isInstanceOf(UnknownOutcomeException.class);

        Claim next = await(well.claim(log));
        proxy.release();
        // The session goes on behind what was held back, so its answer comes after the late commit was carried out.
        Awaitility.await().until(() -> {
            try {
                return await(new LogReader(session, fixture.settings.keyspace(), JournalMetrics.NONE).tail(log))
                        .isPresent();
            } catch (RuntimeException notYet) {
                return false;
            }
        });

        assertThat(fixture.contents(log)).containsExactly("a", "b");
        await(well.append(next, 3, events("c")));
        assertThat(fixture.contents(log)).containsExactly("a", "b", "c");
    }

    @Test
    void rowsWhoseAcknowledgementIsLostAreNotCommitted() {
        proxy.dropResponses();

        assertThatThrownBy(() -> await(hurt.append(claim, 3, events("lost"))))
                .isInstanceOf(UnknownOutcomeException.class);

        Claim next = await(well.claim(log));
        assertThat(next.tail()).isEqualTo(2);
        await(well.append(next, 3, events("c")));
        assertThat(fixture.contents(log)).containsExactly("a", "b", "c");
    }

    @Test
    void aDeadClaimRefusesEveryAppendWithoutAskingTheDatabase() {
        proxy.dropResponses();
        assertThatThrownBy(() -> await(hurt.append(claim, 3, events("lost"))))
                .isInstanceOf(UnknownOutcomeException.class);

        // Still nothing gets through: an answer can only come from the claim itself.
        var refused = hurt.append(claim, 3, events("again")).toCompletableFuture();

        assertThat(refused).isCompletedExceptionally();
        assertThatThrownBy(() -> await(refused)).isInstanceOf(FencedException.class);
        proxy.heal();
        Claim next = await(well.claim(log));
        assertThat(next.tail()).isEqualTo(2);
    }

    @Test
    void aClaimWhoseAnswerIsLostIsTriedAgainUnderAHigherEpoch() {
        String other = "log-" + UUID.randomUUID();
        var claiming = claimingAfterTheHint(other).toCompletableFuture();
        Awaitility.await().until(() -> await(fixture.reader.tail(other)).isPresent());
        proxy.heal();

        // The driver may need longer to reconnect than the three attempts last: then the claim fails, and says so.
        Claim next;
        try {
            next = await(claiming);
        } catch (JournalException notAnswered) {
            next = Awaitility.await().until(() -> claimThroughProxy(other), claimed -> claimed != null);
        }

        assertThat(next.epoch()).isGreaterThan(1);
        await(hurt.append(next, 1, events("a")));
        assertThat(fixture.contents(other)).containsExactly("a");
    }

    /** Once the log is known not to exist, no answer gets through any more. */
    private CompletionStage<Claim> claimingAfterTheHint(String other) {
        var tables = new PassingTables(new CassandraTables(session, fixture.settings.keyspace())) {
            @Override
            public CompletionStage<Optional<LogTail>> selectTailHint(String log) {
                return super.selectTailHint(log).thenApply(none -> {
                    if (!hinted.getAndSet(true)) {
                        proxy.dropResponses();
                    }
                    return none;
                });
            }
        };
        return new FencedLog(tables, JournalLimits.defaults(), JournalMetrics.NONE).claim(other);
    }

    private Claim claimThroughProxy(String other) {
        try {
            return await(hurt.claim(other));
        } catch (JournalException notYet) {
            return null;
        }
    }
}
