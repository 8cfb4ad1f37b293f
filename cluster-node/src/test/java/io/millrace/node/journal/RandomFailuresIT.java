package io.millrace.node.journal;

import static io.millrace.node.journal.JournalFixture.await;
import static io.millrace.node.journal.JournalFixture.events;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A thousand random steps of three nodes that claim, append, stop within an append, come back late and crash. What was
 * acknowledged must be there, what was refused must not, and what nobody knows must be the same for everybody, forever.
 */
class RandomFailuresIT {
    private static final int STEPS = 1_000;
    private static JournalFixture fixture;

    private final long seed = Long.getLong("millrace.seed", System.nanoTime());
    private final Random random = new Random(seed);
    private final String log = "log-" + UUID.randomUUID();
    private final List<Node> nodes = List.of(new Node(), new Node(), new Node());
    private final List<Paused> zombies = new ArrayList<>();
    private final TreeMap<Long, String> acknowledged = new TreeMap<>();
    private final TreeMap<Long, String> seen = new TreeMap<>();
    private final Set<String> refused = new HashSet<>();
    private long floor;
    private int counter;

    @BeforeAll
    static void open() {
        fixture = JournalFixture.open();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void theLogEqualsTheAcknowledgedHistory() {
        System.out.println("seed of RandomFailuresIT: " + seed + " (-Dmillrace.seed=" + seed + ")");
        try {
            for (int step = 1; step <= STEPS; step++) {
                step();
                if (step % 10 == 0) {
                    check();
                }
            }
            while (!zombies.isEmpty()) {
                wake();
            }
            check();
        } catch (AssertionError | RuntimeException failed) {
            throw new AssertionError("with seed " + seed + ": " + failed.getMessage(), failed);
        }
        assertThat(acknowledged).as("seed %s", seed).hasSizeGreaterThan(STEPS / 5);
        assertThat(refused).as("seed %s", seed).isNotEmpty();
    }

    private void step() {
        Node node = nodes.get(random.nextInt(nodes.size()));
        int dice = random.nextInt(100);
        if (node.claim == null || !node.claim.alive() || dice < 6) {
            recover(node);
        } else if (dice < 50) {
            append(node);
        } else if (dice < 66) {
            pause(node);
        } else if (dice < 76) {
            race(node);
        } else if (dice < 79) {
            truncate(node);
        } else {
            wake();
        }
    }

    /** A crash and a new start: all that was under way may still land. */
    private void recover(Node node) {
        node.claim = await(node.log.claim(log));
    }

    private void append(Node node) {
        Paused whole = begin(node);
        await(whole.append.writeRows());
        commit(whole, true);
    }

    /** The owner stops before its rows, or between them and the commit; another start of it doesn't wait. */
    private void pause(Node node) {
        Paused paused = begin(node);
        if (random.nextBoolean()) {
            await(paused.append.writeRows());
            paused.rowsWritten = true;
        }
        zombies.add(paused);
        node.claim = null;
    }

    /** A commit and the claim of another node at the same time. */
    private void race(Node node) {
        Paused racing = begin(node);
        await(racing.append.writeRows());
        Node other = nodes.get(random.nextInt(nodes.size()));
        var claiming = other.log.claim(log);
        commit(racing, true);
        other.claim = await(claiming);
    }

    private void truncate(Node node) {
        long to = Math.max(1, node.claim.tail() - random.nextInt(300));
        try {
            floor = Math.max(floor, await(node.log.truncate(node.claim, to)));
        } catch (FencedException expected) {
            node.claim = null;
        }
    }

    /** Something that was paused goes on; half of the time nobody hears its answer any more. */
    private void wake() {
        if (zombies.isEmpty()) {
            return;
        }
        Paused paused = zombies.get(random.nextInt(zombies.size()));
        if (!paused.rowsWritten) {
            await(paused.append.writeRows());
            paused.rowsWritten = true;
            return;
        }
        zombies.remove(paused);
        commit(paused, random.nextBoolean());
    }

    private Paused begin(Node node) {
        int count = 1 + random.nextInt(5);
        String[] texts = new String[count];
        for (int i = 0; i < count; i++) {
            texts[i] = "e" + counter++;
        }
        long firstSeq = node.claim.tail() + 1;
        return new Paused(node.log.begin(node.claim, firstSeq, events(texts)), firstSeq, texts);
    }

    private void commit(Paused paused, boolean heard) {
        try {
            await(paused.append.commit());
            if (heard) {
                for (int i = 0; i < paused.texts.length; i++) {
                    acknowledged.put(paused.firstSeq + i, paused.texts[i]);
                }
            }
        } catch (FencedException late) {
            refused.addAll(List.of(paused.texts));
        }
    }

    private void check() {
        if (await(fixture.reader.tail(log)).isEmpty()) {
            return;
        }
        List<String> contents = fixture.contents(log);
        LogTail tail = await(fixture.reader.tail(log)).orElseThrow();
        assertThat(tail.floor()).isEqualTo(floor);
        var now = new TreeMap<Long, String>();
        for (int i = 0; i < contents.size(); i++) {
            now.put(tail.first() + i, contents.get(i));
        }
        assertThat(now).as("acknowledged").containsAllEntriesOf(acknowledged.tailMap(tail.first()));
        assertThat(now).as("what was seen before").containsAllEntriesOf(seen.tailMap(tail.first()));
        assertThat(now.values()).as("refused").noneMatch(refused::contains);
        assertThat(new HashSet<>(contents)).as("each once").hasSize(contents.size());
        seen.putAll(now);
    }

    private static final class Node {
        final FencedLog log = fixture.node();
        Claim claim;
    }

    private static final class Paused {
        final Append append;
        final long firstSeq;
        final String[] texts;
        boolean rowsWritten;

        Paused(Append append, long firstSeq, String[] texts) {
            this.append = append;
            this.firstSeq = firstSeq;
            this.texts = texts;
        }
    }
}
