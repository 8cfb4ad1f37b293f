package io.millrace.node.bot;

import io.millrace.node.application.Outcome;
import io.millrace.node.journal.BotTable;
import io.millrace.node.journal.NamePage;
import io.millrace.protocol.http.BotInfo;
import io.millrace.protocol.http.Page;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.stream.javadsl.Sink;
import org.apache.pekko.stream.javadsl.Source;
import org.jspecify.annotations.Nullable;

/**
 * Bots page by page, from what was noted of them: only one of whom nothing was noted is woken and asked, as one that was
 * registered a moment ago.
 */
final class BotPages {
    /** Names that one request looks at, at most, to find those in a state. */
    static final int SCAN = 5_000;

    /** Names that are looked at together. */
    private static final int STEP = 1_000;

    private static final int PARALLELISM = 16;

    /** Gives the names of bots after one. */
    @FunctionalInterface
    interface Names {
        CompletionStage<NamePage> page(String prefix, String after, int limit);
    }

    private final ActorSystem<?> system;
    private final Names names;
    private final BotTable rows;
    private final Function<String, CompletionStage<Outcome<BotInfo>>> ask;
    private final Clock clock;

    BotPages(
            ActorSystem<?> system,
            Names names,
            BotTable rows,
            Function<String, CompletionStage<Outcome<BotInfo>>> ask,
            Clock clock) {
        this.system = system;
        this.names = names;
        this.rows = rows;
        this.ask = ask;
        this.clock = clock;
    }

    /** A page, as {@link io.millrace.node.application.Bots#list} says. */
    CompletionStage<Outcome<Page.Bots>> list(String prefix, String after, int limit, @Nullable String state) {
        return go(new Scan(prefix, limit, state, new ArrayList<>()), after, SCAN)
                .thenApply(Outcome::done);
    }

    private record Scan(String prefix, int limit, @Nullable String state, List<BotInfo> found) {
        boolean isWanted(BotInfo bot) {
            return state == null
                    ? !bot.flags().contains("archived")
                    : bot.state().equals(state) || bot.flags().contains(state);
        }
    }

    private CompletionStage<Page.Bots> go(Scan scan, String after, int budget) {
        int step = scan.state() == null ? scan.limit() - scan.found().size() : Math.min(STEP, budget);
        return names.page(scan.prefix(), after, step)
                .thenCompose(page -> look(page.names()).thenCompose(bots -> goOn(scan, page, bots, budget - step)));
    }

    private CompletionStage<Page.Bots> goOn(Scan scan, NamePage page, List<Optional<BotInfo>> bots, int budget) {
        List<String> looked = page.names();
        for (int i = 0; i < looked.size(); i++) {
            bots.get(i).filter(scan::isWanted).ifPresent(scan.found()::add);
            boolean more = page.more() || i + 1 < looked.size();
            if (scan.found().size() == scan.limit() && more) {
                return CompletableFuture.completedStage(new Page.Bots(scan.found(), looked.get(i)));
            }
        }
        if (!page.more() || looked.isEmpty()) {
            return CompletableFuture.completedStage(new Page.Bots(scan.found(), null));
        }
        String last = looked.get(looked.size() - 1);
        return scan.state() == null || budget <= 0
                ? CompletableFuture.completedStage(new Page.Bots(scan.found(), last))
                : go(scan, last, budget);
    }

    /** The bots of these names, in their order; empty where there is none. */
    private CompletionStage<List<Optional<BotInfo>>> look(List<String> bots) {
        return rows.get(bots)
                .thenCompose(noted -> Source.from(bots)
                        .mapAsync(PARALLELISM, bot -> look(bot, noted))
                        .runWith(Sink.seq(), system));
    }

    private CompletionStage<Optional<BotInfo>> look(String bot, Map<String, String> noted) {
        Optional<BotRow> row = Optional.ofNullable(noted.get(bot)).flatMap(BotRow::parse);
        return row.isPresent()
                ? CompletableFuture.completedStage(row.map(found -> found.at(clock.millis())))
                : ask.apply(bot)
                        .thenApply(outcome -> outcome instanceof Outcome.Done<BotInfo> done
                                ? Optional.of(done.value())
                                : Optional.empty());
    }
}
