package io.millrace.node.journal;

import static io.millrace.node.journal.JournalFixture.await;
import static io.millrace.node.journal.JournalFixture.events;
import static io.millrace.node.journal.JournalFixture.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** An owner stops for a while within an append; its successor claims, appends and goes on. */
class PausedOwnerIT {
    private static JournalFixture fixture;

    private final String log = "log-" + UUID.randomUUID();
    private final FencedLog zombies = fixture.node();
    private final FencedLog successors = fixture.node();

    /** When the step of the paused owner lands. */
    enum Lands {
        BEFORE_CLAIM,
        BEFORE_APPEND,
        AFTER_APPEND
    }

    @BeforeAll
    static void open() {
        fixture = JournalFixture.open();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @ParameterizedTest(name = "{0} records before, rows {1}, commit {2}")
    @CsvSource({
        // At the tail of a short log, of a new one, and where the rows of both lie in two buckets.
        "3, BEFORE_CLAIM, BEFORE_APPEND",
        "3, BEFORE_CLAIM, AFTER_APPEND",
        "3, BEFORE_APPEND, BEFORE_APPEND",
        "3, BEFORE_APPEND, AFTER_APPEND",
        "3, AFTER_APPEND, AFTER_APPEND",
        "0, BEFORE_CLAIM, BEFORE_APPEND",
        "0, AFTER_APPEND, AFTER_APPEND",
        "254, BEFORE_CLAIM, BEFORE_APPEND",
        "254, BEFORE_CLAIM, AFTER_APPEND",
        "254, BEFORE_APPEND, BEFORE_APPEND",
        "254, BEFORE_APPEND, AFTER_APPEND",
        "254, AFTER_APPEND, AFTER_APPEND",
        "255, BEFORE_CLAIM, AFTER_APPEND",
        "255, AFTER_APPEND, AFTER_APPEND",
    })
    void lateRowsAndALateCommitHaveNoEffect(int before, Lands rows, Lands commit) {
        // given an owner that is paused within an append of three records
        Claim zombie = await(zombies.claim(log));
        if (before > 0) {
            await(zombies.append(zombie, 1, events("a", 1, before)));
        }
        Append late = zombies.begin(zombie, before + 1, events("zombie", 1, 3));
        var expected = new ArrayList<>(texts("a", 1, before));

        // when a successor claims and appends, and the paused one goes on somewhere in between
        step(Lands.BEFORE_CLAIM, rows, commit, late);
        Claim successor = await(successors.claim(log));
        assertThat(successor.tail()).isEqualTo(before);
        step(Lands.BEFORE_APPEND, rows, commit, late);
        await(successors.append(successor, before + 1, events("b", 1, 2)));
        expected.addAll(texts("b", 1, 2));
        step(Lands.AFTER_APPEND, rows, commit, late);

        // then only the successor's records are there, now and after it wrote where the last zombie row lies
        assertThat(fixture.contents(log)).isEqualTo(expected);
        await(successors.append(successor, before + 3, events("b", 3, 2)));
        expected.addAll(texts("b", 3, 2));
        assertThat(fixture.contents(log)).isEqualTo(expected);
        assertThat(zombie.alive()).isFalse();
        Claim third = await(zombies.claim(log));
        assertThat(third.tail()).isEqualTo(before + 4);
        assertThat(fixture.contents(log)).isEqualTo(expected);
    }

    @ParameterizedTest(name = "{0} records before")
    @CsvSource({"3", "254"})
    void theRowsOfSeveralZombiesNeverReplaceWhatALaterOwnerCommitted(int before) {
        // given two owners in a row that wrote rows and got no further
        Claim first = await(zombies.claim(log));
        await(zombies.append(first, 1, events("a", 1, before)));
        Append firstLate = zombies.begin(first, before + 1, events("zombie", 1, 3));
        Claim second = await(zombies.claim(log));
        Append secondLate = zombies.begin(second, before + 1, events("undead", 1, 5));
        await(secondLate.writeRows());

        // when the third one commits fewer records than they wrote
        Claim third = await(successors.claim(log));
        await(successors.append(third, before + 1, events("b", 1, 1)));
        await(firstLate.writeRows());

        // then all that they do comes to nothing
        for (Append late : List.of(firstLate, secondLate)) {
            assertThatThrownBy(() -> await(late.commit())).isInstanceOf(FencedException.class);
        }
        var expected = new ArrayList<>(texts("a", 1, before));
        expected.add("b1");
        assertThat(fixture.contents(log)).isEqualTo(expected);
    }

    private void step(Lands now, Lands rows, Lands commit, Append late) {
        if (rows == now) {
            await(late.writeRows());
        }
        if (commit == now) {
            assertThatThrownBy(() -> await(late.commit())).isInstanceOf(FencedException.class);
        }
    }
}
