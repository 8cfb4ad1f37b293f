package io.millrace.load.simulation;

import static io.gatling.javaapi.core.CoreDsl.atOnceUsers;
import static io.gatling.javaapi.core.CoreDsl.details;
import static io.gatling.javaapi.core.CoreDsl.dummy;
import static io.gatling.javaapi.core.CoreDsl.exec;
import static io.gatling.javaapi.core.CoreDsl.foreach;
import static io.gatling.javaapi.core.CoreDsl.global;
import static io.gatling.javaapi.core.CoreDsl.jmesPath;
import static io.gatling.javaapi.core.CoreDsl.scenario;
import static io.gatling.javaapi.http.HttpDsl.http;
import static io.gatling.javaapi.http.HttpDsl.status;

import io.gatling.javaapi.core.Assertion;
import io.gatling.javaapi.core.ChainBuilder;
import io.gatling.javaapi.core.PopulationBuilder;
import io.gatling.javaapi.core.Session;
import io.gatling.javaapi.core.Simulation;
import io.gatling.javaapi.http.HttpProtocolBuilder;
import io.millrace.load.bus.Bus;
import io.millrace.load.bus.Meter;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What all simulations have in common: the bus, queues with names of this run, the load in between, and at the end the count
 * of what is in the queues. A run fails if a request fails (any answer but 200 and 429, or none within 20 s), if a percentile
 * is missed, if more is refused than the simulation allows, or if the queues don't hold what was acknowledged.
 */
abstract class BusSimulation extends Simulation {
    private static final String ALL_THERE = "verdict: what was acknowledged is there, and no more than was sent";
    private static final int STREAM_BUFFER = 100_000;
    private static final Duration WRAP_UP = Duration.ofMinutes(5);

    /** How long the load lasts. */
    final Duration duration;

    /** What was asked and what came of it. */
    final Ledger ledger = new Ledger();

    final Requests requests = new Requests(ledger);
    final Following following = new Following(requests, ledger);

    private final Bus bus;
    private final Meter meter;
    private final List<String> queues;
    private final AtomicLong turn = new AtomicLong();
    private final Deque<AutoCloseable> helpers = new ArrayDeque<>();
    private final LongAdder disagreements = new LongAdder();

    /**
     * Starts the bus if none is given.
     *
     * @param seconds the load's default duration
     * @param queues the default number of queues
     */
    BusSimulation(int seconds, int queues) {
        duration = Settings.seconds("duration", seconds);
        String run = "load." + getClass().getSimpleName() + "." + Long.toString(System.currentTimeMillis(), 36) + ".";
        this.queues = IntStream.range(0, Settings.number("queues", queues))
                .mapToObj(i -> run + i)
                .toList();
        bus = BusUnderLoad.open();
        meter = Meter.start(bus.pids());
        System.out.println("Load on " + bus.urls() + " for " + duration.toSeconds() + " s, queues " + run + "*");
    }

    /** Address of the bus, or of one node of it. */
    final URI url() {
        return bus.urls().get(0);
    }

    /** Names of this run's queues, which the load itself makes. */
    final List<String> queues() {
        return queues;
    }

    /** The next queue in turn. */
    final ChainBuilder anyQueue() {
        return inQueue(session -> queues.get((int) (turn.getAndIncrement() % queues.size())));
    }

    /** This queue. */
    static ChainBuilder inQueue(Function<Session, String> queue) {
        return exec(session -> session.set(Requests.QUEUE, queue.apply(session)));
    }

    /** Sets up a simulation of one phase. */
    final void simulate(List<PopulationBuilder> load, List<Verdict> verdicts, Assertion... assertions) {
        simulate(load, List.of(), verdicts, assertions);
    }

    /**
     * Sets the simulation up: a look whether the bus is ready, all populations of the load at once, when all their users are
     * done those of afterwards, then the verdicts.
     */
    final void simulate(
            List<PopulationBuilder> load,
            List<PopulationBuilder> afterwards,
            List<Verdict> verdicts,
            Assertion... assertions) {
        PopulationBuilder ready = scenario("Ready")
                .exec(http("ready").get("/health/ready").check(status().is(200)))
                .crashLoadGeneratorIf("the bus isn't ready", Session::isFailed)
                .injectOpen(atOnceUsers(1));
        PopulationBuilder end = scenario("Verdicts").exec(verdicts(verdicts)).injectOpen(atOnceUsers(1));
        Stream<Assertion> ours = Stream.concat(
                Stream.of(global().failedRequests().count().is(0L), noFailure(ALL_THERE)),
                verdicts.stream().map(verdict -> noFailure(claim(verdict))));
        PopulationBuilder loaded = ready.andThen(load);
        setUp((afterwards.isEmpty() ? loaded : loaded.andThen(afterwards)).andThen(end))
                .protocols(protocol())
                .maxDuration(duration.plus(WRAP_UP))
                .assertions(Stream.concat(ours, Stream.of(assertions)).toList());
    }

    /** Percentiles of the responses of a name, with {@code -Dload.p95} and {@code -Dload.p99} (ms) before these defaults. */
    static Assertion[] percentiles(String name, int p95, int p99) {
        return new Assertion[] {
            details(name).responseTime().percentile(95).lte(Settings.number("p95", p95)),
            details(name).responseTime().percentile(99).lte(Settings.number("p99", p99))
        };
    }

    /** At most so many of a hundred requests whose names begin so may be refused. */
    final Verdict refusedAtMost(String prefix, double percent) {
        return new Verdict(
                "at most " + percent + " % of '" + prefix + "' refused",
                () -> ledger.refusedPercent(prefix) <= percent);
    }

    /** Readers of this name had events, and 99 of 100 at most {@code -Dload.fresh} ms (or so many) after they were sent. */
    final Verdict fresh(String name, int millis) {
        int limit = Settings.number("fresh", millis);
        return new Verdict(
                "p99 of '" + name + "' from sent to received at most " + limit + " ms",
                () -> ledger.freshness(name).accepted() > 0
                        && ledger.freshness(name).percentile(99) <= limit);
    }

    /**
     * Of what was accepted under this name, 99 of 100 took at most {@code -Dload.accepted} ms (10,000): a bus that has too
     * much refuses early, it doesn't let everybody wait. Refusals, which are quick, don't count here as they do for Gatling.
     */
    final Verdict acceptedInTime(String name) {
        int limit = Settings.number("accepted", 10_000);
        return new Verdict(
                "p99 of accepted '" + name + "' at most " + limit + " ms",
                () -> ledger.row(name).accepted() > 0 && ledger.row(name).percentile(99) <= limit);
    }

    private HttpProtocolBuilder protocol() {
        HttpProtocolBuilder base =
                http.baseUrls(bus.urls().stream().map(URI::toString).toList());
        String token = System.getenv("MILLRACE_TOKEN");
        return (token == null ? base : base.authorizationHeader("Bearer " + token))
                .disableWarmUp()
                .disableCaching()
                .shareConnections()
                .userAgentHeader("millrace-load")
                .sseUnmatchedInboundMessageBufferSize(STREAM_BUFFER);
    }

    private ChainBuilder verdicts(List<Verdict> verdicts) {
        ChainBuilder chain = exec(foreach(session -> writtenTo(), Requests.QUEUE)
                        .on(exec(session -> session.remove("there"))
                                .exec(http("count")
                                        .get("/v1/queues/#{queue}")
                                        .check(jmesPath("events").ofLong().saveAs("there")))
                                .exec(this::compare)))
                .exec(dummy(ALL_THERE, 0).withSuccess(session -> disagreements.sum() == 0));
        for (Verdict verdict : verdicts) {
            chain = chain.exec(dummy(claim(verdict), 0)
                    .withSuccess(session -> verdict.holds().getAsBoolean()));
        }
        return chain;
    }

    private List<String> writtenTo() {
        return new ArrayList<>(ledger.queues().keySet());
    }

    private Session compare(Session session) {
        String queue = session.getString(Requests.QUEUE);
        long there = session.contains("there") ? session.getLong("there") : -1;
        if (!ledger.agrees(queue, there)) {
            disagreements.increment();
            System.out.println(
                    queue + " holds " + there + " events; " + ledger.queues().get(queue));
        }
        return session;
    }

    private static String claim(Verdict verdict) {
        return "verdict: " + verdict.claim();
    }

    private static Assertion noFailure(String name) {
        return details(name).failedRequests().count().is(0L);
    }

    /** What ends before the bus does, the last one first. */
    final <T extends AutoCloseable> T closedAtEnd(T helper) {
        helpers.push(helper);
        return helper;
    }

    @Override
    public void before() {
        ledger.begin();
    }

    @Override
    public void after() {
        System.out.println(LedgerReport.of(ledger, meter.stop()));
        for (AutoCloseable helper : helpers) {
            try {
                helper.close();
            } catch (Exception e) {
                System.out.println("Not closed cleanly: " + e);
            }
        }
        bus.close();
    }
}
