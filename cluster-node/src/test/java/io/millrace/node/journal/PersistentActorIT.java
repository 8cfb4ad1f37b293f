package io.millrace.node.journal;

import static io.millrace.node.journal.JournalFixture.await;
import static io.millrace.node.journal.JournalFixture.events;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Real persistent actors on two nodes. */
class PersistentActorIT {
    private static final Duration WAIT = Duration.ofSeconds(20);
    private static JournalFixture fixture;

    private final String id = "p-" + UUID.randomUUID();
    private final FencedLog zombies = fixture.node();
    private TestNode one;
    private TestNode two;

    @BeforeAll
    static void open() {
        fixture = JournalFixture.open();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @BeforeEach
    void startNodes() {
        one = new TestNode(fixture);
        two = new TestNode(fixture);
    }

    @AfterEach
    void stopNodes() {
        one.close();
        two.close();
    }

    @Test
    void theStateIsThereAgainOnAnotherNodeWithAndWithoutASnapshot() {
        var first = new Actor(one);
        first.add("a", "b");
        assertThat(new Actor(two).state()).containsExactly("a", "b");

        var second = new Actor(two);
        second.add("!c", "d");
        assertThat(new Actor(one).state()).containsExactly("a", "b", "!c", "d");
    }

    @Test
    void anActorThatWasTakenOverStopsAtItsNextWrite() {
        var first = new Actor(one);
        first.add("a");
        var second = new Actor(two);
        second.add("b");

        first.tell(new Ledger.Add("zombie", first.replies.getRef()));

        first.replies.expectTerminated(first.ref, WAIT);
        first.replies.expectNoMessage(Duration.ZERO);
        second.add("c");
        assertThat(new Actor(one).state()).containsExactly("a", "b", "c");
    }

    @ParameterizedTest
    @EnumSource(PausedOwnerIT.Lands.class)
    void aPausedOwnersLateRowsAndCommitHaveNoEffectAfterASnapshot(PausedOwnerIT.Lands rows) {
        // given a log with a snapshot at its tail, and an owner paused within the append after it
        var first = new Actor(one);
        first.add("a", "!b");
        awaitSnapshot(2);
        Append late = zombies.begin(await(zombies.claim(id)), 3, events("zombie", 1, 3));

        // when a successor recovers from the snapshot and goes on
        step(late, rows, PausedOwnerIT.Lands.BEFORE_CLAIM);
        var second = new Actor(two);
        assertThat(second.state()).containsExactly("a", "!b");
        step(late, rows, PausedOwnerIT.Lands.BEFORE_APPEND);
        second.add("c", "d");
        step(late, rows, PausedOwnerIT.Lands.AFTER_APPEND);
        assertThatThrownBy(() -> await(late.commit())).isInstanceOf(FencedException.class);

        // then the next recovery sees the successor's events only
        assertThat(new Actor(one).state()).containsExactly("a", "!b", "c", "d");
        assertThat(fixture.contents(id)).containsExactly("a", "!b", "c", "d");
    }

    private static void step(Append late, PausedOwnerIT.Lands rows, PausedOwnerIT.Lands now) {
        if (rows == now) {
            await(late.writeRows());
        }
    }

    @Test
    void aSecondIncarnationOnTheSameNodeFencesTheFirstWithAnAppendInFlight() {
        // given an incarnation whose append was received but waits for its turn
        var limits = new JournalLimits(1_000, 1_000, 10, 1_000, 1, 10, 1, 10, 2);
        try (var node = new TestNode(fixture, fixture.session, limits, JournalSetup.Deleted.FAIL)) {
            var first = new Actor(node);
            first.add("a");
            var held = new CompletableFuture<Void>();
            var holding = node.setup.log().occupy(held);
            first.tell(new Ledger.Add("zombie", first.replies.getRef()));
            Awaitility.await().until(() -> node.setup.waiting() == 1);

            // when a second one recovers on the same node, and then the append goes on
            var second = new Actor(node);
            assertThat(second.state()).containsExactly("a");
            held.complete(null);
            await(holding);

            // then the first one stops without an answer, and the second one writes
            first.replies.expectTerminated(first.ref, WAIT);
            first.replies.expectNoMessage(Duration.ZERO);
            second.add("b");
            assertThat(fixture.contents(id)).containsExactly("a", "b");
        }
    }

    @Test
    void anAppendThatGetsNoAnswerStopsTheActorAndTheNextOneGoesOn() {
        try (var proxy = new TcpProxy(fixture.settings.contactPoints().get(0));
                var session = fixture.through(proxy.address(), Duration.ofSeconds(1));
                var node = new TestNode(fixture, session, JournalLimits.defaults(), JournalSetup.Deleted.FAIL)) {
            var first = new Actor(node);
            first.add("a");
            proxy.dropRequests();
            first.tell(new Ledger.Add("lost", first.replies.getRef()));
            first.replies.expectTerminated(first.ref, WAIT);
            first.replies.expectNoMessage(Duration.ZERO);
            Awaitility.await().until(() -> node.setup.owned() == 0);

            proxy.heal();

            var second = new Actor(two);
            assertThat(second.state()).containsExactly("a");
            second.add("b");
            // The driver needs a moment to reconnect; until then actors on that node stop again.
            Awaitility.await().atMost(WAIT).until(() -> stateOrNothing(node), List.of("a", "b")::equals);
        }
    }

    @Test
    void anActorAtRestCostsNoMemoryInTheJournal() {
        var first = new Actor(one);
        first.add("a");
        assertThat(one.setup.owned()).isEqualTo(1);

        first.tell(new Ledger.Stop());

        first.replies.expectTerminated(first.ref, WAIT);
        Awaitility.await().until(() -> one.setup.owned() == 0);
        assertThat(new Actor(one).state()).containsExactly("a");
    }

    @Test
    void anOldIncarnationsEndDoesntTakeTheLogFromTheNewOne() {
        var first = new Actor(one);
        first.add("a");
        var second = new Actor(one);
        assertThat(second.state()).containsExactly("a");

        first.tell(new Ledger.Stop());
        first.replies.expectTerminated(first.ref, WAIT);
        Awaitility.await().during(Duration.ofMillis(200)).until(() -> one.setup.owned() == 1);

        second.add("b");
        assertThat(fixture.contents(id)).containsExactly("a", "b");
    }

    @Test
    void aBrokenSnapshotIsPassedOverForAnOlderOneOrTheWholeLog() {
        var first = new Actor(one);
        first.add("a", "!b", "c", "!" + TextCodecs.BROKEN, "d");
        awaitSnapshot(4);
        assertThat(new Actor(two).state()).containsExactly("a", "!b", "c", "!" + TextCodecs.BROKEN, "d");
    }

    @Test
    void truncationNeedsAnOwnerOnThisNodeAndASnapshotToRecoverFrom() {
        var first = new Actor(one);
        first.add("a", "b", "!c", "d");
        awaitSnapshot(3);

        assertThatThrownBy(() -> await(two.setup.truncate(id, 2))).isInstanceOf(FencedException.class);
        assertThat(await(one.setup.truncate(id, 2))).isEqualTo(2);

        assertThat(fixture.contents(id)).containsExactly("!c", "d");
        assertThat(new Actor(two).state()).containsExactly("a", "b", "!c", "d");
        fixture.session.execute("DELETE FROM " + fixture.settings.keyspace() + ".snapshot WHERE log = ?", id);
        var hopeless = new Actor(one);
        hopeless.replies.expectTerminated(hopeless.ref, WAIT);
    }

    private List<String> stateOrNothing(TestNode node) {
        try {
            return new Actor(node).state(Duration.ofSeconds(2));
        } catch (AssertionError noAnswer) {
            return List.of();
        }
    }

    private void awaitSnapshot(long seq) {
        Awaitility.await()
                .until(() -> fixture.session
                                .execute(
                                        "SELECT seq FROM " + fixture.settings.keyspace()
                                                + ".snapshot WHERE log = ? AND seq = ?",
                                        id,
                                        seq)
                                .one()
                        != null);
    }

    /** An incarnation of the ledger, wherever. */
    private final class Actor {
        final TestProbe<List<String>> replies;
        final ActorRef<Ledger.Command> ref;

        Actor(TestNode node) {
            replies = TestProbe.create(Adapter.toTyped(node.system));
            ref = Adapter.spawnAnonymous(node.system, Ledger.of(id));
        }

        void add(String... texts) {
            for (String text : texts) {
                tell(new Ledger.Add(text, replies.getRef()));
                assertThat(replies.receiveMessage(WAIT)).endsWith(text);
            }
        }

        List<String> state() {
            return state(WAIT);
        }

        List<String> state(Duration wait) {
            tell(new Ledger.Get(replies.getRef()));
            return replies.receiveMessage(wait);
        }

        void tell(Ledger.Command command) {
            ref.tell(command);
        }
    }
}
