package io.millrace.node.bot;

import static org.assertj.core.api.Assertions.assertThat;

import com.datastax.oss.driver.api.core.CqlSession;
import io.millrace.node.application.Outcome;
import io.millrace.node.cassandra.Sessions;
import io.millrace.node.cassandra.TestCassandra;
import io.millrace.node.journal.BotTable;
import io.millrace.node.journal.NameDirectory;
import io.millrace.node.journal.Schema;
import io.millrace.node.settings.CassandraSettings;
import io.millrace.protocol.ProblemType;
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.http.Page;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ten thousand bots in pages: what counts is how many statements a page costs, and that nobody is woken for it. */
@SuppressWarnings("NullAway.Init") // JUnit fills the fields
class BotPagesIT {
    private static final int BOTS = 10_000;
    private static final int ROGUES_EVERY = 3_000;

    /** Names, twice where one shard has more than its share; and rows. */
    private static final int STATEMENTS_OF_A_PAGE = 3 * 16;

    private static final AtomicInteger STATEMENTS = new AtomicInteger();
    private static final ActorTestKit KIT = ActorTestKit.create("pages", BotWireTest.AS_A_NODE);
    private static CqlSession session;
    private static NameDirectory directory;
    private static BotTable rows;

    private final List<String> asked = new CopyOnWriteArrayList<>();
    private BotPages pages;

    @BeforeAll
    static void noteThemAll() throws Exception {
        TestCassandra cassandra = TestCassandra.shared();
        CassandraSettings settings = CassandraSettings.development(
                cassandra.contactPoint(), cassandra.datacenter(), cassandra.newKeyspace());
        session = Sessions.open(settings).toCompletableFuture().get(60, TimeUnit.SECONDS);
        Schema.create(session, settings);
        CqlSession counted = counting(session);
        directory = new NameDirectory(counted, settings.keyspace());
        rows = new BotTable(counted, settings.keyspace());
        Semaphore room = new Semaphore(128);
        List<CompletableFuture<?>> all = new ArrayList<>();
        for (int i = 0; i < BOTS; i++) {
            room.acquire();
            String name = name(i);
            boolean rogue = i % ROGUES_EVERY == 1;
            all.add(directory
                    .add(ShardedBots.DIRECTORY, name)
                    .thenCompose(done -> rows.put(name, row(name, rogue), 1_000))
                    .whenComplete((done, failure) -> room.release())
                    .toCompletableFuture());
        }
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new)).get(120, TimeUnit.SECONDS);
    }

    @AfterAll
    static void close() {
        KIT.shutdownTestKit();
        session.close();
    }

    @BeforeEach
    void count() {
        STATEMENTS.set(0);
        pages = new BotPages(
                KIT.system(),
                (prefix, after, limit) -> directory.page(ShardedBots.DIRECTORY, prefix, after, limit),
                rows,
                this::ask,
                Clock.systemUTC());
    }

    private CompletionStage<Outcome<BotInfo>> ask(String bot) {
        asked.add(bot);
        return CompletableFuture.completedStage(Outcome.refused(ProblemType.NOT_FOUND, "none"));
    }

    @Test
    void aPageOfAThousandCostsAsManyStatementsAsOneOfTenAndWakesNobody() {
        assertThat(page("", "", 1_000, null).bots()).hasSize(1_000);
        assertThat(STATEMENTS.getAndSet(0)).isLessThanOrEqualTo(STATEMENTS_OF_A_PAGE);

        assertThat(page("", "", 10, null).bots()).hasSize(10);
        assertThat(STATEMENTS.get()).isLessThanOrEqualTo(STATEMENTS_OF_A_PAGE);
        assertThat(asked).isEmpty();
    }

    @Test
    void allPagesTogetherHoldEachBotOnceInOrder() {
        List<String> names = new ArrayList<>();
        String after = "";
        int count = 0;
        while (after != null) {
            Page.Bots page = page("", after, 900, null);
            page.bots().forEach(bot -> names.add(bot.bot()));
            after = page.next();
            count++;
        }
        assertThat(names).hasSize(BOTS).isSorted().doesNotHaveDuplicates();
        assertThat(count).isEqualTo(12);
        assertThat(page("bot-00012", "bot-000123", 10, null).bots().stream().map(BotInfo::bot))
                .containsExactly("bot-000124", "bot-000125", "bot-000126", "bot-000127", "bot-000128", "bot-000129");
        assertThat(asked).isEmpty();
    }

    @Test
    void theFewInAStateAreFoundWithinAScanBudgetAndTheNextRequestGoesOn() {
        Page.Bots first = page("", "", 100, "rogue");

        assertThat(first.bots().stream().map(BotInfo::bot)).containsExactly(name(1), name(3_001));
        assertThat(first.next()).isEqualTo(name(BotPages.SCAN - 1));
        assertThat(STATEMENTS.get()).isLessThanOrEqualTo(BotPages.SCAN / 1_000 * STATEMENTS_OF_A_PAGE);

        Page.Bots second = page("", String.valueOf(first.next()), 100, "rogue");
        assertThat(second.bots().stream().map(BotInfo::bot)).containsExactly(name(6_001), name(9_001));
        assertThat(second.next()).isNull();
        assertThat(asked).isEmpty();
    }

    @Test
    void aPageThatIsFullSaysWhereItEnds() {
        Page.Bots one = page("", "", 1, "rogue");

        assertThat(one.bots().stream().map(BotInfo::bot)).containsExactly(name(1));
        assertThat(one.next()).isEqualTo(name(1));
        assertThat(page("", name(9_999), 1, null)).isEqualTo(new Page.Bots(List.of(), null));
        assertThat(page("", name(9_998), 1, null).next()).isNull();
    }

    @Test
    void onlyOneOfWhomNothingWasNotedIsAsked() throws Exception {
        directory.add(ShardedBots.DIRECTORY, "zz-new").toCompletableFuture().get(20, TimeUnit.SECONDS);
        try {
            assertThat(page("zz", "", 1_000, null).bots()).isEmpty();
            assertThat(asked).containsExactly("zz-new");
        } finally {
            directory
                    .remove(ShardedBots.DIRECTORY, "zz-new")
                    .toCompletableFuture()
                    .get(20, TimeUnit.SECONDS);
        }
    }

    @Test
    void whatWasNotedBeforeDoesNotReplaceWhatWasNotedAfter() throws Exception {
        String now = row(name(0), false);
        rows.put(name(0), now, 2_000).toCompletableFuture().get(20, TimeUnit.SECONDS);
        rows.put(name(0), row(name(0), true), 1_999).toCompletableFuture().get(20, TimeUnit.SECONDS);

        assertThat(rows.get(name(0)).toCompletableFuture().get(20, TimeUnit.SECONDS))
                .contains(now);
    }

    private Page.Bots page(String prefix, String after, int limit, @Nullable String state) {
        try {
            Outcome<Page.Bots> outcome = pages.list(prefix, after, limit, state)
                    .toCompletableFuture()
                    .get(60, TimeUnit.SECONDS);
            return ((Outcome.Done<Page.Bots>) outcome).value();
        } catch (Exception failed) {
            throw new AssertionError("no page", failed);
        }
    }

    private static String name(int i) {
        return String.format("bot-%06d", i);
    }

    private static String row(String name, boolean rogue) {
        BotState state = Given.registered();
        for (int i = 1; rogue && i <= 11; i++) {
            state = state.apply(new BotEvent.RunEnded(1_000, i, BotEvent.How.ERROR, "boom", 2_000));
        }
        BotFacts facts = new BotFacts(Map.of("orders", new BotFacts.Waiting(0, null)), Map.of(), true);
        return BotRow.of(name, state, facts, Trend.NONE, 1_000).toText();
    }

    private static CqlSession counting(CqlSession real) {
        return (CqlSession) Proxy.newProxyInstance(
                BotPagesIT.class.getClassLoader(), new Class<?>[] {CqlSession.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("executeAsync")) {
                        STATEMENTS.incrementAndGet();
                    }
                    try {
                        return method.invoke(real, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }
}
