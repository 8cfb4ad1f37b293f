package io.millrace.node.journal;

import static io.millrace.node.journal.JournalFixture.await;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NameDirectoryIT {
    private static final String MANY = "many";
    private static final TreeSet<String> NAMES = new TreeSet<>();
    private static JournalFixture fixture;
    private static NameDirectory directory;

    private final String kind = "kind-" + UUID.randomUUID();

    @BeforeAll
    static void open() {
        fixture = JournalFixture.open();
        directory = new NameDirectory(fixture.session, fixture.settings.keyspace());
        var random = new Random(7);
        IntStream.range(0, 1_000)
                .forEach(i -> NAMES.add((i % 3 == 0 ? "orders." : "Invoices-") + random.nextInt(5_000)));
        CompletableFuture.allOf(NAMES.stream()
                        .map(name -> directory.add(MANY, name).toCompletableFuture())
                        .toArray(CompletableFuture[]::new))
                .join();
    }

    @AfterAll
    static void close() {
        fixture.close();
    }

    @Test
    void aNameIsThereFromItsEntryToItsRemoval() {
        assertThat(await(directory.contains(kind, "a"))).isFalse();
        await(directory.add(kind, "a"));
        await(directory.add(kind, "a"));
        assertThat(await(directory.contains(kind, "a"))).isTrue();
        assertThat(await(directory.contains(kind, "aa"))).isFalse();
        assertThat(await(directory.contains("other", "a"))).isFalse();
        assertThat(await(directory.page(kind, "", "", 10))).isEqualTo(new NamePage(List.of("a"), false));

        await(directory.remove(kind, "a"));

        assertThat(await(directory.contains(kind, "a"))).isFalse();
        assertThat(await(directory.page(kind, "", "", 10)).names()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 100, 10_000})
    void pagesHoldAllNamesInOrder(int limit) {
        assertThat(all("", limit)).containsExactlyElementsOf(NAMES);
        var orders = NAMES.stream().filter(name -> name.startsWith("orders.1")).toList();
        assertThat(all("orders.1", limit)).containsExactlyElementsOf(orders);
    }

    @Test
    void aPageBeginsAfterAnyTextAndKeepsToItsPrefix() {
        assertThat(await(directory.page(MANY, "orders.", "A", 5)).names())
                .containsExactlyElementsOf(
                        NAMES.tailSet("orders.").stream().limit(5).toList());
        assertThat(await(directory.page(MANY, "orders.", "orders.3", 5)).names())
                .containsExactlyElementsOf(
                        NAMES.tailSet("orders.3", false).stream().limit(5).toList());
        assertThat(await(directory.page(MANY, "orders.", "z", 5))).isEqualTo(new NamePage(List.of(), false));
        assertThat(await(directory.page(MANY, "nothing", "", 5))).isEqualTo(new NamePage(List.of(), false));
    }

    @Test
    void aLimitOutOfBoundsIsRefused() {
        for (int limit : new int[] {0, -1, 10_001}) {
            assertThatThrownBy(() -> await(directory.page(kind, "", "", limit)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
    }

    private static List<String> all(String prefix, int limit) {
        var names = new ArrayList<String>();
        NamePage page = await(directory.page(MANY, prefix, "", limit));
        while (true) {
            assertThat(page.names().size()).isLessThanOrEqualTo(limit);
            names.addAll(page.names());
            if (!page.more()) {
                return names;
            }
            assertThat(page.names()).as("a page with more to come is full").hasSize(limit);
            page = await(directory.page(MANY, prefix, names.get(names.size() - 1), limit));
        }
    }
}
